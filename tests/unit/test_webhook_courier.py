"""Delivering webhooks while a node works: when it looks, how many it serves at once, and how it ends."""

from typing import Any

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.application.audit import AuditTrail
from naivechat.application.webhook_delivery import WebhookDelivery
from naivechat.domain.errors import Unavailable
from naivechat.domain.events import MessageStored, Typed
from naivechat.domain.group import GroupId
from naivechat.domain.measure import Measures
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import UserId
from naivechat.domain.webhook import WebhookSurvey
from naivechat.domain.webhook_ports import DueWebhook, WebhookProgress
from naivechat.webhook_courier import (
    GRACE_S,
    LOOK_EVERY_S,
    MOST_AT_ONCE,
    MOST_AT_ONCE_TO_A_HOST,
    MOST_FAILING_AT_ONCE,
    SHORTEST_BETWEEN_LOOKS_S,
    SURVEY_EVERY_S,
    WebhookCourier,
)
from tests.fakes import MemoryBus, SetClock
from tests.logs import logged_errors
from tests.operator_fakes import MemoryAuditLog
from tests.webhook_fakes import CLUB, MemoryHooks, ScriptedSender, record, webhook


@attrs.define
class CountedHooks(MemoryHooks):
    """Counts looks; `is_away` as a database that refuses, `is_slow` one that never answers, `is_broken` a mistake of ours."""

    looks: int = 0
    is_away: bool = False
    is_slow: bool = False
    is_broken: bool = False

    async def list_due(self, node: str, *, limit: int) -> tuple[DueWebhook, ...]:
        self.looks += 1
        return await super().list_due(node, limit=limit)

    async def claim(self, *given: Any, **named: Any) -> Any:
        if self.is_away:
            raise Unavailable
        if self.is_broken:
            raise ZeroDivisionError
        return await super().claim(*given, **named)

    async def report(self, *given: Any, **named: Any) -> bool:
        if self.is_slow:
            await Deferred()
        return await super().report(*given, **named)


class MemoryStorage:
    """Notes whether it works."""

    is_working = False

    async def start(self) -> None:
        self.is_working = True

    async def stop(self) -> None:
        self.is_working = False


class World:
    """A courier of one node."""

    def __init__(self) -> None:
        self.hooks, self.sender, self.bus = CountedHooks(), ScriptedSender(waits=True), MemoryBus()
        self.clock, self.storage, wall_clock = Clock(), MemoryStorage(), SetClock()
        delivery = WebhookDelivery(
            hooks=self.hooks,
            sender=self.sender,
            audit=AuditTrail(log=MemoryAuditLog(self.hooks.store), clock=wall_clock, node="n1"),
            measures=Measures(),
            clock=wall_clock,
            node="run",
        )
        self.courier = WebhookCourier(self.storage, delivery, self.bus, self.clock)

    def start(self) -> None:
        Deferred.fromCoroutine(self.courier.start())

    def offer(self, count: int, *, one_host: bool = False, **values: Any) -> None:
        for number in range(count):
            url = "https://bot.example/" if one_host else f"https://bot{number}.example/"
            self.hooks.offer(webhook(f"hook {len(self.hooks.claims)}", url=url, **values), record(1))

    def answer(self, most: int = 1_000) -> None:
        """Let the first deliveries under way arrive."""
        waiting = self.sender.waiting[:most]
        del self.sender.waiting[:most]
        for posting in waiting:
            posting.callback(None)

    def store(self, group_id: str = CLUB) -> None:
        message, sender = record(1)
        message = attrs.evolve(message, talk_id=group_talk_id(group_id))
        self.bus.publish(MessageStored(message=message, sender=sender))


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_due_is_delivered_from_the_start_on(world: World) -> None:
    world.offer(2)
    world.start()
    assert len(world.sender.posted) == 2
    assert world.storage.is_working


def test_what_becomes_due_by_itself_is_found_in_time(world: World) -> None:
    world.start()
    world.offer(1)
    world.clock.advance(LOOK_EVERY_S)
    assert len(world.sender.posted) == 1


def test_a_message_of_a_group_with_a_hook_is_looked_after_at_once(world: World) -> None:
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({CLUB}))
    world.start()
    world.clock.advance(1)
    world.offer(1)
    world.store()
    world.clock.advance(0)
    assert len(world.sender.posted) == 1


def test_of_other_groups_and_other_events_it_takes_no_notice(world: World) -> None:
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({CLUB}))
    world.start()
    world.clock.advance(1)
    world.store("elsewhere")
    world.bus.publish(Typed(talk_id=TalkId(":club"), user_id=UserId("ann"), audience=()))
    world.clock.advance(0)
    assert world.hooks.looks == 1


