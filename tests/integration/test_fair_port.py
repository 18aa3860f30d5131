"""However many connections wait at a port, others have their turn."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.testing import MemoryReactor, MemoryReactorClock

from naivechat.fair_port import MOST_ACCEPTED_A_TURN, FairPort, FairReactor
from naivechat.shared_port import SharingReactor

WAITING = 3 * MOST_ACCEPTED_A_TURN + 5


class Counting(ServerFactory):
    """Counts who comes, and takes nobody."""

    noisy = False

    def __init__(self) -> None:
        self.came = 0

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        self.came += 1
        return None


@pytest.fixture
def clients() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("make_ports", [FairReactor, SharingReactor])
def test_a_turn_takes_so_many_connections_and_the_next_one_goes_on(
    make_ports: Callable[[MemoryReactor], FairReactor], clients: ExitStack
) -> None:
    factory = Counting()
    port = make_ports(MemoryReactor()).listenTCP(0, factory, backlog=WAITING, interface="127.0.0.1")
    assert isinstance(port, FairPort)
    clients.callback(port.socket.close)
    for _ in range(WAITING):
        clients.enter_context(socket.create_connection(("127.0.0.1", port.getHost().port), timeout=10))
    taken = []
    while factory.came < WAITING:
        before = factory.came
        port.doRead()
        taken.append(factory.came - before)
    assert taken == [*[MOST_ACCEPTED_A_TURN] * 3, 5]


def test_what_else_a_reactor_does_it_does_itself() -> None:
    reactor = MemoryReactorClock()
    assert FairReactor(reactor).callLater == reactor.callLater
