"""Accounts in SQL tables as operators see them; the ports say what each method does."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from naivechat.domain.directory import (
    FURTHEST,
    AccountPage,
    AccountQuery,
    AccountSort,
    Bonds,
    Device,
    ListedAccount,
)
from naivechat.domain.errors import NotFound, UserExists
from naivechat.domain.group import Role
from naivechat.domain.talk import TalkId
from naivechat.domain.user import BOT_MARK, Account, User, UserId
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.matching import begins_with, contains, count_up_to, is_whole_rest
from naivechat.infrastructure.sql.members import join
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction
from naivechat.infrastructure.sql.users import lock_user

ROWS_A_STATEMENT = 500

_COLUMNS = (
    "u.user_id, u.nickname, u.avatar, u.disabled, u.created_at_ms, u.last_seen_ms, "
    f"SUBSTR(u.password_hash, 1, {len(BOT_MARK)}) = '{BOT_MARK}'"
)
_ORDERS = {
    AccountSort.ID: "u.user_id_folded",
    AccountSort.NICKNAME: "u.nickname_folded",
    AccountSort.CREATED: "u.created_at_ms",
    AccountSort.LAST_SEEN: "u.last_seen_ms",
}


@attrs.frozen
class SqlAccountDirectory:
    """Implements `domain.directory_ports.AccountDirectory`."""

    _database: Database

    async def list_accounts(self, query: AccountQuery) -> AccountPage:
        return await self._database.read_snapshot(_list_accounts, query)

    async def list_after(self, user_id: str, *, limit: int) -> tuple[ListedAccount, ...]:
        return await self._database.read(_list_after, user_id, limit)

    async def get_account(self, user_id: UserId) -> ListedAccount:
        return await self._database.read(_get_account, user_id)

    async def list_named(self, user_ids: Sequence[UserId]) -> tuple[ListedAccount, ...]:
        return await self._database.read(_rows_of, user_ids)

    async def list_devices(self, user_id: UserId) -> tuple[Device, ...]:
        return await self._database.read(_list_devices, user_id)

    async def count_bonds(self, user_id: UserId) -> Bonds:
        return await self._database.read(_count_bonds, user_id)

    async def revoke_device(self, user_id: UserId, device: str) -> int:
        return await self._database.write(_revoke_device, user_id, device)

    async def find_taken(self, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        return await self._database.read(_find_taken, user_ids)

    async def add_all(self, accounts: Sequence[Account]) -> None:
        await self._database.write(_add_all, accounts)

    async def note_seen(self, seen: Mapping[UserId, int]) -> None:
        if seen:
            await self._database.write(_note_seen, seen)


def _listed(row: tuple[Any, ...]) -> ListedAccount:
    user_id, nickname, avatar, disabled, created_at_ms, last_seen_ms, is_bot = row
    return ListedAccount(
        user=User(user_id=UserId(user_id), nickname=nickname, avatar=avatar),
        disabled=bool(disabled),
        created_at_ms=created_at_ms,
        last_seen_ms=last_seen_ms,
        bot=bool(is_bot),
    )


def _list_accounts(txn: Transaction, query: AccountQuery) -> AccountPage:
    origin, values = _matching(query)
    direction = "DESC" if query.descending else "ASC"
    order = f"{_ORDERS[query.sort]} {direction}, u.user_id {direction}"
    places: list[Any] = []
    if query.text:
        folded = query.text.casefold()
        order = (
            "CASE WHEN u.user_id_folded = %s THEN 0 WHEN u.user_id_folded LIKE %s ESCAPE '!' THEN 1 "
            f"WHEN u.nickname_folded LIKE %s ESCAPE '!' THEN 1 ELSE 2 END, {order}"
        )
        places = [folded, begins_with(folded), begins_with(folded)]
    # The ids first, from an index that holds all that is asked for; whole rows only of those that are shown.
    found = txn.rows(
        f"SELECT u.user_id {origin} ORDER BY {order} LIMIT %s OFFSET %s",
        [*values, *places, query.limit, query.offset],
    )
    user_ids = [user_id for (user_id,) in found]
    if is_whole_rest(len(user_ids), query.limit, query.offset):
        total = query.offset + len(user_ids)
    else:
        total = count_up_to(txn, origin, values)
    return AccountPage(accounts=_rows_of(txn, user_ids), total=min(total, FURTHEST))


def _matching(query: AccountQuery) -> tuple[str, list[Any]]:
    conditions, values = ["1 = 1"], list[Any]()
    if query.text:
        conditions.append("(u.user_id_folded LIKE %s ESCAPE '!' OR u.nickname_folded LIKE %s ESCAPE '!')")
        values += [contains(query.text.casefold())] * 2
    if query.disabled is not None:
        conditions.append("u.disabled = %s")
        values.append(int(query.disabled))
    return f"FROM user u WHERE {' AND '.join(conditions)}", values


def _rows_of(txn: Transaction, user_ids: Sequence[str]) -> tuple[ListedAccount, ...]:
    """The accounts of these ids, in their order; whoever does not exist is left out."""
    if not user_ids:
        return ()
    sql = f"SELECT {_COLUMNS} FROM user u WHERE u.user_id IN {placeholders(len(user_ids), 1)}"
    known = {row[0]: _listed(row) for row in txn.rows(sql, user_ids)}
    return tuple(known[user_id] for user_id in user_ids if user_id in known)


def _list_after(txn: Transaction, user_id: str, limit: int) -> tuple[ListedAccount, ...]:
    sql = f"SELECT {_COLUMNS} FROM user u WHERE u.user_id > %s ORDER BY u.user_id LIMIT %s"
    return tuple(map(_listed, txn.rows(sql, (user_id, limit))))


def _get_account(txn: Transaction, user_id: UserId) -> ListedAccount:
    known = user_id if user_id.isascii() else ""
    row = txn.row(f"SELECT {_COLUMNS} FROM user u WHERE u.user_id = %s", (known,))
    if row is None:
        raise NotFound(f"There is no user {user_id}.")
    return _listed(row)


def _list_devices(txn: Transaction, user_id: UserId) -> tuple[Device, ...]:
    rows = txn.rows(
        "SELECT device, MAX(expires_at_ms) FROM login_token WHERE user_id = %s GROUP BY device ORDER BY device",
        (user_id,),
    )
    return tuple(Device(name=device, expires_at_ms=expires_at_ms) for device, expires_at_ms in rows)


def _count_bonds(txn: Transaction, user_id: UserId) -> Bonds:
    row = txn.row(
        "SELECT (SELECT COUNT(*) FROM user_friend WHERE user_id = %s), "
        "(SELECT COUNT(*) FROM talk_member WHERE user_id = %s AND active = 1 AND talk_id LIKE ':%%')",
        (user_id, user_id),
    )
    assert row is not None
    return Bonds(friends=row[0], groups=row[1])


def _revoke_device(txn: Transaction, user_id: UserId, device: str) -> int:
    lock_user(txn, user_id)
    return txn.execute("DELETE FROM login_token WHERE user_id = %s AND device = %s", (user_id, device))


def _find_taken(txn: Transaction, user_ids: Sequence[UserId]) -> frozenset[UserId]:
    return frozenset(_hashes_of(txn, user_ids))


def _hashes_of(txn: Transaction, user_ids: Sequence[UserId]) -> dict[UserId, str]:
    known: dict[UserId, str] = {}
    for portion in _portions(user_ids):
        sql = f"SELECT user_id, password_hash FROM user WHERE user_id IN {placeholders(len(portion), 1)}"
        known |= dict(txn.rows(sql, portion))
    return known


def _add_all(txn: Transaction, accounts: Sequence[Account]) -> None:
    known = _hashes_of(txn, [account.user.user_id for account in accounts])
    if known == {account.user.user_id: account.password_hash for account in accounts}:
        return  # Salt makes hashes unique: this is a second run, after a commit whose answer was lost.
    if known:
        raise UserExists(f"Taken meanwhile: {', '.join(sorted(known))}.")
    for portion in _portions(accounts):
        _insert(txn, portion)
    officials = txn.rows("SELECT talk_id FROM talk WHERE official = 1 ORDER BY talk_id {for_update}")
    for (talk_id,) in officials:
        for portion in _portions(accounts):
            enrol(
                txn,
                TalkId(talk_id),
                [account.user.user_id for account in portion],
                portion[0].created_at_ms,
            )


def _insert(txn: Transaction, accounts: Sequence[Account]) -> None:
    values: list[Any] = []
    for account in accounts:
        user = account.user
        values += (user.user_id, user.user_id.casefold(), user.nickname, user.nickname.casefold())
        values += (user.avatar, account.password_hash, int(account.disabled), account.created_at_ms)
    txn.execute(
        "INSERT INTO user (user_id, user_id_folded, nickname, nickname_folded, avatar, password_hash, disabled, created_at_ms) "
        f"VALUES {placeholders(8, len(accounts))}",
        values,
    )


def enrol(txn: Transaction, talk_id: TalkId, user_ids: Sequence[UserId], now_ms: int) -> None:
    """People who are not in an official account join it; its talk is locked already."""
    join(txn, talk_id, dict.fromkeys(user_ids, Role.MEMBER), now_ms)
    txn.execute(
        "UPDATE chat_group SET member_count = member_count + %s WHERE group_id = %s",
        (len(user_ids), talk_id[1:]),
    )


def _note_seen(txn: Transaction, seen: Mapping[UserId, int]) -> None:
    for sql, values in txn.dialect.set_each("user", "user_id", "last_seen_ms", sorted(seen.items())):
        txn.write(sql, values)


def _portions(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + ROWS_A_STATEMENT] for start in range(0, len(rows), ROWS_A_STATEMENT)]
