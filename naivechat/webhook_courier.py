"""Delivering webhooks while a node works: what is due is looked for, and many hooks are served at once, each within bounds.

Messages are not in its way: it hears of them only while there are hooks, and looks into the database ten times a second at most.
"""

from collections.abc import Callable
from typing import Protocol

import attrs
from twisted.internet.defer import CancelledError, Deferred, TimeoutError
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.application.webhook_delivery import WebhookDelivery
from naivechat.domain.errors import ChatError
from naivechat.domain.events import Event, MessageStored
from naivechat.domain.ports import EventBus
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.webhook import MOST_WEBHOOKS, WebhookId, WebhookSurvey
from naivechat.domain.webhook_ports import DueWebhook
from naivechat.periodic import Periodic

LOOK_EVERY_S = 2.0
"""What other nodes left, and pauses that are over, are found by then."""
SHORTEST_BETWEEN_LOOKS_S = 0.1
SURVEY_EVERY_S = 5.0
MOST_AT_ONCE = 32
MOST_AT_ONCE_TO_A_HOST = 4
MOST_FAILING_AT_ONCE = 8
"""Receivers that do not answer hold a delivery for 10 s: of the places these have no more than this part."""
GRACE_S = 1.0
"""How long deliveries under way may take when the node ends; then they are given up, and delivered again by another."""

_log = Logger()


class Startable(Protocol):
    """The storage that is read from."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self) -> None:
        """Finish what is under way, then end."""


@attrs.frozen
class _UnderWay:
    due: DueWebhook
    delivering: "Deferred[None]"


class WebhookCourier:
    """A storage whose groups' webhooks are served while it works; implements `node.Startable`.

    survey: how all hooks are, a few seconds old.
    """

    def __init__(
        self, storage: Startable, delivery: WebhookDelivery, bus: EventBus, clock: IReactorTime
    ) -> None:
        self.survey = WebhookSurvey()
        self._storage = storage
        self._delivery = delivery
        self._bus = bus
        self._clock = clock
        self._looking = Periodic("webhooks", self._look, lambda: LOOK_EVERY_S, clock)
        self._surveying = Periodic("webhook survey", self._take_survey, lambda: SURVEY_EVERY_S, clock)
        self._under_way: dict[WebhookId, _UnderWay] = {}
        self._talks: frozenset[TalkId] = frozenset()
        self._waking: IDelayedCall | None = None
        self._looked_s = 0.0
        self._idle: Deferred[None] | None = None
        self._stopped = False

    async def start(self) -> None:
        """Begin to work. Unavailable when the database is away."""
        await self._storage.start()
        self._surveying.start()
        self._looking.start()

    async def stop(self) -> None:
        """Begin no more deliveries, give those under way a moment, then end."""
        self._stopped = True
        self._listen(frozenset())
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        await self._looking.stop()
        await self._surveying.stop()
        await self._wait_until_idle()
        for under_way in tuple(self._under_way.values()):
            under_way.delivering.cancel()
        await self._wait_until_idle()
        await self._storage.stop()

    def _heard(self, event: Event) -> None:
        if isinstance(event, MessageStored) and event.message.talk_id in self._talks:
            self._look_soon()

    def _look_soon(self) -> None:
        if self._waking is None and not self._stopped:
            pause_s = self._looked_s + SHORTEST_BETWEEN_LOOKS_S - self._clock.seconds()
            self._waking = self._clock.callLater(max(pause_s, 0.0), self._wake)

    def _wake(self) -> None:
        self._waking = None
        self._looking.soon()

    async def _take_survey(self) -> None:
        self.survey = await self._delivery.survey()
        self._listen(frozenset() if self._stopped else frozenset(map(group_talk_id, self.survey.group_ids)))

    def _listen(self, talks: frozenset[TalkId]) -> None:
        """Hear of messages of these talks; where there are none, of nothing at all."""
        change: dict[tuple[bool, bool], Callable[[Callable[[Event], None]], None]] = {
            (False, True): self._bus.subscribe,
            (True, False): self._bus.unsubscribe,
        }
        begin_or_end = change.get((bool(self._talks), bool(talks)))
        self._talks = talks
        if begin_or_end is not None:
            begin_or_end(self._heard)

    async def _look(self) -> None:
        self._looked_s = self._clock.seconds()
        for due in await self._delivery.list_due(MOST_WEBHOOKS):
            if not self._stopped and self._has_room_for(due):
                self._begin(due)

    def _has_room_for(self, due: DueWebhook) -> bool:
        now = [under_way.due for under_way in self._under_way.values()]
        if due.webhook_id in self._under_way or len(now) >= MOST_AT_ONCE:
            return False
        if sum(other.origin == due.origin for other in now) >= MOST_AT_ONCE_TO_A_HOST:
            return False
        return not due.is_failing or sum(other.is_failing for other in now) < MOST_FAILING_AT_ONCE

    def _begin(self, due: DueWebhook) -> None:
        delivering = Deferred.fromCoroutine(self._delivery.deliver(due.webhook_id))
        self._under_way[due.webhook_id] = _UnderWay(due, delivering)
        delivering.addErrback(_failed)
        delivering.addBoth(self._ended, due.webhook_id)

    def _ended(self, _: object, webhook_id: WebhookId) -> None:
        del self._under_way[webhook_id]
        if self._idle is not None and not self._under_way:
            idle, self._idle = self._idle, None
            idle.callback(None)
        self._look_soon()

    async def _wait_until_idle(self) -> None:
        if self._under_way:
            self._idle = Deferred()
            await self._idle.addTimeout(GRACE_S, self._clock).addErrback(self._not_idle)

    def _not_idle(self, failure: Failure) -> None:
        failure.trap(TimeoutError)
        self._idle = None


def _failed(failure: Failure) -> None:
    """A database that is away is told of by whoever looks; the delivery is due again."""
    if not failure.check(ChatError, CancelledError):
        _log.failure("a webhook was not delivered", failure)
