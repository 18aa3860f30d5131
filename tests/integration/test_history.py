"""Three nodes, their database and their Redis fail in many ways under traffic, and every promise is kept; broken nodes are found out."""

import os
from collections.abc import Sequence
from random import SystemRandom
from typing import Any
from unittest import skipUnless

from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from tests.history.verdict import Kind
from tests.redis_server import require_redis
from tests.servers import require_mariadb
from tests.soak.broken import broken
from tests.soak.report import Result, describe
from tests.soak.run import Plan, carry_out

reactor: Any = _reactor

FAULTS = (
    "kill-node",
    "restart-node",
    "stop-node",
    "kill-redis",
    "cut-bus",
    "spoil-bus",
    "kill-database",
    "stop-database",
    "lose-commits",
    "fill-connections",
    "deadlock-database",
    "silence-database",
    "turn-clock",
    "exhaust-files",
    "change-redis-password",
    "cut-frames",
    "dribble-clients",
    "delay-clients",
    "drop-clients",
)
everything = skipUnless(
    os.environ.get("NAIVECHAT_SOAK") == "1", "only with NAIVECHAT_SOAK=1, as `make soak` has it"
)


class HistoryTestCase(TestCase):
    timeout = 420

    def setUp(self) -> None:
        require_mariadb()
        require_redis()


class TestHistory(HistoryTestCase):
    def test_promises_are_kept_whatever_fails(self) -> "Deferred[None]":
        return Deferred.fromCoroutine(self.run_with_faults())

    async def run_with_faults(self: Any) -> None:
        plan = Plan(
            seconds=45,
            seed=SystemRandom().randrange(1_000_000),
            rate=30,
            faults=FAULTS,
            calm_s=(0.5, 1.5),
            patience=0.4,
        )
        result = await carry_out(plan, reactor)
        self.assertTrue(result.passed, describe(result))
        self.assertGreaterEqual(len({fault.kind for fault in result.faults}), 5, describe(result))


class TestPlantedBugs(HistoryTestCase):
    def test_who_left_a_group_and_hears_it_still_is_a_leak(self) -> "Deferred[None]":
        return self.is_found("no-leaving", {Kind.LEAKED}, seconds=8)

    def test_pushing_as_the_bus_brings_it_is_pushing_out_of_order(self) -> "Deferred[None]":
        return self.is_found("no-push-order", {Kind.PUSHED_OUT_OF_ORDER}, ["spoil-bus"], seconds=4)

    @everything
    def test_storing_what_is_sent_again_is_doubling(self) -> "Deferred[None]":
        faults = ["stop-database", "drop-clients"]
        kinds = {Kind.DOUBLED, Kind.AMBIGUOUS}
        return self.is_found("no-uniqueness", kinds, faults, seconds=20, at_once=2)

    @everything
    def test_acking_before_the_commit_is_losing(self) -> "Deferred[None]":
        return self.is_found("ack-before-commit", {Kind.LOST, Kind.STALE_READ}, ["kill-node"], seconds=20)

    @everything
    def test_repairing_nothing_leaves_devices_behind(self) -> "Deferred[None]":
        return self.is_found("no-repair", {Kind.NOT_DRAINED}, ["spoil-bus"], seconds=12, rate=6)

    @everything
    def test_storing_another_sender_is_forging(self) -> "Deferred[None]":
        return self.is_found("forged-senders", {Kind.FORGED}, seconds=10)

    def is_found(
        self,
        bug: str,
        kinds: set[Kind],
        faults: Sequence[str] = (),
        *,
        seconds: float,
        rate: float = 50,
        at_once: int = 1,
    ) -> "Deferred[None]":
        plan = Plan(
            seconds=seconds,
            seed=5,
            rate=rate,
            faults=tuple(faults),
            calm_s=(0.2, 0.6),
            at_once=at_once,
            patience=0.2,
            drain_s=6,
            make_node=broken(bug),
        )
        return Deferred.fromCoroutine(carry_out(plan, reactor)).addCallback(self.has_found, kinds)

    def has_found(self: Any, result: Result, kinds: set[Kind]) -> None:
        self.assertFalse(result.passed)
        self.assertLessEqual(kinds, set(result.verdict.counts), describe(result))
