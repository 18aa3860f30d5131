"""Delivery: who hears what, and that a failure never keeps the next event back."""

from collections.abc import Collection

import pytest

from naivechat.domain.errors import Unavailable
from naivechat.domain.events import FriendAdded, MessageStored, SessionsEnded
from naivechat.domain.friend import Friend
from naivechat.domain.measure import Measures
from naivechat.domain.message import Message
from naivechat.domain.session import EndReason
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.protocol.group import CreateGroupRequest
from naivechat.protocol.session import KickedNotice
from naivechat.sockets.delivery import Delivery
from tests.logs import logged_errors
from tests.unit.sockets.node import Client, MemoryNode, text_to

ANN = User(user_id=UserId("ann"), nickname="Ann")


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def _stored(talk_id: str, seq: int, msg_type: int = 0) -> MessageStored:
    message = Message(
        talk_id=TalkId(talk_id),
        seq=seq,
        sender_id=ANN.user_id,
        msg_type=msg_type,
        text="text",
        sent_at_ms=1,
        msg_uuid=bytes(16),
    )
    return MessageStored(message=message, sender=ANN)


def _seqs(client: Client) -> list[int]:
    return [packet.seq for packet in client.take() if hasattr(packet, "seq")]


def test_without_an_origin_the_writers_every_device_hears_it_too(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    node.bus.publish(_stored("ann:bob", 1))
    assert _seqs(ann) == _seqs(bob) == [1]


def test_messages_that_were_not_heard_of_are_read_and_pushed_before_a_later_one(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    ann.request(text_to("bob", 1))
    receivers, node.bus.receivers = node.bus.receivers, []
    for number in (2, 3):
        ann.request(text_to("bob", number))
    node.bus.receivers = receivers
    ann.request(text_to("bob", 4))
    node.clock.advance(0)
    assert _seqs(bob) == [1, 2, 3, 4]


def test_a_gap_that_cannot_be_closed_becomes_a_sync_notice_and_a_group_waits_for_its_log(
    node: MemoryNode,
) -> None:
    ann, bob = node.people("ann bob")
    ann.request(CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))

    async def refuse(*_: object) -> None:
        raise Unavailable

    node.server.fan_out._order._log = type("Log", (), {"list_between": staticmethod(refuse)})
    for client in (ann, bob):
        client.take()
    for talk_id, seq in (("ann:bob", 1), ("ann:bob", 5), (":g1", 9)):
        node.bus.publish(_stored(talk_id, seq))
        node.clock.advance(0)
    for client in (ann, bob):
        assert [type(packet).__name__ for packet in client.take()] == [
            "MsgResponse",
            "SyncNotice",
            "MsgResponse",
            "SyncNotice",
        ]


def test_a_failure_is_logged_and_the_next_event_is_delivered(node: MemoryNode) -> None:
    _, bob = node.people("ann bob")
    broken = _stored("ann:bob", 1)
    broken.message.text = object()
    node.bus.publish(broken)
    node.bus.publish(_stored("ann:bob", 2))
    assert len(logged_errors.flush()) == 1
    assert _seqs(bob) == [2]


def test_a_new_friend_that_cannot_be_looked_up_is_logged(node: MemoryNode) -> None:
    class Broken:
        async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
            raise ZeroDivisionError

        def reachable_among(self, user_ids: Collection[UserId]) -> tuple[UserId, ...]:
            raise NotImplementedError

    Delivery(node.server.fan_out, Broken(), Measures(), node.wall_clock).deliver(
        FriendAdded(user_id=UserId("bob"), friend=Friend(user=ANN))
    )
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_an_operator_ends_all_sessions_of_a_person(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("ann", device="phone")
    node.bus.publish(SessionsEnded(user_id=UserId("ann"), reason=EndReason.DISABLED))
    for client in (ann, phone):
        assert [p.reason for p in client.take() if isinstance(p, KickedNotice)] == ["disabled"]
        assert client.is_closing
    assert not bob.is_closing


def test_a_session_that_is_cut_off_while_others_are_told_keeps_nobody_from_hearing(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    phone = node.person("bob", device="phone")
    bob.protocol._outbox.pauseProducing()
    bob.protocol.write(b"x" * 1_048_576)
    ann.request(text_to("bob"))
    assert bob.is_closing
    assert _seqs(phone) == [1]
