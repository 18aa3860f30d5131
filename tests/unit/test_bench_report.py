"""The tables that the bench writes, and what they are made of."""

import math

import pytest

from bench.cost import Cost
from bench.crowd import Arrival, Rest
from bench.idle import Idle
from bench.readings import Reading
from bench.report import Results, Row, as_json, as_markdown, percentile_ms
from bench.stalls import stall_readings
from naivechat.domain.measure import BOUNDS_S


def test_percentiles_are_values_that_were_measured() -> None:
    seconds = [n / 1000 for n in range(1, 101)]
    assert percentile_ms(seconds, 50) == pytest.approx(50)
    assert percentile_ms(seconds, 99) == pytest.approx(99)
    assert percentile_ms([0.002], 99) == pytest.approx(2)
    assert math.isnan(percentile_ms([], 50))


def some_row(subject: str, **cpu_us: float) -> Row:
    return Row(
        subject=subject,
        work="saturated",
        delivered=1000,
        per_second=100,
        ack_p50_ms=1,
        ack_p99_ms=2,
        delivery_p50_ms=3,
        delivery_p99_ms=4,
        delivery_max_ms=5,
        sync_notices=6,
        cpu_us={**cpu_us, "generator": 10},
    )


MACHINE = {
    "processor": "P",
    "cores": 2,
    "system": "S",
    "python": "3",
    "twisted": "26",
    "cbor2": "6",
    "servers": [],
    "naivechat": "1",
}


def test_the_table_compares_with_the_relays_of_the_same_work() -> None:
    rows = [
        some_row("c-relay", node=4),
        some_row("relay", node=5),
        some_row("3-nodes", node=100, database=20, redis=3),
    ]
    assert (
        "| saturated | 3-nodes | 100 | 1.0 / 2.0 | 3.0 / 4.0 / 5 | 6 | 100 + 20 + 3 | 30.8 / 24.6 | 10 |"
        in as_markdown(Results(rows=rows), MACHINE, "bench", {})
    )


def test_idle_people_have_a_table_of_their_own() -> None:
    arrival = Arrival(people=1000, seconds=2, failed={"UNAVAILABLE": 7})
    idle = Idle(
        subject="mariadb",
        came=arrival,
        came_cpu_us={"node": 2_000_000, "database": 1_000_000, "generator": 20_000},
        bytes_a_connection=5400,
        resident_bytes=90_000_000,
        rest=Rest(seconds=10, heartbeats=3, answered=3, lost=0),
        rest_cpu_us={"node": 200_000, "database": 0, "generator": 0},
        restart_s=1.5,
        back=arrival,
        back_cpu_us={"node": 0, "database": 0, "generator": 0},
        back_resident_bytes=0,
    )
    table = as_markdown(Results(idles=[idle]), MACHINE, "bench", {})
    assert "| … a second | 500 |" in table
    assert "| … CPU ms a login: nodes + database + Redis | 2.00 + 1.00 |" in table
    assert "| node's memory a connection, kB | 5.4 |" in table
    assert "| … CPU, % of a core: nodes + database + Redis | 2.0 + 0.0 |" in table
    assert "| … attempts that failed and were made again | 7 UNAVAILABLE |" in table


def test_the_desktop_client_has_a_table_of_its_own() -> None:
    table = as_markdown(
        Results(figures=[("5,000 messages: append, median", 1.2345, "ms")]), MACHINE, "bench", {}
    )
    assert "| 5,000 messages: append, median | 1.23 ms |" in table


def reading(what: str, subject: str, value: float) -> Reading:
    return Reading(work="some work", subject=subject, what=what, value=value, unit="ms")


def test_single_figures_have_a_table_a_work_and_a_column_a_subject() -> None:
    readings = [reading("long", "sqlite", 1234.5), reading("long", "mariadb", 0.126)]
    readings.insert(1, reading("last", "sqlite", 0))
    readings += [reading("only here", "mariadb", 15.08), reading("last", "mariadb", 100)]
    table = as_markdown(Results(readings=readings), MACHINE, "bench", {})
    assert "| some work | sqlite | mariadb |" in table
    assert "| long, ms | 1,234 | 0.13 |" in table
    assert "| only here, ms | – | 15.1 |\n| last, ms | 0 | 100 |" in table


def test_a_report_says_how_it_was_made() -> None:
    results = Results(rows=[some_row("sqlite", node=10)])
    results.note_versions(["MariaDB 1", "Redis 2"])
    results.note_versions(["MariaDB 1"])
    assert results.versions == ["MariaDB 1", "Redis 2"]
    settings = {"pairs": 50, "works": ["pairs", "group"]}
    said = as_markdown(results, MACHINE, "python -m bench pairs", settings)
    assert said.endswith("Made by `python -m bench pairs`.\nSettings: pairs 50, works pairs+group.")
    written = as_json(results, MACHINE, "python -m bench pairs", settings)
    assert written["settings"] == settings
    assert written["rows"][0]["servers_us"] == 10


def test_a_cost_is_told_for_each() -> None:
    cost = Cost(seconds=2, cpu_us={"node": 1000, "database": 500, "generator": 10})
    values = {each.what: each.value for each in cost.readings("w", "s", each="stored", count=100)}
    assert values == {
        "stored: a second": 50,
        "stored: CPU of the node": 10,
        "stored: CPU of the database": 5,
        "stored: CPU of the generator": 0.1,
    }


def counts(**by_bucket: int) -> tuple[int, ...]:
    """Samples by the bucket's number."""
    return tuple(by_bucket.get(f"at_{index}", 0) for index in range(len(BOUNDS_S) + 1))


def test_stalls_are_those_between_two_moments() -> None:
    before, after = counts(at_0=100, at_9=1), counts(at_0=150, at_4=1, at_9=1)
    p99, longest = stall_readings("sqlite", "pairs", before, after)
    assert p99.value <= longest.value == pytest.approx(1000 * BOUNDS_S[4])
    assert stall_readings("sqlite", "pairs", after, after) == []


def test_a_node_that_was_started_anew_has_counted_anew() -> None:
    _, longest = stall_readings("sqlite", "idle", counts(at_0=100), counts(at_0=10, at_5=1))
    assert longest.value == pytest.approx(1000 * BOUNDS_S[5])


def test_a_stall_beyond_all_bounds_is_of_unknown_length() -> None:
    last = {f"at_{len(BOUNDS_S)}": 1}
    readings = stall_readings("sqlite", "idle", counts(), counts(**last))
    assert readings[1].value == math.inf
    written = as_json(Results(stalls=readings), MACHINE, "bench", {})
    assert written["readings"][1]["value"] is None
