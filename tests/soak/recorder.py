"""Keeps the history while it happens."""

from collections.abc import Callable

from naivechat.domain.talk import friend_talk_id, group_talk_id
from naivechat.domain.user import UserId
from naivechat.protocol.message import MessageRecord
from tests.history.event import Event, Record


class Recorder:
    """The events so far, in `events`. Equal records are kept once, for there are many devices to see each.

    Args:
        seconds: a monotonic clock; the history begins now.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.events: list[Event] = []
        self._seconds = seconds
        self._began_s = seconds()
        self._records: dict[Record, Record] = {}

    @property
    def now_s(self) -> float:
        """Seconds since the history began."""
        return self._seconds() - self._began_s

    def add(self, event: Event) -> None:
        """What happened now."""
        self.events.append(event)

    def record(self, talk_id: str, message: MessageRecord) -> Record:
        """A message as the history has it."""
        record = Record(
            talk_id=talk_id,
            seq=message.seq,
            sender_id=message.sender_id,
            msg_uuid=message.msg_uuid,
            msg_type=message.msg_type,
            text=message.msg_text,
        )
        return self._records.setdefault(record, record)


def log_name(user_id: str, talk_type: int, other_id: str) -> str:
    """The one name of a talk's log, from how one of its members names the talk."""
    if talk_type:
        return group_talk_id(other_id)
    return friend_talk_id(UserId(user_id), UserId(other_id))
