"""Bells: who here hears them, what goes to other nodes, and what those make of it."""

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.errors import Unavailable
from naivechat.domain.message import Message
from naivechat.domain.session import EndReason
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.protocol.codec import decode
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets import bell as bells
from naivechat.sockets.bell import Bell, Topic, group_topic, user_topic
from naivechat.sockets.fan_out import ASK_AGAIN_S, FanOut
from naivechat.sockets.push_order import READ_AGAIN_S, WAIT_FOR_BUS_S
from naivechat.sockets.registry import Registry
from naivechat.sockets.roll_call import ANSWERS_WITHIN_S
from naivechat.sockets.session import Session
from tests.fakes import SetClock
from tests.logs import logged_errors
from tests.unit.sockets.sessions import bound_session, user

G1 = group_topic("g1")
TALK = TalkId(":g1")


class SharedBus(LoneBus):
    """Remembers what was published."""

    is_shared = True

    def __init__(self) -> None:
        self.published: list[tuple[str, Bell]] = []

    def publish(self, topic: str, payload: bytes) -> None:
        self.published.append((topic, bells.decode(payload)))


@attrs.define
class Log:
    """The log of group g1: texts of events by seq; whatever else is in it is a message. `away`: it cannot be read."""

    head: int = 0
    events: dict[int, str] = attrs.Factory(dict)
    reading: "Deferred[None] | None" = None
    away: bool = False

    async def list_between(self, talk_id: TalkId, after_seq: int, before_seq: int) -> Any:
        if self.away:
            raise Unavailable
        if self.reading is not None:
            await _until(self.reading)
        end = min(before_seq, self.head + 1)
        return tuple((self._message(seq), user("ann")) for seq in range(after_seq + 1, end)[:256])

    def _message(self, seq: int) -> Message:
        return Message(
            talk_id=TALK,
            seq=seq,
            sender_id=UserId("ann"),
            msg_type=4 if seq in self.events else 0,
            text=self.events.get(seq, "text"),
            sent_at_ms=0,
            msg_uuid=bytes(16),
        )


def _until(event: "Deferred[None]") -> "Deferred[None]":
    """Fires when `event` does, of which others wait, too."""
    waiter: Deferred[None] = Deferred()
    event.addCallback(waiter.callback)
    return waiter


class Node:
    """A fan-out with its registry, and a bus whose other end the test is."""

    def __init__(self) -> None:
        self.clock, self.bus, self.log = Clock(), SharedBus(), Log()
        self.registry = Registry(self.bus, SetClock())
        self.joined: dict[str, int] = {}
        self.away = False
        self.revoked: list[Session] = []
        sweep: Any = self
        self.fan_out = FanOut(
            self.registry, self.bus, self.log, self.clock, find_joined_seq=self.find_joined_seq, sweep=sweep
        )

    async def find_joined_seq(self, group_id: str, user_id: str) -> int | None:
        """As the database has it: `joined`, for group g1."""
        if self.away:
            raise Unavailable
        return self.joined.get(user_id)

    async def look_at(self, sessions: Sequence[Session], why: EndReason) -> None:
        """End those of `revoked`."""
        for session in sessions:
            if session in self.revoked:
                self.registry.end(session, why)

    def session(self, user_id: str, login_no: int = 1, device: str = "desktop", **heads: int) -> Session:
        session = bound_session(self.registry, user_id, login_no, device)
        self.registry.bind_groups(session, heads)
        return session

    def hear(self, topic: Topic, *heard: Bell) -> None:
        for bell in heard:
            self.fan_out.received(topic, bells.encode(bell))

    def record(self, seq: int, kind: str | None = None, *user_ids: str) -> bells.Record:
        self.log.head = max(self.log.head, seq)
        if kind is not None:
            names = ",".join(f'"{user_id}"' for user_id in user_ids)
            self.log.events[seq] = f'{{"event":"{kind}","user_ids":[{names}],"name":"G"}}'
        change = bells.Change(kind, user_ids) if kind is not None else None
        return bells.Record(TALK, seq, b"%d" % seq, change)


@pytest.fixture
def node() -> Node:
    return Node()


def decode_frame(frame: bytes) -> Any:
    return decode(frame[4], frame[5:])