def test_without_hooks_it_hears_of_nothing_at_all(world: World) -> None:
    world.start()
    assert world.bus.receivers == []
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({CLUB}))
    world.clock.advance(SURVEY_EVERY_S)
    assert len(world.bus.receivers) == 1
    assert world.courier.survey.on == 1
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({GroupId("other")}))
    world.clock.advance(SURVEY_EVERY_S)
    assert len(world.bus.receivers) == 1
    world.hooks.seen = WebhookSurvey(off=1)
    world.clock.advance(SURVEY_EVERY_S)
    assert world.bus.receivers == []


def test_many_messages_make_few_looks(world: World) -> None:
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({CLUB}))
    world.start()
    before = world.hooks.looks
    for _ in range(1_000):
        world.store()
        world.clock.advance(0.001)
    assert world.hooks.looks - before <= 1 / SHORTEST_BETWEEN_LOOKS_S + 1


def test_what_is_left_of_a_hook_follows_when_its_delivery_has_arrived(world: World) -> None:
    world.offer(1)
    world.start()
    world.offer(1)
    world.answer()
    world.clock.advance(SHORTEST_BETWEEN_LOOKS_S)
    assert len(world.sender.posted) == 2


def test_a_hook_under_way_is_not_begun_again(world: World) -> None:
    world.offer(1)
    world.start()
    world.offer(1)
    world.clock.advance(LOOK_EVERY_S)
    assert len(world.sender.posted) == 1


def test_so_many_at_once_and_the_rest_in_their_turn(world: World) -> None:
    world.offer(MOST_AT_ONCE + 3)
    world.start()
    assert len(world.sender.posted) == MOST_AT_ONCE
    world.answer(2)
    world.clock.advance(SHORTEST_BETWEEN_LOOKS_S)
    assert len(world.sender.posted) == MOST_AT_ONCE + 2


def test_one_host_does_not_take_the_place_of_others(world: World) -> None:
    world.offer(20, one_host=True)
    world.offer(5)
    world.start()
    urls = [url for url, _ in world.sender.posted]
    assert urls.count("https://bot.example/") == MOST_AT_ONCE_TO_A_HOST
    assert len(urls) == MOST_AT_ONCE_TO_A_HOST + 5


def test_those_that_fail_do_not_take_the_place_of_others(world: World) -> None:
    world.offer(2 * MOST_AT_ONCE, failures=1)
    world.offer(MOST_AT_ONCE - MOST_FAILING_AT_ONCE)
    world.start()
    assert len(world.sender.posted) == MOST_AT_ONCE


def test_a_database_that_is_away_is_asked_again_and_nothing_is_said(world: World) -> None:
    world.offer(1)
    world.hooks.is_away = True
    world.start()
    world.hooks.is_away = False
    world.clock.advance(SHORTEST_BETWEEN_LOOKS_S)
    assert len(world.sender.posted) == 1


def test_a_mistake_of_ours_is_logged_and_ends_nothing(world: World) -> None:
    world.offer(1)
    world.hooks.is_broken = True
    world.start()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    world.hooks.is_broken = False
    world.clock.advance(LOOK_EVERY_S)
    assert len(world.sender.posted) == 1


def test_at_the_end_deliveries_that_arrive_in_a_moment_are_noted(world: World) -> None:
    world.hooks.seen = WebhookSurvey(on=1, group_ids=frozenset({CLUB}))
    world.offer(1)
    world.start()
    world.store()
    stopping = Deferred.fromCoroutine(world.courier.stop())
    assert not stopping.called
    world.answer()
    assert stopping.called
    assert [note.delivered_seq for note in world.hooks.notes] == [1]
    assert (world.storage.is_working, world.clock.getDelayedCalls(), world.bus.receivers) == (False, [], [])


def test_at_the_end_deliveries_that_take_longer_are_given_up_and_stay_due(world: World) -> None:
    world.offer(2)
    world.start()
    stopping = Deferred.fromCoroutine(world.courier.stop())
    world.clock.advance(GRACE_S)
    assert stopping.called
    assert world.hooks.notes == [WebhookProgress(delivered_seq=0)] * 2
    assert not world.storage.is_working


def test_at_the_end_a_database_that_does_not_answer_is_not_waited_for(world: World) -> None:
    world.offer(1)
    world.start()
    world.hooks.is_slow = True
    stopping = Deferred.fromCoroutine(world.courier.stop())
    world.clock.advance(GRACE_S)
    assert not stopping.called
    world.clock.advance(GRACE_S)
    assert stopping.called
