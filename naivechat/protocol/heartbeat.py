"""Heartbeats as nearly every client writes them, answered without a packet.

Of ten thousand people who are only there, each heartbeat comes alone and finds the processor's caches full of other things:
what it costs is how much code it goes through. So a payload that is nothing but `{"rid": …}` is answered from its bytes;
whatever else a client may write goes through the codec.

Source: RFC 8949, section 3.
"""

from struct import Struct
from typing import Final

from naivechat.protocol.command import Command

_ASKED: Final = b"\xa1\x63rid"
_RID_AT: Final = len(_ASKED)
_WHOLE_BYTES: Final = bytes((*(_RID_AT + 1,) * 24, _RID_AT + 2, _RID_AT + 3, _RID_AT + 5, *(0,) * 229))
"""How long such a payload is, by the first byte of its rid: an unsigned integer below 24, or of 1, 2 or 4 bytes; 0: it is none."""
_HEADER: Final = Struct("!IB5s")
_ANSWERED: Final = b"\xa2\x63rid"
_TIME: Final = Struct("!12sBQ")
_TIME_KEY: Final = b"\x6bserver_time"
_UINT64: Final = 0x1B


def answer_heartbeat(payload: bytes, server_time_ms: int) -> bytes | None:
    """The frame of the HeartbeatResponse to the payload of a HeartbeatRequest; None where only the codec can tell.

    Args:
        server_time_ms: milliseconds since 1970, from 2^32 on: as of February 1970.
    """
    if not payload.startswith(_ASKED) or len(payload) == _RID_AT:
        return None
    if _WHOLE_BYTES[payload[_RID_AT]] != len(payload):
        return None
    length = 1 + len(payload) + _TIME.size
    return (
        _HEADER.pack(length, Command.HEARTBEAT_RESPONSE, _ANSWERED)
        + payload[_RID_AT:]
        + _TIME.pack(_TIME_KEY, _UINT64, server_time_ms)
    )