def _heard(session: Session) -> list[bytes]:
    return session.line.frames


def test_a_push_goes_to_all_who_listen_but_the_session_that_has_it(node: Node) -> None:
    desktop, phone = node.session("ann", 1), node.session("ann", 2, "phone")
    node.fan_out.send(user_topic("ann"), bells.Push(b"x"), desktop.session_id)
    assert (_heard(desktop), _heard(phone)) == ([], [b"x"])
    assert node.bus.published == [("user:ann", bells.Push(b"x"))]


def test_another_nodes_push_goes_to_all_but_those_it_leaves_out(node: Node) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    node.hear(G1, bells.Push(b"x", not_to=("bob",)))
    assert (_heard(ann), _heard(bob)) == ([b"x"], [])
    assert node.bus.published == []


def test_whatever_is_not_a_bell_is_dropped(node: Node) -> None:
    ann = node.session("ann")
    for payload in (b"", b"\x00", b"\xc1", b"\x91\xa4none", bells.encode(bells.Push(b"x"))[:-1]):
        node.fan_out.received(user_topic("ann"), payload)
    assert _heard(ann) == []


def test_a_bell_that_fails_is_logged_and_the_next_is_heard(node: Node) -> None:
    ann = node.session("ann", g1=0)
    node.hear(G1, bells.Record(TALK, 1, b"1", bells.Change("no such kind", ())), node.record(2))
    assert len(logged_errors.flush(ValueError)) == 1
    assert _heard(ann) == [b"2"]


def test_records_wait_for_those_before_them_and_come_once(node: Node) -> None:
    ann = node.session("ann", g1=0)
    one, two, three = (node.record(seq) for seq in (1, 2, 3))
    node.hear(G1, two, two, one, three, one)
    assert _heard(ann) == [b"1", b"2", b"3"]


def test_a_session_hears_nothing_that_its_login_has_covered(node: Node) -> None:
    node.session("bob", g1=0)
    ann = node.session("ann", g1=2)
    node.hear(G1, *(node.record(seq) for seq in (1, 2, 3)))
    assert _heard(ann) == [b"3"]


@pytest.mark.parametrize("kind", ["left", "removed"])
def test_who_went_does_not_hear_what_follows_even_if_the_bus_lost_word_of_it(node: Node, kind: str) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    node.record(1, kind, "bob")
    node.hear(G1, node.record(2))
    node.clock.advance(WAIT_FOR_BUS_S)
    assert len(_heard(ann)) == 2
    assert _heard(bob) == []


@pytest.mark.parametrize("kind", ["left", "removed"])
def test_while_the_log_cannot_be_read_nobody_hears_what_follows_a_going_that_the_bus_lost(
    node: Node, kind: str
) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    node.record(1, kind, "bob")
    node.log.away = True
    node.hear(G1, node.record(2))
    node.clock.pump([WAIT_FOR_BUS_S, READ_AGAIN_S, READ_AGAIN_S])
    node.hear(G1, node.record(3))
    told = [type(decode_frame(frame)) for frame in _heard(bob)]
    assert told == [SyncNotice]
    node.log.away = False
    node.clock.advance(READ_AGAIN_S)
    assert len(_heard(ann)) == 1 + 3
    assert len(_heard(bob)) == 1


@pytest.mark.parametrize("going", [2, 700, 1_500, 4_000, 4_999])
@pytest.mark.parametrize("kind", ["left", "removed"])
def test_who_went_does_not_hear_what_follows_however_much_is_missing_before_it(
    node: Node, kind: str, going: int
) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    node.record(going, kind, "bob")
    node.hear(G1, node.record(5_000), node.record(5_001))
    node.clock.advance(WAIT_FOR_BUS_S)
    node.hear(G1, node.record(5_002))
    followed = [b"5000", b"5001", b"5002"]
    assert [frame for frame in _heard(ann) if frame in followed] == followed
    assert len(_heard(bob)) < going
    assert not set(followed) & set(_heard(bob))


