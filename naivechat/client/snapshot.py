"""What a client knows, kept in its store: a program that begins shows it before a node answers.

Records are kept one by one, as JSON, and only those are written that changed. What a file of another version holds that
cannot be read is passed over: the next login tells it anew.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.client.state import ChatState
from naivechat.client.store import LocalStore
from naivechat.client.talk import TalkKey
from naivechat.protocol.friend import AskedRecord, FriendRecord
from naivechat.protocol.group import GroupRecord, MemberRecord
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.talk import TalkRecord

_DELAY_S: Final = 1.0
_Name = tuple[str, str]


class Snapshot:
    """Keeps a state in a store, at the latest a second after `keep_soon`; without a store it does nothing."""

    def __init__(self, clock: IReactorTime, state: ChatState, store: LocalStore | None) -> None:
        self._clock = clock
        self._state = state
        self._store = store
        self._kept: dict[_Name, object] = {}
        self._timer: IDelayedCall | None = None

    def restore(self) -> None:
        """Give the state what an earlier run knew. Nobody is online until a node says so."""
        for kind, identity, record in self._store.list_known() if self._store is not None else ():
            try:
                _TAKERS[kind](self._state, identity, json.loads(record))
            except (KeyError, TypeError, ValueError, AttributeError):
                continue
        self._kept = dict(_records_of(self._state))

    def keep_soon(self) -> None:
        """The state has changed."""
        if self._store is not None and self._timer is None:
            self._timer = self._clock.callLater(_DELAY_S, self.keep_now)

    def keep_now(self) -> None:
        """Write what has changed."""
        if self._store is None:
            return
        self._cancel()
        records = dict(_records_of(self._state))
        changes: dict[_Name, str | None] = dict.fromkeys(self._kept.keys() - records.keys())
        for name, record in records.items():
            kept = self._kept.get(name)
            if kept is not record and kept != record:
                changes[name] = _text_of(record)
        if changes:
            self._store.keep_known(changes)
        self._kept = records

    def forget(self) -> None:
        """The store has dropped everything."""
        self._cancel()
        self._kept = {}

    def _cancel(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None


def _records_of(state: ChatState) -> Iterator[tuple[_Name, object]]:
    if state.user is not None:
        yield ("user", state.user.user_id), state.user
    for kind, talks in (("talk", state.talks), ("ended", state.ended)):
        for key, talk in talks.items():
            yield (kind, f"{key.talk_type}:{key.talk_id}"), talk
    for kind in ("friend", "group", "members", "person"):
        for identity, record in getattr(state, _COLLECTIONS[kind]).items():
            yield (kind, identity), record
    for identity, asked in state.asked.items():
        yield ("asked", identity), asked


_COLLECTIONS: Final = {"friend": "friends", "group": "groups", "members": "members", "person": "people"}


def _text_of(record: Any) -> str:
    plain = [attrs.asdict(member) for member in record] if isinstance(record, tuple) else attrs.asdict(record)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _take_user(state: ChatState, identity: str, record: Any) -> None:
    state.user = UserRecord(**record)


def _take_talk(state: ChatState, identity: str, record: Any) -> None:
    talk = TalkRecord(**record)
    state.talks[TalkKey(talk.talk_type, talk.talk_id)] = talk


def _take_ended(state: ChatState, identity: str, record: Any) -> None:
    talk = TalkRecord(**record)
    state.ended[TalkKey(talk.talk_type, talk.talk_id)] = talk


def _take_friend(state: ChatState, identity: str, record: Any) -> None:
    state.friends[identity] = FriendRecord(**record | {"online": False})


def _take_group(state: ChatState, identity: str, record: Any) -> None:
    state.groups[identity] = GroupRecord(**record)


def _take_members(state: ChatState, identity: str, record: Any) -> None:
    state.members[identity] = tuple(MemberRecord(**member) for member in record)


def _take_person(state: ChatState, identity: str, record: Any) -> None:
    state.people[identity] = UserRecord(**record)


def _take_asked(state: ChatState, identity: str, record: Any) -> None:
    state.asked[identity] = AskedRecord(**record | {"user": UserRecord(**record["user"])})


_TAKERS: Final[dict[str, Callable[[ChatState, str, Any], None]]] = {
    "user": _take_user,
    "talk": _take_talk,
    "ended": _take_ended,
    "friend": _take_friend,
    "group": _take_group,
    "members": _take_members,
    "person": _take_person,
    "asked": _take_asked,
}
