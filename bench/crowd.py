"""Many connections that log in by token and then say nothing but heartbeats: prepared frames, one loop over epoll."""

import contextlib
import enum
import errno
import heapq
import random
import select
import socket
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

import attrs

from bench.accounts import TokenHolder
from bench.frames import whole_frames
from naivechat.protocol.codec import decode, encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest, KickedNotice, ReconnectRequest

HEARTBEAT_EVERY_S = 30.0
_HEARTBEAT = encode_frame(HeartbeatRequest(rid=1))
_LOGGED_IN, _ALIVE = int(Command.LOGIN_RESPONSE), int(Command.HEARTBEAT_RESPONSE)
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.5, 60.0
_LONGEST_SILENCE_S = 60.0
_ADDRESSES = 8
"""Source addresses, 127.0.0.2 and up: each has some 28,000 ports."""


class _Stage(enum.Enum):
    CONNECTING = enum.auto()
    LOGGING_IN = enum.auto()
    IN = enum.auto()


@attrs.define(kw_only=True)
class _Line:
    """One person's connection."""

    number: int
    socket: socket.socket
    stage: _Stage = _Stage.CONNECTING
    buffer: bytearray = attrs.field(factory=bytearray)


class _Refused(Exception):
    """A node has answered a login with something else than a LoginResponse."""

    def __init__(self, answer: object) -> None:
        super().__init__(_refusal(answer))
        self.retry_after_s = (getattr(answer, "retry_after_ms", None) or 0) / 1000


class NobodyComes(Exception):
    """For a minute nobody's login got any further."""


@attrs.frozen(kw_only=True)
class Arrival:
    """How people came: the time until the last one had a LoginResponse; how often what went wrong, and was tried again."""

    people: int
    seconds: float
    failed: Mapping[str, int]


@attrs.frozen(kw_only=True)
class Rest:
    """Heartbeats of a time without anything else; `lost` connections were ended by the node."""

    seconds: float
    heartbeats: int
    answered: int
    lost: int


def by_token(holders: Iterable[TokenHolder]) -> list[bytes]:
    """The frames by which these people log in."""
    return [
        encode_frame(ReconnectRequest(rid=1, protocol=1, user_id=holder.user_id, token=holder.token))
        for holder in holders
    ]


class Crowd:
    """People, and their connections to 127.0.0.1.

    Args:
        logins: the frame by which each of them logs in.
    """

    def __init__(self, port: int, logins: Sequence[bytes]) -> None:
        self._port = port
        self._logins = logins
        self._poll = select.epoll()
        self._lines: dict[int, _Line] = {}
        self._inside = 0
        self._waiting: deque[int] = deque()
        self._retries: list[tuple[float, int]] = []
        self._failed: Counter[str] = Counter()
        self._tries: Counter[int] = Counter()
        self._lost = self._answered = 0

    def come(self, numbers: Iterable[int], *, at_once: int) -> Arrival:
        """Log in these people, so many at the same time. Whoever does not get in tries again, as late as the client library would.

        Raises:
            NobodyComes.
        """
        self._waiting = deque(numbers)
        people, wanted = len(self._waiting), self._inside + len(self._waiting)
        self._failed.clear()
        self._tries.clear()
        start = last_progress = time.monotonic()
        while self._inside < wanted:
            self._let_in(at_once)
            before = self._inside
            self._turn(0.05)
            now = time.monotonic()
            last_progress = now if self._inside > before else last_progress
            if now - last_progress > _LONGEST_SILENCE_S:
                raise NobodyComes(f"{wanted - self._inside} people are not in: {dict(self._failed)}")
        return Arrival(people=people, seconds=time.monotonic() - start, failed=dict(self._failed))

    def rest(self, seconds: float) -> Rest:
        """Heartbeats, each person's every 30 s, evenly; the time ends when that long has passed."""
        self._answered = self._lost = sent = 0
        turns = deque(self._lines.values())
        gap_s = HEARTBEAT_EVERY_S / len(turns)
        start = time.monotonic()
        while (now := time.monotonic()) < start + seconds:
            while start + sent * gap_s <= now:
                self._beat(turns[0])
                turns.rotate(-1)
                sent += 1
            self._turn(max(0.0, start + sent * gap_s - time.monotonic()))
        self._turn(1.0)
        return Rest(
            seconds=time.monotonic() - start, heartbeats=sent, answered=self._answered, lost=self._lost
        )

    def leave(self) -> None:
        """Close all connections, whatever has become of the other side."""
        for line in self._lines.values():
            line.socket.close()
        self._lines.clear()
        self._retries.clear()
        self._inside = 0

    def _let_in(self, at_once: int) -> None:
        while self._retries and self._retries[0][0] <= time.monotonic():
            self._waiting.append(heapq.heappop(self._retries)[1])
        while self._waiting and len(self._lines) - self._inside < at_once:
            self._connect(self._waiting.popleft())

    def _connect(self, number: int) -> None:
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind((f"127.0.0.{2 + number % _ADDRESSES}", 0))
        sock.connect_ex(("127.0.0.1", self._port))
        self._lines[sock.fileno()] = _Line(number=number, socket=sock)
        self._poll.register(sock, select.EPOLLOUT)

    def _beat(self, line: _Line) -> None:
        # A connection that has ended is found by the poll.
        with contextlib.suppress(OSError):
            line.socket.send(_HEARTBEAT)

    def _turn(self, timeout_s: float) -> None:
        for descriptor, _ in self._poll.poll(timeout_s, 256):
            line = self._lines[descriptor]
            try:
                self._go_on(line)
            except OSError as error:
                self._drop(line, errno.errorcode.get(error.errno or 0, "closed"))
            except _Refused as refusal:
                self._drop(line, str(refusal), refusal.retry_after_s)

    def _go_on(self, line: _Line) -> None:
        if line.stage is _Stage.CONNECTING:
            line.socket.send(self._logins[line.number])
            line.stage = _Stage.LOGGING_IN
            self._poll.modify(line.socket, select.EPOLLIN)
            return
        data = line.socket.recv(65_536)
        if not data:
            raise ConnectionResetError
        line.buffer += data
        used = 0
        for start, end in whole_frames(line.buffer):
            self._take(line, line.buffer[start], bytes(line.buffer[start + 1 : end]))
            used = end
        del line.buffer[:used]

    def _take(self, line: _Line, command: int, payload: bytes) -> None:
        if command == _ALIVE:
            self._answered += 1
        elif command == _LOGGED_IN:
            line.stage = _Stage.IN
            self._inside += 1
        elif line.stage is _Stage.LOGGING_IN:
            raise _Refused(decode(command, payload))

    def _drop(self, line: _Line, reason: str, retry_after_s: float = 0.0) -> None:
        del self._lines[line.socket.fileno()]
        line.socket.close()
        if line.stage is _Stage.IN:
            self._inside -= 1
            self._lost += 1
        self._failed[reason] += 1
        self._tries[line.number] += 1
        longest_s = min(_FIRST_RETRY_S * 2.0 ** (self._tries[line.number] - 1), _LONGEST_RETRY_S)
        delay_s = max(longest_s * random.uniform(0.5, 1.0), retry_after_s)
        heapq.heappush(self._retries, (time.monotonic() + delay_s, line.number))


def _refusal(packet: object) -> str:
    match packet:
        case ErrorResponse(code=code):
            return code
        case KickedNotice(reason=reason):
            return f"kicked: {reason}"
    return type(packet).__name__
