"""Sizing from measured figures: the arithmetic, and the document that it is written into."""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

from bench import capacity
from bench.capacity import report, table
from bench.document import place_at
from bench.plan import MOST_NODES, Habits, Machines, flow_of, full_at, plan
from bench.traffic import bytes_a_copy, bytes_a_heartbeat, bytes_a_message
from bench.unit_costs import NotMeasured, Spread, unit_costs
from tests.servers import REPOSITORY


def row(subject: str, work: str, **cpu_us: float) -> dict[str, Any]:
    return {"subject": subject, "work": work, "cpu_us": cpu_us, "servers_us": sum(cpu_us.values())}


def reading(work: str, what: str, value: float) -> dict[str, Any]:
    return {"subject": "mariadb", "work": work, "what": what, "value": value}


@pytest.fixture
def run() -> dict[str, Any]:
    return {
        "settings": {"connections": 2000},
        "rows": [
            row("mariadb", "fixed rate", node=600, database=400),
            row("mariadb", "saturated", node=60, database=20),
            row("2-nodes", "fixed rate", node=800, database=400, redis=40),
            row("2-nodes", "saturated", node=70, database=20, redis=2),
            row("mariadb", "group of 100, saturated", node=4, database=1),
            row("mariadb", "group of 1,000, saturated", node=40, database=1),
        ],
        "idle": [
            {
                "subject": "mariadb",
                "came": {"people": 1000},
                "came_cpu_us": {"node": 300_000, "database": 150_000},
                "rest": {"seconds": 20},
                "rest_cpu_us": {"node": 400_000},
                "bytes_a_connection": 6000,
            }
        ],
        "readings": [
            reading("start of a node", "memory then", 75),
            reading("growth: pairs", "bytes on disk a message", 250),
            reading("reading what other nodes have stored", "CPU of the node for a transaction", 4),
            reading("reading what other nodes have stored", "CPU of the database for a transaction", 2),
        ],
    }


def test_costs_are_those_of_the_run(run: dict[str, Any]) -> None:
    costs = unit_costs(run)
    assert costs.node == Spread(alone_us=600, shared_us=60)
    assert costs.crossing == Spread(alone_us=200, shared_us=10)
    assert (costs.copy_us, costs.connection_us) == (5, 10)
    assert (costs.login_node_us, costs.login_database_us) == (300, 150)
    assert (costs.news_node_us, costs.news_database_us) == (4, 2)
    assert (costs.base_bytes, costs.connection_bytes, costs.record_bytes) == (75e6, 6000, 250)


@pytest.mark.parametrize("lacking", ["rows", "idle", "readings"])
def test_a_run_without_what_is_needed_says_so(run: dict[str, Any], lacking: str) -> None:
    with pytest.raises(NotMeasured):
        unit_costs({**run, lacking: []})


def test_a_message_alone_pays_for_its_transaction_and_many_share_it() -> None:
    spread = Spread(alone_us=600, shared_us=60)
    assert spread.cores(0) == 0
    assert spread.cores(500) == pytest.approx(500 * 600 / 1e6)
    assert spread.cores(10_500) == pytest.approx(0.3 + 10_000 * 60 / 1e6)


def test_people_do_what_their_habits_say() -> None:
    habits = Habits(
        direct_per_hour=36, to_groups_per_hour=18, members_online=10, logins_per_hour=3.6, friends_online=5
    )
    flow = flow_of(1000, habits)
    assert (flow.direct, flow.to_groups, flow.copies, flow.logins) == (10, 5, 50, 1)
    assert (flow.stored, flow.notices) == (15, 10)


def test_few_people_need_one_node_and_nothing_crosses(run: dict[str, Any]) -> None:
    planned = plan(1000, unit_costs(run), Habits(), Machines())
    assert (planned.nodes, planned.redis_cores, planned.news_per_s) == (1, 0, 0)
    assert planned.node_bytes == 75e6 + 1000 * 14_000


def test_nodes_are_added_until_each_has_enough_of_its_core_left(run: dict[str, Any]) -> None:
    costs, machines = unit_costs(run), Machines()
    planned = plan(1_000_000, costs, Habits(), machines)
    assert planned.nodes >= 1_000_000 / machines.most_connections
    assert planned.node_cores <= machines.share_used
    dear = plan(1_000_000, attrs.evolve(costs, copy_us=1000), Habits(), machines)
    assert dear.nodes > planned.nodes
    assert dear.node_cores <= machines.share_used


