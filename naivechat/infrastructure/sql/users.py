"""Accounts in SQL tables; the ports say what each method does."""

from typing import Any

import attrs

from naivechat.domain.errors import AuthFailed, NotFound, UserExists
from naivechat.domain.friend import Found, Standing
from naivechat.domain.group import Role
from naivechat.domain.ports import FoundPage
from naivechat.domain.session import TokenHash
from naivechat.domain.talk import TalkId
from naivechat.domain.user import Account, User, UserId
from naivechat.infrastructure.sql.members import join
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction

ACCOUNT_COLUMNS = "u.user_id, u.nickname, u.avatar, u.password_hash, u.disabled, u.created_at_ms"


def account_of(row: tuple[Any, ...]) -> Account:
    """A row that begins with the columns of an account."""
    user_id, nickname, avatar, password_hash, disabled, created_at_ms = row[:6]
    return Account(
        user=User(user_id=UserId(user_id), nickname=nickname, avatar=avatar),
        password_hash=password_hash,
        disabled=bool(disabled),
        created_at_ms=created_at_ms,
    )


def as_id(text: str) -> str:
    """A text to compare with an id: MySQL refuses to compare ASCII columns with anything else (LIKE is of another mind)."""
    return text if text.isascii() else ""


@attrs.frozen
class SqlUserRepository:
    """Implements `domain.ports.UserRepository`."""

    _database: Database

    async def add(self, account: Account) -> None:
        await self._database.write(_add, account)

    async def find_account(self, user_id: UserId) -> Account | None:
        return await self._database.read(_find_account, user_id)

    async def list_accounts(self) -> tuple[Account, ...]:
        return await self._database.read(_list_accounts)

    async def set_password_hash(
        self, user_id: UserId, password_hash: str, *, keep: TokenHash | None, instead_of: str | None = None
    ) -> None:
        await self._database.write(_set_password_hash, user_id, password_hash, keep, instead_of)

    async def rehash_password(self, user_id: UserId, password_hash: str, *, instead_of: str) -> bool:
        return await self._database.write(_rehash, user_id, password_hash, instead_of)

    async def set_disabled(self, user_id: UserId, disabled: bool) -> None:
        await self._database.write(_set_disabled, user_id, disabled)

    async def update_profile(self, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
        return await self._database.write(_update_profile, user_id, nickname, avatar)

    async def search(self, searcher_id: UserId, key: str, *, limit: int, offset: int) -> FoundPage:
        return await self._database.read(_search, searcher_id, key, limit, offset)


def _add(txn: Transaction, account: Account) -> None:
    user = account.user
    known = txn.row("SELECT password_hash FROM user WHERE user_id = %s", (user.user_id,))
    if known is not None and known[0] == account.password_hash:
        return  # Salt makes the hash unique: this is a second run, after a commit whose answer was lost.
    if known is not None:
        raise UserExists
    txn.execute(
        "INSERT INTO user (user_id, user_id_folded, nickname, nickname_folded, avatar, password_hash, disabled, created_at_ms) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            user.user_id,
            user.user_id.casefold(),
            user.nickname,
            user.nickname.casefold(),
            user.avatar,
            account.password_hash,
            int(account.disabled),
            account.created_at_ms,
        ),
    )
    officials = txn.rows("SELECT talk_id FROM talk WHERE official = 1 ORDER BY talk_id {for_update}")
    for (talk_id,) in officials:
        join(txn, TalkId(talk_id), {user.user_id: Role.MEMBER}, account.created_at_ms)
        txn.execute(
            "UPDATE chat_group SET member_count = member_count + 1 WHERE group_id = %s", (talk_id[1:],)
        )


def _find_account(txn: Transaction, user_id: UserId) -> Account | None:
    row = txn.row(f"SELECT {ACCOUNT_COLUMNS} FROM user u WHERE u.user_id = %s", (as_id(user_id),))
    return None if row is None else account_of(row)


def _list_accounts(txn: Transaction) -> tuple[Account, ...]:
    return tuple(map(account_of, txn.rows(f"SELECT {ACCOUNT_COLUMNS} FROM user u ORDER BY u.user_id")))


