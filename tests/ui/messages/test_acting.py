"""What a hand does with messages: selects, copies, follows links, opens menus."""

import pytest

from tests.ui.messages.conftest import Stage
from tests.unit.tkclient.messages.samples import message
from tkclient.model.talk import Kind, Message, Sending


@pytest.fixture
def text() -> Message:
    return message("hello world, see https://example.org/a and 你好，世界 👍🏽 end")


def click(stage: Stage, place: tuple[int, int], **how: int) -> None:
    stage.hand.click(stage.list.canvas, *place, **how)


def test_dragging_selects_and_control_c_copies(stage: Stage, text: Message) -> None:
    stage.tell(text)
    stage.hand.drag(stage.list.canvas, stage.place_of(text, "hello", 0), stage.place_of(text, "world", 1))
    assert stage.list.selected_text == "hello world"
    assert stage.list.canvas.find_withtag("selection")
    stage.hand.press("Control+c")
    assert stage.heard.of("copy") == [("hello world",)]


def test_a_selection_takes_emoji_as_they_were_written(stage: Stage) -> None:
    told = message("a 👍🏽 b")
    stage.tell(told)
    x, y = stage.place_of(told, "a", 0)
    stage.hand.drag(stage.list.canvas, (x, y), (x + 200, y))
    assert stage.list.selected_text == "a 👍🏽 b"


def test_dragging_beyond_the_bubble_selects_to_its_end(stage: Stage, text: Message) -> None:
    stage.tell(text)
    stage.hand.drag(stage.list.canvas, stage.place_of(text, "world", 0), (650, 480))
    assert stage.list.selected_text == text.text[text.text.index("world") :]


def test_dragging_backwards_selects_too(stage: Stage, text: Message) -> None:
    stage.tell(text)
    stage.hand.drag(stage.list.canvas, stage.place_of(text, "world", 1), stage.place_of(text, "hello", 0))
    assert stage.list.selected_text == "hello world"


def test_a_click_takes_the_selection_away(stage: Stage, text: Message) -> None:
    stage.tell(text)
    click(stage, stage.place_of(text, "hello"), times=2)
    assert stage.list.selected_text == "hello"
    click(stage, (350, 490))
    assert stage.list.selected_text == ""
    assert not stage.list.canvas.find_withtag("selection")


@pytest.mark.parametrize(("words", "selected"), [("world", "world"), ("世界", "世界")])
def test_a_double_click_selects_a_word(stage: Stage, text: Message, words: str, selected: str) -> None:
    stage.tell(text)
    click(stage, stage.place_of(text, words), times=2)
    assert stage.list.selected_text == selected


def test_a_third_click_selects_all(stage: Stage, text: Message) -> None:
    stage.tell(text)
    click(stage, stage.place_of(text, "world"), times=3)
    assert stage.list.selected_text == text.text


