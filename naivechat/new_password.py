"""New passwords on the command line: asked for, read from a pipe, or made up."""

import sys

import click

from naivechat.application.made_up_password import make_up_password


def new_password(generate: bool) -> str:
    """A password made up, typed twice without being shown, or, where the input is no terminal, its first line."""
    if generate:
        return make_up_password()
    if sys.stdin.isatty():
        asked: str = click.prompt("New password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\n")


def tell_done(sentence: str, generated: str | None) -> None:
    """Say what was done, and the password that was made up, which is shown this once."""
    click.echo(sentence)
    if generated is not None:
        click.echo(f"Password: {generated}")
