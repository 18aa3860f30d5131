"""What clients are told of other nodes."""

from collections.abc import Iterable

import pytest

from naivechat.application.nodes import Neighbourhood, Nodes
from naivechat.domain.node import NodeStatus
from naivechat.infrastructure.lone import LoneDirectory
from naivechat.sockets.neighbours import MOST_ADDRESSES, Neighbours, is_loopback


def _node(name: str, addresses: Iterable[str], *, draining: bool = False) -> NodeStatus:
    return NodeStatus(
        name=name,
        instance=name,
        addresses=tuple(addresses),
        version="1",
        started_at_ms=0,
        beat_at_ms=0,
        draining=draining,
    )


def _neighbours(*others: NodeStatus) -> Neighbours:
    nodes = Nodes(directory=LoneDirectory(), presence=None, describe=lambda: _node("here", ()))  # type: ignore[arg-type]
    nodes.now = Neighbourhood(name="here-2", others=others)
    return Neighbours(nodes)


def test_addresses_of_all_that_take_connections() -> None:
    one, other = _node("a", ["a.example:7397", "tls:a.example:7398"]), _node("b", ["10.0.0.2:7397"])
    leaving = _node("c", ["c.example:7397"], draining=True)
    neighbours = _neighbours(one, other, leaving)
    assert neighbours.name == "here-2"
    assert set(neighbours.addresses_for(False)) == {*one.addresses, *other.addresses}


def test_loopback_addresses_are_for_clients_of_this_machine() -> None:
    neighbours = _neighbours(_node("a", ["127.0.0.1:7398", "tls:[::1]:7399", "10.0.0.2:7397"]))
    assert set(neighbours.addresses_for(True)) == {"127.0.0.1:7398", "tls:[::1]:7399", "10.0.0.2:7397"}
    assert neighbours.addresses_for(False) == ("10.0.0.2:7397",)


def test_of_very_many_some_are_told() -> None:
    neighbours = _neighbours(*(_node(f"n{number}", [f"n{number}:7397"]) for number in range(40)))
    assert len(set(neighbours.addresses_for(False))) == MOST_ADDRESSES


def test_nodes_at_one_address_are_told_of_once() -> None:
    neighbours = _neighbours(_node("one", ["10.0.0.1:7397"]), _node("two", ["10.0.0.1:7397"]))
    assert neighbours.addresses_for(False) == ("10.0.0.1:7397",)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "0.0.0.0", "chat.example.org", "", "2001:db8::1"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)
