"""The table of nodes that an operator reads."""

import attrs

from naivechat.domain.node import NodeStatus
from naivechat.node_table import node_table

NOW_MS = 1_790_000_000_000
ANNA = NodeStatus(
    name="anna",
    instance="0" * 32,
    addresses=("127.0.0.1:7397", "tls:[::1]:7398"),
    version="0.2.0",
    started_at_ms=NOW_MS - 90_000,
    beat_at_ms=NOW_MS - 1_500,
    connections=1200,
    users=1100,
    messages_per_s=12.34,
)


def test_a_node_is_a_line_below_the_headings() -> None:
    assert node_table([ANNA], NOW_MS) == (
        "NODE  ADDRESSES                      VERSION  UP SINCE              CONNECTIONS  USERS  MSG/S  HEARTBEAT",
        "anna  127.0.0.1:7397 tls:[::1]:7398  0.2.0    2026-09-21 14:11:50Z         1200   1100   12.3  1 s ago",
    )


def test_several_nodes_are_summed_up() -> None:
    *_, last = node_table([ANNA, attrs.evolve(ANNA, name="berta", connections=3)], NOW_MS)
    assert last.split() == ["2", "nodes", "1203", "2200", "24.7"]


def test_a_node_that_goes_and_one_that_cannot_say_where_it_is_are_told_as_such() -> None:
    _, line = node_table([attrs.evolve(ANNA, draining=True, addresses=())], NOW_MS)
    assert line.startswith("anna (leaving)  -  ")


def test_a_clock_that_is_ahead_makes_no_heartbeat_of_the_future() -> None:
    _, line = node_table([attrs.evolve(ANNA, beat_at_ms=NOW_MS + 60_000)], NOW_MS)
    assert line.endswith("  0 s ago")


def test_no_nodes_are_only_headings() -> None:
    assert len(node_table([], NOW_MS)) == 1
