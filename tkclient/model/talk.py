"""Dialogues and their messages."""

import enum
from typing import Final, NamedTuple

import attrs

FRIEND: Final = 0
GROUP: Final = 1
MOST_UNREAD: Final = 100
"""More unread messages than these are not counted: shown as 99+."""


class TalkKey(NamedTuple):
    """Which dialogue: `talk_type` FRIEND with a friend's user_id, or GROUP with a group's group_id."""

    talk_type: int
    talk_id: str

    @property
    def is_group(self) -> bool:
        return self.talk_type == GROUP


class Kind(enum.IntEnum):
    """What a message is; the protocol's msg_type. Kinds of later versions are shown as UNKNOWN."""

    TEXT = 0
    FACE = 1
    IMAGE = 2
    FILE = 3
    EVENT = 4
    RECALL = 5
    UNKNOWN = 127


class Sending(enum.Enum):
    """How far an own message has come."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class GroupEvent:
    """What happened to a group, told in its talk.

    `event` is one of created, joined, left, removed, updated, dissolved, role; `actor_name` did it, `names` are those it
    was done to, `group_name` is what the group is called since, "" if that is not told.
    """

    event: str
    actor_name: str
    names: tuple[str, ...] = ()
    group_name: str = ""


@attrs.frozen(kw_only=True)
class Message:
    """One message of a talk as it is shown.

    msg_uuid: 16 bytes, the message's name for good. seq: its place in the talk, 0 while it is on its way.
    sender_name, sender_avatar: as they are to be shown now. text: for a FACE its id (f_01 …), "" when recalled.
    sent_at_ms: milliseconds since 1970. failure: the protocol's error code when `sending` is FAILED, else "".
    event: of an EVENT. A recalled message stays in its place with `is_recalled`.
    """

    msg_uuid: bytes
    seq: int
    sender_id: str
    sender_name: str
    sender_avatar: str = ""
    kind: Kind = Kind.TEXT
    text: str = attrs.field(default="", repr=False)
    sent_at_ms: int = 0
    is_mine: bool = False
    sending: Sending = Sending.SENT
    failure: str = ""
    is_recalled: bool = False
    event: GroupEvent | None = None


@attrs.frozen(kw_only=True)
class Talk:
    """A dialogue as its row shows it.

    date_ms: of the last message, or of the opening, milliseconds since 1970. unread: 0 … MOST_UNREAD, by the node's count.
    sketch: the beginning of the last message as the node tells it, shown while `last`, the message itself, is not known.
    can_write: false where only operators write (official accounts).
    """

    key: TalkKey
    name: str
    avatar: str = ""
    sketch: str = attrs.field(default="", repr=False)
    date_ms: int = 0
    last_seq: int = 0
    unread: int = 0
    is_pinned: bool = False
    is_muted: bool = False
    is_official: bool = False
    can_write: bool = True
    last: Message | None = None