def test_where_no_number_of_nodes_is_enough_the_plan_says_so(run: dict[str, Any]) -> None:
    planned = plan(1_000_000, attrs.evolve(unit_costs(run), news_node_us=1000), Habits(), Machines())
    assert planned.nodes == MOST_NODES
    assert planned.first == "nodes"
    assert planned.parts["nodes"] > 1


def test_every_other_node_reads_of_what_one_stores(run: dict[str, Any]) -> None:
    planned = plan(1_000_000, unit_costs(run), Habits(), Machines())
    assert planned.news_per_s == pytest.approx(planned.commits_per_s * (planned.nodes - 1))
    without = attrs.evolve(unit_costs(run), news_database_us=0)
    saved = planned.database_cores - plan(1_000_000, without, Habits(), Machines()).database_cores
    assert saved == pytest.approx(planned.news_per_s * 2 / 1e6)


def test_more_people_never_need_less(run: dict[str, Any]) -> None:
    plans = [plan(people, unit_costs(run), Habits(), Machines()) for people in capacity.SIZES]
    for less, more in itertools.pairwise(plans):
        assert more.nodes >= less.nodes
        assert more.database_cores > less.database_cores
        assert more.commits_per_s >= less.commits_per_s
        assert more.flow.bits > less.flow.bits


def test_the_part_nearest_to_its_limit_is_named(run: dict[str, Any]) -> None:
    planned = plan(1_000_000, unit_costs(run), Habits(), Machines(database_cores=0.1))
    assert planned.first == "the database's cores"
    assert planned.parts[planned.first] > 1
    assert "the database's cores" in "\n".join(table([planned]))


def test_a_part_is_full_where_a_few_people_more_are_too_many(run: dict[str, Any]) -> None:
    costs, machines = unit_costs(run), Machines(commits_per_s=1000)
    people = full_at("the database's commits", costs, Habits(), machines)
    assert people is not None
    # 40 messages an hour each, 600 transactions a second.
    assert people == pytest.approx(600 * 3600 / 40, rel=0.02)
    assert plan(people * 9 // 10, costs, Habits(), machines).parts["the database's commits"] < 1
    assert f"the database's commits {people:,}" in report([10], costs, Habits(), machines)


def test_what_is_never_full_is_not_told(run: dict[str, Any]) -> None:
    limitless = Machines(commits_per_s=1e12, database_cores=1e12, most_connections=10**9)
    free = Spread(alone_us=0, shared_us=0)
    costs = attrs.evolve(unit_costs(run), redis=free, node=free, crossing=free, copy_us=0, connection_us=0)
    costs = attrs.evolve(costs, login_node_us=0, news_node_us=0)
    assert full_at("Redis", costs, Habits(), limitless) is None
    assert report([10], costs, Habits(), limitless).endswith("Nothing is full at 10⁸ people.")


def test_bytes_on_the_wire_are_more_than_the_text() -> None:
    assert bytes_a_message() > 200 + 3 * 66
    assert 100 + 66 < bytes_a_copy() < bytes_a_message()
    assert 2 * 66 < bytes_a_heartbeat() < bytes_a_copy()


def test_the_table_is_printed_or_written(
    run: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured, document = tmp_path / "run.json", tmp_path / "capacity.md"
    measured.write_text(json.dumps(run))
    document.write_text("<!-- sizes -->\n<!-- end of sizes -->\n")
    arguments = ["capacity", "--json", str(measured), "--people", "5000", "--direct-per-hour", "36"]
    monkeypatch.setattr(sys, "argv", arguments)
    capacity.main()
    said = capsys.readouterr().out
    assert "| people online | 5,000 |" in said
    assert "| 50 / " in said
    monkeypatch.setattr(sys, "argv", [*arguments, "--into", f"{document}#sizes"])
    capacity.main()
    assert document.read_text() == f"<!-- sizes -->\n{said}<!-- end of sizes -->\n"


def test_a_run_that_lacks_something_ends_with_a_word(
    run: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.json").write_text(json.dumps({**run, "idle": []}))
    monkeypatch.setattr(sys, "argv", ["capacity", "--json", str(tmp_path / "run.json")])
    with pytest.raises(SystemExit, match="idle"):
        capacity.main()


def test_the_document_has_the_table_of_the_measured_run() -> None:
    costs = unit_costs(json.loads((REPOSITORY / "bench" / "measured.json").read_text()))
    told = report(capacity.SIZES, costs, Habits(), Machines())
    _, lines, _ = place_at(f"{REPOSITORY / 'docs' / 'capacity.md'}#sizes").parts()
    assert lines == told + "\n"
