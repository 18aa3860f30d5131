"""What waits for a peer: joined by turns, straight to the kernel where nothing is in between, in order, within bounds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.abstract import FileDescriptor
from twisted.internet.main import CONNECTION_LOST
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from naivechat.sockets.outbox import MOST_WAITING_BYTES, PORTION_BYTES, Outbox
from naivechat.sockets.turn import MOST_ALONE, REST_S, Turn
from tests.logs import logged_errors


class Kernel(FileDescriptor):
    """A bare transport whose kernel takes `room` bytes more; the reactor asks by `doWrite`."""

    def __init__(self, room: int) -> None:
        super().__init__(reactor=self)
        self.connected = 1
        self.room = room
        self.sends: list[bytes] = []
        self.is_lost = False

    @property
    def taken(self) -> bytes:
        return b"".join(self.sends)

    def writeSomeData(self, data: bytes) -> Any:
        if self.is_lost:
            return CONNECTION_LOST
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        self.sends += [taken] if taken else []
        return len(taken)

    def take_more(self, room: int) -> None:
        self.room = room
        if self.asks:
            self.doWrite()

    asks = False

    def removeReader(self, _: object) -> None:
        """Nothing is read here."""

    def addWriter(self, _: object) -> None:
        self.asks = True

    def removeWriter(self, _: object) -> None:
        self.asks = False


class Sender:
    """An outbox on a transport, and what it has said. Others have written before it, unless there was a rest."""

    def __init__(self, transport: Any) -> None:
        self.transport, self.clock = transport, Clock()
        self.changes: list[bool] = []
        self.overflows = 0
        self.turn = Turn(self.clock)
        for _ in range(MOST_ALONE):
            self.turn.leaves_alone()
        self.outbox = Outbox(transport, self.turn, self.changed, self.overflowed)

    def changed(self) -> None:
        self.changes.append(self.outbox.congested)

    def overflowed(self) -> None:
        self.overflows += 1

    def write(self, *frames: bytes) -> None:
        for frame in frames:
            self.outbox.write(frame)

    def end_turn(self) -> None:
        self.clock.advance(0)

    def rest(self, seconds: float = REST_S) -> None:
        self.clock.advance(seconds)


def test_frames_of_one_turn_go_to_the_kernel_in_one_piece_and_the_reactor_is_not_asked() -> None:
    kernel = Kernel(1_000)
    sender = Sender(kernel)
    sender.write(b"a", b"bc", b"", b"d")
    assert kernel.sends == []
    sender.end_turn()
    assert kernel.sends == [b"abcd"]
    assert not kernel.asks
    assert sender.changes == []


def test_a_frame_that_stands_alone_leaves_at_once_but_not_before_what_waits() -> None:
    kernel = Kernel(10)
    sender = Sender(kernel)
    sender.outbox.write_alone(b"a")
    assert kernel.sends == [b"a"]
    sender.write(b"b")
    sender.outbox.write_alone(b"c")
    assert kernel.sends == [b"a"]
    sender.end_turn()
    assert kernel.sends == [b"a", b"bc"]
    sender.outbox.write_alone(b"defghijkl")
    sender.outbox.write_alone(b"m")
    assert kernel.taken == b"abcdefghij"
    kernel.take_more(9)
    assert kernel.taken == b"abcdefghijklm"
    sender.outbox.close()
    sender.outbox.write_alone(b"n")
    sender.end_turn()
    kernel.take_more(9)
    assert kernel.taken == b"abcdefghijklm"


def test_what_the_kernel_does_not_take_is_kept_and_nothing_overtakes_it() -> None:
    kernel = Kernel(2)
    sender = Sender(kernel)
    sender.write(b"abcd")
    sender.end_turn()
    assert sender.changes == [True]
    kernel.room = 1_000
    sender.write(b"ef")
    sender.end_turn()
    assert kernel.taken == b"ab"
    kernel.take_more(1_000)
    assert kernel.taken == b"abcdef"
    assert sender.changes == [True, False]


def test_after_a_rest_a_push_and_an_ack_leave_at_once_and_what_follows_leaves_together() -> None:
    kernel = Kernel(1_000)
    sender = Sender(kernel)
    sender.rest()
    sender.write(b"push", b"ack", b"a", b"b")
    assert kernel.sends == [b"push", b"ack"]
    sender.end_turn()
    assert kernel.sends == [b"push", b"ack", b"ab"]


def test_it_is_a_rest_only_when_nobody_writes_for_long_enough() -> None:
    kernel = Kernel(1_000)
    sender = Sender(kernel)
    for _ in range(3):
        sender.rest(0.9 * REST_S)
        sender.write(b"a")
    assert sender.clock.getDelayedCalls()
    sender.end_turn()
    sends = list(kernel.sends)
    sender.rest()
    sender.write(b"b")
    assert kernel.sends == [*sends, b"b"]
    assert not sender.clock.getDelayedCalls()


def test_what_leaves_at_once_overtakes_nothing_that_waits() -> None:
    kernel = Kernel(2)
    sender = Sender(kernel)
    sender.rest()
    sender.write(b"abcd")
    assert sender.changes == [True]
    sender.rest()
    kernel.room = 1_000
    sender.write(b"ef")
    kernel.take_more(1_000)
    assert kernel.taken == b"abcdef"


@given(
    st.lists(
        st.tuples(st.binary(max_size=30), st.sampled_from((None, 0.0, REST_S)), st.integers(0, 40)),
        max_size=20,
    )
)
def test_whatever_the_kernel_takes_and_when_all_bytes_come_in_order(
    steps: list[tuple[bytes, float | None, int]],
) -> None:
    kernel = Kernel(0)
    sender = Sender(kernel)
    for frame, pause_s, room in steps:
        sender.write(frame)
        if pause_s is not None:
            sender.rest(pause_s)
        kernel.take_more(room)
    sender.end_turn()
    kernel.take_more(1_000)
    assert kernel.taken == b"".join(frame for frame, _, _ in steps)
    assert not sender.outbox.congested


def test_other_transports_get_the_frames_of_a_turn_joined() -> None:
    writes: list[bytes] = []
    transport = StringTransport()
    transport.write = writes.append
    sender = Sender(transport)
    sender.write(b"a", b"b")
    sender.end_turn()
    assert writes == [b"ab"]


def test_a_long_turn_does_not_gather_more_than_a_portion() -> None:
    kernel = Kernel(10 * PORTION_BYTES)
    sender = Sender(kernel)
    sender.write(*[b"x" * 1_024] * 64)
    assert len(kernel.taken) == PORTION_BYTES
    sender.write(b"y")
    sender.end_turn()
    assert kernel.taken.endswith(b"xy")


def test_who_takes_nothing_overflows_once_it_lets_a_mebibyte_wait() -> None:
    sender = Sender(Kernel(0))
    sender.write(*[b"x" * PORTION_BYTES] * (1 + MOST_WAITING_BYTES // PORTION_BYTES))
    assert sender.overflows == 0
    sender.write(b"x")
    assert sender.overflows == 1


def test_the_farewell_follows_what_waits_and_nothing_follows_it() -> None:
    kernel = Kernel(3)
    sender = Sender(kernel)
    sender.write(b"abcd")
    sender.end_turn()
    sender.write(b"ef")
    sender.outbox.close(b"bye")
    sender.write(b"late")
    sender.outbox.close(b"again")
    kernel.take_more(1_000)
    sender.end_turn()
    assert kernel.taken == b"abcdefbye"
    assert kernel.disconnecting


def test_a_lost_connection_is_left_to_the_reactor_to_find() -> None:
    kernel = Kernel(1_000)
    kernel.is_lost = True
    sender = Sender(kernel)
    sender.write(b"a")
    sender.end_turn()
    assert kernel.asks
    assert kernel.doWrite() is CONNECTION_LOST


def test_what_waits_for_a_connection_that_is_gone_is_forgotten() -> None:
    kernel = Kernel(1_000)
    sender = Sender(kernel)
    sender.write(b"a")
    sender.outbox.lost()
    sender.end_turn()
    assert kernel.sends == []


def test_a_call_that_fails_at_the_end_of_a_turn_keeps_no_other_back() -> None:
    sender = Sender(Kernel(1_000))
    sender.turn.at_end(lambda: 1 // 0)
    sender.write(b"a")
    sender.end_turn()
    assert sender.transport.taken == b"a"
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
