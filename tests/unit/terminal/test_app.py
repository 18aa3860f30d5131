"""The terminal program: what it says when a node refuses."""

from typing import Any

import pytest

from naivechat.client import RequestRefused, ServerAddress
from naivechat.protocol.errors import NEEDS_TLS
from naivechat.terminal import app
from naivechat.terminal.app import CannotChat, Program
from tests.unit.sockets.node import done

CLOSED = "This node takes no registrations: ask its operator for an account."


@pytest.mark.parametrize("sentence", [NEEDS_TLS, CLOSED])
def test_why_an_account_is_not_made_is_said_in_the_nodes_words(
    monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    async def refuse(*args: Any, **options: Any) -> None:
        raise RequestRefused("FORBIDDEN", sentence)

    monkeypatch.setattr(app, "register", refuse)
    monkeypatch.setenv(app.PASSWORD_VARIABLE, "correct horse battery")
    program = Program(
        reactor=None, address=ServerAddress.parse("li@im.example.com"), user_id="li", register_first=True
    )
    with pytest.raises(CannotChat) as said:
        done(program.run())
    assert str(said.value) == sentence
