"""How many bytes travel between clients and nodes: the frames of the protocol, and what TCP, IP and Ethernet add to each."""

from naivechat.protocol.codec import encode_frame
from naivechat.protocol.message import MsgAckResponse, MsgGroupResponse, MsgRequest, MsgResponse
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import HeartbeatRequest, HeartbeatResponse

_HEADERS = 66
"""TCP with time stamps, IPv4, Ethernet; each segment is acknowledged by an empty one."""
_ID, _TEXT, _UUID = "user-123456", "x" * 100, bytes(range(16))
_SEQ, _AT_MS = 100_000, 1_700_000_000_000


def bytes_a_message() -> int:
    """A text of 100 bytes to a friend: sent, acked, delivered."""
    request = MsgRequest(rid=70_000, friend_id=_ID, msg_uuid=_UUID, msg_type=0, msg_text=_TEXT)
    ack = MsgAckResponse(
        rid=70_000, talk_type=0, talk_id=_ID, msg_uuid=_UUID, seq=_SEQ, sent_at=_AT_MS, duplicate=False
    )
    push = MsgResponse(
        talk_id=_ID, seq=_SEQ, sender_id=_ID, msg_type=0, msg_text=_TEXT, sent_at=_AT_MS, msg_uuid=_UUID
    )
    return sum(_on_the_wire(packet) for packet in (request, ack, push))


def bytes_a_copy() -> int:
    """The same, delivered to one member of a group."""
    return _on_the_wire(
        MsgGroupResponse(
            talk_id=_ID,
            seq=_SEQ,
            sender_id=_ID,
            sender_name=_ID,
            sender_head="",
            msg_type=0,
            msg_text=_TEXT,
            sent_at=_AT_MS,
            msg_uuid=_UUID,
        )
    )


def bytes_a_heartbeat() -> int:
    """Asked and answered."""
    return _on_the_wire(HeartbeatRequest(rid=1)) + _on_the_wire(HeartbeatResponse(rid=1, server_time=_AT_MS))


def _on_the_wire(packet: Packet) -> int:
    return len(encode_frame(packet)) + 2 * _HEADERS
