"""In which order a node starts and leaves, and what happens when it cannot."""

import gc
import resource
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.errors import Unavailable
from naivechat.listening import Listener
from naivechat.node import (
    DATABASE_PAUSE_S,
    DATABASE_TRIES,
    DRAIN_S,
    FAREWELL_S,
    MOST_DESCRIPTORS,
    NEW_OBJECTS_A_COLLECTION,
    Node,
    StartFailed,
    collect_garbage_seldom,
    migrate_patiently,
    most_connections,
)
from tests.logs import logged_errors


class World:
    """Everything a node is made of; `story` tells what was called in which order."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.open: Deferred[Any] = succeed(self)
        self.started: Deferred[None] = succeed(None)
        self.drained: Deferred[None] = succeed(None)
        self.failures: list[StartFailed] = []

    async def start(self) -> None:
        self.story.append("storage starts")
        await self.started

    async def stop(self) -> None:
        self.story.append("storage stops")

    async def drain(self) -> None:
        self.story.append("doors drain")
        await self.drained

    def listen(self, factory: Any) -> Deferred[Any]:
        self.story.append("listens")
        return self.open

    def getHost(self) -> IPv4Address:
        return IPv4Address("TCP", "127.0.0.1", 7397)

    def stopListening(self) -> Deferred[None]:
        self.story.append("listens no more")
        return succeed(None)


class Company:
    """The other nodes."""

    def __init__(self, story: list[str]) -> None:
        self._story = story
        self.told: Deferred[None] = succeed(None)

    async def join(self) -> None:
        self._story.append("joins")

    def open(self, addresses: Any) -> None:
        self._story.append(f"is open at {addresses}")

    def begin_leaving(self) -> None:
        self._story.append("is leaving")

    async def leave(self) -> None:
        self._story.append("leaves")
        await self.told


class _Admin:
    """What operators see."""

    def __init__(self, story: list[str]) -> None:
        self._story = story

    async def open(self, node_name: str) -> None:
        self._story.append("serves operators")

    async def close(self) -> None:
        self._story.append("serves no operators")


class TestNode(SynchronousTestCase):
    def setUp(self) -> None:
        self.world = World()
        self.company = Company(self.world.story)
        self.clock = Clock()

    def make_node(self, **more: Any) -> Node:
        world: Any = self.world
        return Node(
            node_name="one",
            prepare=lambda: world.story.append("prepares"),
            storage=world,
            doors=world,
            membership=self.company,
            advertise=["chat.example.org:7397"],
            listeners=[Listener(scheme="tcp", endpoint=world)],
            reactor=self.clock,
            failed=world.failures.append,
            **more,
        )

    def started_node(self, **more: Any) -> Node:
        node = self.make_node(**more)
        node.privilegedStartService()
        node.startService()
        return node

    def started_node_without_storage(self) -> Node:
        async def start() -> None:
            self.world.story.append("storage starts")
            raise Unavailable

        self.patch(self.world, "start", start)
        return self.started_node()

    def test_it_listens_when_the_storage_works(self) -> None:
        self.world.started = Deferred()
        self.started_node()
        self.assertEqual(self.world.story, ["prepares", "storage starts"])
        self.world.started.callback(None)
        self.assertEqual(
            self.world.story,
            [
                "prepares",
                "storage starts",
                "joins",
                "listens",
                "is open at ('chat.example.org:7397',)",
            ],
        )

    def test_a_storage_that_goes_away_before_it_starts_is_waited_for(self) -> None:
        self.world.started = fail(Unavailable())
        self.started_node()
        self.world.started = succeed(None)
        self.assertEqual(self.world.story, ["prepares", "storage starts"])
        self.clock.advance(DATABASE_PAUSE_S)
        self.assertEqual(self.world.story[2:5], ["storage starts", "joins", "listens"])
        self.assertEqual(self.world.failures, [])

    def test_a_storage_that_stays_away_is_given_up(self) -> None:
        self.started_node_without_storage()
        self.clock.pump([DATABASE_PAUSE_S] * DATABASE_TRIES)
        self.assertEqual(self.world.story, ["prepares", *["storage starts"] * DATABASE_TRIES])
        self.assertEqual(
            [str(one) for one in self.world.failures],
            ["cannot start: The node cannot reach its storage: try again."],
        )

    def test_a_node_that_is_ended_while_it_waits_for_its_storage_opens_nothing(self) -> None:
        node = self.started_node_without_storage()
        leaving = node.stopService()
        self.clock.advance(DATABASE_PAUSE_S)
        self.successResultOf(leaving)
        self.assertNotIn("listens", self.world.story)
        self.assertEqual(self.world.failures, [])

    def test_it_leaves_in_the_order_that_loses_nothing(self) -> None:
        node = self.started_node()
        self.world.story.clear()
        self.successResultOf(node.stopService())
        self.assertEqual(
            self.world.story, ["is leaving", "listens no more", "doors drain", "leaves", "storage stops"]
        )
        self.assertEqual(self.world.failures, [])

    def test_operators_are_served_until_everything_else_has_ended(self) -> None:
        story = self.world.story
        node = self.started_node(admin=_Admin(story))
        self.assertEqual(story[-3:], ["listens", "serves operators", "is open at ('chat.example.org:7397',)"])
        self.successResultOf(node.stopService())
        self.assertEqual(story[-2:], ["storage stops", "serves no operators"])

    def test_it_leaves_in_bounded_time_whatever_hangs(self) -> None:
        node = self.started_node()
        self.world.drained = Deferred()
        leaving = node.stopService()
        self.assertNoResult(leaving)
        self.clock.advance(DRAIN_S)
        self.successResultOf(leaving)
        logged_errors.flush()
        self.flushLoggedErrors()

    def test_others_that_cannot_be_told_do_not_keep_it(self) -> None:
        node = self.started_node()
        self.company.told = Deferred()
        leaving = node.stopService()
        self.assertNoResult(leaving)
        self.clock.advance(FAREWELL_S)
        self.successResultOf(leaving)
        self.assertEqual(self.world.story[-1], "storage stops")

    def test_a_port_that_cannot_be_had_is_told_in_a_sentence(self) -> None:
        self.world.open = fail(CannotListenError("127.0.0.1", 7397, OSError(98, "Address already in use")))
        node = self.started_node()
        (failure,) = self.world.failures
        self.assertIn("cannot listen: Couldn't listen on 127.0.0.1:7397", str(failure))
        self.successResultOf(node.stopService())

    def test_another_failure_is_logged_and_told(self) -> None:
        self.world.started = fail(RuntimeError("broken\nin two lines"))
        self.started_node()
        self.assertEqual([str(one) for one in self.world.failures], ["cannot start: broken in two lines"])
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        logged_errors.flush()

    def test_a_node_that_never_started_leaves_too(self) -> None:
        self.successResultOf(self.make_node().stopService())


@attrs.define
class Migration:
    """Raises each of `errors` in turn, then succeeds."""

    errors: list[Exception]
    pauses: list[float] = attrs.Factory(list)

    def __call__(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    def run(self, shown_url: str = "mysql://chat:***@db/chat") -> None:
        pause: Callable[[float], None] = self.pauses.append
        migrate_patiently(self, shown_url, pause=pause)


def test_a_database_that_does_not_answer_yet_is_waited_for() -> None:
    migration = Migration([Unavailable(), Unavailable()])
    migration.run()
    assert len(migration.pauses) == 2


def test_a_database_that_never_answers_is_given_up() -> None:
    migration = Migration([Unavailable("nobody there") for _ in range(100)])
    with pytest.raises(
        StartFailed, match=r"the database mysql://chat:\*\*\*@db/chat does not answer: nobody there"
    ):
        migration.run()
    assert 20 <= sum(migration.pauses) <= 60


def test_a_database_that_refuses_is_given_up_at_once() -> None:
    migration = Migration([ValueError("access\n denied")])
    with pytest.raises(StartFailed, match="cannot be used: access denied"):
        migration.run()
    assert migration.pauses == []


@pytest.mark.parametrize(
    ("soft", "connections"),
    [(1_024, 768), (131_072, 130_816), (100, 16), (resource.RLIM_INFINITY, MOST_DESCRIPTORS - 256)],
)
def test_of_the_files_that_may_be_open_some_are_kept_for_other_things_than_connections(
    monkeypatch: pytest.MonkeyPatch, soft: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, resource.RLIM_INFINITY))
    assert most_connections() == connections


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector, as it was again afterwards."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("collector")
def test_a_node_that_runs_looks_for_cycles_seldom_and_never_among_what_was_there_before() -> None:
    others = gc.get_threshold()[1:]
    collect_garbage_seldom()
    assert gc.get_threshold() == (NEW_OBJECTS_A_COLLECTION, *others)
    assert gc.get_freeze_count() > 0
