"""What operators can turn on a running node."""

import attrs
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.node_order import Drain, LogLevel, NodeOrder, Resume, SetLogLevel
from naivechat.switches import Switches
from tests.logs import logged_errors


@attrs.define
class World:
    """Doors, log and portrait in one; `story` tells what was done."""

    story: list[str] = attrs.Factory(list)
    draining: bool = False
    leaves: bool = False
    fails: bool = False
    level: LogLevel = LogLevel.INFO

    async def pause(self) -> None:
        self.story.append("pauses")
        if self.fails:
            raise RuntimeError("stuck")

    def resume(self) -> bool:
        self.story.append("resumes")
        return not self.leaves

    def tell(self) -> None:
        self.story.append(f"tells draining={self.draining}")

    def order(self, *orders: NodeOrder) -> list[str]:
        switches = Switches(self, self, self)
        switches.tell = self.tell
        for order in orders:
            switches.carry_out(order)
        return self.story


class TestSwitches(SynchronousTestCase):
    def test_a_drained_node_is_known_as_draining(self) -> None:
        assert World().order(Drain()) == ["pauses", "tells draining=True"]

    def test_what_drains_already_goes_on_so(self) -> None:
        assert World().order(Drain(), Drain()).count("pauses") == 1

    def test_a_node_that_resumes_drains_no_more(self) -> None:
        assert World().order(Drain(), Resume())[2:] == ["resumes", "tells draining=False"]

    def test_a_node_that_leaves_is_left_alone(self) -> None:
        world = World(draining=True, leaves=True)
        assert world.order(Resume()) == ["resumes", "tells draining=True"]

    def test_the_log_is_written_from_another_level_on(self) -> None:
        world = World()
        world.order(SetLogLevel(LogLevel.DEBUG))
        assert world.level is LogLevel.DEBUG

    def test_doors_that_fail_are_logged(self) -> None:
        World(fails=True).order(Drain())
        assert len(self.flushLoggedErrors(RuntimeError)) == 1
        logged_errors.flush()
