"""The load generator: connections that are logged in already, prepared frames, one loop over epoll.

A message is on its way until all its receivers have it. Only pushes count: nothing is ever asked for.
"""

import select
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import attrs

_FINE_WAIT_S = 1.0


class Stalled(Exception):
    """Nothing came for long though messages are on their way, or the other side closed a connection."""


class Doubled(Exception):
    """More copies of a message came than it has receivers."""


@attrs.frozen(kw_only=True)
class Measured:
    """What was seen between the marks. Latencies in seconds, of the copies of messages that were delivered there."""

    delivered: int
    seconds: float
    acked_after_s: Sequence[float]
    delivered_after_s: Sequence[float]


class Frames(Protocol):
    """Messages of one sender, made ahead but for their numbers."""

    def make(self, number: int) -> bytes:
        """The bytes of message `number`, from 0."""


class Load(ABC):
    """Sends messages and waits for them to be pushed.

    Args:
        sockets: logged-in connections.
        frames: what is sent on each of them.
        copies: how many of `sockets` a message is pushed to.
        at_marks: called when measuring begins and when it ends.
    """

    longest_silence_s = 10.0
    """After that nothing more is waited for."""

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        frames: Sequence[Frames],
        *,
        copies: int,
        at_marks: Callable[[], None],
    ) -> None:
        self._sockets = sockets
        self._frames = frames
        self._copies = copies
        self._at_marks = at_marks
        self._poll = select.epoll()
        self._buffers: dict[int, bytearray] = {}
        self._number_of: dict[int, int] = {}
        self._outgoing: dict[int, list[bytes]] = {}
        self._sent_at: list[float] = []
        self._missing: list[int] = []
        self._acks: list[tuple[int, float]] = []
        self._deliveries: list[tuple[int, float]] = []
        self._answering = False
        self.sync_notices = 0
        for number, sock in enumerate(sockets):
            sock.setblocking(False)
            self._poll.register(sock, select.EPOLLIN)
            self._buffers[number] = bytearray()
            self._number_of[sock.fileno()] = number

    def saturate(self, *, in_flight: int, warm_up_s: float, measured_s: float) -> Measured:
        """Keep so many messages on their way: whoever is the last to receive one sends the next."""
        self._answering = True
        for index in range(in_flight):
            self._send(index % len(self._sockets), time.monotonic())
        self._turn_until(time.monotonic() + warm_up_s)
        return self._measure(lambda start: self._turn_until(start + measured_s))

    def trickle(self, *, per_second: float, warm_up_s: float, measured_s: float) -> Measured:
        """Send evenly, one person after another, whatever is on its way.

        A message counts as sent when it was due, so a generator that is late does not make a node look quick.
        """
        due = _due_times(time.monotonic(), per_second)
        self._send_on_time(due, time.monotonic() + warm_up_s)
        return self._measure(lambda start: self._send_on_time(due, start + measured_s))

    def settle(self) -> None:
        """Send no more, and wait until everything on its way is acked and delivered, each copy once."""
        self._answering = False
        sent = len(self._sent_at)
        while self._awaits_acks(sent) or len(self._deliveries) < self._copies * sent:
            self._turn(self.longest_silence_s)

    def _measure(self, run: Callable[[float], None]) -> Measured:
        first_ack, first_delivery = len(self._acks), len(self._deliveries)
        start = time.monotonic()
        self._at_marks()
        run(start)
        self._at_marks()
        deliveries = self._deliveries[first_delivery:]
        return Measured(
            delivered=len(deliveries),
            seconds=time.monotonic() - start,
            acked_after_s=[at - self._sent_at[number] for number, at in self._acks[first_ack:]],
            delivered_after_s=[at - self._sent_at[number] for number, at in deliveries],
        )

    def _turn_until(self, end: float) -> None:
        while time.monotonic() < end:
            self._turn(self.longest_silence_s)

    def _send_on_time(self, due: Iterator[float], end: float) -> None:
        for at in due:
            while (wait_s := at - time.monotonic()) > 0:
                self._turn(wait_s, may_be_silent=True)
            self._send(len(self._sent_at) % len(self._sockets), at)
            self._flush()
            if at >= end:
                return

    def _turn(self, timeout_s: float, *, may_be_silent: bool = False) -> None:
        self._flush()
        # epoll waits whole milliseconds, which is long beside what a message takes.
        if timeout_s < _FINE_WAIT_S:
            select.select([self._poll], (), (), timeout_s)
            timeout_s = 0.0
        ready = self._poll.poll(timeout_s)
        if not ready and not may_be_silent:
            raise Stalled(
                f"{len(self._deliveries)} of {self._copies * len(self._sent_at)} pushes came, "
                f"then nothing for {self.longest_silence_s:g} s"
            )
        for descriptor, _ in ready:
            self._receive(self._number_of[descriptor])

    def _send(self, number: int, sent_at: float) -> None:
        frame = self._frames[number].make(len(self._sent_at))
        self._sent_at.append(sent_at)
        self._missing.append(self._copies)
        self._outgoing.setdefault(number, []).append(frame)

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, {}
        for number, frames in outgoing.items():
            # A few short frames a pair: they fit into the kernel's buffer, or the other side has stopped reading.
            data = b"".join(frames)
            if self._sockets[number].send(data) != len(data):
                raise Stalled("a connection takes no more")

    def _receive(self, number: int) -> None:
        data = self._sockets[number].recv(262_144)
        if not data:
            raise Stalled("a connection was closed")
        buffer = self._buffers[number]
        buffer += data
        self._take_from(number, buffer, time.monotonic())

    @abstractmethod
    def _take_from(self, number: int, buffer: bytearray, now: float) -> None:
        """Cut what is whole from what connection `number` has received; tell `_acked` and `_pushed` what it is about."""

    @abstractmethod
    def _awaits_acks(self, sent: int) -> bool:
        """Whether more acks must come when so many messages were sent."""

    def _acked(self, message: int, now: float) -> None:
        self._acks.append((message, now))

    def _pushed(self, number: int, message: int, now: float) -> None:
        self._deliveries.append((message, now))
        missing = self._missing[message] = self._missing[message] - 1
        if missing < 0:
            raise Doubled(f"message {message} came more than {self._copies} times")
        if not missing and self._answering:
            self._send(number, now)


def _due_times(start: float, per_second: float) -> Iterator[float]:
    count = 0
    while True:
        count += 1
        yield start + count / per_second
