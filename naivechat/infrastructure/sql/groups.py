"""Groups in SQL tables; the ports say what each method does.

A change runs alone in the message log's queue: it writes records, and whoever is told of records is told in commit order.
"""

from collections.abc import Collection, Mapping

from twisted.internet.interfaces import IReactorTime

from naivechat.domain.group import GroupId, Member, Role
from naivechat.domain.ports import DecideGroup, StoredGroupChange
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.group_change import GroupChangeUnit
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.pool import Database, Transaction


class SqlGroupRepository:
    """Implements `domain.ports.GroupRepository`. The groups of all who log in are read together."""

    def __init__(self, database: Database, log: SqlMessageLog, news: NewsWriter, clock: IReactorTime) -> None:
        self._database = database
        self._log = log
        self._news = news
        self._heads = Gathering(self._list_all_heads, clock)

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
        return await self._heads.ask(user_id)

    async def _list_all_heads(self, user_ids: tuple[UserId, ...]) -> list[dict[GroupId, int]]:
        return await self._database.read(_list_heads, user_ids)


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


def _list_heads(txn: Transaction, user_ids: tuple[UserId, ...]) -> list[dict[GroupId, int]]:
    heads: dict[UserId, dict[GroupId, int]] = {user_id: {} for user_id in user_ids}
    rows = txn.rows(
        "SELECT m.user_id, t.talk_id, t.last_seq FROM talk_member m JOIN talk t ON t.talk_id = m.talk_id "
        f"WHERE m.user_id IN {placeholders(len(user_ids), 1)} AND m.active = 1 AND m.talk_id LIKE ':%%' "
        "ORDER BY t.talk_id",
        user_ids,
    )
    for user_id, talk_id, last_seq in rows:
        heads[user_id][GroupId(talk_id[1:])] = last_seq
    return [heads[user_id] for user_id in user_ids]
