"""Figures of a run, as JSON and as Markdown tables."""

import math
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import attrs

import naivechat
import twisted
from bench.cost import SERVERS
from bench.idle import Idle
from bench.idle_table import idle_table
from bench.readings import Reading, reading_tables

Figure: TypeAlias = tuple[str, float, str]
"""Of the desktop client: what was measured, how much, and in which unit."""
RELAYS = ("c-relay", "relay")


@attrs.frozen(kw_only=True)
class Row:
    """One work on one subject.

    delivered: messages, in a group their copies. cpu_us: user and system time for each of them, in microseconds, by process.
    Latencies in milliseconds. sync_notices: how often a node told somebody to look for what it may have missed.
    """

    subject: str
    work: str
    delivered: int
    per_second: float
    ack_p50_ms: float
    ack_p99_ms: float
    delivery_p50_ms: float
    delivery_p99_ms: float
    delivery_max_ms: float
    sync_notices: int
    cpu_us: Mapping[str, float]

    @property
    def servers_us(self) -> float:
        """Of all servers together."""
        return sum(self.cpu_us.get(name, 0.0) for name in SERVERS)


def percentile_ms(seconds: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed, in milliseconds; NaN of nothing."""
    if not seconds:
        return math.nan
    rank = math.ceil(len(seconds) * percent / 100)
    return 1000 * sorted(seconds)[max(rank, 1) - 1]


def describe_machine(server_versions: Sequence[str]) -> dict[str, Any]:
    """Where and with what the figures were measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "naivechat": naivechat.__version__,
        "twisted": twisted.__version__,
        "cbor2": version("cbor2"),
        "servers": list(server_versions),
    }


@attrs.define(kw_only=True)
class Results:
    """All that was measured in a run. figures: of the desktop client; versions: of servers."""

    rows: list[Row] = attrs.Factory(list)
    idles: list[Idle] = attrs.Factory(list)
    readings: list[Reading] = attrs.Factory(list)
    stalls: list[Reading] = attrs.Factory(list)
    figures: list[Figure] = attrs.Factory(list)
    versions: list[str] = attrs.Factory(list)

    def note_versions(self, versions: Sequence[str]) -> None:
        """Add those that are new."""
        self.versions += [version for version in versions if version not in self.versions]


def as_json(
    results: Results, machine: Mapping[str, Any], command: str, settings: Mapping[str, object]
) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "command": command,
        "machine": dict(machine),
        "settings": dict(settings),
        "rows": [_finite({**attrs.asdict(row), "servers_us": row.servers_us}) for row in results.rows],
        "idle": [attrs.asdict(each) for each in results.idles],
        "readings": [_finite(attrs.asdict(each)) for each in (*results.readings, *results.stalls)],
        "desktop": [{"what": what, "value": value, "unit": unit} for what, value, unit in results.figures],
    }


def as_markdown(
    results: Results, machine: Mapping[str, Any], command: str, settings: Mapping[str, object]
) -> str:
    """The same for people; `× relay` is all servers' time divided by the relay's, in C and in Python, at the same work in the same run."""
    tables = [_table(results.rows)] if results.rows else []
    tables += reading_tables(results.readings)
    tables += [idle_table(results.idles)] if results.idles else []
    tables += reading_tables(results.stalls)
    tables += [_desktop_table(results.figures)] if results.figures else []
    lines = (line for table in tables for line in ("", *table))
    sizes = ", ".join(f"{name} {_setting(value)}" for name, value in settings.items())
    return "\n".join([*_machine_lines(machine), *lines, "", f"Made by `{command}`.", f"Settings: {sizes}."])


def _setting(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _finite(record: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity, and nothing that is no number."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in record.items()
    }


def _table(rows: Sequence[Row]) -> Iterator[str]:
    relays = [{row.work: row.servers_us for row in rows if row.subject == subject} for subject in RELAYS]
    yield (
        "| work | subject | delivered/s | send → ack p50 / p99 ms | send → delivered p50 / p99 / max ms "
        "| SyncNotices | CPU µs a message: nodes + database + Redis | × relay in C / in Python | generator |"
    )
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    works = list(dict.fromkeys(row.work for row in rows))
    for row in sorted(rows, key=lambda row: works.index(row.work)):
        yield _line(row, [relay.get(row.work) for relay in relays])


def _desktop_table(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| desktop client | |"
    yield "|---|---:|"
    for what, value, unit in figures:
        yield f"| {what} | {value:,.2f} {unit} |"


def _line(row: Row, relays_us: Sequence[float | None]) -> str:
    parts_us = [row.cpu_us[name] for name in SERVERS if name in row.cpu_us]
    cells = [
        row.work,
        row.subject,
        f"{row.per_second:,.0f}",
        "–" if math.isnan(row.ack_p50_ms) else f"{row.ack_p50_ms:.1f} / {row.ack_p99_ms:.1f}",
        f"{row.delivery_p50_ms:.1f} / {row.delivery_p99_ms:.1f} / {row.delivery_max_ms:.0f}",
        f"{row.sync_notices}",
        " + ".join(f"{us:.0f}" for us in parts_us),
        " / ".join(f"{row.servers_us / relay_us:.1f}" if relay_us else "–" for relay_us in relays_us),
        f"{row.cpu_us['generator']:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _machine_lines(machine: Mapping[str, Any]) -> Iterator[str]:
    yield f"{machine['processor']}, {machine['cores']} cores, {machine['system']}."
    versions = [f"Python {machine['python']}", f"Twisted {machine['twisted']}", f"cbor2 {machine['cbor2']}"]
    yield f"{', '.join([*versions, *machine['servers']])}, naivechat {machine['naivechat']}."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
