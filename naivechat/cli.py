"""`naivechat …`: the terminal client and the operator's commands."""

import asyncio
import functools
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import attrs
import click
from twisted.internet import asyncioreactor
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from naivechat import __version__
from naivechat.admin_cli import admin
from naivechat.application.audit import AuditTrail
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.made_up_password import make_up_password
from naivechat.application.operator_services import OperatorServices
from naivechat.application.personal_data import PersonalData
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.backend import Backend, make_accounts, make_demo_data, wall_clock
from naivechat.backup_cli import backup, restore
from naivechat.client import AddressError, ServerAddress, trust_file
from naivechat.demo_data import PEOPLE
from naivechat.directory_graph import make_directory_services
from naivechat.domain.errors import ChatError
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.ports import Clock
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LonePresence
from naivechat.infrastructure.sql.migrate import MigrationError, migrate
from naivechat.new_password import new_password, tell_done
from naivechat.node_table import node_table
from naivechat.operator_graph import make_operator_services
from naivechat.people_cli import export_people, import_people
from naivechat.personal_data_cli import personal_data
from naivechat.settings import Settings, SettingsError, load, shown_url
from naivechat.surroundings import list_nodes
from naivechat.terminal.app import DEVICE, CannotChat, Program
from naivechat.terminal.text import harmless
from naivechat.webhook_cli import webhook
from naivechat.webhook_graph import make_webhook_administration

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="naivechat %(version)s")
@click.option(
    "--db", metavar="URL", help="The node's database, as for twistd naivechat; better given as NAIVECHAT_DB."
)
@click.option("--config", metavar="FILE", envvar="NAIVECHAT_CONFIG", help="TOML file with settings.")
@click.pass_context
def main(context: click.Context, db: str | None, config: str | None) -> None:
    """A chat system: `twistd naivechat` runs a node, `naivechat chat` talks through one."""
    context.obj = _Options(db=db, config=config)


@main.command()
@click.argument("address", metavar="[tls:]USER@HOST[:PORT]")
@click.option(
    "--device",
    default=DEVICE,
    show_default=True,
    help="Name of this device: a second login of it ends the first.",
)
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM file to trust; means TLS."
)
@click.option("--register", is_flag=True, help="Make the account first, where the node allows it.")
def chat(address: str, device: str, ca: Path | None, register: bool) -> None:
    """Chat in the terminal. The password is asked for, or taken from NAIVECHAT_PASSWORD."""
    try:
        parsed = ServerAddress.parse(address)
        trust = trust_file(ca) if ca is not None else None
    except (AddressError, OSError, ValueError) as error:
        raise click.ClickException(f"{address}: {error}") from None
    if parsed.user_id is None:
        raise click.ClickException(f"{address}: wanted is user@host:port")
    program = Program(
        reactor=_asyncio_reactor(),
        address=parsed,
        user_id=parsed.user_id,
        device=device,
        tls=trust,
        register_first=register,
    )
    _leave_on_signals(program)
    _run(program.reactor, program.run, signals=False)


@main.command(name="migrate")
@click.pass_obj
def migrate_database(options: "_Options") -> None:
    """Bring the database up to date, as a node does when it starts."""
    applied = _migrate(options.settings.db)
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("The database is up to date.")


@main.command()
@click.option("--password", metavar="TEXT", help="One password for all of them, instead of generated ones.")
@click.pass_obj
def demo_data(options: "_Options", password: str | None) -> None:
    """Add twelve people, friendships among them and a group; what is there already stays as it is."""
    made = _operate(
        options,
        lambda backend: make_demo_data(backend).add(lambda: password or make_up_password()),
    )
    for user_id, shown in made.items():
        click.echo(f"  {user_id:<10} {shown:<14} {PEOPLE[user_id]}")
    if made:
        click.echo("These are accounts, their passwords (shown this once) and names. To talk as one of them:")
        click.echo(f"  naivechat chat {next(iter(made))}@127.0.0.1:7397")
    else:
        click.echo("The demo data is there already. For a new password: naivechat user passwd ID")


