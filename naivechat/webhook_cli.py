"""`naivechat webhook …`: programs that groups' records are sent to, in the database itself."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import click

from naivechat.application.audit_csv import utc_time
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.domain.group import GroupId
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.webhook import (
    ALL_EVENTS,
    OffReason,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
)

T = TypeVar("T")

_OFF = {OffReason.OPERATOR: "switched off", OffReason.FAILED: "given up"}


class WebhookOptions(Protocol):
    """What the command line was given, and the database behind it."""

    def operate_webhooks(self, work: Callable[[WebhookAdministration], Awaitable[T]]) -> T:
        """Do something with webhooks; errors that are sentences for people end the program as such."""
        ...


_EVENTS = click.option(
    "--event",
    "events",
    type=click.Choice([event.value for event in WebhookEvent]),
    multiple=True,
    help="Kind of records that are sent (default: all); may be repeated.",
)
_GROUP = click.argument("group_id", metavar="GROUP")
_HOOK = click.argument("webhook_id", metavar="ID")


@click.group()
def webhook() -> None:
    """Webhooks: a group's records, sent to a program of yours. docs/webhooks.md says what is sent."""


@webhook.command()
@_GROUP
@click.argument("url", metavar="URL")
@_EVENTS
@click.pass_obj
def add(options: WebhookOptions, group_id: str, url: str, events: tuple[str, ...]) -> None:
    """Send a group's records to a URL from now on, and show the secret that signs them, this once."""
    made = options.operate_webhooks(
        lambda webhooks: webhooks.create(COMMAND_LINE, GroupId(group_id), url, _kinds(events) or ALL_EVENTS)
    )
    click.echo(f"{made.hook.webhook_id} sends from now on. Its secret, shown this once:\n{made.secret}")


@webhook.command(name="list")
@_GROUP
@click.pass_obj
def list_webhooks(options: WebhookOptions, group_id: str) -> None:
    """A group's webhooks: id, state, what they send, records behind them, the last delivery, where to."""
    for hook in options.operate_webhooks(
        lambda webhooks: webhooks.list_webhooks(COMMAND_LINE, GroupId(group_id))
    ):
        click.echo(_line(hook))


@webhook.command()
@_GROUP
@_HOOK
@click.option("--url", metavar="URL", help="Where to from now on.")
@_EVENTS
@click.pass_obj
def change(
    options: WebhookOptions, group_id: str, webhook_id: str, url: str | None, events: tuple[str, ...]
) -> None:
    """Send somewhere else, or other kinds of records. What failed is tried again at once."""
    wanted = WebhookChange(url=url, events=_kinds(events) or None)
    click.echo(_line(_changed(options, group_id, webhook_id, wanted)))


@webhook.command()
@_GROUP
@_HOOK
@click.pass_obj
def off(options: WebhookOptions, group_id: str, webhook_id: str) -> None:
    """Send nothing more until it is switched on."""
    _changed(options, group_id, webhook_id, WebhookChange(is_on=False))
    click.echo(f"{webhook_id} is off.")


@webhook.command()
@_GROUP
@_HOOK
@click.option("--skip", is_flag=True, help="Send what comes from now on, not what was missed.")
@click.pass_obj
def on(options: WebhookOptions, group_id: str, webhook_id: str, skip: bool) -> None:
    """Send again, from where it stood."""
    hook = _changed(options, group_id, webhook_id, WebhookChange(is_on=True, skip_backlog=skip))
    click.echo(f"{webhook_id} is on, with {hook.backlog} records behind it.")


@webhook.command()
@_GROUP
@_HOOK
@click.pass_obj
def secret(options: WebhookOptions, group_id: str, webhook_id: str) -> None:
    """Make a new secret and show it, this once; the one before signs too for 24 hours."""
    made = options.operate_webhooks(
        lambda webhooks: webhooks.renew_secret(COMMAND_LINE, GroupId(group_id), WebhookId(webhook_id))
    )
    click.echo(made)


@webhook.command()
@_GROUP
@_HOOK
@click.pass_obj
def test(options: WebhookOptions, group_id: str, webhook_id: str) -> None:
    """Send a delivery without records from this machine, and say how it went."""
    outcome = options.operate_webhooks(
        lambda webhooks: webhooks.test(COMMAND_LINE, GroupId(group_id), WebhookId(webhook_id))
    )
    if not outcome.is_ok:
        raise click.ClickException(f"It has not arrived: {outcome.words}.")
    click.echo(f"It has arrived: {outcome.words}.")


@webhook.command()
@_GROUP
@_HOOK
@click.pass_obj
def remove(options: WebhookOptions, group_id: str, webhook_id: str) -> None:
    """Remove a webhook."""
    options.operate_webhooks(
        lambda webhooks: webhooks.remove(COMMAND_LINE, GroupId(group_id), WebhookId(webhook_id))
    )
    click.echo(f"{webhook_id} is gone.")


def _changed(options: WebhookOptions, group_id: str, webhook_id: str, wanted: WebhookChange) -> Webhook:
    return options.operate_webhooks(
        lambda webhooks: webhooks.change(COMMAND_LINE, GroupId(group_id), WebhookId(webhook_id), wanted)
    )


def _kinds(words: tuple[str, ...]) -> tuple[WebhookEvent, ...]:
    return tuple(WebhookEvent(word) for word in words)


def _line(hook: Webhook) -> str:
    state = "on" if hook.off_reason is None else _OFF[hook.off_reason]
    tried = "never tried"
    if hook.last_attempt_at_ms is not None:
        tried = f"{utc_time(hook.last_attempt_at_ms)} {hook.last_result}"
    if hook.failing_since_ms is not None:
        tried += f", failing since {utc_time(hook.failing_since_ms)}"
    texts = (
        hook.webhook_id,
        f"{state:<12}",
        ",".join(hook.events),
        f"{hook.backlog} behind",
        tried,
        hook.url,
    )
    return "  ".join(texts)
