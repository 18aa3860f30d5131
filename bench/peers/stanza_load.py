"""The load of XMPP's stanzas."""

import os
import socket
from collections.abc import Callable, Sequence

from bench.load import Load
from bench.peers.xmpp import StanzaReader, Stanzas


class StanzaLoad(Load):
    """Messages to one receiver each. Nobody acks them: they have arrived, or not.

    Args:
        receivers: to whom each of the connections writes.
    """

    longest_silence_s = 60.0

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        receivers: Sequence[str],
        *,
        text_bytes: int,
        at_marks: Callable[[], None],
    ) -> None:
        run = os.urandom(8).hex().encode()
        self._reader = StanzaReader(run)
        stanzas = [Stanzas(receiver, text_bytes, run=run) for receiver in receivers]
        super().__init__(sockets, stanzas, copies=1, at_marks=at_marks)

    def _take_from(self, number: int, buffer: bytearray, now: float) -> None:
        for message in self._reader.take(buffer):
            self._pushed(number, message, now)

    def _awaits_acks(self, sent: int) -> bool:
        return False
