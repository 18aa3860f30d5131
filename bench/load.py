"""The load generator: connections that are logged in already, prepared frames, one loop over epoll.

The connections stand in pairs, 0 and 1, 2 and 3 …. A message is on its way until its receiver has it.
"""

import os
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from bench.frames import ACK, DELIVERY, PREFIX, MessageFrames, find_number

_LONGEST_SILENCE_S = 10.0


class Stalled(Exception):
    """Nothing came for 10 s though messages are on their way, or the other side closed a connection."""


@attrs.frozen(kw_only=True)
class Measured:
    """What was seen between the marks. Latencies in seconds, of the messages that were delivered there."""

    delivered: int
    seconds: float
    acked_after_s: Sequence[float]
    delivered_after_s: Sequence[float]


class Load:
    """Sends messages between the people of pairs.

    Args:
        sockets: logged-in connections in pairs, an even number.
        names: whose connections they are.
        text_bytes: length of each message's text.
        at_marks: called when measuring begins and when it ends.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        names: Sequence[str],
        *,
        text_bytes: int,
        at_marks: Callable[[], None],
    ) -> None:
        self._run = os.urandom(8)
        self._sockets = sockets
        self._frames = [
            MessageFrames(names[number ^ 1], run=self._run, text_bytes=text_bytes)
            for number in range(len(names))
        ]
        self._at_marks = at_marks
        self._poll = select.epoll()
        self._buffers: dict[int, bytearray] = {}
        self._number_of: dict[int, int] = {}
        self._outgoing: dict[int, list[bytes]] = {}
        self._sent_at: list[float] = []
        self._acks: list[tuple[int, float]] = []
        self._deliveries: list[tuple[int, float]] = []
        self._answering = False
        for number, sock in enumerate(sockets):
            sock.setblocking(False)
            self._poll.register(sock, select.EPOLLIN)
            self._buffers[number] = bytearray()
            self._number_of[sock.fileno()] = number

    def saturate(self, *, in_flight: int, warm_up_s: float, measured_s: float) -> Measured:
        """Keep `in_flight` messages of every pair on their way: whoever receives one answers with the next."""
        self._answering = True
        for index in range(in_flight * len(self._sockets) // 2):
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
        """Send no more, and wait until everything on its way is acked and delivered."""
        self._answering = False
        while not len(self._acks) == len(self._deliveries) == len(self._sent_at):
            self._turn(_LONGEST_SILENCE_S)

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
            self._turn(_LONGEST_SILENCE_S)

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
        ready = self._poll.poll(timeout_s)
        if not ready and not may_be_silent:
            raise Stalled(
                f"{len(self._deliveries)} of {len(self._sent_at)} messages came, then nothing for {timeout_s:g} s"
            )
        for descriptor, _ in ready:
            self._receive(self._number_of[descriptor])

    def _send(self, number: int, sent_at: float) -> None:
        frame = self._frames[number].make(len(self._sent_at))
        self._sent_at.append(sent_at)
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
        now, used = time.monotonic(), 0
        while len(buffer) - used >= PREFIX.size:
            end = used + PREFIX.size + PREFIX.unpack_from(buffer, used)[0]
            if end > len(buffer):
                break
            self._take(number, buffer, used + PREFIX.size, end, now)
            used = end
        del buffer[:used]

    def _take(self, number: int, buffer: bytearray, start: int, end: int, now: float) -> None:
        command = buffer[start]
        if command not in (ACK, DELIVERY):
            return
        message = find_number(buffer, start, end, self._run)
        if message is None:
            return
        if command == ACK:
            self._acks.append((message, now))
            return
        self._deliveries.append((message, now))
        if self._answering:
            self._send(number, now)


def _due_times(start: float, per_second: float) -> Iterator[float]:
    count = 0
    while True:
        count += 1
        yield start + count / per_second
