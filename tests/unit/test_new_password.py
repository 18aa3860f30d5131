"""New passwords on the command line."""

import io
import sys
from typing import Any

import click
import pytest

from naivechat.new_password import new_password, tell_done


class Terminal(io.StringIO):
    """An input at which somebody sits."""

    def isatty(self) -> bool:
        return True


def test_at_a_terminal_it_is_typed_twice_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def prompt(text: str, **how: Any) -> str:
        asked.update(how, text=text)
        return "typed by hand"

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", prompt)
    assert new_password(generate=False) == "typed by hand"
    assert asked == {"text": "New password", "hide_input": True, "confirmation_prompt": True}


def test_from_a_pipe_it_is_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("the first line \nthe second\n"))
    assert new_password(generate=False) == "the first line "


def test_made_up_passwords_differ_and_are_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    made = {new_password(generate=True) for _ in range(9)}
    assert len(made) == 9
    assert all(len(password) == 12 for password in made)
    tell_done("Done.", "made up")
    tell_done("Done.", None)
    assert capsys.readouterr().out == "Done.\nPassword: made up\nDone.\n"
