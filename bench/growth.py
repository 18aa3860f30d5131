"""What a message costs when much was stored before, and when many talks are written in: it should be the same."""

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence

import attrs

from bench import people
from bench.chatter import measure_work, saturated_pairs
from bench.cost import SERVERS, timed
from bench.readings import Reading
from bench.report import Results
from bench.site import Site, Sites
from bench.tables import tables_of

_WORK = "growth: pairs as fast as it goes, CPU for a message"
_AT_REST_US = 30_000
"""What a database may use in a second when nobody asks it anything."""
_LONGEST_REST_S = 120


@attrs.frozen(kw_only=True)
class _Point:
    """One measurement. parts_us: CPU a message, by server; record_bytes: of each that was stored before, with all beside it."""

    name: str
    parts_us: Mapping[str, float]
    record_bytes: float


def measure(subject: str, sites: Sites, options: argparse.Namespace, results: Results) -> None:
    """Each on a site of its own: more and more stored, then more and more pairs, with the cost beside that of the first."""

    def point(pairs: int, stored: int) -> _Point:
        with sites() as site:
            results.note_versions(site.versions)
            return _measure(subject, site, pairs, stored, options)

    stored = [point(options.pairs, count) for count in options.stored]
    pairs = [point(count, options.stored[0]) for count in options.growth_pairs]
    results.readings += [
        *_readings(subject, stored),
        Reading(work=_WORK, subject=subject, what="bytes on disk a message", value=stored[-1].record_bytes),
        *_readings(subject, pairs),
    ]


def _measure(subject: str, site: Site, pairs: int, stored: int, options: argparse.Namespace) -> _Point:
    with people.connected(site, 2 * pairs, stored_each=max(stored // pairs, 1)) as those:
        size = _bytes_on_disk(site)
        _wait_for_rest(site)
        name = f"{stored:,} stored, {pairs:,} pairs"
        row = measure_work(subject, site, saturated_pairs(name, those, options))
        parts_us = {part: row.cpu_us[part] for part in SERVERS if part in row.cpu_us}
        return _Point(name=name, parts_us=parts_us, record_bytes=size / stored)


def _wait_for_rest(site: Site) -> None:
    """Until the database has done with what was stored: InnoDB writes pages and forgets old versions for a while."""
    for _ in range(_LONGEST_REST_S):
        _, cost = timed(site, lambda: time.sleep(1))
        if cost.cpu_us.get("database", 0) < _AT_REST_US:
            return


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
        for part, value in point.parts_us.items():
            yield Reading(work=_WORK, subject=subject, what=f"{point.name}: {part}", value=value, unit="µs")
        share = sum(point.parts_us.values()) / sum(points[0].parts_us.values())
        yield Reading(work=_WORK, subject=subject, what=f"{point.name} × {points[0].name}", value=share)
