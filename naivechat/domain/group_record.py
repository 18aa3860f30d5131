"""Events of groups as records of the group's log: JSON with the kind, the people it is about and the group's name."""

import json
from collections.abc import Iterator

from naivechat.domain.group import GroupEvent, GroupEventKind
from naivechat.domain.user import UserId

PEOPLE_A_RECORD = 90
"""An event about more people becomes several records, so that each stays within a message's bounds."""


def texts_of(event: GroupEvent, name: str) -> Iterator[str]:
    """The texts of an event's records, in order; `name` is the group's."""
    for start in range(0, max(1, len(event.user_ids)), PEOPLE_A_RECORD):
        told = {
            "event": event.kind.value,
            "user_ids": event.user_ids[start : start + PEOPLE_A_RECORD],
            "name": name,
        }
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def change_in(text: str) -> tuple[GroupEventKind, tuple[UserId, ...]]:
    """What a record's text tells: the kind of the event, and whom it is about."""
    told = json.loads(text)
    return GroupEventKind(told["event"]), tuple(UserId(user_id) for user_id in told["user_ids"])
