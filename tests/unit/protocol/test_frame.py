"""Frames out of a stream: any split gives the same frames; what is too long is refused unread."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.testing import StringTransport

from naivechat.protocol import codec, frame
from naivechat.protocol.frame import FrameReceiver
from naivechat.protocol.packet import Packet
from tests.strategies import packets

Frames = list[tuple[int, bytes]]


class Receiver(FrameReceiver):
    """Keeps what it is called with."""

    max_frame = frame.MAX_NODE_FRAME

    def __init__(self) -> None:
        self.frames: Frames = []
        self.refusals: list[str] = []

    def frame_received(self, command: int, payload: bytes) -> None:
        self.frames.append((command, payload))

    def frame_refused(self, reason: str) -> None:
        self.refusals.append(reason)


class Pausing(Receiver):
    """Pauses after each frame."""

    def frame_received(self, command: int, payload: bytes) -> None:
        super().frame_received(command, payload)
        self.pauseProducing()


def connected(receiver: Receiver | None = None) -> Receiver:
    """A receiver with a transport."""
    receiver = receiver or Receiver()
    receiver.makeConnection(StringTransport())
    return receiver


def framed(command: int, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return struct.pack(">IB", 1 + len(payload), command) + payload


frames = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=6)


@given(st.lists(packets(), max_size=4), st.data())
def test_any_split_of_a_stream_gives_the_same_packets(sent: list[Packet], data: st.DataObject) -> None:
    stream = b"".join(map(codec.encode_frame, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    receiver = connected()
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        receiver.dataReceived(stream[start:end])
    assert [codec.decode(*received) for received in receiver.frames] == sent


@given(frames)
def test_a_stream_may_come_whole_or_byte_by_byte(sent: Frames) -> None:
    stream = b"".join(framed(*each) for each in sent)
    whole, dripped = connected(), connected()
    whole.dataReceived(stream)
    for at in range(len(stream)):
        dripped.dataReceived(stream[at : at + 1])
    assert whole.frames == dripped.frames == sent


@given(frames, st.binary(max_size=3))
def test_bytes_left_over_wait_for_the_rest_of_their_frame(sent: Frames, payload: bytes) -> None:
    last = framed(9, payload)
    for cut in range(len(last)):
        receiver = connected()
        receiver.dataReceived(b"".join(framed(*each) for each in sent) + last[:cut])
        assert receiver.frames == sent
        receiver.dataReceived(last[cut:])
        assert receiver.frames == [*sent, (9, payload)]


@given(st.binary(max_size=60), st.data())
def test_random_bytes_give_the_same_frames_and_refusals_in_any_split(
    stream: bytes, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(stream)))
    whole, halved = connected(), connected()
    whole.dataReceived(stream)
    halved.dataReceived(stream[:cut])
    halved.dataReceived(stream[cut:])
    assert (whole.frames, whole.refusals) == (halved.frames, halved.refusals)
    assert len(whole.refusals) <= 1


def test_the_longest_frame_is_taken_in_pieces_too() -> None:
    receiver = connected()
    receiver.max_frame = 10
    stream = framed(1, b"x" * 9)
    receiver.dataReceived(stream[:7])
    receiver.dataReceived(stream[7:])
    assert receiver.frames == [(1, b"x" * 9)]


@pytest.mark.parametrize("limit", [frame.MAX_FRAME_BEFORE_LOGIN, frame.MAX_FRAME, frame.MAX_NODE_FRAME])
def test_a_frame_of_the_greatest_length_passes_and_one_byte_more_does_not(limit: int) -> None:
    receiver = connected()
    receiver.max_frame = limit
    receiver.dataReceived(framed(1, b"x" * (limit - 1)))
    assert receiver.frames == [(1, b"x" * (limit - 1))]
    receiver.dataReceived(struct.pack(">I", limit + 1))
    assert receiver.refusals == [f"a frame of length {limit + 1} is above the limit of {limit}"]


def test_the_limits_are_those_of_the_protocol() -> None:
    assert (frame.MAX_FRAME_BEFORE_LOGIN, frame.MAX_FRAME, frame.MAX_NODE_FRAME) == (4_096, 65_536, 4_194_304)
    assert FrameReceiver.max_frame == frame.MAX_FRAME_BEFORE_LOGIN


@pytest.mark.parametrize("length", [0, 4_194_305, 2**31, 2**32 - 1])
def test_a_refused_frame_is_refused_once_and_nothing_is_kept_or_heard_after_it(length: int) -> None:
    receiver = connected()
    receiver.dataReceived(framed(1, b"a") + struct.pack(">I", length) + framed(2, b"b") + b"\xff" * 20)
    for _ in range(50):
        receiver.dataReceived(b"x" * 1_000)
    receiver.dataReceived(framed(3) + struct.pack(">I", 0))
    receiver.dataReceived(b"x" * 3)
    receiver.resumeProducing()
    assert receiver.frames == [(1, b"a")]
    assert len(receiver.refusals) == 1
    assert held_bytes(receiver) == 0


def test_a_length_of_nothing_that_comes_alone_is_refused() -> None:
    receiver = connected()
    receiver.dataReceived(struct.pack(">I", 0))
    assert (receiver.frames, receiver.refusals) == ([], ["a frame of length 0 has no command"])


def test_two_faults_in_one_read_are_refused_once() -> None:
    receiver = connected()
    receiver.dataReceived(struct.pack(">II", 0, 2**32 - 1))
    assert receiver.refusals == ["a frame of length 0 has no command"]


def test_the_limit_may_change_between_two_frames_of_one_read() -> None:
    class LoggingIn(Receiver):
        max_frame = frame.MAX_FRAME_BEFORE_LOGIN

        def frame_received(self, command: int, payload: bytes) -> None:
            super().frame_received(command, payload)
            self.max_frame = frame.MAX_FRAME

    receiver = connected(LoggingIn())
    receiver.dataReceived(framed(1) + framed(2, b"x" * 60_000))
    assert [command for command, _ in receiver.frames] == [1, 2]


def test_a_paused_receiver_keeps_frames_until_it_is_resumed() -> None:
    receiver = connected(Pausing())
    receiver.dataReceived(framed(1) + framed(2) + framed(3, b"abc")[:-1])
    assert receiver.frames == [(1, b"")]
    assert receiver.transport.producerState == "paused"
    receiver.dataReceived(b"c")
    receiver.resumeProducing()
    assert receiver.frames == [(1, b""), (2, b"")]
    receiver.resumeProducing()
    assert receiver.frames == [(1, b""), (2, b""), (3, b"abc")]


def test_a_paused_receiver_keeps_a_lone_frame_until_it_is_resumed() -> None:
    receiver = connected()
    receiver.pauseProducing()
    receiver.dataReceived(framed(1))
    assert receiver.frames == []
    receiver.resumeProducing()
    assert receiver.frames == [(1, b"")]


def test_the_rest_of_a_frame_may_look_like_a_frame() -> None:
    receiver = connected()
    receiver.dataReceived(framed(1, framed(2))[:5])
    receiver.dataReceived(framed(2))
    assert receiver.frames == [(1, framed(2))]


def test_a_receiver_paused_in_the_middle_of_a_frame_goes_on_there() -> None:
    receiver = connected()
    receiver.dataReceived(framed(1, b"abc")[:6])
    receiver.pauseProducing()
    receiver.dataReceived(framed(1, b"abc")[6:] + framed(2))
    assert receiver.frames == []
    receiver.resumeProducing()
    assert receiver.frames == [(1, b"abc"), (2, b"")]


def test_resuming_while_a_frame_is_taken_delivers_no_frame_twice() -> None:
    class Hasty(Receiver):
        def frame_received(self, command: int, payload: bytes) -> None:
            super().frame_received(command, payload)
            self.pauseProducing()
            self.resumeProducing()

    receiver = connected(Hasty())
    receiver.dataReceived(framed(1) + framed(2) + framed(3))
    assert receiver.frames == [(1, b""), (2, b""), (3, b"")]


def test_bytes_that_come_while_a_frame_is_taken_stand_behind_it() -> None:
    class Echoed(Receiver):
        def frame_received(self, command: int, payload: bytes) -> None:
            super().frame_received(command, payload)
            if command == 1:
                self.dataReceived(framed(3))

    receiver = connected(Echoed())
    receiver.dataReceived(framed(1) + framed(2))
    assert [command for command, _ in receiver.frames] == [1, 2, 3]


def test_bytes_that_come_while_a_lone_frame_is_taken_are_taken_after_it() -> None:
    taken: list[str] = []

    class Echoed(Receiver):
        def frame_received(self, command: int, payload: bytes) -> None:
            taken.append(f"{command} begins")
            if command == 1:
                self.dataReceived(framed(2))
            taken.append(f"{command} ends")

    connected(Echoed()).dataReceived(framed(1))
    assert taken == ["1 begins", "1 ends", "2 begins", "2 ends"]


def test_bytes_that_come_while_a_frame_is_taken_are_dropped_when_the_next_one_is_refused() -> None:
    class Echoed(Receiver):
        def frame_received(self, command: int, payload: bytes) -> None:
            super().frame_received(command, payload)
            self.dataReceived(framed(3))

    receiver = connected(Echoed())
    receiver.dataReceived(framed(1) + struct.pack(">I", 0))
    assert receiver.frames == [(1, b"")]
    assert held_bytes(receiver) == 0


def test_a_small_frame_behind_a_long_one_is_taken_when_the_receiver_is_resumed() -> None:
    receiver = connected(Pausing())
    receiver.dataReceived(framed(1, b"x" * 1_000)[:10])
    receiver.dataReceived(framed(1, b"x" * 1_000)[10:] + framed(2))
    receiver.resumeProducing()
    assert [command for command, _ in receiver.frames] == [1, 2]


def test_a_dripped_frame_is_handed_on_once_it_is_whole() -> None:
    passed_on = []

    class Counting(Receiver):
        def _take_held(self) -> None:
            passed_on.append(len(self._held))
            super()._take_held()

    receiver = connected(Counting())
    for byte in framed(1, b"x" * 1_000):
        receiver.dataReceived(bytes([byte]))
    assert passed_on == [4, 1_005]
    assert receiver.frames == [(1, b"x" * 1_000)]


def test_a_receiver_is_mid_frame_from_the_first_byte_to_the_last() -> None:
    receiver = connected()
    stream = framed(1, b"abc")
    for byte in stream[:-1]:
        receiver.dataReceived(bytes([byte]))
        assert receiver.is_mid_frame
    receiver.dataReceived(stream[-1:])
    assert not receiver.is_mid_frame


def test_a_receiver_of_its_own_must_say_what_to_do() -> None:
    for call in (lambda: FrameReceiver().frame_received(1, b""), lambda: FrameReceiver().frame_refused("")):
        with pytest.raises(NotImplementedError):
            call()


def held_bytes(receiver: Receiver) -> int:
    """How many bytes a receiver keeps of the stream."""
    return len(receiver._held)
