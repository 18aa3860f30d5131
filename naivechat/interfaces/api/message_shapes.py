"""What requests and answers about messages and bots look like."""

import enum
import uuid
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from naivechat.domain.appending import Appended
from naivechat.domain.directory import DEFAULT_PAGE, MOST_A_PAGE
from naivechat.domain.message import Message
from naivechat.domain.user import User
from naivechat.interfaces.api.shapes import Avatar, Id, Name, Number, Once, Part, Reason, Searched, Text, View
from naivechat.interfaces.api.user_shapes import UserView, user_view

TalkNames: TypeAlias = Annotated[
    tuple[Id, ...],
    Meta(min_length=1, max_length=2, description="A group's id, or the ids of the two people of a talk."),
]


class Words(Part, frozen=True, kw_only=True):
    """What is said."""

    text: Text


class MessageSearch(Part, frozen=True, kw_only=True):
    """What is looked for in one talk, and why. before_seq: only messages before this one."""

    talk: TalkNames
    text: Searched
    reason: Reason
    before_seq: Number | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=MOST_A_PAGE)] = DEFAULT_PAGE


class NamedMessage(Part, frozen=True, kw_only=True):
    """A message of a talk, and why it is looked at or taken back."""

    talk: TalkNames
    seq: Number
    reason: Reason


class BotPlace(Part, frozen=True, kw_only=True):
    """A bot, by its user id."""

    user_id: Id


class BotFriendPlace(Part, frozen=True, kw_only=True):
    """A bot, and somebody who has asked to be its friend."""

    user_id: Id
    friend_id: Id


class NewBot(Part, frozen=True, kw_only=True):
    """A bot to be made: an account to which nobody can log in."""

    user_id: Id
    nickname: Name
    avatar: Avatar = ""


class To(enum.StrEnum):
    """Whom a bot writes to."""

    FRIEND = "friend"
    GROUP = "group"


class BotMessage(Part, frozen=True, kw_only=True):
    """What a bot writes: to a friend, or in a group to which it belongs."""

    to: To
    id: Id
    text: Text


class MessageView(View, frozen=True, kw_only=True):
    """A message. A text that was taken back is "". msg_type: 0 text, 1 face, 2 image, 3 file."""

    seq: int
    sender_id: str
    msg_type: int
    text: str
    sent_at_ms: int
    recalled: bool


class RecordView(MessageView, frozen=True, kw_only=True):
    """A record of a talk, with who wrote it as others see them. msg_type: also 4 something happened to the group, 5 a message was taken back."""

    sender: UserView


class AroundView(View, frozen=True, kw_only=True):
    """Records in their order."""

    records: tuple[RecordView, ...]


class FoundView(View, frozen=True, kw_only=True):
    """Messages of a talk, newest first. go_on_before: the `before_seq` by which to go on, null at the talk's beginning."""

    messages: tuple[MessageView, ...]
    go_on_before: int | None


class SentView(View, frozen=True, kw_only=True):
    """A record as it stands in its talk; duplicate: it stood there before this request."""

    seq: int
    sent_at_ms: int
    duplicate: bool


def msg_uuid_of(headers: Once) -> bytes:
    """The message's own name: the request's key, or one made up."""
    return uuid.uuid4().bytes if headers.key is UNSET else uuid.UUID(headers.key).bytes


def sent_view(appended: Appended) -> SentView:
    """A record as the API tells of it."""
    message = appended.message
    return SentView(seq=message.seq, sent_at_ms=message.sent_at_ms, duplicate=appended.duplicate)


def message_view(message: Message) -> MessageView:
    """A message as the API shows it."""
    return MessageView(
        seq=message.seq,
        sender_id=message.sender_id,
        msg_type=message.msg_type,
        text=message.text,
        sent_at_ms=message.sent_at_ms,
        recalled=message.recalled,
    )


def record_view(message: Message, sender: User) -> RecordView:
    """A record, with its sender."""
    return RecordView(**msgspec.structs.asdict(message_view(message)), sender=user_view(sender))
