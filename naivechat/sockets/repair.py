"""What the bus did not bring: records are read from the log, of all the rest clients are told to sync."""

from collections import deque

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.domain.node_ports import NewsFeed, NodeBus, StoredRange
from naivechat.domain.talk import is_group_talk
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.talk import SyncNotice
from naivechat.sockets.bell import topics_of
from naivechat.sockets.fan_out import FanOut
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session

LOOK_EVERY_S = 3.0
LOOK_WITHOUT_BUS_EVERY_S = 1.0
SETTLING_S = 3.0
"""After the bus is back the nodes subscribe again, each in its time: who syncs earlier takes people of the others for offline."""
PORTION = 20
PORTION_EVERY_S = 0.1


class Repair:
    """Looks at what other nodes have stored, and makes good what was missed."""

    def __init__(self, fan_out: FanOut, feed: NewsFeed, bus: NodeBus, resync: "Resync") -> None:
        self._fan_out = fan_out
        self._feed = feed
        self._bus = bus
        self._resync = resync

    def interval_s(self) -> float:
        """How long until the next look."""
        return LOOK_EVERY_S if self._bus.is_connected else LOOK_WITHOUT_BUS_EVERY_S

    async def look(self) -> None:
        """Push what other nodes have stored since the last look and the bus has not brought. Unavailable."""
        news = await self._feed.read()
        for stored in news.stored:
            await self._push(stored)
        if not news.complete:
            self._resync.begin()

    async def _push(self, stored: StoredRange) -> None:
        talk_id, first_seq, last_seq = stored.talk_id, stored.first_seq, stored.last_seq
        if is_group_talk(talk_id):
            for user_id in stored.joined:
                await self._fan_out.join(user_id, talk_id[1:])
        for topic in topics_of(talk_id):
            self._fan_out.expect(topic, talk_id, first_seq, last_seq)


class Resync:
    """Tells all sessions to sync, a few at a time, so that a node's whole population does not ask at one instant."""

    def __init__(self, registry: Registry, clock: IReactorTime) -> None:
        self._registry = registry
        self._clock = clock
        self._call: IDelayedCall | None = None
        self._waiting: deque[Session] = deque()

    def begin(self) -> None:
        """Something was missed that cannot be told of otherwise. Begins a moment later, anew when it is under way."""
        self.stop()
        self._call = self._clock.callLater(SETTLING_S, self._tell_all)

    def stop(self) -> None:
        """Tell nobody more."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
        self._waiting.clear()

    def _tell_all(self) -> None:
        self._waiting.extend(self._registry.sessions)
        self._tell_some()

    def _tell_some(self) -> None:
        frame = encode_frame(SyncNotice())
        for _ in range(min(PORTION, len(self._waiting))):
            session = self._waiting.popleft()
            if session.topics:
                session.push(frame)
        self._call = self._clock.callLater(PORTION_EVERY_S, self._tell_some) if self._waiting else None
