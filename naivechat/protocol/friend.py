"""Packets about friends: finding, asking, ending, and whether they are there."""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet, packet
from naivechat.protocol.profile import UserRecord


@attrs.frozen(kw_only=True)
class FriendRecord:
    """A friend as one user sees them; ``remark`` is that user's own name for them, "" for none."""

    user_id: words.UserId
    nickname: words.Name
    avatar: words.Avatar
    remark: str
    online: bool


@attrs.frozen(kw_only=True)
class FoundRecord:
    """A user found by a search, and how they stand to the one who searched."""

    user_id: words.UserId
    nickname: words.Name
    avatar: words.Avatar
    status: words.FoundStatus


@attrs.frozen(kw_only=True)
class AskedRecord:
    """An open friend request: who asks, with which words, since when."""

    user: UserRecord
    greeting: str
    asked_at: words.TimeMs


@packet(Command.SEARCH_FRIEND_REQUEST)
@attrs.frozen(kw_only=True)
class SearchFriendRequest(Packet):
    """Looks for users by id or nickname. Answered by SearchFriendResponse."""

    rid: words.Rid
    search_key: words.SearchKey
    limit: words.Page | None = None
    offset: words.Page | None = None


@packet(Command.SEARCH_FRIEND_RESPONSE)
@attrs.frozen(kw_only=True)
class SearchFriendResponse(Packet):
    """The users found, best first."""

    rid: words.Rid
    users: tuple[FoundRecord, ...]
    has_more: bool


@packet(Command.ADD_FRIEND_REQUEST)
@attrs.frozen(kw_only=True)
class AddFriendRequest(Packet):
    """Asks for a friendship. Answered by AddFriendResponse, or by OkResponse where the other must approve."""

    rid: words.Rid
    friend_id: words.UserId
    greeting: words.Greeting | None = None


@packet(Command.ADD_FRIEND_RESPONSE)
@attrs.frozen(kw_only=True)
class AddFriendResponse(Packet):
    """Somebody is a friend now. An answer to the one who asked, a push to the other."""

    rid: words.Rid
    friend: FriendRecord


@packet(Command.FRIEND_ASKED_NOTICE)
@attrs.frozen(kw_only=True)
class FriendAskedNotice(Packet):
    """Somebody asks for a friendship."""

    asked: AskedRecord


@packet(Command.ANSWER_FRIEND_REQUEST)
@attrs.frozen(kw_only=True)
class AnswerFriendRequest(Packet):
    """Accepts or refuses ``user_id``, who has asked.

    Accepting is answered by AddFriendResponse, refusing by OkResponse.
    """

    rid: words.Rid
    user_id: words.UserId
    accept: bool


@packet(Command.DEL_FRIEND_REQUEST)
@attrs.frozen(kw_only=True)
class DelFriendRequest(Packet):
    """Ends a friendship both ways. Answered by OkResponse."""

    rid: words.Rid
    friend_id: words.UserId


@packet(Command.FRIEND_REMOVED_NOTICE)
@attrs.frozen(kw_only=True)
class FriendRemovedNotice(Packet):
    """The friendship with ``user_id`` has ended."""

    user_id: words.UserId


@packet(Command.SET_REMARK_REQUEST)
@attrs.frozen(kw_only=True)
class SetRemarkRequest(Packet):
    """Sets one's own name for a friend; "" takes it away. Answered by OkResponse."""

    rid: words.Rid
    friend_id: words.UserId
    remark: words.Remark


@packet(Command.PRESENCE_NOTICE)
@attrs.frozen(kw_only=True)
class PresenceNotice(Packet):
    """A friend's first device came online, or the last one left."""

    user_id: words.UserId
    online: bool
