"""Accounts and tokens in SQL tables; the ports say what each method does."""

from typing import Any

import attrs

from naivechat.domain.errors import NotFound, UserExists
from naivechat.domain.friend import Found, Standing
from naivechat.domain.group import Role
from naivechat.domain.ports import FoundPage
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.domain.talk import TalkId
from naivechat.domain.user import Account, User, UserId
from naivechat.infrastructure.sql.members import join
from naivechat.infrastructure.sql.pool import Database, Transaction

_ACCOUNT = "u.user_id, u.nickname, u.avatar, u.password_hash, u.disabled, u.created_at_ms"


def _account_of(row: tuple[Any, ...]) -> Account:
    user_id, nickname, avatar, password_hash, disabled, created_at_ms = row[:6]
    return Account(
        user=User(user_id=UserId(user_id), nickname=nickname, avatar=avatar),
        password_hash=password_hash,
        disabled=bool(disabled),
        created_at_ms=created_at_ms,
    )


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

    async def set_password_hash(self, user_id: UserId, password_hash: str, *, keep: TokenHash | None) -> None:
        await self._database.write(_set_password_hash, user_id, password_hash, keep)

    async def rehash_password(self, user_id: UserId, password_hash: str) -> None:
        await self._database.write(_set_hash, user_id, password_hash)

    async def set_disabled(self, user_id: UserId, disabled: bool) -> None:
        await self._database.write(_set_disabled, user_id, disabled)

    async def update_profile(self, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
        return await self._database.write(_update_profile, user_id, nickname, avatar)

    async def search(self, searcher_id: UserId, key: str, *, limit: int, offset: int) -> FoundPage:
        return await self._database.read(_search, searcher_id, key, limit, offset)


def _add(txn: Transaction, account: Account) -> None:
    user = account.user
    if txn.row("SELECT 1 FROM user WHERE user_id = %s", (user.user_id,)) is not None:
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
    row = txn.row(f"SELECT {_ACCOUNT} FROM user u WHERE u.user_id = %s", (user_id,))
    return None if row is None else _account_of(row)


def _list_accounts(txn: Transaction) -> tuple[Account, ...]:
    return tuple(map(_account_of, txn.rows(f"SELECT {_ACCOUNT} FROM user u ORDER BY u.user_id")))


def _require_user(txn: Transaction, user_id: UserId) -> None:
    if txn.row("SELECT 1 FROM user WHERE user_id = %s {for_update}", (user_id,)) is None:
        raise NotFound(f"There is no user {user_id}.")


def _set_password_hash(txn: Transaction, user_id: UserId, password_hash: str, keep: TokenHash | None) -> None:
    _require_user(txn, user_id)
    _set_hash(txn, user_id, password_hash)
    txn.execute("DELETE FROM login_token WHERE user_id = %s AND token_hash <> %s", (user_id, keep or b""))


def _set_hash(txn: Transaction, user_id: UserId, password_hash: str) -> None:
    txn.execute("UPDATE user SET password_hash = %s WHERE user_id = %s", (password_hash, user_id))


def _set_disabled(txn: Transaction, user_id: UserId, disabled: bool) -> None:
    _require_user(txn, user_id)
    txn.execute("UPDATE user SET disabled = %s WHERE user_id = %s", (int(disabled), user_id))
    if disabled:
        txn.execute("DELETE FROM login_token WHERE user_id = %s", (user_id,))


def _update_profile(txn: Transaction, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
    _require_user(txn, user_id)
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
            key,
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


@attrs.frozen
class SqlTokenRepository:
    """Implements `domain.ports.TokenRepository`."""

    _database: Database

    async def add(self, token: StoredToken, *, most: int) -> None:
        await self._database.write(_add_token, token, most)

    async def find(self, user_id: UserId, token_hash: TokenHash) -> tuple[StoredToken, Account] | None:
        return await self._database.read(_find_token, user_id, token_hash)

    async def renew(self, token_hash: TokenHash, expires_at_ms: int) -> None:
        await self._database.write(_renew, token_hash, expires_at_ms)

    async def revoke(self, token_hash: TokenHash) -> None:
        await self._database.write(_revoke, token_hash)

    async def revoke_all(self, user_id: UserId) -> None:
        await self._database.write(_revoke_all, user_id)


def _add_token(txn: Transaction, token: StoredToken, most: int) -> None:
    # The lock on the user keeps two logins of one person at the same instant from deadlocking on the token's index.
    _require_user(txn, token.user_id)
    txn.execute("DELETE FROM login_token WHERE user_id = %s AND device = %s", (token.user_id, token.device))
    txn.execute(
        "INSERT INTO login_token (token_hash, user_id, device, expires_at_ms) VALUES (%s, %s, %s, %s)",
        (token.token_hash, token.user_id, token.device, token.expires_at_ms),
    )
    last_to_expire = txn.rows(
        "SELECT token_hash FROM login_token WHERE user_id = %s ORDER BY expires_at_ms DESC, token_hash",
        (token.user_id,),
    )
    for (token_hash,) in last_to_expire[most:]:
        _revoke(txn, token_hash)


def _find_token(
    txn: Transaction, user_id: UserId, token_hash: TokenHash
) -> tuple[StoredToken, Account] | None:
    row = txn.row(
        f"SELECT {_ACCOUNT}, t.device, t.expires_at_ms FROM login_token t JOIN user u ON u.user_id = t.user_id "
        "WHERE t.token_hash = %s AND t.user_id = %s",
        (token_hash, user_id),
    )
    if row is None:
        return None
    token = StoredToken(token_hash=token_hash, user_id=user_id, device=row[6], expires_at_ms=row[7])
    return token, _account_of(row)


def _renew(txn: Transaction, token_hash: TokenHash, expires_at_ms: int) -> None:
    txn.execute(
        "UPDATE login_token SET expires_at_ms = %s WHERE token_hash = %s", (expires_at_ms, token_hash)
    )


def _revoke(txn: Transaction, token_hash: TokenHash) -> None:
    txn.execute("DELETE FROM login_token WHERE token_hash = %s", (token_hash,))


def _revoke_all(txn: Transaction, user_id: UserId) -> None:
    txn.execute("DELETE FROM login_token WHERE user_id = %s", (user_id,))
