import pytest

from tkclient.ui.look.look import Look


@pytest.fixture
def look(root):
    return Look.make(root, "en")
