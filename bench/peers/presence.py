"""What it costs that people come and are there, at any server."""

import socket
from collections.abc import Callable, Sequence

from bench.cost import timed
from bench.readings import Reading
from bench.site import Site
from bench.usage import resident_bytes

WORK = "people who log in, one after the other, and are there"


def measure(
    subject: str, site: Site, count: int, log_in_all: Callable[[], Sequence[socket.socket]]
) -> list[Reading]:
    """So many people more than were there before, who go again."""
    (server,) = site.pids()["node"]
    before = resident_bytes(server)
    connections, cost = timed(site, log_in_all)
    growth = (resident_bytes(server) - before) / count
    for connection in connections:
        connection.close()
    return [
        *cost.readings(WORK, subject, each="logins", count=count),
        Reading(
            work=WORK, subject=subject, what="memory of the node a connection", value=growth / 1000, unit="kB"
        ),
    ]
