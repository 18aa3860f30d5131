"""The tables of runs with faults: sums by system, the worst of each, and nothing that failed is left out."""

from typing import Any

from tests import fault_tables, reliability

CALM: dict[str, Any] = {
    "subject": "faults",
    "database": "mariadb",
    "nodes": 3,
    "seconds": 400.0,
    "seed": 7,
    "kinds": {"kill-node": 3, "kill-redis": 1},
    "skipped": {"deadlock-database": 1},
    "sent": 1_200,
    "acked": 1_100,
    "violations": {},
    "invalid": [],
    "complaints": 0,
    "vitals": [
        {"memory_kb": [80 * 1024, 90 * 1024], "descriptors": [40, 38], "is_restarted": False},
        {"memory_kb": [80 * 1024, 82 * 1024], "descriptors": [40, 44], "is_restarted": True},
    ],
    "calm_acks": 100,
    "calm_p99_ms": 40.2,
}
WORSE = {
    **CALM,
    "seed": 8,
    "kinds": {"kill-node": 1},
    "vitals": [{"memory_kb": [80 * 1024, 95 * 1024], "descriptors": [40, 39], "is_restarted": False}],
    "calm_p99_ms": 77.7,
}
BROKEN = {**CALM, "seed": 9, "violations": {"lost": 2, "gap in the log": 1}, "complaints": 1}
SILENT = {
    **CALM,
    "seed": 10,
    "database": "sqlite",
    "nodes": 1,
    "seconds": 60.0,
    "invalid": ["nothing was sent"],
}
UNFINISHED = {"subject": "faults-unfinished", "database": "sqlite", "nodes": 1, "seed": 11, "status": -9}


def test_runs_of_a_system_are_one_row() -> None:
    rows = list(fault_tables.sums([CALM, WORSE, SILENT], []))[2:]
    assert rows == [
        "| 3 nodes, MariaDB and Redis | 2 | 13 min | 5 | 2,400 | 2,200 | 0 | 0 |",
        "| 1 node, SQLite | 1 | 60 s | 4 | 1,200 | 1,100 | 0 | 1 |",
    ]


def test_broken_promises_of_all_runs_are_added() -> None:
    row = list(fault_tables.sums([CALM, BROKEN], []))[-1]
    assert row.endswith("| 4 | 0 |")


def test_a_run_that_was_never_judged_counts_as_telling_nothing() -> None:
    row = list(fault_tables.sums([CALM], [UNFINISHED]))[-1]
    assert row == "| 1 node, SQLite | 1 | 0 s | 0 | 0 | 0 | 0 | 1 |"


def test_whatever_failed_is_named_with_its_seed() -> None:
    assert list(fault_tables.failures([CALM, BROKEN, SILENT], [UNFINISHED])) == [
        "- seed 9, 3 nodes, MariaDB and Redis: 1 x gap in the log; 2 x lost; 1 complaints of nodes.",
        "- seed 10, 1 node, SQLite: tells nothing: nothing was sent.",
        "- seed 11, 1 node, SQLite: ended with status -9 before it was judged.",
    ]


def test_the_node_that_grew_most_stands_for_its_system() -> None:
    row = list(fault_tables.costs([CALM, WORSE]))[-1]
    assert row == (
        "| 3 nodes, MariaDB and Redis | 80.0 → 95.0 MiB | 80.0 → 82.0 MiB | 40 → 39 | 40 → 44 | 78 ms |"
    )


def test_a_system_none_of_whose_nodes_was_restarted_and_that_was_never_calm_has_dashes() -> None:
    row = list(fault_tables.costs([{**WORSE, "calm_p99_ms": None}]))[-1]
    assert row == "| 3 nodes, MariaDB and Redis | 80.0 → 95.0 MiB | – | 40 → 39 | – | – |"


def test_kinds_are_counted_over_all_runs_and_those_that_struck_nothing_apart() -> None:
    text = "\n".join(fault_tables.kinds([CALM, WORSE]))
    assert "5 faults of 2 kinds: \nkill-node 4, kill-redis 1." in text
    assert "2 more found nothing to strike, and are not counted: deadlock-database 2." in text


def test_the_report_has_all_of_it_and_nothing_of_what_was_not_run() -> None:
    text = reliability.render([CALM, BROKEN, UNFINISHED])
    assert "| 3 nodes, MariaDB and Redis | 2 |" in text
    assert "- seed 11," in text
    assert "faults" not in reliability.render([])
