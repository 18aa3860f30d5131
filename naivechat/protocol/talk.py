"""Packets about the list of dialogues, and about bringing it up to date."""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.friend import AskedRecord, FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.protocol.packet import Packet, packet


@attrs.frozen(kw_only=True)
class TalkRecord:
    """A dialogue as its list shows it.

    ``talk_sketch`` is the first 64 characters of the last message, "" if there is none;
    ``talk_date`` is when that one was sent, or when the dialogue was opened.
    """

    talk_type: words.TalkType
    talk_id: words.TalkId
    talk_name: words.Name
    talk_head: words.Avatar
    talk_sketch: str = attrs.field(repr=False)
    talk_date: words.TimeMs
    last_seq: words.Seq
    read_seq: words.Seq
    unread: words.Unread
    pinned: bool
    muted: bool


@packet(Command.TALK_NOTICE_REQUEST)
@attrs.frozen(kw_only=True)
class TalkNoticeRequest(Packet):
    """Opens a dialogue. Answered by TalkNoticeResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId


@packet(Command.TALK_NOTICE_RESPONSE)
@attrs.frozen(kw_only=True)
class TalkNoticeResponse(Packet):
    """A dialogue is open: an answer to the one who opened it, a push to the friend."""

    rid: words.Rid
    talk: TalkRecord


@packet(Command.DEL_TALK_REQUEST)
@attrs.frozen(kw_only=True)
class DelTalkRequest(Packet):
    """Takes a dialogue off one's list; its records stay. Answered by OkResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId


@packet(Command.SET_TALK_REQUEST)
@attrs.frozen(kw_only=True)
class SetTalkRequest(Packet):
    """Pins or mutes a dialogue; a key left out stays as it is. Answered by OkResponse."""

    rid: words.Rid
    talk_type: words.TalkType
    talk_id: words.TalkId
    pinned: bool | None = None
    muted: bool | None = None


@packet(Command.SYNC_NOTICE)
@attrs.frozen(kw_only=True)
class SyncNotice(Packet):
    """The node may have missed pushes for this client, which should ask by SyncRequest."""


@packet(Command.SYNC_REQUEST)
@attrs.frozen(kw_only=True)
class SyncRequest(Packet):
    """Asks for the dialogues, those older than ``since`` left out. Answered by SyncResponse."""

    rid: words.Rid
    since: words.TimeMs | None = None
    offset: words.Page | None = None


@packet(Command.SYNC_RESPONSE)
@attrs.frozen(kw_only=True)
class SyncResponse(Packet):
    """A page of the dialogues, newest first, and all groups, friends and open friend requests."""

    rid: words.Rid
    epoch: str
    server_time: words.TimeMs
    talks: tuple[TalkRecord, ...]
    has_more: bool
    groups: tuple[GroupRecord, ...]
    friends: tuple[FriendRecord, ...]
    asked: tuple[AskedRecord, ...]
