import pytest

from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog, confirm
from tkclient.ui.controls.field import Field


@pytest.fixture
def done():
    return []


@pytest.fixture
def question(root, look, hand, done):
    hand.work()
    question = confirm(root, look, "Leave “产品 🚀”?", "Leave", lambda: done.append("left"))
    hand.until(question.winfo_viewable)
    return question


def test_the_answer_that_does_it_does_it(question, hand, done):
    hand.click(question.confirm_button)
    assert done == ["left"]
    assert not question.is_open


def test_return_is_yes(question, hand, done):
    hand.press("Return")
    assert done == ["left"]


def test_escape_is_no(question, hand, done):
    hand.press("Escape")
    assert not question.is_open
    assert done == []


def test_cancel_is_no(question, hand, done):
    hand.click(question.cancel_button)
    assert not question.is_open
    assert done == []


def test_return_on_the_cancel_button_is_no(question, hand, done):
    hand.press("Tab")
    hand.press("Return")
    assert not question.is_open
    assert done == []


def test_the_window_below_goes_on_working(root, look, question, hand, done):
    button = Button(root, look, "Send", lambda: done.append("sent"))
    button.place(x=10, y=500)
    hand.click(button)
    assert done == ["sent"]
    assert question.is_open


def test_another_question_takes_its_place(root, look, question, hand, done):
    confirm(root, look, "Dissolve?", "Dissolve", lambda: done.append("dissolved"))
    hand.work()
    assert not question.is_open
    hand.press("Return")
    assert done == ["dissolved"]


def test_windows_of_other_kinds_stay_open(root, look, question, hand):
    other = Dialog(root, look, "Settings")
    hand.until(other.winfo_viewable)
    assert question.is_open


def test_it_stands_in_the_middle_of_its_window(root, question):
    middle = question.winfo_rootx() + question.winfo_width() / 2
    assert abs(middle - (root.winfo_rootx() + root.winfo_width() / 2)) <= 2


def test_its_first_field_has_the_keyboard_and_gives_it_back(root, look, hand):
    below = Field(root, look)
    below.pack()
    hand.click(below)
    dialog = Dialog(root, look, "Remark 🎉")
    inside = Field(dialog.body, look)
    inside.pack()
    dialog.begin_at(inside)
    hand.until(dialog.winfo_viewable)
    hand.type("in")
    assert inside.value == "in"
    hand.press("Escape")
    hand.type("out")
    assert below.value == "out"


def test_return_in_a_field_confirms(root, look, hand, done):
    dialog = Dialog(root, look, "Remark", on_return=lambda: done.append(field.value))
    field = Field(dialog.body, look)
    field.pack()
    dialog.begin_at(field)
    hand.until(dialog.winfo_viewable)
    hand.type("Mum")
    hand.press("Return")
    assert done == ["Mum"]


def test_a_title_has_no_character_that_tk_cannot_draw(root, look, hand):
    dialog = Dialog(root, look, "Remark 🎉")
    assert dialog.title() == "Remark"
