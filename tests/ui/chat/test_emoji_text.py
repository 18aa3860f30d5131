import tkinter

import pytest

from tkclient.ui.chat.clipboard import get_text, put_text
from tkclient.ui.chat.emoji_text import TOO_LONG, VALUE_CHANGED, EmojiText
from tkclient.ui.chat.picture_text import MOST_SHOWN

FAMILY, FLAG, TONE = "👩‍👩‍👧‍👦", "🇨🇳", "👍🏽"


def make(root, look, hand, **options):
    text = EmojiText(root, look, **options)
    text.place(x=20, y=20, width=500, height=200)
    hand.until(text.winfo_viewable)
    text.focus_force()
    hand.work()
    return text


@pytest.fixture
def text(root, look, hand):
    return make(root, look, hand, height=5)


def in_tk(text):
    """What Tk itself holds as characters."""
    return text.tk.call(f"{text}_original", "get", "1.0", "end-1c")


def clipboard(text):
    return get_text(text)


def test_typed_text_is_the_value(text, hand):
    hand.type("Hello, World!\n2nd line")
    assert text.value == "Hello, World!\n2nd line"


@pytest.mark.parametrize(
    "pasted", ["😀", f"a{FAMILY}b{FLAG}c", TONE, "𠮷野家", "a\x07b\x1b", "1️⃣ 2", "❤️", "🇨🇳🇯🇵"]
)
def test_what_is_pasted_is_the_value_and_nothing_beyond_the_bmp_is_left_to_tk(text, hand, pasted):
    hand.paste(pasted)
    assert text.value == pasted
    assert all(" " <= character <= "\uffff" for character in in_tk(text))


def test_the_same_emoji_many_times_is_kept(text, hand):
    hand.paste("😀😀😀")
    hand.paste("😀")
    assert text.value == "😀" * 4
    assert len(text.image_names()) == 4


def test_one_backspace_takes_a_whole_emoji(text, hand):
    hand.paste(f"a{FAMILY}")
    hand.press("BackSpace")
    assert text.value == "a"


def test_parts_of_an_emoji_that_come_one_by_one_become_one(text, hand):
    for part in ("x", "👩", "\u200d", "💻", "🇨", "🇳", "👍", "🏽"):
        text.insert("insert", part)
    assert text.value == "x👩‍💻🇨🇳👍🏽"
    assert len(text.image_names()) == 3


def test_a_nul_does_no_harm(text):
    text.insert("insert", "a\x00b")
    assert text.value == "a\x00b"


def test_line_ends_of_other_systems_are_ours(text, hand):
    hand.paste("a\r\nb\rc")
    assert text.value == "a\nb\nc"


def test_copy_keeps_emoji(text, hand):
    hand.paste(f"ab😀c{FLAG}d")
    hand.press("Control+a")
    hand.press("Control+c")
    assert clipboard(text) == f"ab😀c{FLAG}d" == text.value


def test_copy_of_a_part(text, hand):
    hand.paste(f"ab😀c{FLAG}d")
    hand.press("Home")
    for _ in range(3):
        hand.press("Shift+Right")
    hand.press("Control+c")
    assert clipboard(text) == "ab😀"


def test_cut_moves_text(text, hand):
    hand.paste("ab😀")
    hand.press("Control+a")
    hand.press("Control+x")
    assert text.value == "" and clipboard(text) == "ab😀"
    hand.press("Control+v")
    hand.press("Control+v")
    assert text.value == "ab😀ab😀"


def test_copying_nothing_leaves_the_clipboard_alone(text, hand):
    hand.paste("kept")
    hand.press("Control+c")
    assert clipboard(text) == "kept"


def test_pasting_replaces_what_is_selected(text, hand):
    hand.type("old")
    hand.press("Control+a")
    hand.paste("new")
    assert text.value == "new"


def test_pasting_when_the_clipboard_is_empty_does_nothing(text, hand):
    text.clipboard_clear()
    hand.press("Control+v")
    assert text.value == ""


def test_undo_and_redo_bring_emoji_back(text, hand):
    hand.type("one ")
    hand.paste("😀")
    hand.press("Control+a")
    hand.press("Delete")
    assert text.value == ""
    hand.press("Control+z")
    assert text.value == "one 😀"
    hand.press("Control+z")
    assert text.value == "one "
    hand.press("Control+y")
    assert text.value == "one 😀"
    hand.press("Control+Shift+z")
    assert text.value == ""


def test_undo_puts_the_cursor_where_it_was(text, hand):
    hand.paste("a😀b")
    hand.press("Left")
    hand.type("x")
    hand.press("Control+z")
    hand.type("y")
    assert text.value == "a😀yb"


def test_a_word_typed_is_undone_at_once(text, hand):
    hand.type("hello world")
    hand.press("Control+z")
    assert text.value == "hello "


def test_undo_of_nothing_is_harmless(text, hand):
    hand.press("Control+z")
    hand.press("Control+y")
    assert text.value == ""


