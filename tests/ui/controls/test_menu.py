import pytest

from tkclient.ui.controls.menu import Menu, MenuItem


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def menu(root, look, hand, chosen):
    menu = Menu(look, root)
    root.focus_force()
    hand.work()
    items = [
        MenuItem("Pin chat to top", lambda: chosen.append("pin")),
        None,
        MenuItem("Delete", lambda: chosen.append("delete"), danger=True),
    ]
    menu.show(100, 100, items)
    hand.work()
    return menu


def rows(menu):
    return menu.popup.body.winfo_children()[0]


def test_a_click_does_what_an_item_says_and_closes_the_menu(menu, hand, chosen):
    hand.click(rows(menu), y=20)
    assert chosen == ["pin"]
    assert not menu.is_open


def test_a_click_on_the_line_between_does_nothing(menu, hand, chosen):
    hand.click(rows(menu), y=40)
    assert chosen == []
    assert menu.is_open


def test_arrow_keys_and_return_choose_and_pass_over_the_line(menu, hand, chosen):
    for key in ("Down", "Down", "Return"):
        hand.press(key)
    assert chosen == ["delete"]
    assert not menu.is_open


def test_up_begins_at_the_end(menu, hand, chosen):
    for key in ("Up", "Return"):
        hand.press(key)
    assert chosen == ["delete"]


def test_escape_closes_it(menu, hand, chosen):
    hand.press("Escape")
    assert not menu.is_open
    assert chosen == []


def test_a_click_beside_it_closes_it(menu, root, hand, chosen):
    hand.click(root, 600, 500)
    assert not menu.is_open
    assert chosen == []


def test_the_next_one_takes_its_place(menu, hand, chosen):
    first = menu.popup
    menu.show(300, 300, [MenuItem("Copy", lambda: chosen.append("copy"))])
    hand.work()
    assert not first.is_open
    hand.click(rows(menu), y=20)
    assert chosen == ["copy"]


def test_it_is_wholly_on_the_screen(menu, root, hand):
    menu.show(root.winfo_screenwidth() - 5, root.winfo_screenheight() - 5, [MenuItem("Copy", lambda: None)])
    hand.work()
    popup = menu.popup
    assert popup.winfo_rootx() + popup.winfo_width() <= root.winfo_screenwidth()
    assert popup.winfo_rooty() + popup.winfo_height() <= root.winfo_screenheight()
