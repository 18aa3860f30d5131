"""Tokens in SQL tables; the ports say what each method does."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from naivechat.domain.errors import AuthFailed, Disabled
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.domain.user import Account, UserId
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.pool import Database, Transaction
from naivechat.infrastructure.sql.users import ACCOUNT_COLUMNS, account_of, lock_user


@attrs.frozen(kw_only=True)
class _Renewal:
    """A login by token. `moved_to_ms`: the token's new end, or None where it stays."""

    user_id: UserId
    token_hash: TokenHash
    moved_to_ms: int | None


class SqlTokenRepository:
    """Implements `domain.ports.TokenRepository`. Logins by token are read and counted together."""

    def __init__(self, database: Database, clock: IReactorTime) -> None:
        self._database = database
        self._finding = Gathering(self._find_all, clock)
        self._renewing = Gathering(self._renew_all, clock)

    async def add(self, token: StoredToken, *, password_hash: str, most: int) -> int:
        return await self._database.write(_add_token, token, password_hash, most)

    async def find(self, user_id: UserId, token_hash: TokenHash) -> tuple[StoredToken, Account] | None:
        return await self._finding.ask((user_id, token_hash))

    async def renew(
        self, user_id: UserId, token_hash: TokenHash, expires_at_ms: int | None = None
    ) -> int | None:
        renewal = _Renewal(user_id=user_id, token_hash=token_hash, moved_to_ms=expires_at_ms)
        return await self._renewing.ask(renewal)

    async def known_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        return await self._database.read(_known_among, tuple(token_hashes))

    async def revoke(self, token_hash: TokenHash) -> None:
        await self._database.write(_revoke, token_hash)

    async def revoke_all(self, user_id: UserId) -> None:
        await self._database.write(_revoke_all, user_id)

    async def _find_all(
        self, wanted: tuple[tuple[UserId, TokenHash], ...]
    ) -> list[tuple[StoredToken, Account] | None]:
        return await self._database.read(_find_tokens, wanted)

    async def _renew_all(self, renewals: tuple[_Renewal, ...]) -> list[int | None]:
        return await self._database.write(_renew, renewals)


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


def _find_tokens(
    txn: Transaction, wanted: tuple[tuple[UserId, TokenHash], ...]
) -> list[tuple[StoredToken, Account] | None]:
    rows = txn.rows(
        f"SELECT {ACCOUNT_COLUMNS}, t.token_hash, t.device, t.expires_at_ms FROM login_token t "
        f"JOIN user u ON u.user_id = t.user_id WHERE t.token_hash IN {placeholders(len(wanted), 1)}",
        [token_hash for _, token_hash in wanted],
    )
    found = {
        (account.user.user_id, token.token_hash): (token, account) for token, account in map(_held, rows)
    }
    return [found.get(owner_and_hash) for owner_and_hash in wanted]


def _held(row: tuple[Any, ...]) -> tuple[StoredToken, Account]:
    account = account_of(row)
    token_hash, device, expires_at_ms = row[6:]
    token = StoredToken(
        token_hash=TokenHash(bytes(token_hash)),
        user_id=account.user.user_id,
        device=device,
        expires_at_ms=expires_at_ms,
    )
    return token, account


def _renew(txn: Transaction, renewals: tuple[_Renewal, ...]) -> list[int | None]:
    # Of several logins of one person each gets a number of its own: everybody's count moves by as many as one of them needs.
    most = max(Counter(renewal.user_id for renewal in renewals).values())
    people = sorted({renewal.user_id for renewal in renewals})
    # The accounts are locked first, in their order, as wherever tokens are dropped.
    txn.execute(
        f"UPDATE user SET logins = logins + %s WHERE user_id IN {placeholders(len(people), 1)}",
        [most, *people],
    )
    numbers = _lock_numbers(txn, renewals)
    _move_ends(txn, [renewal for renewal in renewals if renewal.token_hash in numbers])
    before: Counter[UserId] = Counter()
    outcomes: list[int | None] = []
    for renewal in renewals:
        before[renewal.user_id] += 1
        last = numbers.get(renewal.token_hash)
        outcomes.append(None if last is None else last - most + before[renewal.user_id])
    return outcomes


def _lock_numbers(txn: Transaction, renewals: tuple[_Renewal, ...]) -> dict[TokenHash, int]:
    """Lock the tokens that are still there; of each how many logins its owner had."""
    rows = txn.rows(
        "SELECT t.token_hash, u.logins FROM login_token t JOIN user u ON u.user_id = t.user_id "
        f"WHERE t.token_hash IN {placeholders(len(renewals), 1)} {{for_update}}",
        [renewal.token_hash for renewal in renewals],
    )
    return {TokenHash(bytes(token_hash)): logins for token_hash, logins in rows}


def _move_ends(txn: Transaction, renewals: list[_Renewal]) -> None:
    moved = [renewal for renewal in renewals if renewal.moved_to_ms is not None]
    if moved:
        # One end for all who come together, the last one: milliseconds are no matter among days.
        txn.execute(
            f"UPDATE login_token SET expires_at_ms = %s WHERE token_hash IN {placeholders(len(moved), 1)}",
            [max(renewal.moved_to_ms or 0 for renewal in moved), *(renewal.token_hash for renewal in moved)],
        )


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
