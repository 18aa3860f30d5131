import pytest

from tests.ui.keyboard import let_go
from tests.ui.recorder import Recorder
from tests.ui.windows.people import model_of
from tkclient.ui.look.look import Look


@pytest.fixture
def look(root, screen):
    let_go(screen.name)
    root.update()
    root.focus_force()
    return Look.make(root, "en")


@pytest.fixture
def events():
    return Recorder()


@pytest.fixture
def model():
    return model_of()
