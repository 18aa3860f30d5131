"""Operators' sessions in an SQL table; the port says what each method does."""

import contextlib

import attrs

from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import AuthFailed, Disabled, NotFound
from naivechat.domain.operator import Operator, OperatorSession
from naivechat.domain.session import TokenHash
from naivechat.infrastructure.sql.audit import write_with_entry
from naivechat.infrastructure.sql.operators import OPERATOR_COLUMNS, find_operator, operator_of
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction


@attrs.frozen
class SqlOperatorSessionRepository:
    """Implements `domain.operator_ports.OperatorSessionRepository`."""

    _database: Database

    async def add(
        self,
        session: OperatorSession,
        entry: AuditEntry,
        *,
        password_hash: str,
        instead_of: TokenHash | None,
        most: int,
    ) -> None:
        await write_with_entry(self._database, entry, _add, session, password_hash, instead_of, most)

    async def find(self, session_hash: TokenHash) -> tuple[OperatorSession, Operator] | None:
        return await self._database.read(_find, session_hash)

    async def touch(self, session_hash: TokenHash, now_ms: int) -> None:
        await self._database.write(_touch, session_hash, now_ms)

    async def remove(self, session_hash: TokenHash, entry: AuditEntry) -> None:
        with contextlib.suppress(NotFound):
            await write_with_entry(self._database, entry, _remove, session_hash)


def _add(
    txn: Transaction, session: OperatorSession, password_hash: str, instead_of: TokenHash | None, most: int
) -> None:
    # Under the lock a new password or a disabling comes before this, and is seen, or after, and ends this session.
    operator = find_operator(txn, session.operator_id, lock=True)
    if operator is None or operator.password_hash != password_hash:
        raise AuthFailed
    if operator.disabled:
        raise Disabled
    txn.execute("DELETE FROM operator_session WHERE expires_at_ms <= %s", (session.created_at_ms,))
    if instead_of is not None:
        _delete(txn, instead_of)
    _make_room(txn, session, most)
    txn.execute(
        "INSERT INTO operator_session "
        "(session_hash, operator_id, created_at_ms, last_used_at_ms, expires_at_ms, from_address) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        (
            session.session_hash,
            session.operator_id,
            session.created_at_ms,
            session.last_used_at_ms,
            session.expires_at_ms,
            session.from_address,
        ),
    )


def _make_room(txn: Transaction, session: OperatorSession, most: int) -> None:
    others = txn.rows(
        "SELECT session_hash FROM operator_session WHERE operator_id = %s "
        "ORDER BY last_used_at_ms DESC, session_hash",
        (session.operator_id,),
    )
    for (session_hash,) in others[most - 1 :]:
        _delete(txn, session_hash)


def _find(txn: Transaction, session_hash: TokenHash) -> tuple[OperatorSession, Operator] | None:
    row = txn.row(
        f"SELECT {OPERATOR_COLUMNS}, s.created_at_ms, s.last_used_at_ms, s.expires_at_ms, s.from_address "
        "FROM operator_session s JOIN operator o ON o.operator_id = s.operator_id WHERE s.session_hash = %s",
        (session_hash,),
    )
    if row is None:
        return None
    operator = operator_of(row)
    session = OperatorSession(
        session_hash=session_hash,
        operator_id=operator.operator_id,
        created_at_ms=row[7],
        last_used_at_ms=row[8],
        expires_at_ms=row[9],
        from_address=row[10],
    )
    return session, operator


def _touch(txn: Transaction, session_hash: TokenHash, now_ms: int) -> None:
    txn.execute(
        "UPDATE operator_session SET last_used_at_ms = %s WHERE session_hash = %s AND last_used_at_ms < %s",
        (now_ms, session_hash, now_ms),
    )


def _remove(txn: Transaction, session_hash: TokenHash) -> None:
    if _delete(txn, session_hash) == 0:
        raise NotFound


def _delete(txn: Transaction, session_hash: TokenHash) -> int:
    return txn.execute("DELETE FROM operator_session WHERE session_hash = %s", (session_hash,))
