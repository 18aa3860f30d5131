"""`naivechat admin …`: operators of the console, their tokens and the audit log, in the database itself."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import click

from naivechat.admin_audit import log_table, wanted_entries
from naivechat.application.audit_csv import csv_head, csv_lines, utc_time
from naivechat.application.operator_services import OperatorServices
from naivechat.application.operators import offer_totp
from naivechat.domain.audit import AuditEntry, AuditFilter
from naivechat.domain.operator import COMMAND_LINE, Operator, OperatorId, OperatorRole
from naivechat.domain.user import UserId
from naivechat.infrastructure.one_time_codes import TotpCodes
from naivechat.new_password import new_password, tell_done

T = TypeVar("T")

DAY_MS = 24 * 3_600_000
SHOWN = 50
"""Entries of the audit log on a terminal, unless asked for more."""


class AdminOptions(Protocol):
    """What the command line was given, and the database behind it."""

    def operate_console(self, work: Callable[[OperatorServices], Awaitable[T]]) -> T:
        """Do something for operators; errors that are sentences for people end the program as such."""
        ...


_ROLES = click.Choice([role.value for role in OperatorRole])


@click.group()
def admin() -> None:
    """Operators of the console: nobody gets in before the first one is made here."""


@admin.command()
@click.argument("operator_id", metavar="ID")
@click.option("--role", type=_ROLES, default=OperatorRole.OPERATOR.value, show_default=True)
@click.option("--generate", is_flag=True, help="Make up a password and show it, instead of asking for one.")
@click.pass_obj
def add(options: AdminOptions, operator_id: str, role: str, generate: bool) -> None:
    """Make an operator. The password is asked for, or read as a line when the input is no terminal."""
    password = new_password(generate)
    options.operate_console(
        lambda console: console.operators.add(
            COMMAND_LINE, OperatorId(operator_id), password, OperatorRole(role)
        )
    )
    tell_done(f"{operator_id} can log in to the console now.", password if generate else None)


@admin.command(name="list")
@click.pass_obj
def list_operators(options: AdminOptions) -> None:
    """All operators."""
    for operator in options.operate_console(lambda console: console.operators.list_operators()):
        click.echo(_line(operator))


@admin.command()
@click.argument("operator_id", metavar="ID")
@click.option("--generate", is_flag=True, help="Make up a password and show it, instead of asking for one.")
@click.pass_obj
def passwd(options: AdminOptions, operator_id: str, generate: bool) -> None:
    """Set a new password; whoever is logged in by the old one is no more."""
    password = new_password(generate)
    options.operate_console(
        lambda console: console.operators.set_password(COMMAND_LINE, OperatorId(operator_id), password)
    )
    tell_done(f"{operator_id} has a new password.", password if generate else None)


@admin.command(name="role")
@click.argument("operator_id", metavar="ID")
@click.argument("new_role", metavar="ROLE", type=_ROLES)
@click.pass_obj
def set_role(options: AdminOptions, operator_id: str, new_role: str) -> None:
    """Make somebody a viewer, who only looks, or an operator. It holds at once."""
    options.operate_console(
        lambda console: console.operators.set_role(
            COMMAND_LINE, OperatorId(operator_id), OperatorRole(new_role)
        )
    )
    click.echo(f"{operator_id} is {new_role} now.")


@admin.command()
@click.argument("operator_id", metavar="ID")
@click.pass_obj
def disable(options: AdminOptions, operator_id: str) -> None:
    """Shut somebody out: sessions end at once, tokens are revoked."""
    options.operate_console(
        lambda console: console.operators.set_disabled(COMMAND_LINE, OperatorId(operator_id), True)
    )
    click.echo(f"{operator_id} can no longer log in.")


@admin.command()
@click.argument("operator_id", metavar="ID")
@click.pass_obj
def enable(options: AdminOptions, operator_id: str) -> None:
    """Let somebody in again; tokens have to be made anew."""
    options.operate_console(
        lambda console: console.operators.set_disabled(COMMAND_LINE, OperatorId(operator_id), False)
    )
    click.echo(f"{operator_id} can log in again.")


@admin.command()
@click.argument("operator_id", metavar="ID")
@click.option("--off", is_flag=True, help="Ask for the password alone from now on.")
@click.pass_obj
def totp(options: AdminOptions, operator_id: str, off: bool) -> None:
    """Ask for a one-time code too: shows the secret for an authenticator app, and wants a code from it."""
    known = OperatorId(operator_id)
    if off:
        options.operate_console(lambda console: console.operators.remove_totp(COMMAND_LINE, known))
        click.echo(f"{operator_id} logs in by the password alone.")
        return
    offer = offer_totp(TotpCodes(), known)
    click.echo(f"Secret: {offer.secret}\nFor a QR code: {offer.uri}")
    code = _asked("Code of the app")
    options.operate_console(
        lambda console: console.operators.confirm_totp(COMMAND_LINE, known, offer.secret, code)
    )
    click.echo(f"{operator_id} logs in by password and code from now on.")


@admin.group()
def token() -> None:
    """Tokens by which scripts use the JSON API in an operator's name."""


