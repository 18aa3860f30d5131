"""A change of a group as a unit of work: read under lock, decided by the domain, written with the records of its events."""

import uuid
from typing import Any

from naivechat.domain.appending import Record
from naivechat.domain.group import Group, GroupChange, GroupId, GroupState, Membership, Role
from naivechat.domain.group_record import texts_of
from naivechat.domain.message import GROUP_EVENT, Message
from naivechat.domain.node_account import is_node_account
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import members, records
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.news_row import NewsWriter, ranges_of
from naivechat.infrastructure.sql.transaction import Transaction

GROUP_COLUMNS = "g.group_id, g.name, g.avatar, g.notice, g.owner_id, g.member_count, g.official"

_GROUP_VALUES = (
    "name",
    "avatar",
    "notice",
    "owner_id",
    "member_count",
    "official",
    "dissolved",
    "created_at_ms",
)


def group_of(row: tuple[Any, ...]) -> Group:
    """A row that begins with the columns of a group."""
    group_id, name, avatar, notice, owner_id, member_count, official = row[:7]
    return Group(
        group_id=GroupId(group_id),
        name=name,
        avatar=avatar,
        notice=notice,
        owner_id=UserId(owner_id),
        member_count=member_count,
        official=bool(official),
    )


class GroupChangeUnit:
    """One change as a unit of work. Run again after a commit whose answer was lost, it finds its own records and changes nothing.

    Args:
        from_outside: of an official account the members are not read, for they may be everybody.
    """

    def __init__(
        self,
        group_id: GroupId,
        about: tuple[UserId, ...],
        decide: DecideGroup,
        actor: User,
        now_ms: int,
        news: NewsWriter,
        *,
        from_outside: bool = False,
    ) -> None:
        self._group_id = group_id
        self._talk_id = group_talk_id(group_id)
        self._about = about
        self._decide = decide
        self._actor_id = actor.user_id
        self._now_ms = now_ms
        self._news = news
        self._from_outside = from_outside
        self._done: StoredGroupChange | None = None

    def __call__(self, txn: Transaction) -> StoredGroupChange:
        if self._done is not None and self._is_stored(txn, self._done):
            return self._done
        change = self._decide(self._read_state(txn))
        self._done = StoredGroupChange(change=change, messages=self._write(txn, change))
        self._news.write(txn, ranges_of(self._done.messages, change.joining))
        return self._done

    def _is_stored(self, txn: Transaction, done: StoredGroupChange) -> bool:
        if not done.messages:
            return True
        sql = "SELECT 1 FROM chat_record WHERE sender_id = %s AND msg_uuid = %s"
        return txn.row(sql, (self._actor_id, done.messages[0].msg_uuid)) is not None

    def _read_state(self, txn: Transaction) -> GroupState:
        records.lock_heads(txn, [self._talk_id])
        row = txn.row(
            f"SELECT {GROUP_COLUMNS} FROM chat_group g WHERE g.group_id = %s AND g.dissolved = 0",
            (self._group_id,),
        )
        group = None if row is None else group_of(row)
        is_everybodys = group is not None and group.official
        return GroupState(
            group=group,
            members={} if self._from_outside and is_everybodys else self._read_members(txn),
            group_counts=_group_counts(txn, self._about),
        )

    def _read_members(self, txn: Transaction) -> dict[UserId, Membership]:
        rows = txn.rows(
            "SELECT user_id, role, joined_at_ms FROM talk_member WHERE talk_id = %s AND active = 1",
            (self._talk_id,),
        )
        return {UserId(u): Membership(role=Role(role), joined_at_ms=at) for u, role, at in rows}

    def _write(self, txn: Transaction, change: GroupChange) -> tuple[Message, ...]:
        if not change.events:
            return ()
        self._write_group(txn, change)
        if change.joining:
            roles = {user_id: change.roles.get(user_id, Role.MEMBER) for user_id in change.joining}
            members.join(txn, self._talk_id, roles, self._now_ms)
        if change.dissolved:
            members.end(txn, self._talk_id)
        elif change.leaving:
            members.leave(txn, self._talk_id, change.leaving)
        for user_id, role in change.roles.items():
            if user_id not in change.joining:
                members.set_role(txn, self._talk_id, user_id, role)
        return self._append_events(txn, change)

    def _write_group(self, txn: Transaction, change: GroupChange) -> None:
        group = change.group
        members.create_talk(txn, self._talk_id, official=_official(group))
        known = txn.row("SELECT created_at_ms FROM chat_group WHERE group_id = %s", (self._group_id,))
        created_at_ms = self._now_ms if known is None else known[0]
        txn.execute(
            txn.dialect.upsert("chat_group", ("group_id",), _GROUP_VALUES, 1),
            (
                self._group_id,
                group.name,
                group.avatar,
                group.notice,
                group.owner_id,
                group.member_count,
                int(group.official),
                int(change.dissolved),
                created_at_ms,
            ),
        )

    def _append_events(self, txn: Transaction, change: GroupChange) -> tuple[Message, ...]:
        head, _ = records.lock_heads(txn, [self._talk_id])[self._talk_id]
        appended = []
        for text in (text for event in change.events for text in texts_of(event, change.group.name)):
            head.last_seq += 1
            message = Message(
                talk_id=self._talk_id,
                seq=head.last_seq,
                sender_id=self._actor_id,
                msg_type=GROUP_EVENT,
                text=text,
                sent_at_ms=self._now_ms,
                msg_uuid=uuid.uuid4().bytes,
            )
            appended.append(Record(message=message, counted=head.counted))
        records.insert(txn, appended)
        records.write_heads(txn, {self._talk_id: head})
        txn.execute(
            "UPDATE talk_member SET read_seq = %s, read_counted = %s WHERE talk_id = %s AND user_id = %s AND active = 1",
            (head.last_seq, head.counted, self._talk_id, self._actor_id),
        )
        return tuple(record.message for record in appended)


def _official(group: Group) -> int:
    if not group.official:
        return members.NOT_OFFICIAL
    return members.SOME_PEOPLES if is_node_account(group.group_id) else members.EVERYBODYS


def _group_counts(txn: Transaction, about: tuple[UserId, ...]) -> dict[UserId, int]:
    if not about:
        return {}
    people = sorted(set(about))
    rows = txn.rows(
        "SELECT u.user_id, COUNT(m.user_id) FROM user u "
        "LEFT JOIN talk_member m ON m.user_id = u.user_id AND m.active = 1 AND m.talk_id LIKE ':%%' "
        f"WHERE u.disabled = 0 AND u.user_id IN {placeholders(len(people), 1)} GROUP BY u.user_id",
        people,
    )
    return {UserId(user_id): count for user_id, count in rows}
