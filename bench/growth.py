"""What a message costs when much was stored before, and when many talks are written in: it should be the same."""

import argparse
from collections.abc import Iterator

from bench import people
from bench.chatter import measure_work, saturated_pairs
from bench.readings import Reading
from bench.report import Row
from bench.site import Sites

_WORK = "growth: pairs as fast as it goes, all servers' CPU for a message"


def measure(subject: str, sites: Sites, options: argparse.Namespace) -> list[Reading]:
    """Each on a site of its own: more and more stored, then more and more pairs, with the cost beside that of the first."""
    stored = [_measure(subject, sites, options.pairs, count, options) for count in options.stored]
    pairs = [_measure(subject, sites, count, options.stored[0], options) for count in options.growth_pairs]
    return [*_readings(subject, stored), *_readings(subject, pairs)]


def _measure(subject: str, sites: Sites, pairs: int, stored: int, options: argparse.Namespace) -> Row:
    with sites() as site, people.connected(site, 2 * pairs, stored_each=max(stored // pairs, 1)) as those:
        name = f"{stored:,} stored, {pairs:,} pairs"
        return measure_work(subject, site, saturated_pairs(name, those, options))


def _readings(subject: str, rows: list[Row]) -> Iterator[Reading]:
    for row in rows:
        yield Reading(work=_WORK, subject=subject, what=row.work, value=row.servers_us, unit="µs")
        share = row.servers_us / rows[0].servers_us
        yield Reading(work=_WORK, subject=subject, what=f"{row.work} × {rows[0].work}", value=share)
