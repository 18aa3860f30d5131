import pytest

from tests.ui.recorder import Recorder
from tests.ui.windows.people import model_of
from tkclient.ui.look.look import Look


@pytest.fixture
def look(root, hand):
    hand.let_go()
    root.update()
    root.focus_force()
    return Look.make(root, "en")


@pytest.fixture
def events():
    return Recorder()


@pytest.fixture
def model():
    return model_of()
