"""How long a node needs from its start until it listens."""

import argparse
import statistics
import time

from bench.readings import Reading
from bench.site import Site
from bench.usage import cpu_us, resident_bytes

_TIMES = 3


def measure(subject: str, site: Site, options: argparse.Namespace) -> list[Reading]:
    """The median of a few starts on a database whose tables are there."""
    node = site.nodes[0]
    waited_s, used_s, resident = [], [], []
    for _ in range(_TIMES):
        node.stop()
        start = time.monotonic()
        node.start()
        waited_s.append(time.monotonic() - start)
        used_s.append(cpu_us(node.pid) / 1e6)
        resident.append(resident_bytes(node.pid) / 1e6)
    figures = (
        ("until it listens", waited_s, "s"),
        ("CPU until then", used_s, "s"),
        ("memory then", resident, "MB"),
    )
    return [
        Reading(
            work="start of a node", subject=subject, what=what, value=statistics.median(values), unit=unit
        )
        for what, values, unit in figures
    ]