def test_a_selection_follows_its_message(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    click(stage, stage.place_of(many[-2], "message"), times=2)
    edges = stage.list.canvas.coords("selection")
    stage.hand.turn_wheel(stage.list.canvas, 1)
    assert stage.list.canvas.coords("selection")[1] == edges[1] + 60
    stage.hand.turn_wheel(stage.list.canvas, 30)
    stage.hand.turn_wheel(stage.list.canvas, -40)
    assert stage.list.canvas.coords("selection") == edges


def test_a_click_on_a_link_opens_it(stage: Stage, text: Message) -> None:
    stage.tell(text)
    place = stage.place_of(text, "https://example.org/a")
    stage.hand.move(stage.list.canvas, *place)
    assert str(stage.list.canvas["cursor"]) == "hand2"
    click(stage, place)
    assert stage.heard.of("open_link") == [("https://example.org/a",)]
    stage.hand.move(stage.list.canvas, 350, 490)
    assert str(stage.list.canvas["cursor"]) == ""


def test_selecting_a_link_does_not_open_it(stage: Stage, text: Message) -> None:
    stage.tell(text)
    link = "https://example.org/a"
    stage.hand.drag(stage.list.canvas, stage.place_of(text, link, 0.1), stage.place_of(text, link, 0.6))
    assert stage.heard.of("open_link") == []


def test_a_click_on_a_portrait_says_whose_and_where(stage: Stage, text: Message) -> None:
    stage.tell(text)
    x, y = stage.avatar_of(text)
    click(stage, (x, y))
    canvas = stage.list.canvas
    assert stage.heard.of("avatar_clicked") == [("li", canvas.winfo_rootx() + x, canvas.winfo_rooty() + y)]


def test_the_right_button_on_a_portrait_in_a_group_mentions_its_owner(stage: Stage, text: Message) -> None:
    own = message("x", "me")
    stage.tell(text, own)
    click(stage, stage.avatar_of(text), button=3)
    click(stage, stage.avatar_of(own), button=3)
    assert stage.heard.of("mention") == [("li",)]


def test_a_failed_message_is_sent_again_by_a_click_on_its_mark(stage: Stage) -> None:
    failed = message("x", "me", seq=0, sending=Sending.FAILED, failure="FORBIDDEN")
    stage.tell(failed)
    click(stage, stage.mark_of(failed))
    assert stage.heard.of("retry") == [(failed.msg_uuid,)]
    assert "你不能在这里发言" in stage.texts()


@pytest.mark.parametrize(("choice", "raised"), [("重发", "retry"), ("删除", "discard")])
def test_a_failed_message_can_be_sent_again_or_deleted(stage: Stage, choice: str, raised: str) -> None:
    failed = message("refused", "me", seq=0, sending=Sending.FAILED)
    stage.tell(failed)
    click(stage, stage.middle_of(failed), button=3)
    assert stage.menu() == ["复制", "重发", "删除"]
    stage.choose(choice)
    assert stage.heard.of(raised) == [(failed.msg_uuid,)]


def test_own_messages_can_be_recalled_for_two_minutes(stage: Stage) -> None:
    own = message("mine", "me")
    stage.clock.now_ms = own.sent_at_ms + 120_000
    stage.tell(own)
    click(stage, stage.middle_of(own), button=3)
    assert stage.menu() == ["复制", "撤回"]
    stage.choose("撤回")
    assert stage.heard.of("recall") == [(own.seq,)]
    stage.clock.now_ms += 1
    click(stage, stage.middle_of(own), button=3)
    assert stage.menu() == ["复制"]


def test_others_messages_are_recalled_by_owners_and_admins_alone(stage: Stage, text: Message) -> None:
    stage.tell(text)
    click(stage, stage.middle_of(text), button=3)
    assert stage.menu() == ["复制"]
    stage.choose("复制")
    assert stage.heard.of("copy") == [(text.text,)]
    stage.can_recall_all = True
    stage.clock.now_ms += 10**7
    stage.show()
    click(stage, stage.middle_of(text), button=3)
    assert stage.menu() == ["复制", "撤回"]


def test_the_menu_copies_what_is_selected(stage: Stage, text: Message) -> None:
    stage.tell(text)
    click(stage, stage.place_of(text, "hello"), times=2)
    click(stage, stage.place_of(text, "world"), button=3)
    stage.choose("复制")
    assert stage.heard.of("copy") == [("hello",)]


def test_a_face_and_a_note_have_nothing_to_copy(stage: Stage) -> None:
    face, recalled = message("f_01", kind=Kind.FACE), message("", is_recalled=True)
    stage.tell(face, recalled)
    click(stage, stage.middle_of(face), button=3)
    click(stage, (350, stage.drawn(recalled).y + 8), button=3)
    assert stage.list._pointer._menu.popup is None


def test_words_from_right_to_left_are_selected_where_they_are_seen(stage: Stage) -> None:
    told = message("abc שלום")
    stage.tell(told)
    drawn = stage.drawn(told)
    (placed,) = drawn.row.box.text_lines
    hebrew = placed.line.pieces[-1]
    y = drawn.y + placed.y + 11
    right = placed.x + hebrew.x + hebrew.width
    stage.hand.drag(stage.list.canvas, (right, y), (placed.x + hebrew.x + 1, y))
    assert stage.list.selected_text == "שלום"
