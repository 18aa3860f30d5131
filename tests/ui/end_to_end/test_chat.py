"""Two people at their desktops, and what they write to each other through a real node."""

from collections.abc import Callable

from naivechat.protocol.friend import AddFriendRequest
from tests.ui.desk import Desk, friend
from tests.ui.end_to_end.people import open_contact, text, user_of
from tests.wire import PASSWORD, WireClient
from tkclient.model.talk import Kind, Sending

Account = Callable[..., WireClient]
Sit = Callable[..., Desk]

TEXTS = (
    "Eight o'clock at the station?",
    "好的，我带水果 🍎 家人们 👨‍👩‍👧 🇨🇳 👍🏽",
    "שלום עליכם, see you at 8",
    "مرحبا بالعالم",
    "https://example.com/a/very/long/path?with=a&query=of-some-length-that-does-not-fit-into-one-line-of-a-bubble",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
    "😀",
)


def test_what_two_people_write_stands_at_both_once_and_in_order(
    sit: Sit, friends: tuple[WireClient, WireClient]
) -> None:
    ann_id, bob_id = map(user_of, friends)
    ann, bob = sit(ann_id), sit(bob_id)
    open_contact(ann, bob_id)
    for words in TEXTS:
        ann.write(words)
    bob.open(friend(ann_id))
    bob.write("Yes!")
    ann.write("Good")
    expected = [*TEXTS, "Yes!", "Good"]
    for desk, other in ((ann, bob_id), (bob, ann_id)):
        desk.until(lambda desk=desk, other=other: desk.texts(friend(other)) == expected, "all has come")
        desk.until(
            lambda desk=desk, other=other: all(
                message.sending is Sending.SENT for message in desk.messages(friend(other))
            ),
            "all is known to be stored",
        )
    assert [message.is_mine for message in ann.messages(friend(bob_id))] == [True] * 7 + [False, True]
    assert [message.is_mine for message in bob.messages(friend(ann_id))] == [False] * 7 + [True, False]
    assert "Yes!" in ann.seen and "Good" in ann.seen


def test_lines_are_broken_by_shift_and_return(sit: Sit, friends: tuple[WireClient, WireClient]) -> None:
    ann_id, bob_id = map(user_of, friends)
    ann = sit(ann_id)
    open_contact(ann, bob_id)
    ann.hand.type("one")
    ann.hand.press("Shift+Return")
    ann.hand.type("two")
    ann.hand.press("Return")
    ann.until(lambda: ann.texts(friend(bob_id)) == ["one\ntwo"])
    ann.until(lambda: "one\ntwo" in ann.seen)


def test_a_face_is_sent_with_one_click(sit: Sit, friends: tuple[WireClient, WireClient]) -> None:
    ann_id, bob_id = map(user_of, friends)
    ann, bob = sit(ann_id), sit(bob_id)
    open_contact(ann, bob_id)
    tools = ann.screen.content.panel.writing.tools
    ann.hand.click(tools.emoji_button)
    ann.until(lambda: tools.picker.is_open)
    picker = tools.picker.panel
    ann.hand.click(picker.strip, x=picker.strip.middle_of(picker.face_tab))
    ann.hand.click(picker.grid_of_cells, *picker.grid_of_cells.place_of("f_05"))
    bob.open(friend(ann_id))
    bob.until(lambda: [(m.kind, m.text) for m in bob.messages(friend(ann_id))] == [(Kind.FACE, "f_05")])


def test_unread_messages_are_counted_until_they_are_seen_on_any_device(
    sit: Sit, friends: tuple[WireClient, WireClient]
) -> None:
    ann_phone, bob_phone = friends
    ann_id, bob_id = user_of(ann_phone), user_of(bob_phone)
    ann = sit(ann_id)
    for number in range(3):
        bob_phone.accepted(text(number, ann_id, f"message {number}"))
    ann.until(lambda: ann.model.unread == 3, "three are unread")
    ann.until(lambda: ann.screen.window.title().startswith("(3)"))
    ann.open(friend(bob_id))
    ann.until(lambda: ann.model.unread == 0, "they have been seen")
    ann.until(lambda: not ann.screen.window.title().startswith("("))


def test_a_message_is_taken_back_at_both(sit: Sit, friends: tuple[WireClient, WireClient]) -> None:
    ann_id, bob_id = map(user_of, friends)
    ann, bob = sit(ann_id), sit(bob_id)
    open_contact(ann, bob_id)
    ann.write("a slip of the tongue")
    bob.open(friend(ann_id))
    bob.until(lambda: "a slip of the tongue" in bob.seen)
    ann.until(lambda: "a slip of the tongue" in ann.seen and ann.messages(friend(bob_id))[0].seq)
    ann.hand.click(*ann.point_at("a slip of the tongue"), button=3)
    ann.choose("撤回")
    for desk, other in ((ann, bob_id), (bob, ann_id)):
        desk.until(lambda desk=desk, other=other: desk.messages(friend(other))[0].is_recalled)
        desk.until(lambda desk=desk: "a slip" not in desk.seen and "撤回了一条消息" in desk.seen)


def test_a_message_that_makes_a_row_does_not_change_what_is_on_the_screen(
    sit: Sit, friends: tuple[WireClient, WireClient], account: Account
) -> None:
    ann_phone, bob_phone = friends
    ann_id, bob_id = user_of(ann_phone), user_of(bob_phone)
    cid_phone = account(f"cid{ann_id}")
    cid_phone.accepted(AddFriendRequest(rid=0, friend_id=ann_id))
    ann = sit(ann_id)
    open_contact(ann, bob_id)
    ann.hand.type("half a sent")
    cid_phone.accepted(text(1, ann_id, "hello, it is me"))
    ann.until(lambda: friend(user_of(cid_phone)) in ann.model.talks, "a row appears")
    ann.hand.type("ence")
    ann.hand.press("Return")
    ann.until(lambda: ann.texts(friend(bob_id)) == ["half a sentence"])
    assert ann.model.selected == friend(bob_id)


def test_what_is_not_sent_yet_waits_as_a_draft(sit: Sit, friends: tuple[WireClient, WireClient]) -> None:
    ann_phone, bob_phone = friends
    ann_id, bob_id = user_of(ann_phone), user_of(bob_phone)
    ann = sit(ann_id)
    open_contact(ann, bob_id)
    ann.hand.type("not yet")
    ann.restart()
    ann.log_in(PASSWORD)
    ann.until(lambda: ann.is_in and ann.model.drafts == {friend(bob_id): "not yet"})
    ann.open(friend(bob_id))
    ann.until(lambda: ann.screen.content.panel.writing.input.text.value == "not yet")