@pytest.mark.parametrize("key", ["d", "k", "o", "t", "h", "i", "f", "b", "n", "p", "e"])
def test_no_letter_with_control_edits_or_moves(text, hand, key):
    hand.type("ab")
    hand.press("Left")
    hand.press(f"Control+{key}")
    hand.type("x")
    assert text.value == "axb"


def test_tab_goes_on_to_the_next_field(root, text, hand):
    button = tkinter.Button(root, text="next")
    button.place(x=20, y=300)
    hand.until(button.winfo_viewable)
    hand.press("Tab")
    assert root.focus_get() is button
    hand.press("Shift+Tab")
    assert root.focus_get() is text
    assert text.value == ""


def test_the_hint_is_seen_while_there_is_nothing(root, look, hand):
    text = make(root, look, hand, hint="Write here")
    label = text.winfo_children()[0]
    hand.until(label.winfo_viewable)
    hand.click(label)
    hand.type("a")
    assert not label.winfo_viewable()
    hand.press("BackSpace")
    hand.until(label.winfo_viewable)


def test_a_single_line_has_no_line_ends(root, look, hand):
    text = make(root, look, hand, single_line=True)
    hand.type("a\n")
    hand.paste("b\nc\n")
    assert text.value == "ab c"


def test_more_than_it_takes_does_not_come_in_and_this_is_said(root, look, hand):
    text = make(root, look, hand, most=5)
    refusals = []
    text.bind(TOO_LONG, refusals.append)
    hand.paste(f"abc{FLAG}")
    assert text.value == f"abc{FLAG}" and not refusals
    hand.type("x")
    assert text.value == f"abc{FLAG}" and len(refusals) == 1
    hand.press("BackSpace")
    hand.paste(f"d{FLAG}")
    assert text.value == "abcd" and len(refusals) == 2
    hand.until(lambda: text["background"] == "#ffffff")


def test_each_change_is_told(text, hand):
    values = []
    text.bind(VALUE_CHANGED, lambda _event: values.append(text.value))
    hand.type("ab")
    hand.press("BackSpace")
    hand.paste("😀")
    text.value = "new"
    assert values == ["a", "ab", "a", "a😀", "new"]


def test_the_value_that_is_set_cannot_be_undone(text, hand):
    text.value = "draft 😀"
    hand.press("Control+z")
    assert text.value == "draft 😀"
    hand.type("!")
    assert text.value == "draft 😀!"


def test_written_text_comes_at_the_cursor(text, hand):
    hand.type("ab")
    hand.press("Left")
    text.write("😀")
    assert text.value == "a😀b"
    hand.press("Control+a")
    text.write(FLAG)
    assert text.value == FLAG


def test_a_disabled_field_takes_nothing(text, hand):
    hand.type("a")
    text["state"] = "disabled"
    hand.type("b")
    hand.paste("😀")
    assert text.value == "a"


@pytest.mark.parametrize(
    "pasted", ["words and more " * 7_000, "很长的" * 34_000, "😀" * 100_000, "a😀" * 50_000]
)
def test_a_very_long_paste_is_kept_whole_and_does_not_hang(text, hand, pasted):
    put_text(text, pasted)
    hand.press("Control+v")
    assert text.value == pasted
    assert len(in_tk(text)) <= MOST_SHOWN
    hand.type("!")
    assert text.value == pasted + "!"
    hand.press("Control+a")
    hand.press("Control+c")
    assert clipboard(text) == pasted + "!"
    hand.press("Delete")
    assert text.value == ""


def test_the_middle_button_pastes_what_is_selected_with_its_emoji(root, look, text, hand):
    other = EmojiText(root, look)
    other.place(x=20, y=300, width=300, height=30)
    hand.paste("ab😀")
    hand.press("Control+a")
    hand.click(other, button=2)
    hand.until(lambda: other.value == "ab😀")


def choose_from_menu(text, hand, number):
    """Open the menu by the right button and click on an item, by its number."""
    hand.click(text, 5, 5, button=3)
    hand.until(lambda: text.menu.popup and text.menu.popup.winfo_viewable())
    hand.click(text.menu.popup, 30, 4 + 32 * (number - 1) + 16)
    assert not text.menu.is_open


def test_the_right_button_offers_cut_copy_paste_and_all(text, hand):
    put_text(text, "")
    hand.type("ab")
    choose_from_menu(text, hand, 1)
    assert text.selected == "ab"
    choose_from_menu(text, hand, 2)
    assert clipboard(text) == "ab" and text.value == "ab"
    choose_from_menu(text, hand, 1)
    assert text.value == ""
    choose_from_menu(text, hand, 1)
    choose_from_menu(text, hand, 1)
    assert text.value == "abab"


def test_a_field_can_go_at_any_time(root, look, hand):
    for _ in range(3):
        frame = tkinter.Frame(root)
        text = EmojiText(frame, look, most=1)
        text.value = "too long"
        frame.destroy()
    hand.wait(0.3)