@main.command()
@click.option(
    "--redis",
    metavar="URL",
    help="The nodes' Redis, as for twistd naivechat; better given as NAIVECHAT_REDIS.",
)
@click.pass_obj
def nodes(options: "_Options", redis: str | None) -> None:
    """The nodes that are there now, as each says of itself every second."""
    from twisted.internet import reactor

    asked = attrs.evolve(options, redis=redis)
    settings = asked.settings
    found = _operate(asked, lambda backend: list_nodes(settings, backend, reactor))
    for line in node_table(found, wall_clock()):
        click.echo(line)


@main.group()
def user() -> None:
    """Accounts, in the database itself: a node need not run. What is changed goes down in the audit log."""


@user.command()
@click.argument("user_id", metavar="ID")
@click.option("--nickname", help="Name shown to people (default: the id).")
@click.option("--generate", is_flag=True, help="Make up a password and show it, instead of asking for one.")
@click.pass_obj
def add(options: "_Options", user_id: str, nickname: str | None, generate: bool) -> None:
    """Make an account. The password is asked for, or read as a line when the input is no terminal."""
    name, password = _checked_nickname(nickname or user_id), new_password(generate)
    options.operate_directory(
        lambda services: services.administration.create_user(COMMAND_LINE, UserId(user_id), password, name)
    )
    tell_done(f"{user_id} can log in now.", password if generate else None)


@user.command(name="list")
@click.pass_obj
def list_users(options: "_Options") -> None:
    """All accounts."""
    for account in _operate(options, lambda backend: make_accounts(backend).list_accounts()):
        disabled = "  (disabled)" if account.disabled else ""
        click.echo(f"{account.user.user_id:<32} {harmless(account.user.nickname)}{disabled}")


@user.command()
@click.argument("user_id", metavar="ID")
@click.option("--generate", is_flag=True, help="Make up a password and show it, instead of asking for one.")
@click.pass_obj
def passwd(options: "_Options", user_id: str, generate: bool) -> None:
    """Set a new password; remembered logins are forgotten."""
    password = new_password(generate)
    options.operate_directory(
        lambda services: services.administration.set_password(COMMAND_LINE, UserId(user_id), password)
    )
    tell_done(f"{user_id} has a new password.", password if generate else None)


@user.command()
@click.argument("user_id", metavar="ID")
@click.pass_obj
def disable(options: "_Options", user_id: str) -> None:
    """Keep somebody from logging in. A connection that is open now stays until it ends."""
    options.operate_directory(
        lambda services: services.administration.set_disabled(COMMAND_LINE, UserId(user_id), True)
    )
    click.echo(f"{user_id} can no longer log in.")


@user.command()
@click.argument("user_id", metavar="ID")
@click.pass_obj
def enable(options: "_Options", user_id: str) -> None:
    """Let somebody log in again."""
    options.operate_directory(
        lambda services: services.administration.set_disabled(COMMAND_LINE, UserId(user_id), False)
    )
    click.echo(f"{user_id} can log in again.")


