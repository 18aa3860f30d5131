"""What a node must answer, in plain Python: docs/protocol.md as a program without sockets, storage or packets.

Every method is one request by one person. It returns what the answer must show, or raises `Refused` with the error's code,
and leaves in `told` whom the node must push what: (user_id, push) for every device of that person but the acting one.
"""

import json
from collections.abc import Iterable
from typing import Any

import attrs

FRIEND, GROUP = 0, 1
TEXT, EVENT, RECALL = 0, 4, 5
MEMBER, ADMIN, OWNER = 0, 1, 2


class Refused(Exception):
    """The request must be answered by this error code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@attrs.define
class ModelRecord:
    """One record of a log; its seq is its place in the list, from 1."""

    sender_id: str
    msg_type: int
    text: str
    msg_uuid: bytes
    target_seq: int | None = None
    recalled_by: int | None = None


@attrs.define
class ModelMember:
    """One person's place in a talk."""

    joined_seq: int = 0
    read_seq: int = 0
    hidden_seq: int = 0
    pinned: bool = False
    muted: bool = False
    role: int = MEMBER
    active: bool = True
    joined_at: int = 0


@attrs.define
class ModelTalk:
    """One log and the people in it. A group's has its name; a dissolved one has no active member."""

    talk_type: int
    records: list[ModelRecord] = attrs.Factory(list)
    members: dict[str, ModelMember] = attrs.Factory(dict)
    name: str = ""

    def active(self) -> dict[str, ModelMember]:
        return {user_id: member for user_id, member in self.members.items() if member.active}

    def unread_of(self, user_id: str) -> int:
        member = self.members[user_id]
        later = self.records[member.read_seq :]
        return min(100, sum(r.msg_type <= 3 and r.sender_id != user_id for r in later))


