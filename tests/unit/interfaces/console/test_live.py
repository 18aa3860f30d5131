"""The overview by server-sent events."""

import json
import re
from types import SimpleNamespace
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from naivechat.domain.operator import IDLE_MS
from naivechat.interfaces.console.live import MOST_STREAMS, MOST_STREAMS_A_SESSION, Event, LiveFeed
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import Words
from tests.fakes import done
from tests.logs import logged_errors
from tests.unit.interfaces.console.visitor import World, status


class Wire:
    """A request whose browser goes when it is told so."""

    def __init__(self) -> None:
        self.told = b""
        self._finished: Deferred[None] = Deferred()

    def notifyFinish(self) -> "Deferred[None]":
        return self._finished

    def registerProducer(self, producer: object, streaming: bool) -> None:
        """Never paused."""

    def write(self, data: bytes) -> None:
        self.told += data

    def gone(self) -> None:
        self._finished.errback(Failure(ConnectionDone()))


def events(stream: bytes) -> list[tuple[str, str]]:
    """Names and data of the events in a stream, its chunks joined."""
    text = re.sub(rb"\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n", b"", stream).decode()
    found = re.findall(r"event: (\w+)\n((?:data:.*\n)+)", text)
    return [(name, "\n".join(re.findall(r"data: ?(.*)", data))) for name, data in found]


def test_a_page_is_told_at_once_how_things_are() -> None:
    world = World()
    olga = world.visitor("olga")
    done(world.cluster.take())
    page = olga.get("/console/live")
    assert page.header("content-type") == "text/event-stream; charset=utf-8"
    told = events(page.body)
    assert [name for name, _ in told] == ["parts", "point"]
    assert "People online" in told[0][1]
    assert json.loads(told[1][1])["time"] == [world.wall.now_ms / 1000]


def test_a_page_is_told_what_has_changed_and_nothing_else() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    world.clock.advance(2)
    assert olga.more() == b""
    world.own = status("alpha", users=77)
    done(world.nodes.beat())
    world.clock.advance(2)
    told = events(olga.more())
    assert [name for name, _ in told] == ["parts"]
    assert ">77<" in told[0][1]


def test_silence_is_broken_every_fifteen_seconds() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    world.clock.pump([2] * 15)
    assert olga.more().count(b": ping") == 1


def test_everybody_is_told_in_their_own_language() -> None:
    world = World()
    olga, vera = world.visitor("olga"), world.visitor("vera")
    vera.cookies["naivechat_language"] = "zh_CN"
    assert "People online" in olga.get("/console/live").text
    vera.get("/console/live")
    world.clock.advance(0)
    assert "在线人数" in events(vera.more())[0][1]


def test_events_end_with_the_session_wherever_it_ended() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    stream = olga.raw
    assert stream is not None
    olga.post("/console/logout")
    assert stream.received().endswith(b"0\r\n\r\n")
    vera = world.visitor("vera")
    vera.get("/console/live")
    world.store.sessions.clear()
    world.clock.pump([2] * 8)
    assert vera.more().endswith(b"0\r\n\r\n")


def test_events_keep_no_session_alive() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    world.wall.now_ms += IDLE_MS
    world.clock.pump([2] * 8)
    assert olga.more().endswith(b"0\r\n\r\n")


def test_events_go_on_while_the_database_is_away() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    world.log.down.append(True)
    world.clock.pump([2] * 8)
    assert "Database is away" in events(olga.more())[-1][1]


def test_a_browser_that_does_not_read_is_told_nothing_meanwhile() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    assert olga.raw is not None
    olga.raw.channel.pauseProducing()
    world.own = status("alpha", users=78)
    done(world.nodes.beat())
    world.clock.advance(2)
    assert olga.more() == b""
    olga.raw.channel.resumeProducing()
    world.clock.advance(2)
    assert ">78<" in events(olga.more())[0][1]


def test_there_are_only_so_many_streams_of_one_session_and_in_all() -> None:
    world = World()
    olga = world.visitor("olga")
    opened = []
    for _ in range(MOST_STREAMS_A_SESSION):
        assert olga.get("/console/live").status == 200
        opened.append(olga.raw)
    assert olga.get("/console/live").status == 503
    assert opened[0] is not None
    opened[0].leave()
    assert olga.get("/console/live").status == 200
    for _ in range((MOST_STREAMS - MOST_STREAMS_A_SESSION) // MOST_STREAMS_A_SESSION + 1):
        other = world.visitor("vera")
        answers = [other.get("/console/live").status for _ in range(MOST_STREAMS_A_SESSION)]
    assert answers[-1] == 503
    assert len(world.console.feed._streams) == MOST_STREAMS


def test_without_streams_nothing_is_asked() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    assert olga.raw is not None
    olga.raw.leave()
    assert [
        call for call in world.clock.getDelayedCalls() if call.getTime() - world.clock.seconds() <= 2
    ] == []


def test_a_slow_database_is_asked_once_at_a_time_whoever_comes_meanwhile() -> None:
    clock, waiting, answered = Clock(), [], []

    async def draw(words: Words) -> tuple[Event, ...]:
        waiting.append(Deferred())
        answered.append(await waiting[-1])
        return (Event(name="parts", data=f"number {len(answered)}"),)

    async def check(visit: Visit) -> None:
        """Everybody stays."""

    feed = LiveFeed(draw, check, clock)
    wires = []
    for _ in range(3):
        wires.append(Wire())
        visit: Any = SimpleNamespace(words=Words(), known_seat=SimpleNamespace(session_token="t"))
        done(feed.show(visit)).body.begin(wires[-1])
        assert len(waiting) == 1
    waiting[0].callback(None)
    assert [wire.told.count(b"number 1") for wire in wires] == [1, 1, 1]
    clock.advance(0)
    assert len(waiting) == 2
    waiting[1].callback(None)
    clock.advance(1.9)
    assert len(waiting) == 2
    clock.advance(0.1)
    assert len(waiting) == 3
    for wire in wires:
        wire.gone()
    waiting[2].callback(None)
    assert clock.getDelayedCalls() == []


def test_the_end_of_the_console_ends_all_streams() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    world.console.end()
    assert olga.more().endswith(b"0\r\n\r\n")


def test_a_failure_ends_the_streams_and_the_next_one_begins_anew() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    figures, world.figures = world.figures, None  # type: ignore[assignment]
    world.clock.advance(2)
    assert olga.more().endswith(b"0\r\n\r\n")
    assert len(logged_errors.flush(AttributeError)) == 1
    world.figures = attrs.evolve(figures)
    assert events(olga.get("/console/live").body)


def test_lines_of_data_stay_lines() -> None:
    assert (
        Event(name="a", data="x\ny\r\nevent: b").encode() == b"event: a\ndata: x\ndata: y\ndata: event: b\n\n"
    )
    assert Event(name="a", data="").encode() == b"event: a\ndata: \n\n"
