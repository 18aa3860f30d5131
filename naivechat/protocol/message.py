"""Packets that carry messages, and what is said about messages.

Those of which one is made for every message sent are not frozen, for that takes half the time; they are never changed all the same.
"""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet, packet


@attrs.frozen(kw_only=True)
class MessageRecord:
    """A message in a talk's history.

    ``target_seq`` is, of a recall, the message taken back.
    ``recalled`` marks a message that was taken back; its text is "".
    """

    seq: words.Seq
    sender_id: words.UserId
    msg_type: words.MsgType
    msg_text: words.Content = attrs.field(repr=False)
    sent_at: words.TimeMs
    msg_uuid: words.MsgUuid
    target_seq: words.Seq | None = None
    recalled: bool | None = None


@packet(Command.MSG_REQUEST)
@attrs.define(kw_only=True)
class MsgRequest(Packet):
    """A message to a friend. Answered by MsgAckResponse."""

    rid: words.Rid
    friend_id: words.UserId
    msg_uuid: words.MsgUuid
    msg_type: words.MsgType
    msg_text: words.Content = attrs.field(repr=False)


@packet(Command.MSG_GROUP_REQUEST)
@attrs.define(kw_only=True)
class MsgGroupRequest(Packet):
    """A message to a group. Answered by MsgAckResponse."""

    rid: words.Rid
    group_id: words.GroupId
    msg_uuid: words.MsgUuid
    msg_type: words.MsgType
    msg_text: words.Content = attrs.field(repr=False)


@packet(Command.MSG_ACK_RESPONSE)
@attrs.define(kw_only=True)
class MsgAckResponse(Packet):
    """The message is stored, as ``seq`` of its talk; ``duplicate`` if it was before this request."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    msg_uuid: words.MsgUuid
    seq: words.Seq
    sent_at: words.TimeMs
    duplicate: bool


@packet(Command.MSG_RESPONSE)
@attrs.define(kw_only=True)
class MsgResponse(Packet):
    """A friend talk's message, pushed; ``talk_id`` is the other person as the receiver sees it."""

    talk_id: words.UserId
    seq: words.Seq
    sender_id: words.UserId
    msg_type: words.MsgType
    msg_text: words.Content = attrs.field(repr=False)
    sent_at: words.TimeMs
    msg_uuid: words.MsgUuid
    target_seq: words.Seq | None = None


@packet(Command.MSG_GROUP_RESPONSE)
@attrs.define(kw_only=True)
class MsgGroupResponse(Packet):
    """A group talk's message, pushed."""

    talk_id: words.GroupId
    seq: words.Seq
    sender_id: words.UserId
    sender_name: words.Name
    sender_head: words.Avatar
    msg_type: words.MsgType
    msg_text: words.Content = attrs.field(repr=False)
    sent_at: words.TimeMs
    msg_uuid: words.MsgUuid
    target_seq: words.Seq | None = None


@packet(Command.HISTORY_REQUEST)
@attrs.frozen(kw_only=True)
class HistoryRequest(Packet):
    """Asks for messages after one seq, before one, or for the newest. Answered by HistoryResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    after_seq: words.Seq | None = None
    before_seq: words.Seq | None = None
    limit: words.Page | None = None


@packet(Command.HISTORY_RESPONSE)
@attrs.frozen(kw_only=True)
class HistoryResponse(Packet):
    """Messages of one talk in rising seq."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    messages: tuple[MessageRecord, ...]
    has_more: bool


@packet(Command.RECALL_REQUEST)
@attrs.frozen(kw_only=True)
class RecallRequest(Packet):
    """Takes the message ``seq`` back; ``msg_uuid`` names the recall itself. Answered by MsgAckResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    seq: words.Seq
    msg_uuid: words.MsgUuid


@packet(Command.READ_REQUEST)
@attrs.frozen(kw_only=True)
class ReadRequest(Packet):
    """Says that one has read up to ``seq``. Answered by OkResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    seq: words.Seq


@packet(Command.READ_NOTICE)
@attrs.frozen(kw_only=True)
class ReadNotice(Packet):
    """``user_id`` has read a talk up to ``seq``."""

    talk_type: words.TalkType
    talk_id: words.TalkId
    user_id: words.UserId
    seq: words.Seq


@packet(Command.TYPING_REQUEST)
@attrs.frozen(kw_only=True)
class TypingRequest(Packet):
    """Says that one is typing. Answered by OkResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId


@packet(Command.TYPING_NOTICE)
@attrs.frozen(kw_only=True)
class TypingNotice(Packet):
    """``user_id`` is typing in a talk."""

    talk_type: words.TalkType
    talk_id: words.TalkId
    user_id: words.UserId
