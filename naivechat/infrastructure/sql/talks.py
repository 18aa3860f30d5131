"""Dialogues on people's lists; the ports say what each method does."""

from twisted.internet.interfaces import IReactorTime

from naivechat.domain.errors import NotFriend, NotMember
from naivechat.domain.ports import Snapshot
from naivechat.domain.talk import OPENED, Talk, TalkId, address_for, friends_in, is_group_talk
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import require_position
from naivechat.infrastructure.sql.snapshots import (
    TALK_COLUMNS,
    TALK_TABLES,
    Wanted,
    read_short_snapshot,
    read_snapshots,
    talk_of,
)
from naivechat.infrastructure.sql.transaction import Transaction

MOST_REMEMBERED = 10_000
"""People with more dialogues or requests than are shown, of whom it is remembered."""


class SqlTalkRepository:
    """Implements `domain.ports.TalkRepository`. What those who log in show first is read together."""

    def __init__(self, database: Database, clock: IReactorTime) -> None:
        self._database = database
        self._snapshots = Gathering(self._read_snapshots, clock)
        self._have_much: set[UserId] = set()

    async def open(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        await self._database.write(_open, talk_id, user_id, now_ms)

    async def hide(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        await self._database.write(_hide, talk_id, user_id, now_ms)

    async def set_flags(
        self, talk_id: TalkId, user_id: UserId, *, pinned: bool | None, muted: bool | None, now_ms: int
    ) -> None:
        await self._database.write(_set_flags, talk_id, user_id, pinned, muted, now_ms)

    async def get_talk(self, talk_id: TalkId, user_id: UserId) -> Talk:
        return await self._database.read(_get_talk, talk_id, user_id)

    async def list_audience(self, talk_id: TalkId, user_id: UserId, *, most: int) -> tuple[UserId, ...]:
        return await self._database.read(_list_audience, talk_id, user_id, most)

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Snapshot:
        return await self._snapshots.ask(Wanted(user_id=user_id, since_ms=since_ms, offset=offset))

    async def _read_snapshots(self, wanted: tuple[Wanted, ...]) -> list[Snapshot]:
        if len(wanted) == 1 and (short := await self._read_short(wanted[0])):
            return [short]
        return await self._database.read_login(lambda txn: read_snapshots(txn, wanted))

    async def _read_short(self, wanted: Wanted) -> Snapshot | None:
        """What somebody is shown first who has little, as nearly everybody; of the others it is remembered."""
        user_id = wanted.user_id
        if not wanted.is_first or user_id in self._have_much:
            return None
        short = await self._database.read_login(lambda txn: read_short_snapshot(txn, user_id))
        if short is None:
            if len(self._have_much) >= MOST_REMEMBERED:
                self._have_much.clear()
            self._have_much.add(user_id)
        return short


def _open(txn: Transaction, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
    require_position(txn, talk_id, user_id)
    openers = (user_id,) if is_group_talk(talk_id) else friends_in(talk_id)
    for opener in openers:
        txn.execute(
            "UPDATE talk_member SET hidden_seq = %s, opened_at_ms = %s, changed_at_ms = %s WHERE talk_id = %s AND user_id = %s",
            (OPENED, now_ms, now_ms, talk_id, opener),
        )


def _hide(txn: Transaction, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
    require_position(txn, talk_id, user_id)
    txn.execute(
        "UPDATE talk_member SET hidden_seq = (SELECT last_seq FROM talk WHERE talk_id = %s), changed_at_ms = %s "
        "WHERE talk_id = %s AND user_id = %s",
        (talk_id, now_ms, talk_id, user_id),
    )


def _set_flags(
    txn: Transaction, talk_id: TalkId, user_id: UserId, pinned: bool | None, muted: bool | None, now_ms: int
) -> None:
    require_position(txn, talk_id, user_id)
    txn.execute(
        "UPDATE talk_member SET pinned = COALESCE(%s, pinned), muted = COALESCE(%s, muted), changed_at_ms = %s "
        "WHERE talk_id = %s AND user_id = %s",
        (_flag(pinned), _flag(muted), now_ms, talk_id, user_id),
    )


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _get_talk(txn: Transaction, talk_id: TalkId, user_id: UserId) -> Talk:
    address = address_for(user_id, talk_id)
    friend_id, group_id = (None, address.other_id) if is_group_talk(talk_id) else (address.other_id, None)
    row = txn.row(
        f"SELECT {TALK_COLUMNS}, COALESCE(NULLIF(f.remark, ''), u.nickname, g.name), COALESCE(u.avatar, g.avatar) "
        f"FROM {TALK_TABLES} LEFT JOIN user u ON u.user_id = %s LEFT JOIN user_friend f ON f.user_id = m.user_id AND f.friend_id = u.user_id "
        "LEFT JOIN chat_group g ON g.group_id = %s WHERE m.user_id = %s AND m.active = 1 AND m.talk_id = %s",
        (friend_id, group_id, user_id, talk_id),
    )
    if row is None:
        raise NotMember if is_group_talk(talk_id) else NotFriend
    return talk_of(address, row[8:], row)


def _list_audience(txn: Transaction, talk_id: TalkId, user_id: UserId, most: int) -> tuple[UserId, ...]:
    require_position(txn, talk_id, user_id)
    rows = txn.rows(
        "SELECT user_id FROM talk_member WHERE talk_id = %s AND active = 1 AND user_id <> %s ORDER BY user_id LIMIT %s",
        (talk_id, user_id, most + 1),
    )
    return () if len(rows) > most else tuple(UserId(other) for (other,) in rows)


def read_epoch(txn: Transaction) -> str:
    """The name of this history of the database."""
    row = txn.row("SELECT epoch FROM history")
    assert row is not None
    return str(row[0])
