"""A node joins, is heard of, repairs what it missed, and goes."""

from typing import Any

from twisted.internet.task import Clock

from naivechat.application.nodes import Neighbourhood
from naivechat.domain.errors import Unavailable
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.infrastructure.lone import LoneBus
from naivechat.membership import Alone, Member, Portrait
from naivechat.sockets.server import Counts
from tests.fakes import SetClock, done


def _status(name: str) -> NodeStatus:
    return NodeStatus(name=name, instance=name, version="1", started_at_ms=0, beat_at_ms=0)


class World(LoneBus):
    """Everything a member works with; `story` tells what was called, each thing once in a row."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.clock = Clock()
        self.away = False
        self.others: tuple[NodeStatus, ...] = ()
        self.now = Neighbourhood(name="a", others=())
        self.portrait = Portrait(name="a", instance="i", clock=SetClock())
        self.receiver: Any = None
        self.fan_out = self.resync = self.sweep = self.reporter = self

    def told(self, what: str) -> None:
        if self.story[-1:] != [what]:
            self.story.append(what)

    def subscribe(self, receiver: Any) -> None:
        self.receiver = receiver

    async def start(self, namespace: str) -> None:
        self.told(f"bus starts in {namespace}")

    async def stop(self) -> None:  # type: ignore[override]
        self.told("bus stops")

    async def read_epoch(self) -> str:
        return "epoch"

    def make_repair(self, feed: Any, bus: Any) -> Any:
        return _Repair(self)

    async def begin(self) -> None:
        self.told("news begin")

    async def forget_old(self) -> None:
        self.told("forgets")

    async def look(self) -> None:
        self.told("sweeps")

    async def beat(self) -> Neighbourhood:
        if self.away:
            raise Unavailable
        self.told(f"beats{' draining' if self.portrait.draining else ''}")
        return Neighbourhood(name="a", others=self.others)

    async def tell_of_orphans(self) -> int:
        return 0

    async def leave(self) -> None:
        if self.away:
            raise Unavailable
        self.told("leaves")

    def announce_sessions(self) -> None:
        self.told("announces")

    def received(self, topic: str, payload: bytes) -> None:
        self.told(f"hears {payload!r} on {topic}")

    def member(self) -> Member:
        world: Any = self
        return Member(
            server=world,
            bus=world,
            feed=world,
            nodes=world,
            portrait=self.portrait,
            side_lines=(_Orders(self),),
            read_epoch=self.read_epoch,
            clock=self.clock,
        )


class _Orders:
    def __init__(self, world: World) -> None:
        self._world = world

    def listen(self) -> None:
        self._world.told("hears orders")

    def concerns(self, topic: str) -> bool:
        return topic == "node:i"

    def received(self, payload: bytes) -> None:
        self._world.told(f"is told {payload!r}")


class _Repair:
    def __init__(self, world: World) -> None:
        self._world = world

    def interval_s(self) -> float:
        return 3

    async def look(self) -> None:
        self._world.told("repairs")


class _Reporter:
    def __init__(self, world: World) -> None:
        self._world = world

    def stop(self) -> None:
        self._world.told("stops telling")

    def begin(self) -> None:
        self._world.told("resyncs")


def _world() -> World:
    world = World()
    world.reporter = world.resync = _Reporter(world)  # type: ignore[assignment]
    return world


def test_a_member_hears_the_others_before_connections_are_taken() -> None:
    world = _world()
    done(world.member().join())
    assert world.story == ["hears orders", "bus starts in epoch", "news begin"]
    world.receiver.received("user:ann", b"x")
    assert world.story[-1] == "hears b'x' on user:ann"
    world.receiver.received("node:i", b"x")
    assert world.story[-1] == "is told b'x'"


def test_an_open_member_beats_and_repairs() -> None:
    world = _world()
    member = world.member()
    member.open(["127.0.0.1:7397"])
    assert world.story == ["beats", "repairs", "sweeps", "forgets"]
    assert world.portrait.addresses == ("127.0.0.1:7397",)
    world.clock.pump([1, 1])
    assert world.story[4:] == ["beats"]
    world.clock.advance(1)
    assert set(world.story[5:]) <= {"beats", "repairs"}
    assert "repairs" in world.story[5:]


def test_what_was_missed_is_made_good_at_once() -> None:
    world = _world()
    member = world.member()
    member.open([])
    world.story.clear()
    member.restored()
    world.clock.advance(0)
    assert sorted(world.story) == ["announces", "repairs", "resyncs", "sweeps"]


def test_a_member_that_leaves_says_so() -> None:
    world = _world()
    member = world.member()
    member.open([])
    world.story.clear()
    member.begin_leaving()
    world.clock.advance(0)
    done(member.leave())
    world.clock.advance(60)
    assert world.story == ["stops telling", "beats draining", "leaves", "bus stops"]


def test_a_member_leaves_without_the_others_too() -> None:
    world = _world()
    member = world.member()
    world.away = True
    member.begin_leaving()
    done(member.leave())
    assert world.story == ["stops telling", "bus stops"]


def test_a_node_alone_sweeps_and_notes_its_own_state() -> None:
    world = _world()
    alone = Alone(world, world, world.portrait, world.clock)  # type: ignore[arg-type]
    done(alone.join())
    alone.open(["127.0.0.1:7397"])
    assert world.portrait.draw().addresses == ("127.0.0.1:7397",)
    alone.begin_leaving()
    assert world.portrait.draw().draining
    done(alone.leave())
    world.clock.advance(600)
    assert world.story == ["sweeps", "beats", "stops telling"]


def test_what_operators_look_at_is_told_at_once() -> None:
    world = _world()
    member = world.member()
    member.open([])
    world.story.clear()
    member.tell()
    world.clock.advance(0)
    assert world.story == ["beats"]


def test_a_portrait_has_latencies_and_the_level_of_the_log() -> None:
    portrait = Portrait(name="a", instance="i", clock=SetClock())
    assert (portrait.draw().commit_p99_ms, portrait.draw().log_level) == (None, "")
    portrait.figures = lambda: Figures(at_ms=0, log_queue_length=3, commit_p99_ms=1.5)
    portrait.log_level = lambda: "warn"
    drawn = portrait.draw()
    assert (drawn.log_queue_length, drawn.commit_p99_ms, drawn.delivery_p50_ms) == (3, 1.5, None)
    assert drawn.log_level == "warn"


def test_a_portrait_has_the_rate_since_the_last_one() -> None:
    clock = SetClock(now_ms=1_000_000)
    portrait = Portrait(name="a", instance="i", clock=clock)
    portrait.counts = lambda: Counts(connections=3, users=2, stored=50)
    clock.now_ms += 2_000
    drawn = portrait.draw()
    assert (drawn.connections, drawn.users, drawn.messages_per_s) == (3, 2, 25.0)
    assert (drawn.started_at_ms, drawn.beat_at_ms) == (1_000_000, 1_002_000)
    clock.now_ms += 1_000
    assert portrait.draw().messages_per_s == 0.0
