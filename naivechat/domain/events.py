"""What has happened and others may want to know: published after the storage has committed, carried by the event bus.

`origin` is the session whose request caused it; pushes leave that session out where the request's answer already told it.
"""

from typing import TypeAlias

import attrs

from naivechat.domain.friend import Friend, FriendRequest
from naivechat.domain.group import Group, GroupEvent
from naivechat.domain.message import Message
from naivechat.domain.session import EndReason, SessionId
from naivechat.domain.talk import Talk, TalkId
from naivechat.domain.user import User, UserId


@attrs.define(kw_only=True)
class MessageStored:
    """A record stands in the log. `sender` is who wrote it; `origin` None pushes to the writer's every device too."""

    message: Message
    sender: User
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class ReadMoved:
    """`reader_id` has read a talk up to `seq`."""

    talk_id: TalkId
    reader_id: UserId
    seq: int
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class Typed:
    """`user_id` is typing in a talk; `audience` are the other people in it."""

    talk_id: TalkId
    user_id: UserId
    audience: tuple[UserId, ...]


@attrs.frozen(kw_only=True)
class TalkOpened:
    """A dialogue appeared on the list of `user_id`; `talk` as that person sees it."""

    user_id: UserId
    talk: Talk
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class FriendAsked:
    """`user_id` was asked to be friends."""

    user_id: UserId
    request: FriendRequest


@attrs.frozen(kw_only=True)
class FriendAdded:
    """`user_id` has a new friend, seen as that person sees them."""

    user_id: UserId
    friend: Friend
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class FriendRemoved:
    """`user_id` and `friend_id` are friends no more: told to `user_id`."""

    user_id: UserId
    friend_id: UserId
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class PresenceChanged:
    """A person's first device came online, or the last one left; `friend_ids` are those to tell."""

    user_id: UserId
    online: bool
    friend_ids: tuple[UserId, ...]


@attrs.frozen(kw_only=True)
class GroupChanged:
    """`event` happened to `group` (as it is afterwards), by a change that begins with record `seq` of its log.

    `joined` belong from that record on, `left` no more: told to them and all members.
    """

    group: Group
    event: GroupEvent
    seq: int
    joined: tuple[UserId, ...] = ()
    left: tuple[UserId, ...] = ()
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class ProfileChanged:
    """A person has a new nickname or avatar; `friend_ids` and the person's other devices are told."""

    user: User
    friend_ids: tuple[UserId, ...]
    origin: SessionId | None = None


@attrs.frozen(kw_only=True)
class SessionOpened:
    """`user_id` logged in on `device`: sessions of that device with a lower number give way."""

    user_id: UserId
    device: str
    login_no: int


@attrs.frozen(kw_only=True)
class SessionsEnded:
    """All sessions of `user_id` but `keep` end, with why; only those of `device` where one is named."""

    user_id: UserId
    reason: EndReason
    keep: SessionId | None = None
    device: str | None = None


@attrs.frozen(kw_only=True)
class PeopleEnrolled:
    """`user_ids` belong to the official account `group` now, and read from behind its record `seq` on. Told to them alone."""

    group: Group
    user_ids: tuple[UserId, ...]
    seq: int
    by: UserId


Event: TypeAlias = (
    MessageStored
    | ReadMoved
    | Typed
    | TalkOpened
    | FriendAsked
    | FriendAdded
    | FriendRemoved
    | PresenceChanged
    | GroupChanged
    | ProfileChanged
    | SessionOpened
    | SessionsEnded
    | PeopleEnrolled
)
