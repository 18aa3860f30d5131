"""`naivechat backup` and `restore`: everything in the database, in one file."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

import click

from naivechat.application.operator_services import OperatorServices
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import ChatError
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.ports import Clock
from naivechat.infrastructure.sql.backup import (
    BackupError,
    Contents,
    check_backup,
    make_backup,
    restore_backup,
)
from naivechat.infrastructure.sql.migrate import MigrationError
from naivechat.settings import Settings, shown_url
from naivechat.terminal.text import harmless

T = TypeVar("T")


class DatabaseOptions(Protocol):
    """What the command line was given, and the database behind it."""

    @property
    def clock(self) -> Clock:
        """The wall clock."""

    @property
    def settings(self) -> Settings:
        """The settings; what is wrong with them ends the program."""

    def operate_console(self, work: Callable[[OperatorServices], Awaitable[T]]) -> T:
        """Do something for operators; errors that are sentences for people end the program as such."""
        ...


_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_file
@click.pass_obj
def backup(options: DatabaseOptions, file: Path) -> None:
    """Write everything in the database to FILE, as it is at one moment; nodes go on meanwhile."""
    url = options.settings.db
    try:
        contents = make_backup(url, file, options.clock)
    except (BackupError, ChatError, ValueError) as error:
        _fail(url, error)
    click.echo(f"{file} has {_summary(contents)}.")


@click.command()
@_file
@click.option("--replace", is_flag=True, help="Let everything be lost that is in the database now.")
@click.option("--check", is_flag=True, help="Only look whether the file is whole, and what it holds.")
@click.pass_obj
def restore(options: DatabaseOptions, file: Path, replace: bool, check: bool) -> None:
    """Fill the database with what a backup holds, whichever kind of database it came from. No node may run."""
    url = options.settings.db
    try:
        contents = check_backup(file) if check else restore_backup(url, file, replace=replace)
    except (BackupError, MigrationError, ChatError, ValueError) as error:
        _fail(url, error)
    if check:
        click.echo(f"{file} is whole; it has {_summary(contents)}.")
        return
    options.operate_console(
        lambda services: services.audit.record(
            COMMAND_LINE,
            AuditAction.DATABASE_RESTORE,
            file.name,
            made_at_ms=contents.head.made_at_ms,
            accounts=contents.rows["user"],
            messages=contents.rows["chat_record"],
        )
    )
    click.echo(f"The database has {_summary(contents)} now. Clients read it anew when they come back.")


def _summary(contents: Contents) -> str:
    rows = contents.rows
    return f"{rows['user']} accounts, {rows['chat_group']} groups and {rows['chat_record']} messages"


def _fail(url: str, error: Exception) -> NoReturn:
    raise click.ClickException(harmless(f"{shown_url(url)}: {error}")) from None