def test_who_went_does_not_hear_what_follows_while_the_log_does_not_have_the_going_yet(node: Node) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    two, three = node.record(2), node.record(3)
    node.record(1, "left", "bob")
    node.log.head = 0
    node.hear(G1, two)
    node.clock.advance(WAIT_FOR_BUS_S)
    node.log.head = 3
    node.hear(G1, three)
    node.clock.advance(WAIT_FOR_BUS_S)
    for session in (ann, bob):
        assert isinstance(decode_frame(_heard(session)[0]), SyncNotice)
    assert len(_heard(ann)) == 1 + 3
    assert len(_heard(bob)) == 1


def test_who_came_where_very_much_was_missing_hears_what_follows_and_is_told_to_sync(node: Node) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob")
    node.record(3_000, "joined", "bob")
    node.hear(G1, node.record(5_000))
    node.clock.advance(WAIT_FOR_BUS_S)
    node.hear(G1, node.record(5_001))
    before, sync, after = _heard(bob)
    assert (before, after) == (b"5000", b"5001")
    assert isinstance(decode_frame(sync), SyncNotice)
    assert b"5001" in _heard(ann)


def test_nobody_hears_a_dissolved_group(node: Node) -> None:
    ann = node.session("ann", g1=0)
    node.hear(G1, node.record(1, "dissolved"), node.record(2))
    assert _heard(ann) == []


def test_who_comes_hears_from_the_record_of_the_coming_on(node: Node) -> None:
    node.session("ann", g1=0)
    bob = node.session("bob")
    node.hear(G1, node.record(1), node.record(2, "joined", "bob"), node.record(3))
    assert _heard(bob) == [b"2", b"3"]


def test_the_first_of_a_group_on_a_node_reads_what_was_written_before_it_listened(node: Node) -> None:
    bob = node.session("bob")
    for seq in (1, 3):
        node.record(seq)
    node.record(2, "joined", "bob")
    node.joined["bob"] = 1
    node.hear(user_topic("bob"), bells.Joined("g1", 2, b"notice"))
    node.clock.advance(0)
    assert _heard(bob)[0] == b"notice"
    assert len(_heard(bob)) == 3
    node.hear(G1, node.record(3), node.record(4))
    assert _heard(bob)[3:] == [b"4"]


def test_word_of_a_coming_alone_brings_its_record(node: Node) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob")
    node.record(1, "joined", "bob")
    node.joined["bob"] = 0
    node.hear(user_topic("bob"), bells.Joined("g1", 1, b"notice"))
    node.clock.advance(WAIT_FOR_BUS_S)
    assert len(_heard(ann)) == 1
    assert len(_heard(bob)) == 2


def test_word_of_a_coming_for_somebody_who_has_gone_does_nothing(node: Node) -> None:
    node.hear(user_topic("bob"), bells.Joined("g1", 1, b"notice"))
    assert node.registry.audience(G1) is None


def test_who_went_is_told_and_hears_no_more(node: Node) -> None:
    ann, bob = node.session("ann", g1=0), node.session("bob", g1=0)
    node.hear(user_topic("bob"), bells.Left("g1", 1, b"notice"))
    node.hear(G1, node.record(1, "removed", "bob"))
    assert (_heard(ann), _heard(bob)) == ([b"1"], [b"notice"])


def test_records_another_node_has_stored_are_read_when_the_bus_is_silent(node: Node) -> None:
    ann = node.session("ann", g1=4)
    node.record(6)
    node.fan_out.expect(G1, TALK, 5, 6)
    node.fan_out.expect(group_topic("g2"), TalkId(":g2"), 5, 6)
    node.clock.advance(WAIT_FOR_BUS_S)
    assert len(_heard(ann)) == 2


def test_a_new_name_is_what_sessions_act_under_on_every_node(node: Node) -> None:
    ann = node.session("ann")
    node.hear(user_topic("ann"), bells.Renamed("Annie", "cat"))
    assert ann.actor.user == User(user_id=UserId("ann"), nickname="Annie", avatar="cat")


def test_a_login_on_another_node_ends_the_older_session_of_its_device(node: Node) -> None:
    desktop, phone = node.session("ann", 1), node.session("ann", 2, "phone")
    node.hear(user_topic("ann"), bells.Opened("desktop", 3))
    assert (desktop.line.kicked, phone.line.kicked) == ([EndReason.REPLACED], [])
    assert node.bus.published == [("user:ann", bells.Present((("phone", 2),)))]


