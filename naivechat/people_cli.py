"""`naivechat user import` and `export`: people as CSV, in the database itself."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TextIO, TypeVar

import click

from naivechat.application.directory_services import DirectoryServices
from naivechat.domain.operator import COMMAND_LINE

T = TypeVar("T")


class DirectoryOptions(Protocol):
    """What the command line was given, and the database behind it."""

    def operate_directory(self, work: Callable[[DirectoryServices], Awaitable[T]]) -> T:
        """Do something with the directory; errors that are sentences for people end the program as such."""
        ...


@click.command(name="import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--check", is_flag=True, help="Only say what is wrong with the file.")
@click.pass_obj
def import_people(options: DirectoryOptions, file: TextIO, check: bool) -> None:
    """Make accounts of the lines of a CSV file ("-": what is typed), all of them or none.

    Its first line names the columns: user_id, nickname, password and, if wanted, avatar. At most 1,000 people a file.
    """
    text = _read(file)
    outcome = options.operate_directory(
        lambda services: (
            services.people_import.check(text)
            if check
            else services.administration.import_people(COMMAND_LINE, text)
        )
    )
    for fault in outcome.faults:
        click.echo(f"line {fault.line}: {fault.reason}", err=True)
    if outcome.faults:
        raise click.ClickException("Nobody was added.")
    count = len(outcome.added)
    click.echo(f"{count} people can be added." if check else f"{count} people can log in now.")


@click.command(name="export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
@click.pass_obj
def export_people(options: DirectoryOptions, file: Any) -> None:
    """Write all accounts as CSV, without passwords, to a file or the terminal."""

    async def write(services: DirectoryServices) -> None:
        async for piece in services.administration.export_people(COMMAND_LINE):
            click.echo(piece, file=file, nl=False)

    options.operate_directory(write)


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError:
        raise click.ClickException("The file is not UTF-8 text.") from None
