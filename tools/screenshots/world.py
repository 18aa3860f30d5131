"""What the windows are told: people, dialogues and messages, and the moment in which all pictures are taken."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from tkclient.interfaces import ChatMethods, LoginForm
from tkclient.model.connection import Connection
from tkclient.model.people import Found, FriendRequest, Group, Person
from tkclient.model.talk import GroupEvent, Kind, Message, Sending, Talk, TalkKey

TIME_ZONE: Final = "Asia/Shanghai"
_HOURS_EAST: Final = datetime.timezone(datetime.timedelta(hours=8))
NOW: Final = datetime.datetime(2026, 5, 20, 14, 36, tzinfo=_HOURS_EAST)
"""A Wednesday."""


@attrs.frozen(kw_only=True)
class World:
    """All that somebody's client knows. sought, found: a search for people and whom it finds."""

    user: Person
    form: LoginForm
    friends: tuple[Person, ...]
    groups: tuple[Group, ...]
    talks: tuple[Talk, ...]
    messages: Mapping[TalkKey, tuple[Message, ...]]
    drafts: Mapping[TalkKey, str]
    requests: tuple[FriendRequest, ...]
    sought: str
    found: tuple[Found, ...]

    def tell(self, window: ChatMethods) -> None:
        """Tell a chat window everything."""
        window.set_user(self.user)
        window.set_friends(self.friends)
        window.set_groups(self.groups)
        window.set_requests(self.requests)
        window.set_talks(self.talks)
        window.set_drafts(dict(self.drafts))
        for key, messages in self.messages.items():
            window.set_messages(key, messages, False)
        window.set_connection(Connection.ONLINE)


def at(time: str, days_ago: int = 0) -> int:
    """Milliseconds since 1970 of a time of day as "14:05", so many days before NOW."""
    hours, minutes = map(int, time.split(":"))
    moment = NOW.replace(hour=hours, minute=minutes) - datetime.timedelta(days=days_ago)
    return int(moment.timestamp() * 1000)


class Script:
    """Writes a dialogue, message by message. `people`: who may speak, oneself first."""

    def __init__(self, key: TalkKey, people: Iterable[Person]) -> None:
        self.key = key
        self.messages: tuple[Message, ...] = ()
        self._people = {person.user_id: person for person in people}
        self._own_id = next(iter(self._people))
        self._sent_at_ms = 0

    def time(self, time: str, days_ago: int = 0) -> None:
        """What follows is said then."""
        self._sent_at_ms = at(time, days_ago)

    def say(self, who: str, text: str) -> None:
        """Somebody writes."""
        self._add(who, text=text)

    def face(self, who: str, face_id: str) -> None:
        """Somebody sends a face."""
        self._add(who, text=face_id, kind=Kind.FACE)

    def happen(self, who: str, event: str, *names: str, group_name: str = "") -> None:
        """Something happens to the group."""
        told = GroupEvent(event=event, actor_name=self._people[who].name, names=names, group_name=group_name)
        self._add(who, kind=Kind.EVENT, event=told)

    def recall(self, who: str) -> None:
        """Somebody has taken a message back."""
        self._add(who, is_recalled=True)

    def begin(self, text: str) -> None:
        """A message of one's own is on its way."""
        self._add(self._own_id, text=text, sending=Sending.SENDING, seq=0)

    def fail(self, text: str, code: str) -> None:
        """A message of one's own is refused."""
        self._add(self._own_id, text=text, sending=Sending.FAILED, failure=code, seq=0)

    def _add(self, who: str, **values: object) -> None:
        person, number = self._people[who], len(self.messages) + 1
        known = {"seq": number, "sent_at_ms": self._sent_at_ms, "is_mine": who == self._own_id, **values}
        message = Message(
            msg_uuid=number.to_bytes(16, "big"),
            sender_id=who,
            sender_name=person.name,
            sender_avatar=person.avatar,
            **known,  # type: ignore[arg-type]
        )
        self.messages = (*self.messages, message)