def test_an_older_login_elsewhere_is_told_of_the_newer_one_here(node: Node) -> None:
    desktop = node.session("ann", 5)
    node.hear(user_topic("ann"), bells.Opened("desktop", 4))
    assert desktop.line.kicked == []
    assert ("user:ann", bells.Opened("desktop", 5)) in node.bus.published


def test_when_the_bus_is_back_all_sessions_are_told_of_again(node: Node) -> None:
    node.session("ann", 5)
    node.session("bob", 2, "phone")
    node.fan_out.announce_sessions()
    assert node.bus.published == [
        ("user:ann", bells.Opened("desktop", 5)),
        ("user:bob", bells.Opened("phone", 2)),
    ]


def test_of_more_than_five_devices_on_all_nodes_the_oldest_end(node: Node) -> None:
    here = node.session("ann", 2)
    node.session("ann", 9, "new")
    node.fan_out.send(user_topic("ann"), bells.Opened("new", 9))
    others = tuple((f"device-{number}", number) for number in (1, 5, 6, 7))
    node.hear(user_topic("ann"), bells.Present(others))
    node.hear(user_topic("ann"), bells.Present((("device-8", 8),)))
    node.clock.advance(ANSWERS_WITHIN_S)
    assert here.line.kicked == [EndReason.REPLACED]
    assert node.bus.published[-1] == ("user:ann", bells.Ended(EndReason.REPLACED, login_nos=(1, 2)))


def test_a_device_that_reconnects_again_and_again_within_a_second_leaves_the_others_alone(node: Node) -> None:
    phone = node.session("ann", 1, "phone")
    for login_no in range(2, 12):
        node.session("ann", login_no)
        node.fan_out.send(user_topic("ann"), bells.Opened("desktop", login_no))
    node.clock.advance(ANSWERS_WITHIN_S)
    assert phone.line.kicked == []
    assert [session.login_no for session in node.registry.of("ann")] == [1, 11]


def test_sessions_that_end_are_all_but_the_one_to_keep(node: Node) -> None:
    one, other = node.session("ann", 1), node.session("ann", 2, "phone")
    node.fan_out.send(user_topic("ann"), bells.Ended(EndReason.EXPIRED, keep=other.session_id))
    assert (one.line.kicked, other.line.kicked) == ([EndReason.EXPIRED], [])


def test_of_one_device_the_sessions_end_and_the_others_stay(node: Node) -> None:
    desktop, phone = node.session("ann", 1), node.session("ann", 2, "phone")
    bell = bells.Ended(EndReason.ADMIN, device="phone")
    node.fan_out.send(user_topic("ann"), bell)
    assert (desktop.line.kicked, phone.line.kicked) == ([], [EndReason.ADMIN])
    assert node.bus.published == [("user:ann", bell)]


def test_who_is_enrolled_hears_what_is_written_from_then_on(node: Node) -> None:
    ann, bob = node.session("ann"), node.session("bob")
    for session in (ann, bob):
        node.record(1, "created", "operators")
        node.fan_out.send(user_topic(session.user_id), bells.Enrolled("g1", 1, b"notice"))
    node.clock.advance(WAIT_FOR_BUS_S)
    node.hear(G1, node.record(1), node.record(2))
    assert _heard(ann) == _heard(bob) == [b"notice", b"2"]


def test_who_is_bound_after_others_have_heard_more_is_pushed_that(node: Node) -> None:
    ann, bob = node.session("ann", g1=1), node.session("bob")
    node.hear(G1, node.record(2))
    for _ in range(2):
        node.fan_out.send(user_topic("bob"), bells.Enrolled("g1", 1, b"notice"))
    node.hear(G1, node.record(3))
    assert _heard(ann) == [b"2", b"3"]
    from_the_log, *others = _heard(bob)
    assert decode_frame(from_the_log).seq == 2
    assert others == [b"notice", b"notice", b"3"]


