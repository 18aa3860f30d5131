"""A reader of a talk: what is in view, what stays where it is, and what is raised."""

import attrs

from tests.ui.messages.conftest import Stage
from tests.unit.tkclient.messages.samples import NOON_MS, message
from tkclient.model.conversation import Conversation
from tkclient.model.talk import FRIEND, GroupEvent, Kind, Message, Sending, TalkKey


def top_of(stage: Stage, told: Message) -> int:
    return stage.drawn(told).y


def middle_row(stage: Stage) -> Message:
    """A message in the middle of the view."""
    found = stage.list._sheet.find(250)
    assert found is not None
    return found.row.message


def test_a_talk_begins_at_its_end_and_says_that_it_was_seen(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    assert stage.is_in_view(many[-1])
    assert not stage.is_in_view(many[0])
    assert stage.list.at_end
    assert stage.heard.of("seen_end")


def test_only_rows_in_view_are_on_the_canvas(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    assert len(stage.list.canvas.find_all()) < 200


def test_what_comes_is_in_view_at_the_end(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    seen = len(stage.heard.of("seen_end"))
    new = message("new")
    stage.tell(new)
    assert stage.is_in_view(new)
    assert len(stage.heard.of("seen_end")) == seen + 1


def test_the_wheel_scrolls(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    top = top_of(stage, many[-3])
    stage.hand.turn_wheel(stage.list.canvas, 2)
    assert top_of(stage, many[-3]) == top + 120
    stage.hand.turn_wheel(stage.list.canvas, -1)
    assert top_of(stage, many[-3]) == top + 60


def test_a_reader_who_has_scrolled_up_keeps_the_place_and_is_told_how_many_have_come(
    stage: Stage, many: list[Message]
) -> None:
    stage.tell(*many)
    stage.hand.turn_wheel(stage.list.canvas, 10)
    read = middle_row(stage)
    top, seen = top_of(stage, read), len(stage.heard.of("seen_end"))
    new = [message("one"), message("two")]
    stage.tell(*new)
    assert top_of(stage, read) == top
    assert not stage.is_in_view(new[-1])
    assert pill_text(stage) == "2 条新消息"
    assert len(stage.heard.of("seen_end")) == seen
    stage.hand.click(stage.list._pill)
    assert stage.is_in_view(new[-1])
    assert pill_text(stage) == ""
    assert len(stage.heard.of("seen_end")) == seen + 1


def pill_text(stage: Stage) -> str:
    pill = stage.list._pill
    if not pill.winfo_ismapped():
        return ""
    return next(pill.itemcget(item, "text") for item in pill.find_all() if pill.type(item) == "text")


def test_scrolling_to_the_end_takes_the_pill_away(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    stage.hand.turn_wheel(stage.list.canvas, 3)
    stage.tell(message("one"))
    stage.hand.turn_wheel(stage.list.canvas, -8)
    assert stage.list.at_end
    assert pill_text(stage) == ""


def test_ones_own_message_is_brought_into_view(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    stage.hand.turn_wheel(stage.list.canvas, 10)
    own = message("mine", "me", seq=0, sending=Sending.SENDING)
    stage.tell(own)
    assert stage.is_in_view(own)


def test_a_message_that_has_arrived_moves_nothing(stage: Stage, many: list[Message]) -> None:
    own = message("mine", "me", seq=0, sending=Sending.SENDING)
    stage.tell(*many, own)
    stage.hand.turn_wheel(stage.list.canvas, 10)
    read = middle_row(stage)
    top = top_of(stage, read)
    stage.tell(attrs.evolve(own, seq=10_000, sending=Sending.SENT))
    assert top_of(stage, read) == top
    assert pill_text(stage) == ""


def test_near_the_first_message_older_ones_are_asked_for_once(stage: Stage, many: list[Message]) -> None:
    stage.conversation = Conversation(many, True)
    stage.show()
    assert not stage.heard.of("load_older")
    stage.hand.click(stage.list.canvas, 350, 5)
    stage.hand.press("Home")
    stage.hand.turn_wheel(stage.list.canvas, 2)
    assert stage.heard.of("load_older") == [()]


def test_older_ones_come_without_moving_what_is_read_and_more_can_be_asked_for(stage: Stage) -> None:
    messages = [message(f"message {number}") for number in range(300)]
    stage.conversation = Conversation(messages[200:], True)
    stage.show()
    stage.hand.click(stage.list.canvas, 350, 5)
    stage.hand.press("Home")
    read = messages[203]
    top = top_of(stage, read)
    stage.conversation.prepend(messages[100:200], True)
    stage.show()
    # The first message loses the time above it, so that others come in at the top.
    assert top_of(stage, read) == top
    stage.hand.press("Home")
    assert stage.is_in_view(messages[100])
    assert stage.heard.of("load_older") == [(), ()]


def test_when_there_are_none_older_nobody_is_asked(stage: Stage, many: list[Message]) -> None:
    stage.conversation = Conversation(many, False)
    stage.show()
    stage.list._scroll_to_start()
    assert not stage.heard.of("load_older")


def test_what_has_not_come_is_asked_for_again_after_a_while(stage: Stage) -> None:
    stage.conversation = Conversation([message("only")], True)
    stage.show()
    stage.hand.turn_wheel(stage.list.canvas, 1)
    assert len(stage.heard.of("load_older")) == 1
    stage.clock.now_ms += 5000
    stage.hand.turn_wheel(stage.list.canvas, 1)
    assert len(stage.heard.of("load_older")) == 2


def test_an_empty_talk_asks_once_however_often_it_is_shown(stage: Stage) -> None:
    stage.conversation = Conversation((), True)
    stage.show()
    stage.show()
    assert stage.heard.of("load_older") == [()]


def test_pages_home_and_end_go_where_they_say(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    stage.hand.click(stage.list.canvas, 350, 5)
    stage.hand.press("Home")
    assert stage.is_in_view(many[0])
    top = top_of(stage, many[6])
    stage.hand.press("Next")
    assert not stage.is_in_view(many[0])
    stage.hand.press("Prior")
    assert top_of(stage, many[6]) == top
    stage.hand.press("End")
    assert stage.list.at_end


def test_a_window_of_another_size_keeps_the_place(stage: Stage) -> None:
    messages = [message(f"{number} " + "words and words " * 20) for number in range(60)]
    stage.tell(*messages)
    stage.hand.turn_wheel(stage.list.canvas, 30)
    first = stage.list._view.in_view[0]
    read = stage.list._rows.message(first.place)
    stage.root.geometry("500x500")
    stage.hand.until(lambda: stage.list.canvas.winfo_width() == 500)
    assert stage.list._rows.message(stage.list._view.in_view[0].place) == read
    stage.list.scroll_to_end()
    stage.root.geometry("700x300")
    stage.hand.until(lambda: stage.list.canvas.winfo_height() == 300)
    assert stage.is_in_view(messages[-1])


def test_the_scrollbar_goes_through_all(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    scroller = stage.list._scroller
    x, y = scroller.winfo_x() + 3, scroller.winfo_y() + 10
    stage.hand.drag(stage.list.canvas, (x, y), (x, -300))
    assert stage.is_in_view(many[0])


def test_another_talk_begins_anew(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    stage.hand.turn_wheel(stage.list.canvas, 10)
    stage.tell(message("new"))
    other = message("of another talk")
    stage.conversation = Conversation([other], False)
    stage.show(TalkKey(FRIEND, "li"))
    assert stage.list.at_end
    assert pill_text(stage) == ""
    assert "of another talk" in stage.texts()
    assert not stage.is_in_view(many[-1])


def test_a_recalled_message_leaves_a_note_in_its_place(stage: Stage) -> None:
    told = message("secret")
    stage.tell(told, message("after"))
    stage.tell(attrs.evolve(told, is_recalled=True, text=""))
    assert "secret" not in stage.texts()
    assert "“Li”撤回了一条消息" in stage.texts()


def test_a_discarded_message_is_gone(stage: Stage) -> None:
    failed = message("refused", "me", seq=0, sending=Sending.FAILED)
    stage.tell(message("first"), failed)
    stage.conversation.remove(failed.msg_uuid)
    stage.show()
    assert "refused" not in stage.texts()


def test_own_ones_stand_at_the_right_by_their_sender_alone(stage: Stage) -> None:
    mine, theirs = message("a", "me", is_mine=False), message("b", "li", is_mine=True)
    stage.tell(mine, theirs)
    assert stage.drawn(mine).row.box.is_own
    assert not stage.drawn(theirs).row.box.is_own


def test_times_stand_between_messages_after_a_pause_and_change_at_midnight(stage: Stage) -> None:
    first, second = message("a", sent_at_ms=NOON_MS), message("b", sent_at_ms=NOON_MS + 60_000)
    third = message("c", sent_at_ms=NOON_MS + 600_000)
    stage.tell(first, second, third)
    times = [stage.drawn(told).row.time for told in (first, second, third)]
    assert times[1] == "" and ":" in times[0] and ":" in times[2]
    stage.clock.now_ms += 24 * 3_600_000
    stage.list._begin_day()
    assert stage.drawn(first).row.time.startswith("昨天 ")


def test_in_groups_senders_are_named_and_with_a_friend_they_are_not(stage: Stage) -> None:
    stage.tell(message("hello", sender_name="李娜"))
    assert "李娜" in stage.texts()
    stage.is_group = False
    stage.show()
    assert "李娜" not in stage.texts()


def test_an_event_is_a_sentence(stage: Stage) -> None:
    stage.tell(
        message("", kind=Kind.EVENT, event=GroupEvent(event="joined", actor_name="张伟", names=("李娜",)))
    )
    assert "张伟 邀请 李娜 加入了群聊" in stage.texts()


def test_files_are_cards_and_what_is_not_known_says_so(stage: Stage) -> None:
    file, unknown = message("部署手册.pdf", kind=Kind.FILE), message("?", kind=Kind.UNKNOWN)
    stage.tell(file, unknown)
    assert {"部署手册.pdf", "文件", "[当前版本不支持的消息]"} <= set(stage.texts())


def test_faces_and_lone_emoji_are_pictures(stage: Stage) -> None:
    stage.tell(message("f_12", kind=Kind.FACE), message("🎉"))
    assert not {"f_12", "🎉"} & set(stage.texts())


def test_the_wheel_of_windows_scrolls_too(stage: Stage, many: list[Message]) -> None:
    stage.tell(*many)
    top = top_of(stage, many[-3])
    stage.list.canvas.event_generate("<MouseWheel>", delta=120)
    assert top_of(stage, many[-3]) == top + 60


def test_a_message_on_its_way_shows_it_after_a_moment(stage: Stage) -> None:
    own = message("mine", "me", seq=0, sending=Sending.SENDING)
    stage.tell(own)
    tag = f"{stage.drawn(own).tag}waiting"
    assert not stage.list.canvas.find_withtag(tag)
    stage.hand.until(lambda: stage.list.canvas.find_withtag(tag))
    stage.tell(attrs.evolve(own, seq=9_000, sending=Sending.SENT))
    assert not stage.list.canvas.find_withtag(tag)


def test_no_character_beyond_the_bmp_is_given_to_tk(stage: Stage) -> None:
    stage.tell(message("\U00020bb7野家 🎉 x \U0001d49c", sender_name="\U0001f98a Fox"))
    assert all(character <= "\uffff" for text in stage.texts() for character in text)


def test_the_list_can_be_closed_while_something_is_under_way(stage: Stage) -> None:
    stage.tell(message("mine", "me", seq=0, sending=Sending.SENDING))
    stage.list.destroy()
    stage.hand.wait(0.4)
