"""All nodes together, from any one of them."""

from typing import Any

import attrs
import pytest

from naivechat.application.cluster import KEPT, Cluster
from naivechat.application.nodes import Nodes
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.infrastructure.lone import LoneDirectory
from tests.fakes import SetClock, done
from tests.unit.application.conftest import World


def _status(name: str, **more: Any) -> NodeStatus:
    return NodeStatus(
        name=name, instance=f"run of {name}", version="1", started_at_ms=0, beat_at_ms=0, **more
    )


class Directory(LoneDirectory):
    """Two nodes beside this one; the last is of an earlier version, which says less."""

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        return (
            _status("z", connections=10, users=8, messages_per_s=2.5, commit_p99_ms=7.0, log_queue_length=3),
            _status("a", connections=5, users=4, messages_per_s=1.0),
        )


@pytest.fixture
def nodes(world: World) -> Nodes:
    own = _status("m", connections=1, users=1, commit_p99_ms=9.5, delivery_p99_ms=4.0, log_queue_length=1)
    return Nodes(directory=Directory(), presence=world.presence, describe=lambda: own)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def cluster(nodes: Nodes, clock: SetClock) -> Cluster:
    return Cluster(nodes=nodes, own_figures=lambda: Figures(at_ms=5), clock=clock)


def test_before_the_first_heartbeat_there_is_this_node_alone(cluster: Cluster) -> None:
    assert [node.name for node in cluster.list_nodes()] == ["m"]
    assert cluster.own_figures().at_ms == 5


def test_all_nodes_are_summed_up_and_the_slowest_one_tells_the_latency(
    nodes: Nodes, cluster: Cluster, clock: SetClock
) -> None:
    done(nodes.beat())
    assert [node.name for node in cluster.list_nodes()] == ["a", "m", "z"]
    assert cluster.own_name == "m"
    assert attrs.asdict(cluster.sum_up()) == {
        "at_ms": clock.now_ms,
        "nodes": 3,
        "connections": 16,
        "users": 13,
        "messages_per_s": 3.5,
        "log_queue_length": 4,
        "commit_p99_ms": 9.5,
        "delivery_p99_ms": 4.0,
    }


def test_an_hour_is_kept_and_no_more(cluster: Cluster, clock: SetClock) -> None:
    for _ in range(KEPT + 10):
        clock.now_ms += 5_000
        done(cluster.take())
    points = cluster.list_since()
    assert len(points) == KEPT
    assert points[-1].at_ms - points[0].at_ms == (KEPT - 1) * 5_000
    assert cluster.list_since(points[-3].at_ms) == points[-2:]


def test_nothing_is_said_of_latencies_that_no_node_has_told(world: World, clock: SetClock) -> None:
    nodes = Nodes(directory=LoneDirectory(), presence=world.presence, describe=lambda: _status("old"))
    cluster = Cluster(nodes=nodes, own_figures=lambda: Figures(at_ms=0), clock=clock)
    figures = cluster.sum_up()
    assert (figures.commit_p99_ms, figures.delivery_p99_ms, figures.log_queue_length) == (None, None, 0)
