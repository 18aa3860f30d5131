import pytest

from tkclient.ui.look.look import Look


@pytest.fixture
def look(root, hand):
    hand.let_go()
    root.update()
    root.focus_force()
    root.configure(background="#ffffff")
    return Look.make(root, "en")
