"""`naivechat user data`: all that is kept of one person, in one file."""

import io
import json
import os
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

import click

from naivechat.application.personal_data import PersonalData
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.user import UserId

T = TypeVar("T")


class PersonalDataOptions(Protocol):
    """What the command line was given, and the database behind it."""

    def operate_personal_data(self, work: Callable[[PersonalData], Awaitable[T]]) -> T:
        """Do something with it; errors that are sentences for people end the program as such."""
        ...


@click.command(name="data")
@click.argument("user_id", metavar="ID")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def personal_data(options: PersonalDataOptions, user_id: str, file: Path) -> None:
    """Write all that is kept of a person to FILE, a zip: account.json, and messages.jsonl with what they wrote."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            count = options.operate_personal_data(lambda data: _write(data, UserId(user_id), archive))
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{file} has the account and {count} messages of {user_id}.")


async def _write(data: PersonalData, user_id: UserId, archive: zipfile.ZipFile) -> int:
    about = await data.about(COMMAND_LINE, user_id)
    archive.writestr("account.json", json.dumps(about, ensure_ascii=False, indent=2) + "\n")
    count = 0
    with archive.open("messages.jsonl", "w", force_zip64=True) as member:
        lines = io.TextIOWrapper(member, encoding="utf-8")
        async for message in data.messages(user_id):
            lines.write(json.dumps(message, ensure_ascii=False) + "\n")
            count += 1
        lines.flush()
        lines.detach()
    return count
