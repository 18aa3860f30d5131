"""Whatever somebody says on the bus who is no node: the database is asked, and it alone is believed.

Frames that are pushed as they are, and names that people bear until their next login, are the bus's to forge: who can write
to Redis is inside, as SECURITY.md says. Nothing that is stored, and nobody's belonging, is.
"""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.session import EndReason
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.group import CreateGroupRequest
from naivechat.protocol.message import HistoryRequest, MsgGroupRequest, MsgGroupResponse, MsgResponse
from naivechat.protocol.session import HeartbeatRequest, HeartbeatResponse
from naivechat.sockets import bell as bells
from naivechat.sockets.bell import Bell, group_topic, user_topic
from tests.logs import logged_errors
from tests.profiles import fewer
from tests.unit.sockets.cluster import Cluster
from tests.unit.sockets.node import text_to, uuid
from tests.unit.sockets.test_bell import BELLS

NEVER_SEEN = 10**15


class Forger:
    """Two nodes, on each somebody, a group of both, a stranger beside them; and somebody on the bus who is no node."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        self.a, self.b = self.cluster.nodes
        self.a.register("ann", "bob", "eve")
        self.a.befriend("ann", "bob")
        self.ann, self.bob, self.eve = self.a.person("ann"), self.b.person("bob"), self.a.person("eve")
        self.group_id = self.ann.request(
            CreateGroupRequest(rid=0, name="G", member_ids=("bob",))
        ).group.group_id
        for client in (self.ann, self.bob, self.eve):
            client.take()

    def forge(self, topic: str, *forged: Bell | bytes) -> None:
        for one in forged:
            payload = one if isinstance(one, bytes) else bells.encode(one)
            for node in (self.a, self.b):
                node.received(topic, payload)

    def talk_goes_on(self) -> None:
        """What is written now reaches whom it is for, in its place, and nobody else."""
        self.ann.send(text_to("bob", 50, "to bob"))
        self.bob.send(
            MsgGroupRequest(
                rid=0, group_id=self.group_id, msg_uuid=uuid(51), msg_type=0, msg_text="to all of us"
            )
        )
        self.cluster.settle()
        assert "to bob" in self.texts(self.bob)
        assert "to all of us" in self.texts(self.ann)
        assert not {"to bob", "to all of us"} & set(self.texts(self.eve))

    @staticmethod
    def texts(client: Any) -> list[str]:
        return [push.msg_text for push in client.take() if isinstance(push, MsgResponse | MsgGroupResponse)]


@pytest.fixture
def forger() -> Forger:
    return Forger()


def test_word_that_a_stranger_has_joined_makes_no_member(forger: Forger) -> None:
    for kind in (bells.Joined, bells.Enrolled):
        forger.forge(user_topic("eve"), kind(forger.group_id, 1), kind("nowhere", 1))
    forger.talk_goes_on()


def test_word_that_a_session_has_ended_ends_none_with_a_good_token(forger: Forger) -> None:
    for user_id in ("ann", "bob"):
        forger.forge(user_topic(user_id), *(bells.Ended(reason) for reason in EndReason))
    for client in (forger.ann, forger.bob):
        assert isinstance(client.request(HeartbeatRequest(rid=0)), HeartbeatResponse)
    forger.talk_goes_on()


def test_records_that_no_log_has_are_in_no_history(forger: Forger) -> None:
    content: Any = {"seq": NEVER_SEEN, "sender_id": "ann", "msg_type": 0, "msg_text": "forged", "sent_at": 1}
    frame = encode_frame(MsgResponse(talk_id="ann", msg_uuid=uuid(1), **content))
    forger.forge(user_topic("bob"), bells.Record("ann:bob", NEVER_SEEN, frame))
    forger.cluster.clock.pump([1.0] * 30)
    forger.ann.request(text_to("bob", 50, "to bob"))
    page = forger.bob.request(HistoryRequest(rid=0, talk_type=0, talk_id="ann"))
    assert [(message.seq, message.msg_text) for message in page.messages] == [(1, "to bob")]


def test_what_is_no_bell_or_a_very_long_one_changes_nothing(forger: Forger) -> None:
    noise = [
        b"",
        b"\xc1",
        b"\x91",
        b"\x92\xa4push",
        b"\xdd\xff\xff\xff\xff",
        b"\x93" * 10_000,
        bytes(1 << 20),
    ]
    for topic in (user_topic("bob"), group_topic(forger.group_id), "user:", "nothing", ""):
        forger.forge(topic, *noise)
    forger.talk_goes_on()


@fewer(10)
@given(
    st.lists(st.tuples(st.sampled_from(["user:ann", "user:bob", "user:eve", "group:g1"]), BELLS), max_size=8)
)
def test_no_bell_whatever_it_says_changes_what_is_stored_or_who_belongs(said: list[tuple[str, Bell]]) -> None:
    forger = Forger()
    before = copy.deepcopy(forger.cluster.store)
    for topic, one in said:
        forger.forge(topic, one)
    forger.cluster.clock.pump([1.0] * 20)
    logged_errors.flush()  # a bell that makes no sense may say so in the log
    assert forger.cluster.store == before
    for client in (forger.ann, forger.bob, forger.eve):
        client.transport.clear()  # a frame that was pushed may be anything
    later = forger.a.person("ann", device="later")
    later.request(
        MsgGroupRequest(rid=0, group_id="g1", msg_uuid=uuid(52), msg_type=0, msg_text="to all of us")
    )
    forger.cluster.settle()
    assert b"to all of us" not in forger.eve.transport.value()
