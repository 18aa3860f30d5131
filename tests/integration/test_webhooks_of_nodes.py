"""Webhooks of several nodes: whichever of them dies, and however, nothing is left out and all comes in order."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import Arrive, Person
from tests.integration.test_webhooks import Hooks, new_group
from tests.node_log import complaints
from tests.redis_server import RedisServer, require_redis
from tests.servers import MariaDBServer, NodeProcess, require_mariadb, shared_mariadb
from tests.webhook_receivers import Receiver


class Nodes:
    """Two nodes on one MariaDB and one Redis; `one` runs, `two` is to be started."""

    def __init__(self, redis: RedisServer) -> None:
        self.db = shared_mariadb().create_database()
        self.one, self.two = (
            NodeProcess(
                db=self.db, redis=redis.url, registration="open", limits="off", webhook_allow="127.0.0.1"
            )
            for _ in range(2)
        )

    def let_the_lease_run_out(self) -> None:
        """What forty seconds would do."""
        with shared_mariadb().connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"UPDATE {self.db.rpartition('/')[2]}.webhook SET lease_until_ms = 0")

    def holder(self) -> str:
        """The run of a node that delivers at this moment; "" when none does."""
        with shared_mariadb().connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT lease_node FROM {self.db.rpartition('/')[2]}.webhook")
            (row,) = cursor.fetchall()
            return str(row[0])


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    require_redis()
    with RedisServer() as redis:
        running = Nodes(redis)
        with running.one, running.two:
            yield running
            for node in (running.one, running.two):
                assert complaints(node.log_text) == []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def seqs(receiver: Receiver) -> list[int]:
    """Of all that has arrived, repeats left out; each must have come behind those before."""
    seen: list[int] = []
    for delivered in receiver.delivered["/in"]:
        if delivered.answered:
            seen += [event["seq"] for event in delivered.events if event["seq"] not in seen]
    return seen


def test_when_the_node_that_delivers_is_killed_another_one_goes_on_and_nothing_is_lost(
    nodes: Nodes, receiver: Receiver, arrive: Arrive, tmp_path: Path
) -> None:
    hooks, receiver.behaviour["/in"] = Hooks(tmp_path, nodes.db), "ok"
    nodes.two.stop()
    ann = arrive(nodes.one, "ann")
    group_id = new_group(ann)
    hooks.add(group_id, receiver.url("/in"))
    ann.says_in(group_id, "arrives")
    receiver.wait_for(lambda: seqs(receiver) == [2])
    receiver.behaviour["/in"] = "hold"
    for number in range(70):
        ann.says_in(group_id, f"text {number}")
    receiver.wait_for(lambda: len(receiver.delivered["/in"]) == 2)
    nodes.two.start()
    dead = nodes.holder()
    nodes.one.kill()
    bob = ann.moves_to(nodes.two)
    bob.says_in(group_id, "after")
    assert nodes.holder() == dead
    receiver.behaviour["/in"] = "ok"
    nodes.let_the_lease_run_out()
    receiver.wait_for(lambda: len(seqs(receiver)) == 72)
    assert seqs(receiver) == list(range(2, 74))
    receiver.wait_for(lambda: nodes.holder() == "")


def test_two_nodes_that_both_store_deliver_each_record_once_and_in_order(
    nodes: Nodes, receiver: Receiver, arrive: Arrive, tmp_path: Path
) -> None:
    hooks = Hooks(tmp_path, nodes.db)
    ann = arrive(nodes.one, "ann")
    also_ann: Person = ann.comes_to(nodes.two, device="other")
    group_id = new_group(ann)
    hooks.add(group_id, receiver.url("/in"))
    count = 150
    for number in range(count):
        (ann, also_ann)[number % 2].says_in(group_id, f"text {number}")
    receiver.wait_for(lambda: len(seqs(receiver)) == count)
    delivered = [json.loads(one.body)["events"] for one in receiver.delivered["/in"]]
    assert [event["seq"] for events in delivered for event in events] == list(range(2, 2 + count))
    also_ann.close()


def test_when_the_database_dies_under_a_delivery_nothing_is_lost_and_it_goes_on(
    receiver: Receiver, arrive: Arrive, tmp_path: Path
) -> None:
    require_mariadb()
    with MariaDBServer() as server:
        url = server.create_database()
        with NodeProcess(db=url, registration="open", limits="off", webhook_allow="127.0.0.1") as node:
            ann = arrive(node, "ann")
            group_id = new_group(ann)
            Hooks(tmp_path, url).add(group_id, receiver.url("/in"))
            receiver.behaviour["/in"] = "late"
            ann.says_in(group_id, "one")
            receiver.wait_for(lambda: len(receiver.delivered["/in"]) == 1)
            server.kill()
            receiver.free()
            server.start()
            receiver.behaviour["/in"] = "ok"
            ann.says_in(group_id, "two")
            receiver.wait_for(lambda: receiver.texts("/in")[-1:] == ["two"])
            assert list(dict.fromkeys(receiver.texts("/in"))) == ["one", "two"]
            assert complaints(node.log_text) == []
