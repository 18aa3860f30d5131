import pytest

from tests.ui.keyboard import let_go
from tkclient.ui.look.look import Look


@pytest.fixture
def look(root, screen):
    let_go(screen.name)
    root.update()
    root.focus_force()
    root.configure(background="#ffffff")
    return Look.make(root, "en")
