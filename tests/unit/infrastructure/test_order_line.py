"""Orders on the bus: heard by the node they are for, and harmless whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.errors import NotFound, Unavailable
from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel
from naivechat.infrastructure.order_line import BusOrderLine, decode, encode
from tests.fakes import done
from tests.node_buses import MemoryHub

ORDERS = [Drain(), Resume(), *map(SetLogLevel, LogLevel)]


class Node:
    """One end of the hub."""

    def __init__(self, hub: MemoryHub, instance: str) -> None:
        self.bus = hub.bus()
        self.bus.subscribe(self)
        self.taken: list[NodeOrder] = []
        self.line = BusOrderLine(self.bus, instance, self.taken.append)

    def received(self, topic: str, payload: bytes) -> None:
        assert self.line.concerns(topic)
        self.line.received(payload)

    def restored(self) -> None:
        """Nothing was missed."""


@pytest.fixture
def hub() -> MemoryHub:
    return MemoryHub(immediate=True)


def test_an_order_reaches_the_node_it_is_for_and_no_other(hub: MemoryHub) -> None:
    one, two, three = (Node(hub, name) for name in ("one", "two", "three"))
    for node in (one, two, three):
        node.line.listen()
    for order in ORDERS:
        done(one.line.send("two", order))
    assert (one.taken, two.taken, three.taken) == ([], ORDERS, [])


def test_a_node_that_does_not_listen_is_not_found(hub: MemoryHub) -> None:
    with pytest.raises(NotFound):
        done(Node(hub, "one").line.send("two", Drain()))


def test_without_the_bus_nobody_can_be_told(hub: MemoryHub) -> None:
    one = Node(hub, "one")
    hub.cut()
    with pytest.raises(Unavailable):
        done(one.line.send("two", Drain()))


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_is_read_as_it_was_written(order: NodeOrder) -> None:
    assert decode(encode(order)) == order


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"7",
        b'"drain"',
        b'{"order":"explode"}',
        b'{"order":["drain"]}',
        b'{"order":"log_level"}',
        b'{"order":"log_level","level":"all"}',
        b'{"order":"log_level","level":{}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_order_changes_nothing(hub: MemoryHub, payload: bytes) -> None:
    node = Node(hub, "one")
    node.line.received(payload)
    assert node.taken == []


@given(st.binary())
def test_whatever_comes_is_an_order_or_refused(payload: bytes) -> None:
    try:
        order = decode(payload)
    except ValueError:
        return
    assert order in ORDERS


def test_fields_of_a_later_version_are_left_alone() -> None:
    assert decode(b'{"order":"drain","slowly":true}') == Drain()
