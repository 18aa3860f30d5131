"""A token that is revoked at the very moment its owner comes back: only a server with several writers at once would show it."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.errors import TokenExpired
from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import tokens
from naivechat.infrastructure.sql.dialect import MySQL

TOKEN = TokenHash(b"t" * 32)


class Revoking:
    """A transaction in which a token is there at first, and gone once its account is locked."""

    dialect = MySQL()

    def __init__(self) -> None:
        self.statements: list[str] = []
        self._answers: list[list[tuple[Any, ...]]] = [
            [(TOKEN, 6, 0, "alice", "Alice", "", None, None)],
            [],
        ]

    def rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        return self._answers.pop(0)

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        self.statements.append(statement)


def test_a_token_that_is_gone_when_its_account_is_locked_lets_nobody_in() -> None:
    txn: Any = Revoking()
    claim = tokens._Claim(user_id=UserId("alice"), token_hash=TOKEN, now_ms=5)
    (outcome,) = tokens._let_back(txn, (claim,))
    assert isinstance(outcome, TokenExpired)
    assert txn.statements[-1].endswith("{for_update}")
    assert not any("SET expires_at_ms" in statement for statement in txn.statements)
