"""How a client names a talk."""

from typing import Final, NamedTuple

from naivechat.protocol.message import MessageRecord, MsgAckResponse, MsgGroupResponse, MsgResponse

FRIEND: Final = 0
GROUP: Final = 1
_RECALL: Final = 5


class TalkKey(NamedTuple):
    """A talk as this user names it: `talk_type` 0 with a friend's user_id, or 1 with a group's group_id."""

    talk_type: int
    talk_id: str


def key_of(push: MsgResponse | MsgGroupResponse) -> TalkKey:
    """The talk that a pushed message belongs to."""
    return TalkKey(GROUP if isinstance(push, MsgGroupResponse) else FRIEND, push.talk_id)


def record_of(push: MsgResponse | MsgGroupResponse) -> MessageRecord:
    """A pushed message as history would give it."""
    return MessageRecord(
        seq=push.seq,
        sender_id=push.sender_id,
        msg_type=push.msg_type,
        msg_text=push.msg_text,
        sent_at=push.sent_at,
        msg_uuid=push.msg_uuid,
        target_seq=push.target_seq,
    )


def recall_record_of(ack: MsgAckResponse, sender_id: str, target_seq: int) -> MessageRecord:
    """One's own recall of the message `target_seq` as history would give it."""
    return MessageRecord(
        seq=ack.seq,
        sender_id=sender_id,
        msg_type=_RECALL,
        msg_text="",
        sent_at=ack.sent_at,
        msg_uuid=ack.msg_uuid,
        target_seq=target_seq,
    )
