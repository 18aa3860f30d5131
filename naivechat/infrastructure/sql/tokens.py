"""Tokens in SQL tables; the ports say what each method does."""

from collections.abc import Collection

import attrs

from naivechat.domain.errors import AuthFailed, Disabled
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.domain.user import Account, UserId
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.pool import Database, Transaction
from naivechat.infrastructure.sql.users import ACCOUNT_COLUMNS, account_of, lock_user


@attrs.frozen
class SqlTokenRepository:
    """Implements `domain.ports.TokenRepository`."""

    _database: Database

    async def add(self, token: StoredToken, *, password_hash: str, most: int) -> int:
        return await self._database.write(_add_token, token, password_hash, most)

    async def find(self, user_id: UserId, token_hash: TokenHash) -> tuple[StoredToken, Account] | None:
        return await self._database.read(_find_token, user_id, token_hash)

    async def renew(self, token_hash: TokenHash, expires_at_ms: int) -> int | None:
        return await self._database.write(_renew, token_hash, expires_at_ms)

    async def known_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        return await self._database.read(_known_among, tuple(token_hashes))

    async def revoke(self, token_hash: TokenHash) -> None:
        await self._database.write(_revoke, token_hash)

    async def revoke_all(self, user_id: UserId) -> None:
        await self._database.write(_revoke_all, user_id)


def _add_token(txn: Transaction, token: StoredToken, password_hash: str, most: int) -> int:
    # Under the lock a new password or a disabling comes before this, and is seen, or after, and drops this token.
    known_hash, disabled = lock_user(txn, token.user_id)
    if known_hash != password_hash:
        raise AuthFailed
    if disabled:
        raise Disabled
    txn.execute("DELETE FROM login_token WHERE user_id = %s AND device = %s", (token.user_id, token.device))
    login_no = _count_login(txn, token.user_id)
    txn.execute(
        "INSERT INTO login_token (token_hash, user_id, device, expires_at_ms) VALUES (%s, %s, %s, %s)",
        (token.token_hash, token.user_id, token.device, token.expires_at_ms),
    )
    others = txn.rows(
        "SELECT token_hash FROM login_token WHERE user_id = %s AND token_hash <> %s "
        "ORDER BY expires_at_ms DESC, token_hash",
        (token.user_id, token.token_hash),
    )
    for (token_hash,) in others[most - 1 :]:
        _revoke(txn, token_hash)
    return login_no


def _count_login(txn: Transaction, user_id: UserId) -> int:
    txn.execute("UPDATE user SET logins = logins + 1 WHERE user_id = %s", (user_id,))
    row = txn.row("SELECT logins FROM user WHERE user_id = %s", (user_id,))
    assert row is not None
    return int(row[0])


def _find_token(
    txn: Transaction, user_id: UserId, token_hash: TokenHash
) -> tuple[StoredToken, Account] | None:
    row = txn.row(
        f"SELECT {ACCOUNT_COLUMNS}, t.device, t.expires_at_ms FROM login_token t JOIN user u ON u.user_id = t.user_id "
        "WHERE t.token_hash = %s AND t.user_id = %s",
        (token_hash, user_id),
    )
    if row is None:
        return None
    token = StoredToken(token_hash=token_hash, user_id=user_id, device=row[6], expires_at_ms=row[7])
    return token, account_of(row)


def _renew(txn: Transaction, token_hash: TokenHash, expires_at_ms: int) -> int | None:
    row = txn.row("SELECT user_id FROM login_token WHERE token_hash = %s", (token_hash,))
    if row is None:
        return None
    # The account is locked first, as wherever tokens are dropped.
    login_no = _count_login(txn, UserId(row[0]))
    if txn.row("SELECT 1 FROM login_token WHERE token_hash = %s {for_update}", (token_hash,)) is None:
        return None
    txn.execute(
        "UPDATE login_token SET expires_at_ms = %s WHERE token_hash = %s",
        (expires_at_ms, token_hash),
    )
    return login_no


def _known_among(txn: Transaction, token_hashes: tuple[TokenHash, ...]) -> frozenset[TokenHash]:
    if not token_hashes:
        return frozenset()
    rows = txn.rows(
        f"SELECT token_hash FROM login_token WHERE token_hash IN {placeholders(len(token_hashes), 1)}",
        token_hashes,
    )
    return frozenset(TokenHash(bytes(token_hash)) for (token_hash,) in rows)


def _revoke(txn: Transaction, token_hash: TokenHash) -> None:
    txn.execute("DELETE FROM login_token WHERE token_hash = %s", (token_hash,))


def _revoke_all(txn: Transaction, user_id: UserId) -> None:
    txn.execute("DELETE FROM login_token WHERE user_id = %s", (user_id,))
