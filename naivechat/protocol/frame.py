"""Cuts a stream of bytes into frames: ``uint32 big-endian length | uint8 command | payload``.

Source: ``docs/protocol.md``, section "Frame".
"""

from struct import Struct
from typing import Final

from twisted.protocols.basic import Int32StringReceiver

MAX_FRAME_BEFORE_LOGIN: Final = 4 * 1024
"""The greatest length of a frame that a node takes before login, in bytes after the prefix."""

MAX_FRAME: Final = 64 * 1024
"""The greatest length of a frame that a node takes after login."""

MAX_NODE_FRAME: Final = 4 * 1024 * 1024
"""The greatest length of a frame that a node sends."""

_PREFIX: Final = Struct(Int32StringReceiver.structFormat)


class FrameReceiver(Int32StringReceiver):
    """Calls `frame_received` for every frame, until `frame_refused` is called once.

    Frames are cut here and not by Twisted's receiver, which spends twice as much on each, and copies all it holds whenever a
    piece comes. While paused it delivers nothing; `resumeProducing` goes on where it stopped.

    Attributes:
        max_frame: the greatest length of a frame, in bytes; may be set at any time.
    """

    max_frame: int = MAX_FRAME_BEFORE_LOGIN

    _held: bytes | bytearray = b""
    _wanted = _PREFIX.size
    """How many bytes must be held before anything can be done with them."""
    _receiving = False
    _refused = False

    def frame_received(self, command: int, payload: bytes) -> None:
        """Take one frame. To be overridden.

        Args:
            command: the command byte, 0 to 255.
            payload: what follows it, maybe b"".
        """
        raise NotImplementedError

    def frame_refused(self, reason: str) -> None:
        """A length of 0 or above `max_frame` has come; all that follows is dropped. To be overridden.

        Args:
            reason: a sentence for people, with nothing of the peer's in it but the length.
        """
        raise NotImplementedError

    @property
    def is_mid_frame(self) -> bool:
        """Whether bytes are held that are not delivered yet: an unfinished frame, or while paused any."""
        return bool(self._held)

    def dataReceived(self, data: bytes) -> None:
        """Called by the transport with bytes of the stream, and by `resumeProducing` with none."""
        if self._refused:
            return
        # frame_received may call resumeProducing, which comes back here.
        is_alone = not (self._receiving or self.paused or self._held) and self._is_one_frame(data)
        if not is_alone:
            self._held += data
            if self._receiving:
                return
        self._receiving = True
        try:
            if is_alone:
                self.frame_received(data[_PREFIX.size], data[_PREFIX.size + 1 :])
            while not self.paused and len(self._held) >= self._wanted:
                self._take_held()
        finally:
            self._receiving = False

    def _is_one_frame(self, data: bytes) -> bool:
        """Whether these are the bytes of one frame, as mostly where somebody writes now and then."""
        length = len(data) - _PREFIX.size
        return 0 < length <= self.max_frame and data.startswith(_PREFIX.pack(length))

    def _take_held(self) -> None:
        """Deliver the whole frames among the bytes held, and keep the rest."""
        stream, self._held = bytes(self._held), b""
        start = 0
        try:
            while not self.paused and (end := self._end_of_frame(stream, start)):
                body, start = start + _PREFIX.size, end
                self.frame_received(stream[body], stream[body + 1 : end])
        finally:
            if self._refused:
                self._held = b""
            elif start < len(stream):
                self._held = bytearray(stream[start:]) + self._held

    def _end_of_frame(self, stream: bytes, start: int) -> int:
        """Where the frame ends that begins at `start`; 0 when it is not whole, or is refused."""
        body = start + _PREFIX.size
        if len(stream) < body:
            return 0
        (length,) = _PREFIX.unpack_from(stream, start)
        if not 0 < length <= self.max_frame:
            self._refuse(length)
            return 0
        end: int = body + length
        if len(stream) < end:
            self._wanted = end - start
            return 0
        self._wanted = _PREFIX.size
        return end

    def _refuse(self, length: int) -> None:
        self._refused = True
        if length:
            reason = f"a frame of length {length} is above the limit of {self.max_frame}"
        else:
            reason = "a frame of length 0 has no command"
        self.frame_refused(reason)
