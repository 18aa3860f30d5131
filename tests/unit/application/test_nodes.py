"""A node among the others."""

import attrs
import pytest

from naivechat.application.nodes import Nodes
from naivechat.domain.errors import Unavailable
from naivechat.domain.node import NodeStatus
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneDirectory
from tests.fakes import done
from tests.unit.application.conftest import World


def _status(name: str) -> NodeStatus:
    return NodeStatus(name=name, instance=f"run of {name}", version="1", started_at_ms=0, beat_at_ms=0)


class Directory(LoneDirectory):
    """Two nodes beside this one, which is called otherwise than it wished; `orphans` in portions."""

    def __init__(self) -> None:
        self.away = False
        self.orphans: list[tuple[UserId, ...]] = []
        self.announced: list[NodeStatus] = []

    async def announce(self, status: NodeStatus) -> str:
        if self.away:
            raise Unavailable
        self.announced.append(status)
        return f"{status.name}-2"

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        return _status("a"), attrs.evolve(self.announced[-1], name="b-2"), _status("c")

    async def take_orphans(self) -> tuple[UserId, ...]:
        return self.orphans.pop(0) if self.orphans else ()


@pytest.fixture
def directory() -> Directory:
    return Directory()


@pytest.fixture
def nodes(world: World, directory: Directory) -> Nodes:
    return Nodes(directory=directory, presence=world.presence, describe=lambda: _status("b"))


def test_a_heartbeat_finds_the_name_and_the_others(nodes: Nodes, directory: Directory) -> None:
    assert (nodes.now.name, nodes.now.others) == ("b", ())
    done(nodes.beat())
    assert nodes.now.name == "b-2"
    assert [node.name for node in nodes.now.others] == ["a", "c"]
    assert [node.name for node in done(nodes.list_nodes())] == ["a", "b-2", "c"]


def test_a_heartbeat_notes_this_nodes_own_state_by_the_name_it_has(world: World) -> None:
    states = iter([_status("b"), attrs.evolve(_status("b"), users=1), attrs.evolve(_status("b"), users=2)])
    directory = Directory()
    nodes = Nodes(directory=directory, presence=world.presence, describe=lambda: next(states))
    assert nodes.own.name == "b"
    done(nodes.beat())
    assert (nodes.own.name, nodes.own.users) == ("b-2", 1)
    directory.away = True
    with pytest.raises(Unavailable):
        done(nodes.beat())
    assert (nodes.own.name, nodes.own.users) == ("b-2", 2)


def test_while_the_directory_is_away_what_was_found_stands(nodes: Nodes, directory: Directory) -> None:
    done(nodes.beat())
    directory.away = True
    with pytest.raises(Unavailable):
        done(nodes.beat())
    assert [node.name for node in nodes.now.others] == ["a", "c"]


def test_friends_hear_of_those_whose_node_has_died(world: World, nodes: Nodes, directory: Directory) -> None:
    ann, bob, cid = world.people("ann bob cid")
    for friend in (bob, cid):
        world.befriend(ann, friend)
    world.directory.online = {bob.user_id}
    directory.orphans = [(bob.user_id,), (cid.user_id,)]
    assert done(nodes.tell_of_orphans()) == 2
    assert [(event.user_id, event.online) for event in world.published()] == [(cid.user_id, False)]
