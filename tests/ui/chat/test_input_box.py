import attrs
import pytest

from tests.ui.chat.talks import ANN, BOB
from tkclient.model.preferences import Preferences, SendKey
from tkclient.model.talk import Kind
from tkclient.ui.chat.clipboard import put_text
from tkclient.ui.chat.input_box import MOST_CHARACTERS, InputBox


@pytest.fixture
def box(root, look, model, events, hand):
    model.selected = ANN
    box = InputBox(root, look, model, events)
    box.place(x=0, y=400, width=600, height=160)
    box.refresh()
    hand.until(box.winfo_viewable)
    box.text.focus_force()
    hand.work()
    return box


def sent(events):
    return events.of("send")


def select(box, model, talk):
    model.selected = talk
    box.refresh()


def test_return_sends_and_leaves_nothing(box, events, hand):
    hand.type("Hello")
    hand.press("Return")
    assert sent(events) == [(ANN, "Hello", Kind.TEXT)]
    assert box.text.value == ""
    hand.type("again")
    hand.press("KP_Enter")
    assert sent(events)[1:] == [(ANN, "again", Kind.TEXT)]


def test_shift_and_return_break_the_line(box, events, hand):
    hand.type("one")
    hand.press("Shift+Return")
    hand.type("two")
    hand.press("Return")
    assert sent(events) == [(ANN, "one\ntwo", Kind.TEXT)]


def test_control_and_return_send_if_that_is_chosen(box, model, events, hand):
    model.preferences = Preferences(send_key=SendKey.CTRL_ENTER)
    hand.type("one")
    hand.press("Return")
    hand.type("two")
    hand.press("Shift+Return")
    hand.type("three")
    assert not sent(events)
    hand.press("Control+Return")
    assert sent(events) == [(ANN, "one\ntwo\nthree", Kind.TEXT)]


def test_control_and_return_break_the_line_if_return_sends(box, events, hand):
    hand.type("a")
    hand.press("Control+Return")
    assert box.text.value == "a\n" and not sent(events)


def test_a_click_on_the_button_sends(box, events, hand):
    hand.paste("中文 👩‍💻")
    hand.click(box, 540, 130)
    assert sent(events) == [(ANN, "中文 👩‍💻", Kind.TEXT)]


def test_the_button_is_pressed_by_keys_too(box, events, hand):
    hand.type("a")
    hand.press("Tab")
    hand.press("space")
    assert sent(events) == [(ANN, "a", Kind.TEXT)]


@pytest.mark.parametrize("blank", ["", "   ", "\n\n"])
def test_nothing_and_blanks_are_not_sent_and_this_is_said(box, events, hand, blank):
    put_text(box, blank)
    hand.press("Control+v")
    hand.press("Return")
    assert not sent(events) and box.note
    hand.type("x")
    assert not box.note


def test_what_was_said_goes_by_itself(box, hand):
    hand.press("Return")
    assert box.note
    hand.until(lambda: not box.note)


def test_empty_lines_around_a_text_are_not_sent(box, events, hand):
    hand.paste("\n\n  indented\n\n more \n\n")
    hand.press("Return")
    assert sent(events) == [(ANN, "  indented\n\n more", Kind.TEXT)]


def test_a_counter_comes_before_the_limit(box, hand):
    hand.paste("x" * 3_799)
    assert box.counter == ""
    hand.type("y")
    assert box.counter == "3,800 / 4,000"


def test_as_much_as_a_node_takes_is_sent(box, events, hand):
    hand.paste("x" * MOST_CHARACTERS)
    hand.press("Return")
    assert sent(events) == [(ANN, "x" * MOST_CHARACTERS, Kind.TEXT)]
    assert box.counter == ""


def test_more_is_refused_in_words_and_kept(box, events, hand):
    hand.paste("x" * (MOST_CHARACTERS + 1))
    hand.press("Return")
    assert not sent(events) and "4,000" in box.note
    assert box.text.value == "x" * (MOST_CHARACTERS + 1)
    hand.press("BackSpace")
    hand.press("Return")
    assert len(sent(events)) == 1


def test_typing_is_told_but_not_at_every_key(box, events, hand):
    hand.type("hello")
    assert events.of("typing") == [(ANN,)]


def test_typing_is_told_anew_for_another_dialogue(box, model, events, hand):
    hand.type("a")
    select(box, model, BOB)
    hand.type("b")
    assert events.of("typing") == [(ANN,), (BOB,)]


def test_a_draft_that_comes_up_is_no_typing(box, model, events, hand):
    model.set_draft(BOB, "draft")
    select(box, model, BOB)
    hand.press("BackSpace")
    assert events.calls and events.of("typing") == [(BOB,)]
    events.clear()
    select(box, model, ANN)
    assert not events.of("typing")


def test_each_dialogue_has_its_own_draft(box, model, events, hand):
    hand.write(["for Ann ", "😀"])
    select(box, model, BOB)
    assert box.text.value == ""
    assert events.of("keep_draft") == [(ANN, "for Ann 😀")] and model.drafts == {ANN: "for Ann 😀"}
    hand.type("for Bob")
    select(box, model, ANN)
    assert box.text.value == "for Ann 😀" and model.drafts[BOB] == "for Bob"
    hand.type("!")
    hand.press("Return")
    assert sent(events) == [(ANN, "for Ann 😀!", Kind.TEXT)]
    assert model.drafts == {BOB: "for Bob"} and events.of("keep_draft")[-1] == (ANN, "")


def test_a_draft_is_kept_a_moment_after_the_last_key_once(box, events, hand):
    hand.type("hello")
    assert not events.of("keep_draft")
    hand.until(lambda: events.of("keep_draft"))
    hand.wait(0.1)
    assert events.of("keep_draft") == [(ANN, "hello")]


def test_a_draft_is_kept_when_the_window_goes(box, events, hand):
    hand.type("hello")
    box.destroy()
    assert events.of("keep_draft") == [(ANN, "hello")]


def test_a_draft_told_later_comes_up_if_nothing_was_written(box, model, hand):
    model.set_drafts({ANN: "from before"})
    box.refresh()
    assert box.text.value == "from before"
    hand.type("!")
    model.set_drafts({ANN: "older"})
    box.refresh()
    assert box.text.value == "from before!"


def test_news_of_other_dialogues_change_nothing_here(box, model, events, hand):
    hand.type("half a sen")
    model.upsert_talk(attrs.evolve(model.talks[BOB], unread=3))
    model.set_draft(BOB, "other")
    box.refresh()
    hand.type("tence")
    assert box.text.value == "half a sentence"


def test_return_before_the_screen_follows_goes_to_the_dialogue_that_is_seen(box, model, events, hand):
    hand.type("for Ann")
    model.selected = BOB
    hand.press("Return")
    assert sent(events) == [(ANN, "for Ann", Kind.TEXT)]


def test_nothing_is_sent_while_no_dialogue_is_shown(box, model, events, hand):
    select(box, model, None)
    hand.type("lost")
    hand.press("Return")
    assert not events.of("send") and not events.of("typing")


def test_undo_does_not_bring_back_what_was_sent(box, hand):
    hand.type("sent")
    hand.press("Return")
    hand.press("Control+z")
    assert box.text.value == ""


def test_a_long_text_can_be_scrolled(box, hand):
    hand.paste("\n".join(f"line {number}" for number in range(60)))
    last = box.text.yview()
    hand.turn_wheel(box.text, 5)
    assert box.text.yview() < last
