"""The command line: `python -m tests.soak --seconds 600 --rate 40`, or `make soak`."""

import sys
from pathlib import Path
from random import SystemRandom
from typing import Any

import click
from twisted.internet.defer import Deferred
from twisted.internet.task import react

from tests.servers import NodeProcess
from tests.soak.broken import BUGS, broken
from tests.soak.fault_table import FAULTS
from tests.soak.report import describe
from tests.soak.run import Plan, carry_out


def _kinds(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    kinds = tuple(FAULTS) if value == "all" else tuple(filter(None, value.split(",")))
    unknown = set(kinds) - FAULTS.keys()
    if unknown:
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(FAULTS)}")
    return kinds


@click.command()
@click.option("--seconds", default=3600.0, show_default=True, help="How long faults happen.")
@click.option("--seed", default=None, type=int, help="Repeats the choices of an earlier run.")
@click.option("--rate", default=40.0, show_default=True, help="Messages a second in all.")
@click.option("--lead-s", default=3.0, show_default=True, help="Seconds of traffic before the first fault.")
@click.option("--group-share", default=0.5, show_default=True, help="Of messages, those to groups: 0 to 1.")
@click.option(
    "--faults", default="all", show_default=True, callback=_kinds, help="Kinds by commas; '' for none."
)
@click.option("--nodes", default=3, show_default=True, help="How many nodes.")
@click.option("--people", default=6, show_default=True, help="How many people, 5 or more.")
@click.option("--devices", default=2, show_default=True, help="Devices of each, up to 5.")
@click.option("--patience", default=1.0, show_default=True, help="Scales how long each fault lasts.")
@click.option("--at-once", default=1, show_default=True, help="Faults at the same time, of different parts.")
@click.option(
    "--calm",
    nargs=2,
    type=float,
    default=(3.0, 8.0),
    show_default=True,
    help="Seconds between faults, least and most.",
)
@click.option(
    "--db", default="", help="An empty MySQL database elsewhere, whose server is left in peace; or sqlite."
)
@click.option(
    "--bug", type=click.Choice(sorted(BUGS)), help="Plant a bug into the nodes: the run must then fail."
)
@click.option(
    "--history",
    default=Path("var/soak/history.gz"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the history of a run that fails goes, beside the nodes' logs.",
)
def main(**options: Any) -> None:
    """Put a system of several nodes under load and faults, and judge what became of its promises."""
    plan = _plan(**options)
    click.echo(f"seed {plan.seed}; faults: {', '.join(plan.faults) or 'none'}", err=True)
    react(_begin, (plan,))


def _plan(
    *,
    seed: int | None,
    db: str,
    calm: tuple[float, float],
    faults: tuple[str, ...],
    bug: str | None,
    **rest: Any,
) -> Plan:
    return Plan(
        seed=SystemRandom().randrange(1_000_000) if seed is None else seed,
        database=db,
        calm_s=calm,
        faults=faults,
        make_node=broken(bug) if bug else NodeProcess,
        **rest,
    )


def _begin(reactor: Any, plan: Plan) -> "Deferred[None]":
    """Run. Ctrl-C cancels the run, which then ends everything it has started."""
    ended: Deferred[None] = Deferred()
    running = Deferred.fromCoroutine(_run(reactor, plan))

    is_interrupted = False

    def interrupt() -> "Deferred[None]":
        nonlocal is_interrupted
        is_interrupted = not running.called
        running.cancel()
        return ended

    def finish(result: Any) -> Any:
        ended.callback(None)
        if is_interrupted:
            click.echo("interrupted", err=True)
            sys.exit(130)
        return result

    reactor.addSystemEventTrigger("before", "shutdown", interrupt)
    return running.addBoth(finish)


async def _run(reactor: Any, plan: Plan) -> None:
    result = await carry_out(plan, reactor)
    click.echo(describe(result))
    if not result.passed:
        sys.exit(1)


if __name__ == "__main__":
    main()
