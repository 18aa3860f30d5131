"""What a message costs when much was stored before, and when many talks are written in: it should be the same."""

import argparse
from collections.abc import Iterator, Sequence

import attrs

from bench import people
from bench.chatter import measure_work, saturated_pairs
from bench.readings import Reading
from bench.site import Site, Sites
from bench.tables import tables_of

_WORK = "growth: pairs as fast as it goes, all servers' CPU for a message"


@attrs.frozen(kw_only=True)
class _Point:
    """One measurement. record_bytes: of each message that was stored before, with all that is beside it."""

    name: str
    cost_us: float
    record_bytes: float


def measure(subject: str, sites: Sites, options: argparse.Namespace) -> list[Reading]:
    """Each on a site of its own: more and more stored, then more and more pairs, with the cost beside that of the first."""
    stored = [_measure(subject, sites, options.pairs, count, options) for count in options.stored]
    pairs = [_measure(subject, sites, count, options.stored[0], options) for count in options.growth_pairs]
    return [
        *_readings(subject, stored),
        Reading(work=_WORK, subject=subject, what="bytes on disk a message", value=stored[-1].record_bytes),
        *_readings(subject, pairs),
    ]


def _measure(subject: str, sites: Sites, pairs: int, stored: int, options: argparse.Namespace) -> _Point:
    with sites() as site, people.connected(site, 2 * pairs, stored_each=max(stored // pairs, 1)) as those:
        size = _bytes_on_disk(site)
        name = f"{stored:,} stored, {pairs:,} pairs"
        row = measure_work(subject, site, saturated_pairs(name, those, options))
        return _Point(name=name, cost_us=row.servers_us, record_bytes=size / stored)


def _bytes_on_disk(site: Site) -> int:
    """Of SQLite's file, of MariaDB's table of messages."""
    with tables_of(site) as tables:
        if tables.is_sqlite:
            return int(tables.value("PRAGMA page_count")) * int(tables.value("PRAGMA page_size"))
        name = f"{site.database_url.rpartition('/')[2]}/chat_record"
        query = "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = ?"
        return int(tables.value(query, name))


def _readings(subject: str, points: Sequence[_Point]) -> Iterator[Reading]:
    for point in points:
        yield Reading(work=_WORK, subject=subject, what=point.name, value=point.cost_us, unit="µs")
        share = point.cost_us / points[0].cost_us
        yield Reading(work=_WORK, subject=subject, what=f"{point.name} × {points[0].name}", value=share)
