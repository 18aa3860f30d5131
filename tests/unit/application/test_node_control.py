"""Operators and nodes: who may, what is written down, and which node does it."""

from typing import Any

import attrs
import pytest

from naivechat.application.audit import AuditTrail
from naivechat.application.node_control import NodeControl
from naivechat.application.nodes import Nodes
from naivechat.domain.audit import AuditEntry
from naivechat.domain.errors import Forbidden, NotFound, Unavailable
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.infrastructure.lone import LoneDirectory
from tests.fakes import SetClock, done
from tests.unit.application.conftest import World

OPERATOR = ActingOperator(
    operator_id=OperatorId("olga"), role=OperatorRole.OPERATOR, from_address="192.0.2.1"
)
VIEWER = attrs.evolve(OPERATOR, role=OperatorRole.VIEWER)


def _status(name: str) -> NodeStatus:
    return NodeStatus(name=name, instance=f"run of {name}", version="1", started_at_ms=0, beat_at_ms=0)


class Directory(LoneDirectory):
    """Two others beside this node."""

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        return _status("a"), _status("b"), _status("c")


@attrs.define
class Around:
    """Switches, line and audit log of node b."""

    told: list[Any] = attrs.Factory(list)
    entries: list[AuditEntry] = attrs.Factory(list)
    is_away: bool = False
    log_is_away: bool = False

    def carry_out(self, order: NodeOrder) -> None:
        self.told.append(("here", order))

    async def send(self, instance: str, order: NodeOrder) -> None:
        if self.is_away:
            raise Unavailable
        self.told.append((instance, order))

    async def append(self, entry: AuditEntry) -> None:
        if self.log_is_away:
            raise Unavailable
        self.entries.append(entry)

    async def read_page(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("nobody reads")


@pytest.fixture
def around() -> Around:
    return Around()


@pytest.fixture
def control(world: World, around: Around) -> NodeControl:
    nodes = Nodes(directory=Directory(), presence=world.presence, describe=lambda: _status("b"))
    done(nodes.beat())
    trail = AuditTrail(log=around, clock=SetClock(), node="b")
    return NodeControl(nodes=nodes, switches=around, line=around, audit=trail)


def test_all_nodes_are_listed_this_one_among_them(control: NodeControl) -> None:
    assert [node.name for node in control.list_nodes()] == ["a", "b", "c"]


def test_this_node_does_it_itself(control: NodeControl, around: Around) -> None:
    done(control.drain(OPERATOR, "b"))
    done(control.resume(OPERATOR, "b"))
    assert around.told == [("here", Drain()), ("here", Resume())]


def test_another_node_is_told(control: NodeControl, around: Around) -> None:
    done(control.set_log_level(OPERATOR, "c", LogLevel.DEBUG))
    assert around.told == [("run of c", SetLogLevel(LogLevel.DEBUG))]


def test_who_asked_for_what_from_where_is_written_down(control: NodeControl, around: Around) -> None:
    done(control.set_log_level(OPERATOR, "c", LogLevel.WARN))
    (entry,) = around.entries
    assert (entry.operator_id, entry.action, entry.subject) == ("olga", "node.log_level", "c")
    assert (entry.detail, entry.from_address, entry.node) == ({"level": "warn"}, "192.0.2.1", "b")


def test_a_viewer_turns_nothing(control: NodeControl, around: Around) -> None:
    for asked in (control.drain(VIEWER, "b"), control.resume(VIEWER, "c"), control.drain(VIEWER, "?")):
        with pytest.raises(Forbidden):
            done(asked)
    assert (around.told, around.entries) == ([], [])


def test_a_node_that_is_not_there_cannot_be_told(control: NodeControl, around: Around) -> None:
    with pytest.raises(NotFound):
        done(control.drain(OPERATOR, "d"))
    assert around.entries == []


def test_nothing_is_done_that_cannot_be_written_down(control: NodeControl, around: Around) -> None:
    around.log_is_away = True
    with pytest.raises(Unavailable):
        done(control.drain(OPERATOR, "b"))
    assert around.told == []


def test_without_the_bus_others_cannot_be_told(control: NodeControl, around: Around) -> None:
    around.is_away = True
    with pytest.raises(Unavailable):
        done(control.drain(OPERATOR, "c"))
    done(control.drain(OPERATOR, "b"))
    assert around.told == [("here", Drain())]
