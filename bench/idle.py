"""The work of people who are only there: what a connection costs, and how people come back after a node was killed."""

import argparse
import time
from collections.abc import Mapping

import attrs

from bench.accounts import add_pairs_of_friends
from bench.cost import timed
from bench.crowd import Arrival, Crowd, Rest, by_token
from bench.site import Site
from bench.usage import resident_bytes

_MOST_FIRST = 100
"""People who are logged in before memory is first read: what a node needs but once is there by then. Half of few people."""
_AT_ONCE = 100


@attrs.frozen(kw_only=True)
class Idle:
    """What was seen of the first node of a site. CPU in microseconds, by process, of each of the three times.

    came: everybody but the first hundred, a hundred at a time. bytes_a_connection: growth of the node's resident memory meanwhile.
    rest: nothing but heartbeats. restart_s: from kill -9 until the node listened again. back: who then came back, all at once.
    """

    subject: str
    came: Arrival
    came_cpu_us: Mapping[str, int]
    bytes_a_connection: float
    resident_bytes: int
    rest: Rest
    rest_cpu_us: Mapping[str, int]
    restart_s: float
    back: Arrival
    back_cpu_us: Mapping[str, int]
    back_resident_bytes: int


def measure(subject: str, site: Site, options: argparse.Namespace) -> Idle:
    """Everybody comes, rests, is thrown out by kill -9, and `options.back` people come back."""
    node = site.nodes[0]
    crowd = Crowd(node.port, by_token(add_pairs_of_friends(site, options.connections)))
    first = min(_MOST_FIRST, options.connections // 2)
    crowd.come(range(first), at_once=_AT_ONCE)
    first_bytes = resident_bytes(node.pid)
    others = range(first, options.connections)
    came, coming = timed(site, lambda: crowd.come(others, at_once=_AT_ONCE))
    all_bytes = resident_bytes(node.pid)
    rest, resting = timed(site, lambda: crowd.rest(options.idle_seconds))
    restart_s = _kill_and_start(site, crowd)
    back, returning = timed(site, lambda: crowd.come(range(options.back), at_once=options.back))
    back_bytes = resident_bytes(node.pid)
    crowd.leave()
    return Idle(
        subject=subject,
        came=came,
        came_cpu_us=coming.cpu_us,
        bytes_a_connection=(all_bytes - first_bytes) / came.people,
        resident_bytes=all_bytes,
        rest=rest,
        rest_cpu_us=resting.cpu_us,
        restart_s=restart_s,
        back=back,
        back_cpu_us=returning.cpu_us,
        back_resident_bytes=back_bytes,
    )


def _kill_and_start(site: Site, crowd: Crowd) -> float:
    """How long it took."""
    node = site.nodes[0]
    start, port = time.monotonic(), node.port
    node.kill()
    crowd.leave()
    node.start()
    assert node.port == port, "another program has taken the node's port"
    return time.monotonic() - start
