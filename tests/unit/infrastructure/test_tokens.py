"""A token that is revoked at the very moment its owner comes back: only a server with several writers at once would show it."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.session import TokenHash
from naivechat.infrastructure.sql import tokens


class Revoking:
    """A transaction in which a token is there at first, and gone once its account is locked."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self._rows = [("alice",), (7,), None]

    def row(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        self.statements.append(statement)
        return self._rows.pop(0)

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        self.statements.append(statement)


def test_a_token_that_is_gone_when_its_account_is_locked_is_not_renewed() -> None:
    txn: Any = Revoking()
    assert tokens._renew(txn, TokenHash(b"t" * 32), 5) is None
    assert txn.statements[-1].endswith("{for_update}")
    assert not any("expires_at_ms" in statement for statement in txn.statements)