@attrs.define
class ChatModel:
    """All people, friendships, groups and logs of one test."""

    people: tuple[str, ...]
    talks: dict[Any, ModelTalk] = attrs.Factory(dict)
    named: dict[tuple[str, bytes], tuple[Any, int]] = attrs.Factory(dict)
    told: list[tuple[str, tuple[Any, ...]]] = attrs.Factory(list)
    clock: int = 0

    def key(self, user_id: str, talk_type: int, other_id: str) -> Any:
        return other_id if talk_type == GROUP else frozenset((user_id, other_id))

    def talk_of(self, user_id: str, talk_type: int, other_id: str) -> ModelTalk:
        talk = self.talks.get(self.key(user_id, talk_type, other_id))
        if talk is None or user_id not in talk.active():
            raise Refused("NOT_MEMBER" if talk_type == GROUP else "NOT_FRIEND")
        return talk

    def address_for(self, user_id: str, key: Any) -> tuple[int, str]:
        if isinstance(key, frozenset):
            return FRIEND, next(iter(key - {user_id}))
        return GROUP, key

    # friends

    def are_friends(self, one: str, other: str) -> bool:
        talk = self.talks.get(frozenset((one, other)))
        return talk is not None and one in talk.active()

    def add_friend(self, user_id: str, friend_id: str) -> None:
        if user_id == friend_id:
            raise Refused("BAD_REQUEST")
        if friend_id not in self.people:
            raise Refused("NOT_FOUND")
        if self.are_friends(user_id, friend_id):
            return
        talk = self.talks.setdefault(frozenset((user_id, friend_id)), ModelTalk(FRIEND))
        for person in (user_id, friend_id):
            talk.members.setdefault(person, ModelMember()).active = True
        self.told += [(friend_id, ("friend", user_id)), (user_id, ("friend", friend_id))]

    def del_friend(self, user_id: str, friend_id: str) -> None:
        talk = self.talk_of(user_id, FRIEND, friend_id)
        for member in talk.members.values():
            member.active = False
        self.told += [(friend_id, ("unfriend", user_id)), (user_id, ("unfriend", friend_id))]

    # messages

    def send(
        self, user_id: str, talk_type: int, other_id: str, msg_uuid: bytes, text: str, msg_type: int = TEXT
    ) -> tuple[int, bool]:
        """(seq, duplicate)."""
        talk = self.talk_of(user_id, talk_type, other_id)
        key = self.key(user_id, talk_type, other_id)
        known = self.named.get((user_id, msg_uuid))
        if known is not None:
            return self._resent(known, key, msg_type, text), True
        return self._append(key, talk, ModelRecord(user_id, msg_type, text, msg_uuid)), False

    def _resent(self, known: tuple[Any, int], key: Any, msg_type: int, text: str) -> int:
        first_key, seq = known
        first = self.talks[first_key].records[seq - 1]
        same_text = first.recalled_by is not None or first.text == text
        if first_key != key or first.msg_type != msg_type or not same_text:
            raise Refused("CONFLICT")
        return seq

    def recall(
        self, user_id: str, talk_type: int, other_id: str, seq: int, msg_uuid: bytes
    ) -> tuple[int, bool]:
        """(seq of the recall, duplicate)."""
        talk = self.talk_of(user_id, talk_type, other_id)
        member = talk.members[user_id]
        if not member.joined_seq < seq <= len(talk.records):
            raise Refused("NOT_FOUND")
        target = talk.records[seq - 1]
        governs = talk_type == GROUP and member.role >= ADMIN
        if target.msg_type in (EVENT, RECALL) or not (target.sender_id == user_id or governs):
            raise Refused("FORBIDDEN")
        if target.recalled_by is not None:
            return target.recalled_by, True
        target.text, target.recalled_by = "", len(talk.records) + 1
        record = ModelRecord(user_id, RECALL, "", msg_uuid, target_seq=seq)
        return self._append(self.key(user_id, talk_type, other_id), talk, record), False

    def read(self, user_id: str, talk_type: int, other_id: str, seq: int) -> None:
        talk = self.talk_of(user_id, talk_type, other_id)
        if seq > len(talk.records):
            raise Refused("BAD_REQUEST")
        member = talk.members[user_id]
        if seq <= member.read_seq:
            return
        member.read_seq = seq
        key = self.key(user_id, talk_type, other_id)
        listeners = talk.active() if talk_type == FRIEND else (user_id,)
        self.told += [
            (listener, ("read", *self.address_for(listener, key), user_id, seq)) for listener in listeners
        ]

    def history(self, user_id: str, talk_type: int, other_id: str) -> list[tuple[Any, ...]]:
        """All that this person may read: (seq, sender, type, text, uuid, target, recalled) in rising seq."""
        talk = self.talk_of(user_id, talk_type, other_id)
        first = talk.members[user_id].joined_seq
        return [
            (seq, r.sender_id, r.msg_type, r.text, r.msg_uuid, r.target_seq, r.recalled_by is not None)
            for seq, r in enumerate(talk.records, 1)
            if seq > first
        ]

    def _append(self, key: Any, talk: ModelTalk, record: ModelRecord) -> int:
        talk.records.append(record)
        seq = len(talk.records)
        self.named[record.sender_id, record.msg_uuid] = (key, seq)
        if record.sender_id in talk.active():
            talk.members[record.sender_id].read_seq = seq
        for person in talk.active():
            push = ("message", *self.address_for(person, key), seq, record.sender_id, record.text)
            self.told.append((person, push))
        return seq

    # dialogues

    def open_talk(self, user_id: str, talk_type: int, other_id: str) -> None:
        talk = self.talk_of(user_id, talk_type, other_id)
        openers = talk.active() if talk_type == FRIEND else {user_id: talk.members[user_id]}
        key = self.key(user_id, talk_type, other_id)
        for person, member in openers.items():
            member.hidden_seq = -1
            self.told.append((person, ("talk", *self.address_for(person, key))))

    def delete_talk(self, user_id: str, talk_type: int, other_id: str) -> None:
        talk = self.talk_of(user_id, talk_type, other_id)
        talk.members[user_id].hidden_seq = len(talk.records)

    def set_talk(self, user_id: str, talk_type: int, other_id: str, pinned: bool, muted: bool) -> None:
        member = self.talk_of(user_id, talk_type, other_id).members[user_id]
        member.pinned, member.muted = pinned, muted

    def listed(self, user_id: str) -> set[tuple[Any, ...]]:
        """(type, id, last_seq, read_seq, unread, pinned, muted) of each dialogue on a person's list."""
        rows = set()
        for key, talk in self.talks.items():
            member = talk.active().get(user_id)
            if member is not None and len(talk.records) > member.hidden_seq:
                standing = (len(talk.records), member.read_seq, talk.unread_of(user_id))
                rows.add((*self.address_for(user_id, key), *standing, member.pinned, member.muted))
        return rows

    # groups

    def create_group(self, user_id: str, name: str, others: Iterable[str], group_id: str) -> None:
        """`group_id` is the one the node chose."""
        everybody = tuple(dict.fromkeys((user_id, *others)))
        talk = self.talks[group_id] = ModelTalk(GROUP, name=name)
        self._join(talk, everybody)
        talk.members[user_id].role = OWNER
        self._happened(group_id, "created", user_id, everybody)

    def invite(self, user_id: str, group_id: str, others: Iterable[str]) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        joining = tuple(u for u in dict.fromkeys(others) if u not in talk.active())
        if any(u not in self.people for u in joining):
            raise Refused("NOT_FOUND")
        if joining:
            self._join(talk, joining)
            self._happened(group_id, "joined", user_id, joining)

    def leave(self, user_id: str, group_id: str) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        member = talk.members[user_id]
        if len(talk.active()) == 1:
            return self._dissolved(group_id, user_id)
        member.active = False
        self._happened(group_id, "left", user_id, (user_id,), also=(user_id,))
        if member.role == OWNER:
            heir = min(talk.active().items(), key=lambda item: (-item[1].role, item[1].joined_at, item[0]))[0]
            talk.members[heir].role = OWNER
            self._happened(group_id, "role", user_id, (heir,))
        return None

    def remove_member(self, user_id: str, group_id: str, other_id: str) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        role = talk.members[user_id].role
        if role < ADMIN:
            raise Refused("FORBIDDEN")
        if other_id not in talk.active():
            raise Refused("NOT_FOUND")
        if talk.members[other_id].role >= role:
            raise Refused("FORBIDDEN")
        talk.members[other_id].active = False
        self._happened(group_id, "removed", user_id, (other_id,), also=(other_id,))

    def rename_group(self, user_id: str, group_id: str, name: str) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        if talk.members[user_id].role < ADMIN:
            raise Refused("FORBIDDEN")
        if talk.name != name:
            talk.name = name
            self._happened(group_id, "updated", user_id, ())

    def set_role(self, user_id: str, group_id: str, other_id: str, role: int) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        if talk.members[user_id].role != OWNER:
            raise Refused("FORBIDDEN")
        if other_id not in talk.active():
            raise Refused("NOT_FOUND")
        if talk.members[other_id].role == role:
            return
        if other_id == user_id:
            raise Refused("FORBIDDEN")
        talk.members[other_id].role = role
        if role == OWNER:
            talk.members[user_id].role = ADMIN
        self._happened(group_id, "role", user_id, (other_id,))

    def dissolve(self, user_id: str, group_id: str) -> None:
        talk = self.talk_of(user_id, GROUP, group_id)
        if talk.members[user_id].role != OWNER:
            raise Refused("FORBIDDEN")
        self._dissolved(group_id, user_id)

    def groups_of(self, user_id: str) -> set[tuple[str, str, str, int]]:
        """(group_id, name, owner, members) of each group a person belongs to."""
        return {
            (key, talk.name, next(u for u, m in talk.active().items() if m.role == OWNER), len(talk.active()))
            for key, talk in self.talks.items()
            if talk.talk_type == GROUP and user_id in talk.active()
        }

    def _join(self, talk: ModelTalk, user_ids: Iterable[str]) -> None:
        self.clock += 1
        head = len(talk.records)
        for user_id in user_ids:
            talk.members[user_id] = ModelMember(head, head, head, joined_at=self.clock)

    def _dissolved(self, group_id: str, user_id: str) -> None:
        talk = self.talks[group_id]
        everybody = tuple(talk.active())
        for member in talk.members.values():
            member.active = False
        self._happened(group_id, "dissolved", user_id, (), also=everybody)

    def _happened(
        self, group_id: str, event: str, by: str, user_ids: tuple[str, ...], also: Iterable[str] = ()
    ) -> None:
        talk = self.talks[group_id]
        for person in dict.fromkeys((*talk.active(), *also)):
            self.told.append((person, ("group", event, group_id)))
        text = json.dumps(
            {"event": event, "user_ids": list(user_ids), "name": talk.name},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        self._append(group_id, talk, ModelRecord(by, EVENT, text, b""))
