"""What the bus did not bring is read from the log, or clients are told to sync."""

from typing import Any

import attrs
from twisted.internet.task import Clock

from naivechat.domain.node_ports import News, StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.sockets import repair
from naivechat.sockets.registry import Registry
from naivechat.sockets.repair import Repair, Resync
from tests.fakes import SetClock, done
from tests.unit.sockets.sessions import bound_session


@attrs.define
class Heard:
    """What a fan-out and a resync are asked for."""

    calls: list[tuple[Any, ...]] = attrs.Factory(list)

    def expect(self, *about: Any) -> None:
        self.calls.append(("expect", *about))

    async def join(self, *about: Any) -> None:
        self.calls.append(("join", *about))

    def begin(self) -> None:
        self.calls.append(("resync",))


@attrs.define
class Feed:
    news: News

    async def read(self) -> News:
        return self.news


def look(*stored: StoredRange, complete: bool = True) -> list[tuple[Any, ...]]:
    heard: Any = Heard()
    done(Repair(heard, Feed(News(stored=stored, complete=complete)), LoneBus(), heard).look())  # type: ignore[arg-type]
    return heard.calls  # type: ignore[no-any-return]


def test_both_friends_are_told_of_what_their_talk_holds() -> None:
    stored = StoredRange(talk_id=TalkId("ann:bob"), first_seq=3, last_seq=5)
    assert look(stored) == [
        ("expect", "user:ann", "ann:bob", 3, 5),
        ("expect", "user:bob", "ann:bob", 3, 5),
    ]


def test_who_came_into_a_group_is_in_it_before_its_records_are_looked_at() -> None:
    stored = StoredRange(talk_id=TalkId(":g1"), first_seq=3, last_seq=3, joined=(UserId("ann"),))
    assert look(stored) == [("join", "ann", "g1"), ("expect", "group:g1", ":g1", 3, 3)]


def test_when_not_all_is_known_any_more_clients_are_told_to_sync() -> None:
    assert look() == []
    assert look(complete=False) == [("resync",)]


def test_without_the_bus_the_log_is_looked_at_more_often() -> None:
    bus: Any = LoneBus()
    looking = Repair(None, None, bus, None)  # type: ignore[arg-type]
    assert looking.interval_s() == repair.LOOK_EVERY_S
    bus.is_connected = False
    assert looking.interval_s() == repair.LOOK_WITHOUT_BUS_EVERY_S


class People:
    """Sessions on a node, and its resync."""

    def __init__(self, count: int) -> None:
        self.clock, self.registry = Clock(), Registry(LoneBus(), SetClock())
        self.resync = Resync(self.registry, self.clock)
        self.sessions = [bound_session(self.registry, f"u{number}") for number in range(count)]

    @property
    def told(self) -> int:
        return sum(len(session.line.frames) for session in self.sessions)


def test_everybody_is_told_to_sync_once_a_portion_at_a_time() -> None:
    people = People(2 * repair.PORTION + 5)
    people.resync.begin()
    assert people.told == 0
    people.clock.advance(repair.SETTLING_S)
    assert people.told == repair.PORTION
    people.clock.pump([repair.PORTION_EVERY_S] * 5)
    assert people.told == 2 * repair.PORTION + 5


def test_who_has_gone_meanwhile_is_told_nothing() -> None:
    people = People(repair.PORTION + 1)
    people.resync.begin()
    people.clock.advance(repair.SETTLING_S)
    people.registry.unbind(people.sessions[-1])
    people.clock.advance(repair.PORTION_EVERY_S)
    assert people.told == repair.PORTION


def test_what_is_missed_again_while_nodes_settle_is_told_once() -> None:
    people = People(3)
    for _ in range(4):
        people.resync.begin()
        people.clock.advance(repair.SETTLING_S / 2)
    people.clock.advance(repair.SETTLING_S)
    assert people.told == 3


def test_a_node_that_leaves_tells_nobody() -> None:
    people = People(3)
    people.resync.begin()
    people.resync.stop()
    people.clock.advance(60)
    assert people.told == 0
