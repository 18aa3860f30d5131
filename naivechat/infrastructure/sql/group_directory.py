"""Groups in SQL tables as operators see and change them; the ports say what each method does."""

from collections.abc import Sequence
from typing import Any

import attrs

from naivechat.domain.directory import FURTHEST, Enrolment, GroupPage, GroupQuery, GroupSort, ListedGroup
from naivechat.domain.errors import NotFound
from naivechat.domain.group import Group, GroupId, Member, Role
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.account_directory import ROWS_A_STATEMENT, enrol
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.group_change import GROUP_COLUMNS, GroupChangeUnit, group_of
from naivechat.infrastructure.sql.matching import begins_with, contains, count_up_to, is_whole_rest
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import lock_heads
from naivechat.infrastructure.sql.transaction import Transaction

_ORDERS = {
    GroupSort.ID: "g.group_id",
    GroupSort.NAME: "g.name",
    GroupSort.CREATED: "g.created_at_ms",
    GroupSort.MEMBERS: "g.member_count",
}

_OUTSIDE = (
    "FROM user u LEFT JOIN talk_member m ON m.talk_id = %s AND m.user_id = u.user_id AND m.active = 1 "
    "WHERE m.user_id IS NULL"
)
"""People who are not in a talk."""


@attrs.frozen
class SqlGroupDirectory:
    """Implements `domain.directory_ports.GroupDirectory`."""

    _database: Database
    _log: SqlMessageLog
    _news: NewsWriter

    async def list_groups(self, query: GroupQuery) -> GroupPage:
        return await self._database.read_snapshot(_list_groups, query)

    async def get_group(self, group_id: GroupId) -> ListedGroup:
        return await self._database.read(_get_group, group_id)

    async def list_members(self, group_id: GroupId, *, limit: int, offset: int) -> tuple[Member, ...]:
        return await self._database.read(_list_members, group_id, limit, offset)

    async def administer(
        self, group_id: GroupId, decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        unit = GroupChangeUnit(
            _ascii(group_id), (actor.user_id,), decide, actor, now_ms, self._news, from_outside=True
        )
        return await self._log.run_alone(unit)

    async def enrol(self, group_id: GroupId, after_id: str, now_ms: int) -> Enrolment:
        return await self._database.write(_enrol, _ascii(group_id), after_id, now_ms)

    async def enrol_these(self, group_id: GroupId, user_ids: Sequence[UserId], now_ms: int) -> Enrolment:
        return await self._database.write(_enrol_these, _ascii(group_id), user_ids, now_ms)


def _ascii(text: str) -> GroupId:
    """What to compare an id with: MySQL refuses to compare ASCII columns with anything else. No id equals or is like ""."""
    return GroupId(text if text.isascii() else "")


def _list_groups(txn: Transaction, query: GroupQuery) -> GroupPage:
    origin, values = _matching(query)
    direction = "DESC" if query.descending else "ASC"
    order = f"{_ORDERS[query.sort]} {direction}, g.group_id {direction}"
    places: list[Any] = []
    if query.text:
        lower = query.text.lower()
        order = (
            "CASE WHEN g.group_id = %s THEN 0 WHEN LOWER(g.group_id) LIKE %s ESCAPE '!' THEN 1 "
            f"WHEN LOWER(g.name) LIKE %s ESCAPE '!' OR g.name LIKE %s ESCAPE '!' THEN 1 ELSE 2 END, {order}"
        )
        places = [_ascii(query.text), _ascii(begins_with(lower)), begins_with(lower), begins_with(query.text)]
    found = txn.rows(
        f"SELECT g.group_id {origin} ORDER BY {order} LIMIT %s OFFSET %s",
        [*values, *places, query.limit, query.offset],
    )
    group_ids = [group_id for (group_id,) in found]
    if is_whole_rest(len(group_ids), query.limit, query.offset):
        total = query.offset + len(group_ids)
    else:
        total = count_up_to(txn, origin, values)
    return GroupPage(groups=_rows_of(txn, group_ids), total=min(total, FURTHEST))


def _matching(query: GroupQuery) -> tuple[str, list[Any]]:
    conditions, values = ["g.dissolved = 0"], list[Any]()
    if query.text:
        conditions.append(
            "(LOWER(g.group_id) LIKE %s ESCAPE '!' OR LOWER(g.name) LIKE %s ESCAPE '!' OR g.name LIKE %s ESCAPE '!')"
        )
        lower = contains(query.text.lower())
        values += [_ascii(lower), lower, contains(query.text)]
    if query.official is not None:
        conditions.append("g.official = %s")
        values.append(int(query.official))
    return f"FROM chat_group g WHERE {' AND '.join(conditions)}", values


def _rows_of(txn: Transaction, group_ids: Sequence[str]) -> tuple[ListedGroup, ...]:
    """The groups of these ids, in their order."""
    if not group_ids:
        return ()
    sql = f"SELECT {GROUP_COLUMNS}, g.created_at_ms FROM chat_group g WHERE g.group_id IN {placeholders(len(group_ids), 1)}"
    known = {
        row[0]: ListedGroup(group=group_of(row), created_at_ms=row[7]) for row in txn.rows(sql, group_ids)
    }
    return tuple(known[group_id] for group_id in group_ids)


def _get_group(txn: Transaction, group_id: GroupId) -> ListedGroup:
    sql = (
        f"SELECT {GROUP_COLUMNS}, g.created_at_ms FROM chat_group g WHERE g.group_id = %s AND g.dissolved = 0"
    )
    row = txn.row(sql, (_ascii(group_id),))
    if row is None:
        raise NotFound("There is no such group.")
    return ListedGroup(group=group_of(row), created_at_ms=row[7])


def _list_members(txn: Transaction, group_id: GroupId, limit: int, offset: int) -> tuple[Member, ...]:
    group = _get_group(txn, group_id).group
    order = "m.user_id" if group.official else "m.role DESC, m.joined_at_ms, m.user_id"
    rows = txn.rows(
        "SELECT u.user_id, u.nickname, u.avatar, page.role FROM (SELECT m.user_id, m.role, m.joined_at_ms FROM talk_member m "
        f"WHERE m.talk_id = %s AND m.active = 1 ORDER BY {order} LIMIT %s OFFSET %s) page "
        f"JOIN user u ON u.user_id = page.user_id ORDER BY {order.replace('m.', 'page.')}",
        (group_talk_id(group_id), limit, offset),
    )
    return tuple(
        Member(user=User(user_id=UserId(u), nickname=name, avatar=avatar), role=Role(role))
        for u, name, avatar, role in rows
    )


def _enrol(txn: Transaction, group_id: GroupId, after_id: str, now_ms: int) -> Enrolment:
    talk_id, last_seq = _lock_official(txn, group_id)
    rows = txn.rows(
        f"SELECT u.user_id {_OUTSIDE} AND u.user_id > %s ORDER BY u.user_id LIMIT %s",
        (talk_id, after_id, ROWS_A_STATEMENT),
    )
    return _take_in(txn, group_id, last_seq, rows, now_ms)


def _enrol_these(txn: Transaction, group_id: GroupId, user_ids: Sequence[UserId], now_ms: int) -> Enrolment:
    talk_id, last_seq = _lock_official(txn, group_id)
    rows = txn.rows(
        f"SELECT u.user_id {_OUTSIDE} AND u.user_id IN {placeholders(len(user_ids), 1)} ORDER BY u.user_id",
        (talk_id, *user_ids),
    )
    return _take_in(txn, group_id, last_seq, rows, now_ms)


def _lock_official(txn: Transaction, group_id: GroupId) -> tuple[TalkId, int]:
    """The log of an official account, and its last seq."""
    talk_id = group_talk_id(group_id)
    head, official = lock_heads(txn, [talk_id]).get(talk_id, (None, False))
    if head is None or not official:
        raise NotFound("There is no such official account.")
    return talk_id, head.last_seq


def _take_in(
    txn: Transaction, group_id: GroupId, last_seq: int, rows: Sequence[tuple[Any, ...]], now_ms: int
) -> Enrolment:
    joined = tuple(UserId(user_id) for (user_id,) in rows)
    if joined:
        enrol(txn, group_talk_id(group_id), joined, now_ms)
    group: Group = _get_group(txn, group_id).group
    return Enrolment(group=group, joined=joined, seq=last_seq, is_last=len(joined) < ROWS_A_STATEMENT)
