"""Where a node serves its operators."""

from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from naivechat.admin_port import AdminPort
from naivechat.listening import Listener
from tests.logs import logged_errors


class World:
    """Endpoint, port and site in one; `story` tells what was called."""

    def __init__(self, address: Any = None) -> None:
        self.address = address or IPv4Address("TCP", "127.0.0.1", 7398)
        self.story: list[str] = []
        self.open: Deferred[Any] = succeed(self)
        self.clock = Clock()

    def listen(self, factory: Any) -> Deferred[Any]:
        self.story.append("listens")
        return self.open

    def getHost(self) -> Any:
        return self.address

    def stopListening(self) -> Deferred[None]:
        self.story.append("listens no more")
        return succeed(None)

    def buildProtocol(self, addr: Any) -> None:
        """Nobody comes."""

    def end(self) -> None:
        self.story.append("cuts off")

    def ended(self) -> None:
        self.story.append("ends streams")

    async def take(self) -> None:
        self.story.append("takes figures")

    def admin_port(self, *, is_on: bool = True) -> AdminPort:
        return AdminPort(
            [Listener(scheme="tcp", endpoint=self)] if is_on else [],
            self,
            ended=self.ended,
            take_figures=self.take,
            every_s=5.0,
            clock=self.clock,
        )


class TestAdminPort(SynchronousTestCase):
    def open(self, port: AdminPort) -> Deferred[None]:
        return Deferred.fromCoroutine(port.open("one"))

    def close(self, port: AdminPort) -> None:
        self.successResultOf(Deferred.fromCoroutine(port.close()))

    def test_it_listens_and_takes_figures_again_and_again(self) -> None:
        world = World()
        self.successResultOf(self.open(world.admin_port()))
        world.clock.pump([5, 5])
        self.assertEqual(world.story, ["listens", *["takes figures"] * 3])

    def test_closing_cuts_off_who_is_connected(self) -> None:
        world = World(IPv6Address("TCP", "::1", 7398))
        port = world.admin_port()
        self.successResultOf(self.open(port))
        world.story.clear()
        self.close(port)
        world.clock.advance(60)
        self.assertEqual(world.story, ["listens no more", "ends streams", "cuts off"])

    def test_where_it_is_off_figures_are_taken_all_the_same(self) -> None:
        world = World()
        port = world.admin_port(is_on=False)
        self.successResultOf(self.open(port))
        self.assertEqual(world.story, ["takes figures"])
        self.close(port)

    def test_a_port_that_cannot_be_had_is_told_and_closing_still_works(self) -> None:
        world = World()
        world.open = fail(CannotListenError("127.0.0.1", 7398, OSError(98, "in use")))
        port = world.admin_port()
        self.failureResultOf(self.open(port), CannotListenError)
        self.close(port)
        logged_errors.flush()
