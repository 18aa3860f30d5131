"""The load of naivechat's own packets, and of a relay of them."""

import os
import socket
from collections.abc import Callable, Sequence

from bench.frames import ACK, DELIVERIES, SYNC_NOTICE, MessageFrames, find_number, whole_frames
from bench.load import Load
from naivechat.protocol.message import MsgGroupRequest, MsgRequest


class PacketLoad(Load):
    """Messages that are acked to the sender and pushed to their receivers.

    Args:
        patterns: what is sent on each of the connections.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        patterns: Sequence[MsgRequest | MsgGroupRequest],
        *,
        copies: int,
        at_marks: Callable[[], None],
    ) -> None:
        self._run = os.urandom(8)
        frames = [MessageFrames(pattern, run=self._run) for pattern in patterns]
        super().__init__(sockets, frames, copies=copies, at_marks=at_marks)

    def _take_from(self, number: int, buffer: bytearray, now: float) -> None:
        used = 0
        for start, end in whole_frames(buffer):
            self._take(number, buffer, start, end, now)
            used = end
        del buffer[:used]

    def _awaits_acks(self, sent: int) -> bool:
        return len(self._acks) < sent

    def _take(self, number: int, buffer: bytearray, start: int, end: int, now: float) -> None:
        command = buffer[start]
        if command == SYNC_NOTICE:
            self.sync_notices += 1
        if command != ACK and command not in DELIVERIES:
            return
        message = find_number(buffer, start, end, self._run)
        if message is None:
            return
        if command == ACK:
            self._acked(message, now)
        else:
            self._pushed(number, message, now)