def test_when_another_node_enrols_people_the_database_is_asked_whether_it_is_so(node: Node) -> None:
    ann, bob, mallory = (node.session(user_id) for user_id in ("ann", "bob", "mallory"))
    node.record(1, "created", "operators")
    node.joined = {"ann": 1, "bob": 1}
    for session in (ann, bob, mallory):
        node.hear(user_topic(session.user_id), bells.Enrolled("g1", 1, b"notice"))
    node.hear(user_topic("nobody"), bells.Enrolled("g1", 1, b"notice"))
    node.clock.advance(WAIT_FOR_BUS_S)
    node.hear(G1, node.record(2))
    assert _heard(ann) == _heard(bob) == [b"notice", b"2"]
    assert _heard(mallory) == [b"notice"]


def test_when_another_node_ends_sessions_those_end_whose_token_is_gone(node: Node) -> None:
    old, new = node.session("ann", 1), node.session("ann", 2, "phone")
    node.revoked = [old]
    node.hear(user_topic("ann"), bells.Ended(EndReason.DISABLED))
    assert (old.line.kicked, new.line.kicked) == ([EndReason.DISABLED], [])


def test_late_word_of_a_coming_does_not_bring_back_who_has_gone_since(node: Node) -> None:
    node.session("ann", g1=5)
    bob = node.session("bob")
    node.hear(user_topic("bob"), bells.Joined("g1", 3))
    node.hear(G1, node.record(6))
    assert _heard(bob) == [b""]


def test_word_of_a_coming_waits_for_a_database_that_is_away(node: Node) -> None:
    node.session("ann", g1=5)
    bob = node.session("bob")
    node.joined["bob"], node.away = 2, True
    node.hear(user_topic("bob"), bells.Joined("g1", 3))
    node.clock.advance(ASK_AGAIN_S[0])
    node.away = False
    node.log.head = 5
    node.clock.advance(ASK_AGAIN_S[1])
    node.hear(G1, node.record(6))
    notice, *from_the_log, last = _heard(bob)
    assert (notice, last) == (b"", b"6")
    assert [decode_frame(frame).seq for frame in from_the_log] == [3, 4, 5]


def test_who_comes_where_others_have_heard_the_coming_already_is_told_what_they_were(node: Node) -> None:
    ann = node.session("ann", g1=4)
    bob = node.session("bob")
    node.joined["bob"] = 2
    node.record(4, "left", "bob")
    node.hear(user_topic("bob"), bells.Joined("g1", 3))
    assert [decode_frame(frame).seq for frame in _heard(bob)[1:]] == [3]
    assert (_heard(ann), node.registry.audience(G1).sessions) == ([], {ann.session_id: ann})


def test_word_of_a_coming_that_comes_twice_is_taken_once(node: Node) -> None:
    node.session("ann", g1=5)
    bob = node.session("bob")
    node.joined["bob"], node.log.head = 2, 5
    node.log.reading = Deferred()
    for _ in range(2):
        node.hear(user_topic("bob"), bells.Joined("g1", 3))
    reading, node.log.reading = node.log.reading, None
    reading.callback(None)
    assert [decode_frame(frame).seq for frame in _heard(bob) if frame] == [3, 4, 5]


def test_who_comes_and_cannot_be_told_what_was_before_is_told_to_sync(node: Node) -> None:
    node.session("ann", g1=5)
    bob = node.session("bob")
    node.joined["bob"] = 2
    node.hear(user_topic("bob"), bells.Joined("g1", 3))
    node.hear(G1, node.record(6))
    _, sync, last = _heard(bob)
    assert isinstance(decode_frame(sync), SyncNotice)
    assert last == b"6"


def test_a_database_that_stays_away_is_given_up(node: Node) -> None:
    bob = node.session("bob")
    node.away = True
    node.hear(user_topic("bob"), bells.Joined("g1", 3))
    node.clock.pump([*ASK_AGAIN_S, 1])
    assert node.registry.audience(G1) is None
    assert _heard(bob) == [b""]


def test_a_node_alone_tells_nobody_else() -> None:
    bus = SharedBus()
    bus.is_shared = False
    registry = Registry(bus, SetClock())
    node: Any = None
    fan_out = FanOut(registry, bus, Log(), Clock(), find_joined_seq=node, sweep=node)
    fan_out.send(user_topic("ann"), bells.Push(b"x"))
    assert bus.published == []
    assert not fan_out.concerns(user_topic("ann"))
