"""All talks' messages brought into order, gaps filled from the node's history.

Where showing begins, in one rule: every message sent since the first login is shown, older ones are not.
So a talk on the first login's list begins after its `last_seq`. One that turns up later begins where its messages are
younger than that login, less a minute for clocks that disagree; history is read backwards to find the place.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.client.errors import NotConnected, RequestRefused
from naivechat.client.sequence import Messages, TalkSequence
from naivechat.client.talk import TalkKey
from naivechat.client.tasks import Tasks
from naivechat.protocol.message import HistoryRequest, HistoryResponse, MessageRecord

GAP_TIMEOUT_S: Final = 0.5
PAGE: Final = 100
_RETRY_S: Final = 1.0
_AT_ONCE: Final = 4
"""Talks whose history is read at the same moment."""


class ReadHistory(Protocol):
    """Asks the node for a page of history; raises RequestRefused or NotConnected."""

    def __call__(self, request: HistoryRequest, /) -> Awaitable[HistoryResponse]: ...


class Timeline:
    """Shows every message once, in rising seq per talk.

    on_shown: gets each message in its turn. on_start: hears after which seq showing begins in a talk.

    Attributes:
        since_ms: messages sent before this are not shown where a talk's beginning must be found; None before the first login.
    """

    def __init__(
        self,
        clock: IReactorTime,
        read_history: ReadHistory,
        *,
        on_shown: Callable[[TalkKey, MessageRecord], None],
        on_start: Callable[[TalkKey, int], None],
    ) -> None:
        self.since_ms: int | None = None
        self._clock = clock
        self._read_history = read_history
        self._on_shown = on_shown
        self._on_start = on_start
        self._sequences: dict[TalkKey, TalkSequence] = {}
        self._timers: dict[TalkKey, IDelayedCall] = {}
        self._to_fill: dict[TalkKey, None] = {}
        self._filling: set[TalkKey] = set()
        self._is_starting = False
        self._ready: deque[tuple[TalkKey, MessageRecord]] = deque()
        self._is_showing = False
        self._is_online = False
        self._tasks = Tasks()

    def start_at(self, key: TalkKey, seq: int) -> None:
        """Showing begins after `seq`, unless it has begun."""
        if key not in self._sequences:
            self._sequences[key] = TalkSequence(seq)
            self._on_start(key, seq)

    def shown_of(self, key: TalkKey) -> int | None:
        """The seq up to which a talk was shown; None while showing has not begun."""
        sequence = self._sequences.get(key)
        return sequence.shown if sequence is not None else None

    def restore(self, key: TalkKey, seq: int) -> None:
        """An earlier run has shown this talk up to `seq`."""
        self._sequences[key] = TalkSequence(seq)

    def forget_all(self) -> None:
        """Begin anew, as before the first login."""
        self.went_offline()
        self._sequences.clear()
        self.since_ms = None

    def offer(self, key: TalkKey, message: MessageRecord) -> None:
        """A message was pushed, or stored for us. A gap before it may still close by itself."""
        if message.seq == 1:
            self.start_at(key, 0)
        sequence = self._sequence(key)
        self._show(key, sequence.offer(message))
        if not sequence.has_gap:
            self._cancel_timer(key)
        elif sequence.shown is None:
            self._fill_now(key)
        elif key not in self._timers:
            self._fill_later(key, GAP_TIMEOUT_S)

    def learn_head(self, key: TalkKey, seq: int, date_ms: int | None = None) -> None:
        """A talk reaches up to `seq`, whose message was sent at `date_ms`: what is missing is fetched at once."""
        is_old = date_ms is not None and self.since_ms is not None and date_ms < self.since_ms
        if is_old or not seq:
            self.start_at(key, seq)
        sequence = self._sequence(key)
        sequence.learn_head(seq)
        if sequence.has_gap:
            self._fill_now(key)

    @property
    def has_gap(self) -> bool:
        """Whether in any talk something is known to exist that is not shown yet."""
        return any(sequence.has_gap for sequence in self._sequences.values())

    def went_online(self) -> None:
        """Requests can be made: go on filling."""
        self._is_online = True
        for key, sequence in tuple(self._sequences.items()):
            if sequence.has_gap:
                self._fill_now(key)

    def went_offline(self) -> None:
        """Requests cannot be made."""
        self._is_online = False
        for key in tuple(self._timers):
            self._cancel_timer(key)
        self._to_fill.clear()
        self._tasks.cancel_all()

    def _sequence(self, key: TalkKey) -> TalkSequence:
        return self._sequences.setdefault(key, TalkSequence())

    def _fill_later(self, key: TalkKey, delay_s: float) -> None:
        if self._is_online:
            self._cancel_timer(key)
            self._timers[key] = self._clock.callLater(delay_s, self._fill_now, key)

    def _cancel_timer(self, key: TalkKey) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None and timer.active():
            timer.cancel()

    def _fill_now(self, key: TalkKey) -> None:
        self._cancel_timer(key)
        if self._is_online and key not in self._filling:
            self._to_fill[key] = None
            self._start_fills()

    def _start_fills(self) -> None:
        """Start what may be under way at once. A filling that ends at once comes back here: the loop below goes on with the next."""
        if self._is_starting:
            return
        self._is_starting = True
        try:
            while self._to_fill and len(self._filling) < _AT_ONCE:
                key = next(iter(self._to_fill))
                del self._to_fill[key]
                self._filling.add(key)
                self._tasks.start(self._fill(key, self._sequence(key)))
        finally:
            self._is_starting = False

    async def _fill(self, key: TalkKey, sequence: TalkSequence) -> None:
        try:
            retry_s = await self._try_to_fill(key, sequence)
        finally:
            self._filling.discard(key)
        if retry_s:
            self._fill_later(key, retry_s)
        self._start_fills()

    async def _try_to_fill(self, key: TalkKey, sequence: TalkSequence) -> float:
        """Seconds until trying again; 0 when there is nothing left to do."""
        try:
            await self._fill_gap(key, sequence)
        except NotConnected:
            return _RETRY_S
        except RequestRefused as refusal:
            return self._refused(sequence, refusal)
        return 0.0

    async def _fill_gap(self, key: TalkKey, sequence: TalkSequence) -> None:
        if sequence.shown is None:
            start = await self._find_start(key, sequence.first_missing)
            self._on_start(key, start)
            self._show(key, sequence.start_at(start))
        while sequence.has_gap:
            known_head = sequence.head
            page = await self._read(key, after_seq=sequence.shown)
            is_whole = not (page.has_more and page.messages)
            self._show(key, sequence.fill(page.messages, known_head if is_whole else 0))

    async def _find_start(self, key: TalkKey, before: int) -> int:
        """The seq after which messages are young enough to be shown; `before` is one that is."""
        while True:
            page = await self._read(key, before_seq=before)
            young = [message.seq for message in page.messages if message.sent_at >= (self.since_ms or 0)]
            before = min(young, default=before)
            if len(young) < len(page.messages) or not page.messages or not page.has_more:
                return before - 1

    async def _read(
        self, key: TalkKey, *, after_seq: int | None = None, before_seq: int | None = None
    ) -> HistoryResponse:
        return await self._read_history(
            HistoryRequest(
                rid=0,
                talk_type=key.talk_type,
                talk_id=key.talk_id,
                after_seq=after_seq,
                before_seq=before_seq,
                limit=PAGE,
            )
        )

    def _refused(self, sequence: TalkSequence, refusal: RequestRefused) -> float:
        """Seconds until trying again; 0 when the talk is not ours to read any more."""
        if refusal.is_temporary or refusal.code == "INTERNAL":
            return refusal.pause_s(_RETRY_S)
        sequence.give_up()
        return 0.0

    def _show(self, key: TalkKey, messages: Messages) -> None:
        """Show in order, also when showing one message leads to the next."""
        self._ready.extend((key, message) for message in messages)
        if self._is_showing:
            return
        self._is_showing = True
        try:
            while self._ready:
                self._on_shown(*self._ready.popleft())
        finally:
            self._is_showing = False
