r"""The scalar types of the packets: what ``docs/protocol.cddl`` calls words.

``msgspec.Meta`` says what msgspec checks; its lengths count characters.
`MaxBytes` bounds a text's UTF-8 bytes, as ``.size`` does in CDDL; the codec checks it.

Patterns end in ``\Z``: ``$`` would let a trailing newline pass.
Words marked *bounded here* have no limit in the CDDL; nodes hold requests to the one given.
"""

from typing import Annotated, Final, Literal

import attrs
from msgspec import Meta

PROTOCOL_VERSION: Final = 1
"""The version of the protocol that this package speaks."""

_ID_PATTERN = r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\Z"
_NO_CONTROL_CHARACTERS = r"\A[^\x00-\x1f\x7f-\x9f]*\Z"
_MAX_JSON_INT = 2**53 - 1
_MAX_PAGE = 2**31 - 1


@attrs.frozen
class MaxBytes:
    """The most bytes of UTF-8 that a text may have."""

    limit: int


UserId = Annotated[str, Meta(pattern=_ID_PATTERN)]
"""1 to 32 of ``A-Z a-z 0-9 _ . -``, beginning with a letter or digit; case counts."""

GroupId = Annotated[str, Meta(pattern=_ID_PATTERN)]
"""Formed as a `UserId`."""

TalkId = Annotated[str, Meta(pattern=_ID_PATTERN)]
"""The other person's user_id, or the group's group_id."""

TalkType = Annotated[int, Meta(ge=0, le=1)]
"""0 friend, 1 group."""

MsgType = Annotated[int, Meta(ge=0, le=127)]
"""0 text, 1 face, 2 image, 3 file, 4 group event, 5 recall; the rest is for later."""

Seq = Annotated[int, Meta(ge=0, le=_MAX_JSON_INT)]
"""Position in one talk, from 1 without gaps; 0 is before the first."""

Rid = Annotated[int, Meta(ge=0, le=2**32 - 1)]
"""Request id, chosen by the requester and repeated in the answer; 0 in a push."""

TimeMs = Annotated[int, Meta(ge=0, le=_MAX_JSON_INT)]
"""Milliseconds since 1970-01-01T00:00Z."""

MsgUuid = Annotated[bytes, Meta(min_length=16, max_length=16)]
"""The sender's own id of a message: what makes a resend harmless."""

Name = Annotated[str, Meta(min_length=1, max_length=32, pattern=_NO_CONTROL_CHARACTERS)]
"""Shown to people: 1 to 32 characters (so at most 128 bytes), no control characters."""

Avatar = Annotated[str, Meta(max_length=64), MaxBytes(64)]
"""Name of a built-in picture, or "" for one drawn from the id; at most 64 bytes."""

Content = Annotated[str, Meta(max_length=16_384), MaxBytes(16_384)]
"""Text of a message: at most 16,384 bytes, any characters; that they are at most 4,000 is a rule of chatting."""

Role = Annotated[int, Meta(ge=0, le=2)]
"""0 member, 1 admin, 2 owner."""

FoundStatus = Annotated[int, Meta(ge=0, le=2)]
"""0 can be added, 1 asked, 2 a friend."""

Unread = Annotated[int, Meta(ge=0, le=100)]
"""Unread messages; 100 says 100 or more."""

Uint = Annotated[int, Meta(ge=0)]
"""Any number from 0."""

Version = Annotated[int, Meta(ge=PROTOCOL_VERSION, le=PROTOCOL_VERSION)]
"""Version of the protocol that the client speaks."""

KickReason = Literal["replaced", "admin", "disabled", "slow", "idle", "shutdown", "expired"]
"""Why a node ends a connection."""

GroupEvent = Literal["created", "joined", "left", "removed", "updated", "dissolved", "role"]
"""What has happened in a group."""

Password = Annotated[str, Meta(max_length=1024), MaxBytes(1024)]
"""*Bounded here* to 1,024 bytes, so that hashing stays cheap."""

Token = Annotated[bytes, Meta(max_length=64)]
"""Secret of a login that a client shows to reconnect; *bounded here* to 64 bytes."""

Device = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NO_CONTROL_CHARACTERS)]
"""Name of a user's device; *bounded here* to 1 to 64 characters, no control characters."""

ClientName = Annotated[str, Meta(max_length=128)]
"""Name and version of the client's program; *bounded here* to 128 characters."""

SearchKey = Annotated[str, Meta(max_length=64)]
"""What is searched for; *bounded here* to 64 characters."""

Greeting = Annotated[str, Meta(max_length=100)]
"""Words with a friend request; *bounded here* to 100 characters."""

Remark = Annotated[str, Meta(max_length=32, pattern=_NO_CONTROL_CHARACTERS)]
"""One's own name for a friend, "" for none; *bounded here* to 32 characters, no control characters."""

GroupNoticeText = Annotated[str, Meta(max_length=500)]
"""Announcement of a group; *bounded here* to 500 characters."""

Page = Annotated[int, Meta(ge=0, le=_MAX_PAGE)]
"""A count or an offset within a list; *bounded here* to below 2^31."""

MAX_MEMBER_IDS: Final = 2_000
MemberIds = Annotated[tuple[UserId, ...], Meta(max_length=MAX_MEMBER_IDS)]
"""People for a new group; *bounded here* to 2,000."""

InvitedIds = Annotated[tuple[UserId, ...], Meta(min_length=1, max_length=MAX_MEMBER_IDS)]
"""People for a known group, at least one; *bounded here* to 2,000."""