def lock_user(txn: Transaction, user_id: UserId) -> tuple[str, bool]:
    """Lock an account; its password hash, and whether it is disabled. NotFound."""
    row = txn.row(
        "SELECT password_hash, disabled FROM user WHERE user_id = %s {for_update}", (as_id(user_id),)
    )
    if row is None:
        raise NotFound(f"There is no user {user_id}.")
    return row[0], bool(row[1])


def _set_password_hash(
    txn: Transaction, user_id: UserId, password_hash: str, keep: TokenHash | None, instead_of: str | None
) -> None:
    known_hash, _ = lock_user(txn, user_id)
    # The new hash is there already when this runs again after a commit whose answer was lost.
    if instead_of is not None and known_hash not in (instead_of, password_hash):
        raise AuthFailed
    _set_hash(txn, user_id, password_hash)
    txn.execute("DELETE FROM login_token WHERE user_id = %s AND token_hash <> %s", (user_id, keep or b""))


def _rehash(txn: Transaction, user_id: UserId, password_hash: str, instead_of: str) -> bool:
    known_hash, _ = lock_user(txn, user_id)
    if known_hash not in (instead_of, password_hash):
        return False
    _set_hash(txn, user_id, password_hash)
    return True


def _set_hash(txn: Transaction, user_id: UserId, password_hash: str) -> None:
    txn.execute("UPDATE user SET password_hash = %s WHERE user_id = %s", (password_hash, user_id))


def _set_disabled(txn: Transaction, user_id: UserId, disabled: bool) -> None:
    lock_user(txn, user_id)
    txn.execute("UPDATE user SET disabled = %s WHERE user_id = %s", (int(disabled), user_id))
    if disabled:
        txn.execute("DELETE FROM login_token WHERE user_id = %s", (user_id,))


def _update_profile(txn: Transaction, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
    lock_user(txn, user_id)
    if nickname is not None:
        txn.execute(
            "UPDATE user SET nickname = %s, nickname_folded = %s WHERE user_id = %s",
            (nickname, nickname.casefold(), user_id),
        )
    if avatar is not None:
        txn.execute("UPDATE user SET avatar = %s WHERE user_id = %s", (avatar, user_id))
    row = txn.row("SELECT nickname, avatar FROM user WHERE user_id = %s", (user_id,))
    assert row is not None
    return User(user_id=user_id, nickname=row[0], avatar=row[1])


def _search(txn: Transaction, searcher_id: UserId, key: str, limit: int, offset: int) -> FoundPage:
    folded = key.casefold()
    escaped = folded.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    begins, contains = f"{escaped}%", f"%{escaped}%"
    rows = txn.rows(
        "SELECT u.user_id, u.nickname, u.avatar, f.user_id, q.asker_id, "
        "CASE WHEN u.user_id = %s THEN 0 WHEN u.user_id_folded = %s THEN 1 WHEN u.user_id_folded LIKE %s ESCAPE '!' THEN 2 "
        "WHEN u.nickname_folded LIKE %s ESCAPE '!' THEN 3 ELSE 4 END AS place "
        "FROM user u LEFT JOIN user_friend f ON f.user_id = %s AND f.friend_id = u.user_id "
        "LEFT JOIN friend_request q ON q.asker_id = %s AND q.asked_id = u.user_id "
        "WHERE u.disabled = 0 AND u.user_id <> %s "
        "AND (u.user_id_folded LIKE %s ESCAPE '!' OR u.nickname_folded LIKE %s ESCAPE '!') "
        "ORDER BY place, u.user_id LIMIT %s OFFSET %s",
        (
            as_id(key),
            folded,
            begins,
            begins,
            searcher_id,
            searcher_id,
            searcher_id,
            contains,
            contains,
            limit + 1,
            offset,
        ),
    )
    return FoundPage(users=tuple(map(_found_of, rows[:limit])), has_more=len(rows) > limit)


def _found_of(row: tuple[Any, ...]) -> Found:
    user_id, nickname, avatar, friend, asked = row[:5]
    standing = Standing.FRIEND if friend else Standing.ASKED if asked else Standing.CAN_ADD
    return Found(user=User(user_id=UserId(user_id), nickname=nickname, avatar=avatar), standing=standing)
