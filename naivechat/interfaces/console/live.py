"""The overview as it changes: server-sent events, without an end of their own but with a bound to everything.

A browser that does not read gets nothing meanwhile, for each event says all. That the page is open is no use of the session: one that
is not used otherwise ends, and its events with it.
Source: HTML Standard, "Server-sent events".
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from naivechat.domain.errors import ChatError, TokenExpired
from naivechat.interfaces.console.answer import Answer
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import Words

EVERY_S: Final = 2.0
PING_S: Final = 15.0
CHECK_S: Final = 15.0
"""How soon the events of a session that has ended elsewhere end."""
MOST_STREAMS: Final = 50
MOST_STREAMS_A_SESSION: Final = 6
"""A browser opens six connections to a place at most: more streams than that are nobody's pages."""

_log = Logger()


@attrs.frozen(kw_only=True)
class Event:
    """What a page is told: `name` says what `data` is about."""

    name: str
    data: str

    def encode(self) -> bytes:
        """As it is sent: each line of the data on a line of its own."""
        lines = "".join(f"data: {line}\n" for line in self.data.splitlines() or [""])
        return f"event: {self.name}\n{lines}\n".encode()


Draw = Callable[[Words], Awaitable[tuple[Event, ...]]]
"""What is to be seen now, in a language."""
Check = Callable[[Visit], Awaitable[object]]
"""Whether a visit's session goes on: TokenExpired when it does not."""


@attrs.define(eq=False)
class LiveFeed:
    """The streams of this node. `draw` is called once a language for all of them."""

    _draw: Draw
    _check: Check
    _clock: IReactorTime
    _streams: set["_Stream"] = attrs.field(factory=set, init=False)
    _call: IDelayedCall | None = attrs.field(default=None, init=False)
    _is_telling: bool = attrs.field(default=False, init=False)
    _somebody_came: bool = attrs.field(default=False, init=False)

    async def show(self, visit: Visit) -> Answer:
        """A stream for a page; 503 where there are enough of them."""
        same = sum(stream.session_token == visit.known_seat.session_token for stream in self._streams)
        if len(self._streams) >= MOST_STREAMS or same >= MOST_STREAMS_A_SESSION:
            return Answer(status=503, headers={"Retry-After": "30"})
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        return Answer(headers=headers, body=_Stream(visit, self))

    def joined(self, stream: "_Stream") -> None:
        """A stream has begun: it is told at once how things are."""
        self._streams.add(stream)
        if self._is_telling:
            self._somebody_came = True
        elif self._call is not None:
            self._call.reset(0)
        else:
            self._tell()

    def left(self, stream: "_Stream") -> None:
        """A stream is over."""
        self._streams.discard(stream)
        if not self._streams and self._call is not None:
            self._call.cancel()
            self._call = None

    def end_session(self, session_token: str) -> None:
        """Somebody has logged out."""
        for stream in tuple(self._streams):
            if stream.session_token == session_token:
                stream.end()

    def end(self) -> None:
        """The node ends."""
        for stream in tuple(self._streams):
            stream.end()

    def _tell(self) -> None:
        self._call, self._is_telling = None, True
        telling = Deferred.fromCoroutine(self._tell_all())
        telling.addErrback(self._failed)
        telling.addBoth(self._told)

    def _told(self, _: object) -> None:
        # Not before the last time has ended: a slow database is not asked twice at once.
        self._is_telling = False
        if self._streams:
            self._call = self._clock.callLater(0 if self._somebody_came else EVERY_S, self._tell)
        self._somebody_came = False

    async def _tell_all(self) -> None:
        now_s = self._clock.seconds()
        for stream in tuple(self._streams):
            if stream.checked_at_s + CHECK_S <= now_s:
                stream.checked_at_s = now_s
                await self._check_one(stream)
        for words in {stream.words for stream in self._streams}:
            events = await self._draw(words)
            for stream in tuple(self._streams):
                if stream.words == words:
                    stream.tell(events, now_s)

    async def _check_one(self, stream: "_Stream") -> None:
        try:
            await self._check(stream.visit)
        except TokenExpired:
            stream.end()
        except ChatError:
            # Storage is away: whoever was logged in still is.
            return

    def _failed(self, failure: Failure) -> None:
        # A page sees that its stream has ended, and asks for another one.
        _log.failure("the live overview failed", failure)
        self.end()


@implementer(IPushProducer)
@attrs.define(eq=False)
class _Stream:
    """One browser's events."""

    visit: Visit
    _feed: LiveFeed
    checked_at_s: float = attrs.field(default=0.0, init=False)
    _request: Any = attrs.field(default=None, init=False)
    _told: dict[str, str] = attrs.field(factory=dict, init=False)
    _told_at_s: float = attrs.field(default=0.0, init=False)
    _is_paused: bool = attrs.field(default=False, init=False)

    @property
    def words(self) -> Words:
        return self.visit.words

    @property
    def session_token(self) -> str:
        return self.visit.known_seat.session_token

    def begin(self, request: Any) -> None:
        self._request = request
        self.checked_at_s = self._feed._clock.seconds()
        request.notifyFinish().addErrback(lambda _: self._gone())
        request.registerProducer(self, True)
        # How soon a browser comes again after its stream has broken off.
        request.write(b"retry: 3000\n\n")
        self._feed.joined(self)

    def tell(self, events: tuple[Event, ...], now_s: float) -> None:
        if self._request is None or self._is_paused:
            return
        news = [event for event in events if self._told.get(event.name) != event.data]
        if news:
            self._told.update((event.name, event.data) for event in news)
            self._request.write(b"".join(event.encode() for event in news))
        elif now_s < self._told_at_s + PING_S:
            return
        else:
            self._request.write(b": ping\n\n")
        self._told_at_s = now_s

    def end(self) -> None:
        request, self._request = self._request, None
        self._feed.left(self)
        if request is not None:
            request.unregisterProducer()
            request.finish()

    def pauseProducing(self) -> None:
        self._is_paused = True

    def resumeProducing(self) -> None:
        self._is_paused = False

    def stopProducing(self) -> None:
        self._gone()

    def _gone(self) -> None:
        self._request = None
        self._feed.left(self)
