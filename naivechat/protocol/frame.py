"""Cuts a stream of bytes into frames: ``uint32 big-endian length | uint8 command | payload``.

Source: ``docs/protocol.md``, section "Frame".
"""

from struct import unpack_from
from typing import Final

from twisted.protocols.basic import Int32StringReceiver

MAX_FRAME_BEFORE_LOGIN: Final = 4 * 1024
"""The greatest length of a frame that a node takes before login, in bytes after the prefix."""

MAX_FRAME: Final = 64 * 1024
"""The greatest length of a frame that a node takes after login."""

MAX_NODE_FRAME: Final = 4 * 1024 * 1024
"""The greatest length of a frame that a node sends."""


class FrameReceiver(Int32StringReceiver):
    """Calls `frame_received` for every frame, until `frame_refused` is called once.

    The pieces of a frame are gathered and handed to Twisted's receiver when the frame is whole,
    because that one copies all it holds whenever a piece comes.
    While paused it delivers nothing; `resumeProducing` goes on where it stopped.

    Attributes:
        max_frame: the greatest length of a frame, in bytes; may be set at any time.
    """

    max_frame: int = MAX_FRAME_BEFORE_LOGIN

    _gathered: bytes | bytearray = b""
    _missing = 0
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
        return bool(self._gathered or self._unprocessed)

    @property
    def MAX_LENGTH(self) -> int:  # type: ignore[override]  # Twisted's receiver only reads it
        """What Twisted's receiver calls `max_frame`."""
        return self.max_frame

    def dataReceived(self, data: bytes) -> None:
        """Called by the transport with bytes of the stream, and by `resumeProducing` with none."""
        if self._refused:
            return
        if self._gathered:
            self._gathered += data
        else:
            self._gathered = bytearray(data)
        self._missing -= len(data)
        # frame_received may call resumeProducing, which comes back here: Twisted's would deliver the frame again.
        if self._missing <= 0 and not self._receiving:
            self._receive()

    def stringReceived(self, string: bytes) -> None:
        """Called by Twisted's receiver with the command and payload of one frame."""
        if self._refused:
            return
        if string:
            self.frame_received(string[0], string[1:])
        else:
            self._refuse("a frame of length 0 has no command")

    def lengthLimitExceeded(self, length: int) -> None:
        """Called by Twisted's receiver when a length prefix is above the limit."""
        if not self._refused:
            self._refuse(f"a frame of length {length} is above the limit of {self.max_frame}")

    def _receive(self) -> None:
        self._receiving = True
        try:
            self._pass_on()
            while self._gathered:
                self._pass_on()
        finally:
            self._receiving = False
        if self._refused:
            self._unprocessed = b""
        self._missing = self._count_missing()

    def _pass_on(self) -> None:
        data, self._gathered = bytes(self._gathered), b""
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _count_missing(self) -> int:
        """How many bytes must come before anything can be done with them."""
        if self.paused:
            return 0
        held = len(self._unprocessed)
        if held < self.prefixLength:
            return self.prefixLength - held
        (length,) = unpack_from(self.structFormat, self._unprocessed)
        return int(self.prefixLength + length - held)

    def _refuse(self, reason: str) -> None:
        self._refused = True
        self.frame_refused(reason)