@token.command(name="add")
@click.argument("operator_id", metavar="ID")
@click.argument("name", metavar="NAME")
@click.option("--role", type=_ROLES, default=OperatorRole.VIEWER.value, show_default=True)
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it is good."
)
@click.option(
    "--bot",
    metavar="USER_ID",
    help="The bot in whose name it may write, and do nothing else; --role does not matter.",
)
@click.pass_obj
def add_token(
    options: AdminOptions, operator_id: str, name: str, role: str, days: int, bot: str | None
) -> None:
    """Make a token and show it, this once."""
    wanted = OperatorRole(role) if bot is None else OperatorRole.OPERATOR
    made = options.operate_console(
        lambda console: console.api_tokens.create(
            COMMAND_LINE,
            OperatorId(operator_id),
            name,
            wanted,
            lifetime_ms=days * DAY_MS,
            bot_id=None if bot is None else UserId(bot),
        )
    )
    click.echo(f"Good until {utc_time(made.token.expires_at_ms)}, shown this once:\n{made.text}")


@token.command(name="list")
@click.argument("operator_id", metavar="[ID]", required=False)
@click.pass_obj
def list_tokens(options: AdminOptions, operator_id: str | None) -> None:
    """An operator's tokens, or everybody's: whose, name, role, until when, last used."""
    wanted = None if operator_id is None else OperatorId(operator_id)
    for found in options.operate_console(lambda console: console.api_tokens.list_tokens(wanted)):
        used = "never used" if found.last_used_at_ms is None else f"used {utc_time(found.last_used_at_ms)}"
        until = utc_time(found.expires_at_ms)
        role = found.role.value if found.bot_id is None else f"bot {found.bot_id}"
        click.echo(f"{found.operator_id:<32} {found.name:<32} {role:<8} until {until}  {used}")


@token.command(name="revoke")
@click.argument("operator_id", metavar="ID")
@click.argument("name", metavar="NAME")
@click.pass_obj
def revoke_token(options: AdminOptions, operator_id: str, name: str) -> None:
    """End a token at once."""
    options.operate_console(
        lambda console: console.api_tokens.revoke(COMMAND_LINE, OperatorId(operator_id), name)
    )
    click.echo(f"{name} of {operator_id} is good no more.")


@admin.command()
@click.option("--operator", metavar="ID", help="Who did it.")
@click.option("--action", metavar="CODE", help="What, as user.disable; user. is all that begins so.")
@click.option("--subject", metavar="ID", help="To whom or what.")
@click.option("--since", type=click.DateTime(), help="From then on, UTC.")
@click.option("--before", type=click.DateTime(), help="Before then, UTC.")
@click.option("-n", "most", type=click.IntRange(min=1), help="How many at most (default: 50, as CSV all).")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, to be kept or read by a spreadsheet.")
@click.pass_obj
def audit(options: AdminOptions, /, most: int | None, as_csv: bool, **given: Any) -> None:
    """What operators did, the newest first."""
    wanted = wanted_entries(**given)
    if as_csv:
        options.operate_console(
            lambda console: _print(console, wanted, most or sys.maxsize, csv_lines, csv_head())
        )
    else:
        options.operate_console(lambda console: _print(console, wanted, most or SHOWN, log_table))


async def _print(
    console: OperatorServices,
    wanted: AuditFilter,
    most: int,
    text_of: Callable[[tuple[AuditEntry, ...]], str],
    head: str = "",
) -> None:
    click.echo(head, nl=False)
    async for entries in console.audit.export(wanted):
        click.echo(text_of(entries[:most]), nl=False)
        most -= len(entries)
        if most <= 0:
            return


def _line(operator: Operator) -> str:
    more = (["one-time code"] if operator.totp_secret else []) + (["disabled"] if operator.disabled else [])
    return f"{operator.operator_id:<32} {operator.role.value:<8}  {', '.join(more)}".rstrip()


def _asked(what: str) -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt(what)
        return typed
    return sys.stdin.readline().rstrip("\n")
