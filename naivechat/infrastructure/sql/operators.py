"""Operators' accounts in SQL tables; the ports say what each method does."""

from typing import Any

import attrs

from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import AuthFailed, NotFound, UserExists
from naivechat.domain.operator import Operator, OperatorId, OperatorRole
from naivechat.infrastructure.sql.audit import write_with_entry
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import Transaction

OPERATOR_COLUMNS = (
    "o.operator_id, o.role, o.password_hash, o.totp_secret, o.totp_step, o.disabled, o.created_at_ms"
)


def operator_of(row: tuple[Any, ...]) -> Operator:
    """A row that begins with the columns of an operator."""
    operator_id, role, password_hash, totp_secret, totp_step, disabled, created_at_ms = row[:7]
    return Operator(
        operator_id=OperatorId(operator_id),
        role=OperatorRole(role),
        password_hash=password_hash,
        totp_secret=totp_secret,
        totp_step=totp_step,
        disabled=bool(disabled),
        created_at_ms=created_at_ms,
    )


def find_operator(txn: Transaction, operator_id: OperatorId, *, lock: bool = False) -> Operator | None:
    """An account, to be locked where it is about to change. No id outside ASCII is one: MySQL refuses to compare those."""
    row = txn.row(
        f"SELECT {OPERATOR_COLUMNS} FROM operator o WHERE o.operator_id = %s {'{for_update}' if lock else ''}",
        (operator_id if operator_id.isascii() else "",),
    )
    return None if row is None else operator_of(row)


def lock_operator(txn: Transaction, operator_id: OperatorId) -> Operator:
    """Lock an account. NotFound."""
    operator = find_operator(txn, operator_id, lock=True)
    if operator is None:
        raise NotFound(f"There is no operator {operator_id}.")
    return operator


@attrs.frozen
class SqlOperatorRepository:
    """Implements `domain.operator_ports.OperatorRepository`."""

    _database: Database

    async def add(self, operator: Operator, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, _add, operator)

    async def find(self, operator_id: OperatorId) -> Operator | None:
        return await self._database.read(find_operator, operator_id)

    async def list_operators(self) -> tuple[Operator, ...]:
        return await self._database.read(_list_operators)

    async def set_password_hash(
        self, operator_id: OperatorId, password_hash: str, entry: AuditEntry, *, instead_of: str | None = None
    ) -> None:
        await write_with_entry(
            self._database, entry, _set_password_hash, operator_id, password_hash, instead_of
        )

    async def rehash_password(self, operator_id: OperatorId, password_hash: str, *, instead_of: str) -> bool:
        return await self._database.write(_rehash, operator_id, password_hash, instead_of)

    async def set_role(self, operator_id: OperatorId, role: OperatorRole, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, _set_role, operator_id, role)

    async def set_disabled(self, operator_id: OperatorId, disabled: bool, entry: AuditEntry) -> None:
        await write_with_entry(self._database, entry, _set_disabled, operator_id, disabled)

    async def set_totp(
        self, operator_id: OperatorId, secret: str | None, step: int, entry: AuditEntry
    ) -> None:
        await write_with_entry(self._database, entry, _set_totp, operator_id, secret, step)

    async def use_totp_step(self, operator_id: OperatorId, step: int) -> bool:
        return await self._database.write(_use_totp_step, operator_id, step)


def _add(txn: Transaction, operator: Operator) -> None:
    if find_operator(txn, operator.operator_id) is not None:
        raise UserExists
    txn.execute(
        "INSERT INTO operator (operator_id, role, password_hash, totp_secret, totp_step, disabled, created_at_ms) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            operator.operator_id,
            operator.role.value,
            operator.password_hash,
            operator.totp_secret,
            operator.totp_step,
            int(operator.disabled),
            operator.created_at_ms,
        ),
    )


def _list_operators(txn: Transaction) -> tuple[Operator, ...]:
    rows = txn.rows(f"SELECT {OPERATOR_COLUMNS} FROM operator o ORDER BY o.operator_id")
    return tuple(map(operator_of, rows))


def _set_password_hash(
    txn: Transaction, operator_id: OperatorId, password_hash: str, instead_of: str | None
) -> None:
    operator = lock_operator(txn, operator_id)
    if instead_of is not None and operator.password_hash != instead_of:
        raise AuthFailed
    _set_hash(txn, operator_id, password_hash)
    _end_sessions(txn, operator_id)


def _rehash(txn: Transaction, operator_id: OperatorId, password_hash: str, instead_of: str) -> bool:
    known_hash = lock_operator(txn, operator_id).password_hash
    # The new hash is there already when this runs again after a commit whose answer was lost.
    if known_hash not in (instead_of, password_hash):
        return False
    _set_hash(txn, operator_id, password_hash)
    return True


def _set_hash(txn: Transaction, operator_id: OperatorId, password_hash: str) -> None:
    txn.execute("UPDATE operator SET password_hash = %s WHERE operator_id = %s", (password_hash, operator_id))


def _set_role(txn: Transaction, operator_id: OperatorId, role: OperatorRole) -> None:
    lock_operator(txn, operator_id)
    txn.execute("UPDATE operator SET role = %s WHERE operator_id = %s", (role.value, operator_id))


def _set_disabled(txn: Transaction, operator_id: OperatorId, disabled: bool) -> None:
    lock_operator(txn, operator_id)
    txn.execute("UPDATE operator SET disabled = %s WHERE operator_id = %s", (int(disabled), operator_id))
    if disabled:
        _end_sessions(txn, operator_id)
        txn.execute("DELETE FROM api_token WHERE operator_id = %s", (operator_id,))


def _set_totp(txn: Transaction, operator_id: OperatorId, secret: str | None, step: int) -> None:
    lock_operator(txn, operator_id)
    txn.execute(
        "UPDATE operator SET totp_secret = %s, totp_step = %s WHERE operator_id = %s",
        (secret, step, operator_id),
    )
    _end_sessions(txn, operator_id)


def _use_totp_step(txn: Transaction, operator_id: OperatorId, step: int) -> bool:
    if lock_operator(txn, operator_id).totp_step >= step:
        return False
    txn.execute("UPDATE operator SET totp_step = %s WHERE operator_id = %s", (step, operator_id))
    return True


def _end_sessions(txn: Transaction, operator_id: OperatorId) -> None:
    txn.execute("DELETE FROM operator_session WHERE operator_id = %s", (operator_id,))
