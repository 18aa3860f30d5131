"""Messages: stored before told, told once, in the order they were sent."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from naivechat.application.messages import Messages
from naivechat.domain import events
from naivechat.domain.appending import Appended, Read, ReadMoved, Recall, Send
from naivechat.domain.errors import (
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotFriend,
    NotMember,
    TooLarge,
    Unavailable,
)
from naivechat.domain.group import GroupId
from naivechat.domain.message import (
    GROUP_EVENT,
    IMAGE,
    MOST_TEXT_CHARACTERS,
    RECALL,
    RECALL_WINDOW_MS,
    TEXT,
    HistoryRange,
    Message,
)
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkId, talk_id_of
from tests.fakes import MemoryLog, done
from tests.unit.application.conftest import World, in_group, with_friend


def uuid(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture
def pair(world: World) -> list[Actor]:
    """Ann and Bob, friends."""
    ann, bob = pair = world.people("ann bob")
    world.befriend(ann, bob)
    return pair


def send(world: World, actor: Actor, address: TalkAddress, number: int, text: str = "hi") -> Appended:
    return done(world.messages.send(actor, address, uuid(number), TEXT, text))


def test_a_message_is_stored_and_told_to_all_but_the_sending_session(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    sent = send(world, ann, with_friend(bob), 1)
    assert (sent.message.seq, sent.duplicate) == (1, False)
    assert (sent.message.sender_id, sent.message.talk_id) == ("ann", "ann:bob")
    assert sent.message.sent_at_ms == world.clock.now_ms
    assert world.published() == [
        events.MessageStored(message=sent.message, sender=ann.user, origin=ann.session_id)
    ]


def test_both_friends_write_to_one_log(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    seqs = [send(world, ann, with_friend(bob), 1), send(world, bob, with_friend(ann), 1)]
    assert [sent.message.seq for sent in seqs] == [1, 2]


def test_a_resend_gets_the_first_seq_and_is_told_to_nobody(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    first = send(world, ann, with_friend(bob), 1)
    world.published()
    world.clock.now_ms += 1_000
    again = send(world, ann, with_friend(bob), 1)
    assert again.duplicate
    assert again.message == first.message
    assert world.published() == []


def test_a_known_id_with_another_text_is_a_conflict(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1)
    with pytest.raises(Conflict):
        send(world, ann, with_friend(bob), 1, "other words")


def test_four_thousand_characters_are_a_message_and_one_more_is_not(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    assert send(world, ann, with_friend(bob), 1, "聊" * MOST_TEXT_CHARACTERS).message.seq == 1
    with pytest.raises(TooLarge):
        send(world, ann, with_friend(bob), 2, "聊" * (MOST_TEXT_CHARACTERS + 1))


@pytest.mark.parametrize("msg_type", [GROUP_EVENT, RECALL])
def test_nobody_sends_what_only_nodes_write(world: World, pair: list[Actor], msg_type: int) -> None:
    ann, bob = pair
    with pytest.raises(InvalidRequest) as refused:
        done(world.messages.send(ann, with_friend(bob), uuid(1), msg_type, ""))
    assert refused.value.key == "msg_type"


@pytest.mark.parametrize("msg_type", [IMAGE, 6, 127])
def test_other_types_are_stored_as_they_come(world: World, pair: list[Actor], msg_type: int) -> None:
    ann, bob = pair
    sent = done(world.messages.send(ann, with_friend(bob), uuid(1), msg_type, "x"))
    assert sent.message.msg_type == msg_type


def test_strangers_cannot_use_a_talk_in_any_way(world: World, pair: list[Actor]) -> None:
    ann, _ = pair
    eve = world.person("eve")
    group_id = world.group_of(ann)
    addresses = (with_friend(ann), with_friend(eve), in_group(group_id), in_group(GroupId("unknown")))
    for address, refusal in zip(addresses, [NotFriend, NotFriend, NotMember, NotMember], strict=True):
        for attempt in (
            world.messages.send(eve, address, uuid(1), TEXT, "hi"),
            world.messages.recall(eve, address, 1, uuid(1)),
            world.messages.read(eve, address, 0),
            world.messages.history(eve, address, HistoryRange()),
        ):
            with pytest.raises(refusal):
                done(attempt)
    assert world.published() == []


def test_an_ended_friendship_takes_no_messages_and_a_renewed_one_goes_on(
    world: World, pair: list[Actor]
) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1)
    done(world.friends.remove(bob, ann.user_id))
    with pytest.raises(NotFriend):
        send(world, ann, with_friend(bob), 2)
    world.befriend(ann, bob)
    assert send(world, ann, with_friend(bob), 2).message.seq == 2


def test_readers_of_an_official_account_do_not_write(world: World) -> None:
    ann, bob = world.people("ann bob")
    official = world.official_account(ann)
    with pytest.raises(Forbidden):
        send(world, bob, in_group(official), 1)
    assert send(world, ann, in_group(official), 1).message.seq == 1


def test_a_recall_is_a_message_of_the_talk(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1, "oops")
    world.published()
    recalled = done(world.messages.recall(ann, with_friend(bob), 1, uuid(2)))
    assert (recalled.message.seq, recalled.message.msg_type, recalled.message.target_seq) == (2, RECALL, 1)
    assert world.published() == [
        events.MessageStored(message=recalled.message, sender=ann.user, origin=ann.session_id)
    ]
    target, _ = done(world.messages.history(bob, with_friend(ann), HistoryRange())).messages
    assert (target.text, target.recalled) == ("", True)


def test_recalling_again_answers_the_first_recall(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1)
    first = done(world.messages.recall(ann, with_friend(bob), 1, uuid(2)))
    world.published()
    again = done(world.messages.recall(ann, with_friend(bob), 1, uuid(3)))
    assert (again.message, again.duplicate) == (first.message, True)
    assert world.published() == []


def test_a_recall_is_for_the_sender_in_time_and_for_what_exists(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1)
    with pytest.raises(Forbidden):
        done(world.messages.recall(bob, with_friend(ann), 1, uuid(2)))
    with pytest.raises(NotFound):
        done(world.messages.recall(ann, with_friend(bob), 2, uuid(2)))
    world.clock.now_ms += RECALL_WINDOW_MS + 1
    with pytest.raises(Forbidden):
        done(world.messages.recall(ann, with_friend(bob), 1, uuid(2)))


def test_reading_is_told_when_the_position_moves(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    send(world, ann, with_friend(bob), 1)
    world.published()
    done(world.messages.read(bob, with_friend(ann), 1))
    moved = events.ReadMoved(talk_id=TalkId("ann:bob"), reader_id=bob.user_id, seq=1, origin=bob.session_id)
    assert world.published() == [moved]
    for seq in (1, 0):
        done(world.messages.read(bob, with_friend(ann), seq))
    assert world.published() == []


def test_nobody_reads_what_is_not_written_yet(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    with pytest.raises(InvalidRequest) as refused:
        done(world.messages.read(bob, with_friend(ann), 1))
    assert refused.value.key == "seq"


@pytest.mark.parametrize(
    ("wanted", "seqs", "has_more"),
    [
        (HistoryRange(), [1, 2, 3, 4, 5], False),
        (HistoryRange(limit=2), [4, 5], True),
        (HistoryRange(after_seq=0, limit=2), [1, 2], True),
        (HistoryRange(after_seq=3, limit=2), [4, 5], False),
        (HistoryRange(after_seq=9), [], False),
        (HistoryRange(before_seq=4, limit=2), [2, 3], True),
        (HistoryRange(before_seq=3, limit=2), [1, 2], False),
    ],
)
def test_history_comes_in_pages(
    world: World, pair: list[Actor], wanted: HistoryRange, seqs: list[int], has_more: bool
) -> None:
    ann, bob = pair
    for number in range(1, 6):
        send(world, ann, with_friend(bob), number)
    page = done(world.messages.history(bob, with_friend(ann), wanted))
    assert [message.seq for message in page.messages] == seqs
    assert page.has_more is has_more


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_of_history_has_one_to_a_hundred(world: World, pair: list[Actor], limit: int) -> None:
    ann, bob = pair
    with pytest.raises(InvalidRequest) as refused:
        done(world.messages.history(ann, with_friend(bob), HistoryRange(limit=limit)))
    assert refused.value.key == "limit"


def test_a_page_of_one_and_a_page_of_a_hundred_are_read(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    for number in range(1, 102):
        send(world, ann, with_friend(bob), number)
    for limit in (1, 100):
        page = done(world.messages.history(bob, with_friend(ann), HistoryRange(limit=limit)))
        assert (len(page.messages), page.has_more) == (limit, True)


def test_a_message_whose_sender_does_not_wait_is_stored_told_and_answered(
    world: World, pair: list[Actor]
) -> None:
    ann, _ = pair
    answers: list[Appended | Exception] = []
    for _ in range(2):
        world.messages.begin_send(ann, TalkId("ann:bob"), uuid(1), TEXT, "hi", answers.append)
    first, again = answers
    assert isinstance(first, Appended)
    assert isinstance(again, Appended)
    assert (first.message.seq, first.message.recalled, first.duplicate) == (1, False, False)
    assert (again.message, again.duplicate) == (first.message, True)
    assert world.published() == [
        events.MessageStored(message=first.message, sender=ann.user, origin=ann.session_id)
    ]


def test_a_refusal_is_answered_to_a_sender_who_does_not_wait_and_told_to_nobody(
    world: World, pair: list[Actor]
) -> None:
    answers: list[Appended | Exception] = []
    eve = world.person("eve")
    world.published()
    world.messages.begin_send(eve, TalkId("ann:bob"), uuid(1), TEXT, "hi", answers.append)
    assert [type(answer) for answer in answers] == [NotFriend]
    assert world.published() == []


@attrs.define
class SlowLog(MemoryLog):
    """A log whose commits come when a test says so: `waiting` are those under way, in the order they were queued."""

    entries: list[Send | Recall | Read] = attrs.Factory(list)
    waiting: list[Deferred[Any]] = attrs.Factory(list)

    def submit(self, entry: Send, settled: Callable[[Appended | Exception], None]) -> None:
        self._commit(entry).addCallbacks(
            lambda _: MemoryLog.submit(self, entry, settled), lambda failure: settled(failure.value)
        )

    async def append(self, entry: Send | Recall) -> Appended:
        await self._commit(entry)
        return await MemoryLog.append(self, entry)

    async def read(self, entry: Read) -> ReadMoved:
        await self._commit(entry)
        return await MemoryLog.read(self, entry)

    def _commit(self, entry: Send | Recall | Read) -> Deferred[Any]:
        self.entries.append(entry)
        self.waiting.append(Deferred())
        return self.waiting[-1]


@pytest.fixture
def slow_log(world: World) -> SlowLog:
    return SlowLog(world.store)


@pytest.fixture
def slow(world: World, slow_log: SlowLog) -> Messages:
    """The service on the slow log."""
    return Messages(log=slow_log, bus=world.bus, clock=world.clock)


def test_what_is_started_in_order_is_queued_in_order(
    slow: Messages, slow_log: SlowLog, pair: list[Actor]
) -> None:
    ann, bob = pair
    to_bob = with_friend(bob)
    for call in (
        slow.send(ann, to_bob, uuid(1), TEXT, "one"),
        slow.recall(ann, to_bob, 1, uuid(2)),
        slow.read(ann, to_bob, 2),
        slow.send(ann, to_bob, uuid(3), TEXT, "three"),
    ):
        Deferred.fromCoroutine(call)
    assert [type(entry) for entry in slow_log.entries] == [Send, Recall, Read, Send]


def test_nothing_is_told_before_the_commit(
    world: World, slow: Messages, slow_log: SlowLog, pair: list[Actor]
) -> None:
    ann, bob = pair
    acks: list[Message] = []
    sending = Deferred.fromCoroutine(slow.send(ann, with_friend(bob), uuid(1), TEXT, "hi"))
    sending.addCallback(lambda sent: acks.append(sent.message))
    assert (world.published(), acks) == ([], [])
    slow_log.waiting[0].callback(None)
    assert [type(event) for event in world.published()] == [events.MessageStored]
    assert [message.seq for message in acks] == [1]


def test_nothing_is_told_of_what_was_not_stored(
    world: World, slow: Messages, slow_log: SlowLog, pair: list[Actor]
) -> None:
    ann, bob = pair
    refused: list[Failure] = []
    sending = Deferred.fromCoroutine(slow.send(ann, with_friend(bob), uuid(1), TEXT, "hi"))
    sending.addErrback(refused.append)
    slow_log.waiting[0].errback(Unavailable())
    assert [failure.type for failure in refused] == [Unavailable]
    assert world.published() == []


def begin_send(messages: Messages, ann: Actor, bob: Actor) -> list[Appended | Exception]:
    """Ann begins to write to Bob; what she is answered, once she is."""
    answers: list[Appended | Exception] = []
    talk_id = talk_id_of(ann.user_id, with_friend(bob))
    messages.begin_send(ann, talk_id, uuid(1), TEXT, "hi", answer=answers.append)
    return answers


def test_of_a_send_that_is_begun_nothing_is_told_before_the_commit(
    world: World, slow: Messages, slow_log: SlowLog, pair: list[Actor]
) -> None:
    ann, bob = pair
    answers = begin_send(slow, ann, bob)
    assert (world.published(), answers) == ([], [])
    slow_log.waiting[0].callback(None)
    (stored,) = world.published()
    (appended,) = answers
    assert isinstance(stored, events.MessageStored)
    assert isinstance(appended, Appended)
    assert stored.message == appended.message


def test_of_a_send_that_is_begun_and_not_stored_nothing_is_told(
    world: World, slow: Messages, slow_log: SlowLog, pair: list[Actor]
) -> None:
    ann, bob = pair
    answers = begin_send(slow, ann, bob)
    slow_log.waiting[0].errback(Unavailable())
    assert [type(answer) for answer in answers] == [Unavailable]
    assert world.published() == []
