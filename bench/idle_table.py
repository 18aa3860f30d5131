"""The figures of idle people as a Markdown table: a line a figure, a column a subject."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bench.cost import SERVERS
from bench.crowd import Arrival
from bench.idle import Idle


def idle_table(idle: Sequence[Idle]) -> Iterator[str]:
    """Its lines."""
    yield f"| idle people | {' | '.join(each.subject for each in idle)} |"
    yield f"|---|{'---:|' * len(idle)}"
    for name, shown in _FIGURES:
        yield f"| {name} | {' | '.join(shown(each) for each in idle)} |"


def _ms_a_person(cpu_us: Mapping[str, int], people: int) -> str:
    return " + ".join(f"{cpu_us[name] / people / 1000:.2f}" for name in SERVERS if name in cpu_us)


def _share(cpu_us: Mapping[str, int], seconds: float) -> str:
    return " + ".join(f"{cpu_us[name] / seconds / 10_000:.1f}" for name in SERVERS if name in cpu_us)


def _failures(arrival: Arrival) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in arrival.failed.items()) or "0"


def _generator_share(cpu_us: Mapping[str, int], seconds: float) -> str:
    return f"{cpu_us['generator'] / seconds / 10_000:.0f}"


_FIGURES: Sequence[tuple[str, Callable[[Idle], str]]] = (
    ("logins by token, 100 at a time: people", lambda it: f"{it.came.people:,}"),
    ("… a second", lambda it: f"{it.came.people / it.came.seconds:,.0f}"),
    ("… CPU ms a login: nodes + database + Redis", lambda it: _ms_a_person(it.came_cpu_us, it.came.people)),
    ("… attempts that failed", lambda it: _failures(it.came)),
    ("… generator, % of a core", lambda it: _generator_share(it.came_cpu_us, it.came.seconds)),
    ("node's memory a connection, kB", lambda it: f"{it.bytes_a_connection / 1000:.1f}"),
    ("node's memory with all of them, MB", lambda it: f"{it.resident_bytes / 1e6:.0f}"),
    ("at rest: seconds", lambda it: f"{it.rest.seconds:.0f}"),
    ("… heartbeats sent / answered", lambda it: f"{it.rest.heartbeats:,} / {it.rest.answered:,}"),
    ("… connections lost", lambda it: f"{it.rest.lost}"),
    ("… CPU, % of a core: nodes + database + Redis", lambda it: _share(it.rest_cpu_us, it.rest.seconds)),
    ("… generator, % of a core", lambda it: _generator_share(it.rest_cpu_us, it.rest.seconds)),
    ("kill -9 until the node listens again, s", lambda it: f"{it.restart_s:.1f}"),
    ("back by token, all at once: people", lambda it: f"{it.back.people:,}"),
    ("… until the last is logged in, s", lambda it: f"{it.back.seconds:.1f}"),
    ("… attempts that failed and were made again", lambda it: _failures(it.back)),
    ("… CPU ms a login: nodes + database + Redis", lambda it: _ms_a_person(it.back_cpu_us, it.back.people)),
    ("… node's memory then, MB", lambda it: f"{it.back_resident_bytes / 1e6:.0f}"),
    ("… generator, % of a core", lambda it: _generator_share(it.back_cpu_us, it.back.seconds)),
)
