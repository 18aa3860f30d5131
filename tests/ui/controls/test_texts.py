import tkinter

import pytest

from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.paragraph import Paragraph
from tkclient.ui.controls.toast import Toast


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("tkclient.ui.controls.toast._SHOWN_MS", 30)
    monkeypatch.setattr("tkclient.ui.controls.toast._STEP_MS", 5)


def seen(canvas):
    return "".join(
        canvas.itemcget(item, "text") if canvas.type(item) == "text" else "*" for item in canvas.find_all()
    )


def placed_in(root):
    return [child for child in root.winfo_children() if child.winfo_manager() == "place"]


def test_a_toast_goes_by_itself(root, look, hand, quick):
    toast = Toast(root, look)
    toast.say("Copied 🎉")
    assert toast.text == "Copied 🎉"
    hand.until(lambda: not toast.text)


def test_the_next_toast_takes_the_place_of_one(root, look, hand):
    toast = Toast(root, look)
    toast.say("one")
    hand.work()
    (first,) = placed_in(root)
    toast.say("two")
    hand.work()
    assert toast.text == "two"
    assert placed_in(root) != [first]
    assert len(placed_in(root)) == 1


def test_a_click_takes_a_toast_away(root, look, hand):
    toast = Toast(root, look)
    toast.say("There is no connection.")
    hand.work()
    hand.click(*placed_in(root))
    assert not toast.text


def test_a_toast_may_outlive_what_it_lies_over(root, look, hand, quick):
    import tkinter

    window = tkinter.Toplevel(root)
    toast = Toast(window, look)
    toast.say("gone")
    hand.work()
    window.destroy()
    hand.wait(0.1)
    toast.clear()


def test_a_name_has_its_emoji_and_ends_in_dots_where_it_is_too_long(root, look, hand):
    label = LineLabel(root, look, "🦊 " + "fox" * 100, width=120)
    label.pack()
    hand.work()
    assert seen(label).startswith("*")
    assert seen(label).endswith("…")


def test_a_paragraph_takes_the_lines_it_needs(root, look, hand):
    paragraph = Paragraph(root, look, "one", 200)
    one = paragraph.winfo_reqheight()
    paragraph.text = "one\ntwo\nthree"
    hand.work()
    assert paragraph.winfo_reqheight() == 3 * one


def test_a_paragraph_of_few_lines_says_that_there_is_more(root, look, hand):
    paragraph = Paragraph(root, look, "word " * 200, 200, most_lines=2)
    one = Paragraph(root, look, "word", 200).winfo_reqheight()
    assert paragraph.winfo_reqheight() == 2 * one
    assert seen(paragraph).endswith("…")
    assert paragraph.text == "word " * 200


def test_words_that_go_by_themselves_go_with_what_they_stand_on(root, look, hand):
    frame = tkinter.Frame(root, width=400, height=300)
    frame.pack()
    hand.work()
    Toast(frame, look).say("Gone soon")
    frame.destroy()
    assert root.tk.call("after", "info") == ""
