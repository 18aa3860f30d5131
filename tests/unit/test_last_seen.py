"""When people were last there is written while a node runs, and when it leaves."""

from twisted.internet.task import Clock

from naivechat.application.attendance import Attendance
from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from naivechat.last_seen import SAVE_EVERY_S, LastSeen
from tests.fakes import SetClock, done
from tests.logs import logged_errors
from tests.unit.application.test_attendance import Directory
from tests.unit.sockets.node import MemoryNode

ANN = UserId("ann")


class Storage:
    """Notes what becomes of it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def start(self) -> None:
        self.told.append("start")

    async def stop(self) -> None:
        self.told.append("stop")


def _running() -> tuple[MemoryNode, Directory, LastSeen, Storage]:
    node = MemoryNode()
    directory, storage = Directory(node.store), Storage()
    attendance = Attendance(directory=directory, clock=node.wall_clock)
    node.server.reporter._seen = attendance.note
    last_seen = LastSeen(storage, attendance, node.clock)
    done(last_seen.start())
    return node, directory, last_seen, storage


def test_who_comes_and_who_goes_is_written_soon() -> None:
    node, directory, _, _ = _running()
    came_ms = node.wall_clock.now_ms
    ann = node.person("ann")
    node.clock.advance(SAVE_EVERY_S)
    assert directory.seen == {"ann": came_ms}
    node.wall_clock.now_ms += 60_000
    ann.lose()
    node.clock.advance(SAVE_EVERY_S)
    assert directory.seen == {"ann": came_ms + 60_000}


def test_a_second_device_writes_nothing() -> None:
    node, directory, _, _ = _running()
    node.person("ann")
    node.clock.advance(SAVE_EVERY_S)
    phone = node.person("ann", device="phone")
    phone.lose()
    node.clock.advance(SAVE_EVERY_S)
    assert directory.portions == [1]


def test_who_goes_with_the_node_is_written_before_the_storage_ends() -> None:
    node, directory, last_seen, storage = _running()
    ann = node.person("ann")
    node.server.reporter.stop()
    node.wall_clock.now_ms += 60_000
    ann.lose()
    done(last_seen.stop())
    assert directory.seen == {"ann": node.wall_clock.now_ms}
    assert storage.told == ["start", "stop"]
    assert node.clock.getDelayedCalls() == []


def test_a_node_leaves_also_while_the_database_is_away() -> None:
    directory, storage = Directory(MemoryNode().store), Storage()
    attendance = Attendance(directory=directory, clock=SetClock())
    last_seen = LastSeen(storage, attendance, Clock())
    done(last_seen.start())
    attendance.note(ANN)
    directory.away = True
    done(last_seen.stop())
    assert storage.told == ["start", "stop"]
    assert logged_errors.flush(Unavailable) == ()
