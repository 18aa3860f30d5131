import pytest

from tests.ui.controls.seen import colours
from tkclient.ui.controls.field import CONFIRM, Field
from tkclient.ui.controls.noted_field import NotedField
from tkclient.ui.look import palette


@pytest.fixture
def field(root, look, hand):
    field = Field(root, look, "Account")
    field.pack(fill="x", padx=20, pady=20)
    root.focus_force()
    hand.work()
    return field


def test_what_is_typed_is_its_value(field, hand):
    hand.click(field)
    hand.type("fox")
    assert field.value == "fox"


def test_emoji_and_chinese_can_be_pasted(field, hand):
    hand.click(field)
    hand.paste("小狐狸🦊")
    assert field.value == "小狐狸🦊"


def test_its_hint_is_seen_only_while_it_is_empty(field, screen, hand):
    assert palette.CHAT_NOTE in colours(screen, field)
    hand.click(field)
    hand.type("f")
    assert palette.CHAT_NOTE not in colours(screen, field)


def test_it_has_a_ring_while_it_has_the_keyboard(field, root, screen, hand):
    assert palette.PRIMARY not in colours(screen, field)
    hand.click(field)
    assert palette.PRIMARY in colours(screen, field)
    root.focus_force()
    hand.work()
    assert palette.PRIMARY not in colours(screen, field)


def test_return_is_heard_by_whom_it_belongs_to(root, look, hand):
    heard = []
    with_own = Field(root, look, on_enter=lambda: heard.append("own"))
    without = Field(root, look)
    root.bind(CONFIRM, lambda _: heard.append("window"))
    for field in (with_own, without):
        field.pack()
        hand.work()
        field.entry.focus_force()
        hand.press("Return")
    assert heard == ["own", "window"]


def test_a_password_is_dots_and_cannot_be_copied(root, look, hand):
    field = Field(root, look, "Password", secret=True)
    field.pack()
    root.clipboard_clear()
    root.clipboard_append("before")
    hand.work()
    field.entry.focus_force()
    hand.type("secret")
    hand.press("Control+a")
    hand.press("Control+c")
    assert field.value == "secret"
    assert field.entry.cget("show") == "●"
    assert root.clipboard_get() == "before"


def test_changes_are_told_and_take_the_mark_of_trouble_away(root, look, screen, hand):
    told = []
    field = Field(root, look, on_change=lambda: told.append(field.value))
    field.pack()
    field.set_trouble(True)
    hand.click(field)
    assert palette.DANGER in colours(screen, field)
    hand.type("x")
    assert told == ["x"]
    assert palette.DANGER not in colours(screen, field)


def test_tab_goes_from_field_to_field(root, look, hand):
    first, second = (Field(root, look, secret=secret) for secret in (False, True))
    first.pack()
    second.pack()
    hand.click(first)
    hand.type("a")
    hand.press("Tab")
    hand.type("b")
    assert (first.value, second.value) == ("a", "b")


def test_a_disabled_one_takes_nothing(field, hand):
    hand.click(field)
    field.set_enabled(False)
    hand.type("x")
    field.set_enabled(True)
    hand.type("y")
    assert field.value == "y"


def test_what_is_wrong_is_said_under_it_until_something_else_is_written(root, look, hand):
    noted = NotedField(root, look, "Nickname")
    noted.pack(fill="x")
    noted.complain("Please choose a nickname.")
    hand.click(noted.field)
    assert noted.note
    height = noted.winfo_reqheight()
    hand.type("F")
    hand.work()
    assert not noted.note
    assert noted.winfo_reqheight() < height