@attrs.frozen(kw_only=True)
class _Options:
    db: str | None
    config: str | None
    redis: str | None = None

    @property
    def clock(self) -> Clock:
        return wall_clock

    @property
    def settings(self) -> Settings:
        """Read when a command needs them: the terminal client needs none."""
        try:
            given = {name: url for name, url in (("db", self.db), ("redis", self.redis)) if url}
            return load(given, config=self.config)
        except SettingsError as error:
            raise click.ClickException(str(error)) from None

    def operate_console(self, work: Callable[[OperatorServices], Awaitable[T]]) -> T:
        """Do something for operators, as `_operate`; what is done goes down in the audit log under this host's name."""

        def operate(backend: Backend) -> Awaitable[T]:
            services = make_operator_services(
                backend.storage,
                backend.hasher,
                node_name=self.settings.node_name,
                clock=wall_clock,
            )
            return work(services)

        return _operate(self, operate)

    def operate_directory(self, work: Callable[[DirectoryServices], Awaitable[T]]) -> T:
        """Do something to people, as `operate_console`; what nodes would hear of it they find out by themselves."""

        def operate(backend: Backend) -> Awaitable[T]:
            audit = AuditTrail(log=backend.storage.audit, clock=wall_clock, node=self.settings.node_name)
            services = make_directory_services(
                backend.storage,
                backend.hasher,
                bus=backend.bus,
                presence=LonePresence(),
                sessions=LonePresence(),
                audit=audit,
                clock=wall_clock,
            )
            return work(services)

        return _operate(self, operate)

    def operate_personal_data(self, work: Callable[[PersonalData], Awaitable[T]]) -> T:
        """Do something with what is kept of people, as `operate_console`."""

        def operate(backend: Backend) -> Awaitable[T]:
            storage = backend.storage
            audit = AuditTrail(log=storage.audit, clock=wall_clock, node=self.settings.node_name)
            data = PersonalData(
                accounts=storage.account_directory,
                snapshots=storage.talks,
                sent=storage.sent_messages,
                audit=audit,
            )
            return work(data)

        return _operate(self, operate)

    def operate_webhooks(self, work: Callable[[WebhookAdministration], Awaitable[T]]) -> T:
        """Do something with webhooks, as `operate_console`."""
        from twisted.internet import reactor

        def operate(backend: Backend) -> Awaitable[T]:
            audit = AuditTrail(log=backend.storage.audit, clock=wall_clock, node=self.settings.node_name)
            administration = make_webhook_administration(
                self.settings, backend.storage, audit=audit, clock=wall_clock, reactor=reactor
            )
            return work(administration)

        return _operate(self, operate)


main.add_command(admin)
main.add_command(backup)
main.add_command(restore)
main.add_command(webhook)
user.add_command(import_people)
user.add_command(export_people)
user.add_command(personal_data)


def _operate(options: _Options, work: Callable[[Backend], Awaitable[T]]) -> T:
    """Do something on the database, brought up to date first."""
    from twisted.internet import reactor

    url = options.settings.db
    _migrate(url)

    async def run() -> T:
        backend = Backend.for_database(url, reactor)
        await backend.start()
        try:
            return await work(backend)
        finally:
            await backend.stop()

    return _run(reactor, run)


def _migrate(url: str) -> tuple[str, ...]:
    try:
        return migrate(url)
    except (ChatError, MigrationError, ValueError) as error:
        raise click.ClickException(f"{shown_url(url)}: {error}") from None


def _run(reactor: Any, work: Callable[[], Coroutine[Any, Any, T]], *, signals: bool = True) -> T:
    """Run the reactor as long as `work` takes. Errors that are sentences for people end the program as such."""
    outcome: list[Any] = []

    def begin() -> None:
        Deferred.fromCoroutine(work()).addBoth(outcome.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=signals)
    result: Any = outcome[0] if outcome else Failure(click.Abort())
    if isinstance(result, Failure):
        _fail(result.value)
    return result  # type: ignore[no-any-return]


def _fail(error: BaseException | None) -> NoReturn:
    if isinstance(error, (ChatError, CannotChat, SettingsError)):
        raise click.ClickException(str(error)) from None
    raise error or click.Abort()


def _asyncio_reactor() -> Any:
    """The terminal library stands on asyncio, so Twisted has to as well."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet import reactor

    return reactor


def _leave_on_signals(program: Program) -> None:
    """SIGTERM and a lost terminal leave the conversation in order; Ctrl-C is a key there, and aborts before it."""

    def leave() -> None:
        program.leave() if program.is_talking else program.reactor.stop()

    def interrupt() -> None:
        if not program.is_talking:
            program.reactor.stop()

    for number, deed in ((signal.SIGTERM, leave), (signal.SIGHUP, leave), (signal.SIGINT, interrupt)):
        signal.signal(number, functools.partial(_in_the_loop, program.reactor, deed))


def _in_the_loop(reactor: Any, deed: Callable[[], None], *_: object) -> None:
    reactor.callFromThread(deed)


def _checked_nickname(nickname: str) -> str:
    if not 1 <= len(nickname) <= 32 or not nickname.isprintable():
        raise click.ClickException("A nickname has 1 to 32 characters, no control characters.")
    return nickname
