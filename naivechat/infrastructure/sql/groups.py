"""Groups in SQL tables; the ports say what each method does.

A change runs alone in the message log's queue: it writes records, and whoever is told of records is told in commit order.
"""

from collections.abc import Collection, Mapping

import attrs

from naivechat.domain.group import GroupId, Member, Role
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.group_change import GroupChangeUnit
from naivechat.infrastructure.sql.members import list_heads
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction


@attrs.frozen
class SqlGroupRepository:
    """Implements `domain.ports.GroupRepository`."""

    _database: Database
    _log: SqlMessageLog
    _news: NewsWriter

    async def create(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        change = GroupChangeUnit(group_id, tuple(about), decide, actor, now_ms, self._news)
        return await self._log.run_alone(change)

    async def change(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        change = GroupChangeUnit(group_id, tuple(about), decide, actor, now_ms, self._news)
        return await self._log.run_alone(change)

    async def list_members(self, group_id: GroupId, user_id: UserId) -> tuple[Member, ...]:
        return await self._database.read(_list_members, group_id, user_id)

    async def find_joined_seq(self, group_id: GroupId, user_id: UserId) -> int | None:
        return await self._database.read(_find_joined_seq, group_id, user_id)

    async def list_heads(self, user_id: UserId) -> Mapping[GroupId, int]:
        return await self._database.read(list_heads, user_id)


def _list_members(txn: Transaction, group_id: GroupId, user_id: UserId) -> tuple[Member, ...]:
    talk_id: TalkId = group_talk_id(group_id)
    records.require_position(txn, talk_id, user_id)
    rows = txn.rows(
        "SELECT u.user_id, u.nickname, u.avatar, m.role FROM talk_member m JOIN user u ON u.user_id = m.user_id "
        "WHERE m.talk_id = %s AND m.active = 1 ORDER BY m.role DESC, m.joined_at_ms, m.user_id",
        (talk_id,),
    )
    return tuple(
        Member(user=User(user_id=UserId(u), nickname=name, avatar=avatar), role=Role(role))
        for u, name, avatar, role in rows
    )


def _find_joined_seq(txn: Transaction, group_id: GroupId, user_id: UserId) -> int | None:
    row = txn.row(
        "SELECT joined_seq FROM talk_member WHERE talk_id = %s AND user_id = %s AND active = 1",
        (group_talk_id(group_id), user_id),
    )
    return None if row is None else int(row[0])
