"""A token that is revoked at the very moment its owner comes back: only a server with several writers at once would show it."""

from collections.abc import Sequence
from typing import Any

from naivechat.domain.errors import TokenExpired
from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import tokens
from naivechat.infrastructure.sql.dialect import MySQL, Question, Rows

TOKEN = TokenHash(b"t" * 32)


class Revoking:
    """A transaction in which a token is gone once its account is locked. `is_over`: what was done is to be committed."""

    dialect = MySQL()

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.is_over = False

    def write(self, statement: str, values: Sequence[Any]) -> None:
        self.statements.append(statement)
        self.is_over = False

    def ask(self, *questions: Question, is_last: bool) -> list[Rows]:
        self.statements += [question.rest for question in questions]
        self.is_over = is_last
        return [[] for _ in questions]


def test_a_token_that_is_gone_when_its_account_is_locked_lets_nobody_in() -> None:
    txn: Any = Revoking()
    claim = tokens._Claim(user_id=UserId("alice"), token_hash=TOKEN, now_ms=5)
    (outcome,) = tokens._let_back(txn, (claim,))
    assert isinstance(outcome, TokenExpired)
    assert [statement.split()[0] for statement in txn.statements] == ["UPDATE", "FROM"]
    assert txn.statements[-1].endswith("{for_update}")
    assert txn.is_over
