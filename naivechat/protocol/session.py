"""Packets that begin, keep and end a session, and the two plain answers."""

import attrs

from naivechat.protocol import words
from naivechat.protocol.command import Command
from naivechat.protocol.friend import AskedRecord, FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.protocol.packet import Packet, packet
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.talk import TalkRecord


@packet(Command.REGISTER_REQUEST)
@attrs.frozen(kw_only=True)
class RegisterRequest(Packet):
    """Opens a new account where the node allows it. Answered by OkResponse."""

    rid: words.Rid
    protocol: words.Version
    user_id: words.UserId
    password: words.Password = attrs.field(repr=False)
    nickname: words.Name
    avatar: words.Avatar | None = None


@packet(Command.LOGIN_REQUEST)
@attrs.frozen(kw_only=True)
class LoginRequest(Packet):
    """Logs in by password. Answered by LoginResponse."""

    rid: words.Rid
    protocol: words.Version
    user_id: words.UserId
    password: words.Password = attrs.field(repr=False)
    device: words.Device | None = None
    client: words.ClientName | None = None


@packet(Command.RECONNECT_REQUEST)
@attrs.frozen(kw_only=True)
class ReconnectRequest(Packet):
    """Logs in by the token of an earlier login. Answered by LoginResponse."""

    rid: words.Rid
    protocol: words.Version
    user_id: words.UserId
    token: words.Token = attrs.field(repr=False)
    device: words.Device | None = None
    client: words.ClientName | None = None


@packet(Command.LOGIN_RESPONSE)
@attrs.frozen(kw_only=True)
class LoginResponse(Packet):
    """All that a client shows first.

    The newest talks come first; ``has_more`` says that SyncRequest has the rest.
    ``epoch`` names this history of the database: when it changes, a client drops what it kept.
    ``nodes`` are addresses of other nodes, each as ``[tls:]host:port``: a key beyond the schema, left out when there are none.
    Nodes send at most 16, of at most 300 characters each, and clients read no more.
    """

    rid: words.Rid
    user: UserRecord
    token: bytes = attrs.field(repr=False)
    expires_at: words.TimeMs
    server_time: words.TimeMs
    node: str
    epoch: str
    talks: tuple[TalkRecord, ...]
    has_more: bool
    groups: tuple[GroupRecord, ...]
    friends: tuple[FriendRecord, ...]
    asked: tuple[AskedRecord, ...]
    heartbeat_ms: words.Uint
    max_frame: words.Uint
    nodes: tuple[str, ...] | None = None


@packet(Command.LOGOUT_REQUEST)
@attrs.frozen(kw_only=True)
class LogoutRequest(Packet):
    """Revokes the token. Answered by OkResponse, after which the node closes."""

    rid: words.Rid


@packet(Command.KICKED_NOTICE)
@attrs.frozen(kw_only=True)
class KickedNotice(Packet):
    """The last frame before the node closes the connection; ``message`` is for people."""

    reason: words.KickReason
    message: str


@packet(Command.HEARTBEAT_REQUEST)
@attrs.frozen(kw_only=True)
class HeartbeatRequest(Packet):
    """Sent every ``heartbeat_ms``. Answered by HeartbeatResponse."""

    rid: words.Rid


@packet(Command.HEARTBEAT_RESPONSE)
@attrs.frozen(kw_only=True)
class HeartbeatResponse(Packet):
    """The node is there; ``server_time`` is its clock."""

    rid: words.Rid
    server_time: words.TimeMs


@packet(Command.OK_RESPONSE)
@attrs.frozen(kw_only=True)
class OkResponse(Packet):
    """The request was done and has nothing more to say."""

    rid: words.Rid


@packet(Command.ERROR_RESPONSE)
@attrs.frozen(kw_only=True)
class ErrorResponse(Packet):
    """The request was not done; ``code`` says why, ``message`` says it to people.

    ``code`` is one of `naivechat.protocol.errors.ErrorCode`, or one that a later node knows.
    """

    rid: words.Rid
    code: str
    message: str
    retry_after_ms: words.Uint | None = None
