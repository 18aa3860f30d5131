"""Tokens of operators' scripts in an SQL table; the port says what each method does."""

from typing import Any

import attrs

from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import Conflict, Disabled, LimitReached, NotFound
from naivechat.domain.operator import ApiToken, Operator, OperatorId, OperatorRole
from naivechat.domain.session import TokenHash
from naivechat.infrastructure.sql.audit import write_with_entry
from naivechat.infrastructure.sql.operators import OPERATOR_COLUMNS, lock_operator, operator_of
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction

_COLUMNS = (
    "t.token_hash, t.operator_id, t.name, t.role, t.created_at_ms, t.expires_at_ms, t.last_used_at_ms, "
    "t.bot_id"
)


@attrs.frozen
class SqlApiTokenRepository:
    """Implements `domain.operator_ports.ApiTokenRepository`."""

    _database: Database

    async def add(self, token: ApiToken, entry: AuditEntry, *, most: int) -> None:
        await write_with_entry(self._database, entry, _add, token, most)

    async def find(self, token_hash: TokenHash) -> tuple[ApiToken, Operator] | None:
        return await self._database.read(_find, token_hash)

    async def list_tokens(self, operator_id: OperatorId | None = None) -> tuple[ApiToken, ...]:
        return await self._database.read(_list_tokens, operator_id)

    async def touch(self, token_hash: TokenHash, now_ms: int) -> None:
        await self._database.write(_touch, token_hash, now_ms)

    async def remove(self, operator_id: OperatorId, name: str, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, _remove, operator_id, name)


def _add(txn: Transaction, token: ApiToken, most: int) -> None:
    if lock_operator(txn, token.operator_id).disabled:
        raise Disabled
    names = [
        name
        for (name,) in txn.rows("SELECT name FROM api_token WHERE operator_id = %s", (token.operator_id,))
    ]
    if token.name in names:
        raise Conflict(f"{token.operator_id} has a token of this name.")
    if len(names) >= most:
        raise LimitReached(f"An operator has at most {most} tokens.")
    txn.execute(
        "INSERT INTO api_token (token_hash, operator_id, name, role, created_at_ms, expires_at_ms, last_used_at_ms, bot_id) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            token.token_hash,
            token.operator_id,
            token.name,
            token.role.value,
            token.created_at_ms,
            token.expires_at_ms,
            token.last_used_at_ms,
            token.bot_id,
        ),
    )


def _find(txn: Transaction, token_hash: TokenHash) -> tuple[ApiToken, Operator] | None:
    row = txn.row(
        f"SELECT {OPERATOR_COLUMNS}, {_COLUMNS} "
        "FROM api_token t JOIN operator o ON o.operator_id = t.operator_id WHERE t.token_hash = %s",
        (token_hash,),
    )
    return None if row is None else (_token_of(row[7:]), operator_of(row))


def _list_tokens(txn: Transaction, operator_id: OperatorId | None) -> tuple[ApiToken, ...]:
    where, values = ("", ()) if operator_id is None else ("WHERE t.operator_id = %s ", (_ascii(operator_id),))
    rows = txn.rows(f"SELECT {_COLUMNS} FROM api_token t {where}ORDER BY t.operator_id, t.name", values)
    return tuple(map(_token_of, rows))


def _touch(txn: Transaction, token_hash: TokenHash, now_ms: int) -> None:
    txn.execute(
        "UPDATE api_token SET last_used_at_ms = %s "
        "WHERE token_hash = %s AND (last_used_at_ms IS NULL OR last_used_at_ms < %s)",
        (now_ms, token_hash, now_ms),
    )


def _remove(txn: Transaction, operator_id: OperatorId, name: str) -> None:
    removed = txn.execute(
        "DELETE FROM api_token WHERE operator_id = %s AND name = %s", (_ascii(operator_id), _ascii(name))
    )
    if removed == 0:
        raise NotFound(f"{operator_id} has no token {name}.")


def _token_of(row: tuple[Any, ...]) -> ApiToken:
    token_hash, operator_id, name, role, created_at_ms, expires_at_ms, last_used_at_ms, bot_id = row
    return ApiToken(
        token_hash=TokenHash(bytes(token_hash)),
        name=name,
        operator_id=OperatorId(operator_id),
        role=OperatorRole(role),
        created_at_ms=created_at_ms,
        expires_at_ms=expires_at_ms,
        last_used_at_ms=last_used_at_ms,
        bot_id=bot_id,
    )


def _ascii(text: str) -> str:
    """A text to compare with a column of ASCII: MySQL refuses to compare it with anything else."""
    return text if text.isascii() else ""
