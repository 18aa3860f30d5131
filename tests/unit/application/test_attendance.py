"""When people were last there: many at a time, and nothing forgotten while storage is away."""

from collections.abc import Mapping

import pytest

from naivechat.application.attendance import NOTED_A_PORTION, Attendance
from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from tests.directory_fakes import MemoryAccountDirectory
from tests.fakes import SetClock, Store, done
from tests.unit.application.conftest import World

ANN, BOB = UserId("ann"), UserId("bob")


class Directory(MemoryAccountDirectory):
    """Counts what it was told; refuses while `away`; `during` is called in the middle of a writing."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.away = False
        self.portions: list[int] = []
        self.during = lambda: None

    async def note_seen(self, seen: Mapping[UserId, int]) -> None:
        if self.away:
            raise Unavailable
        self.portions.append(len(seen))
        await super().note_seen(seen)
        self.during()


def test_the_last_moment_is_what_is_written(world: World) -> None:
    world.people("ann bob")
    directory, clock = Directory(world.store), SetClock(5)
    attendance = Attendance(directory=directory, clock=clock)
    attendance.note(ANN)
    attendance.note(BOB)
    clock.now_ms = 7
    attendance.note(ANN)
    done(attendance.save())
    assert directory.seen == {"ann": 7, "bob": 5}
    done(attendance.save())
    assert directory.portions == [2]


def test_what_cannot_be_written_is_kept(world: World) -> None:
    world.person("ann")
    directory = Directory(world.store)
    attendance = Attendance(directory=directory, clock=SetClock(5))
    attendance.note(ANN)
    directory.away = True
    with pytest.raises(Unavailable):
        done(attendance.save())
    directory.away = False
    done(attendance.save())
    assert directory.seen == {"ann": 5}


def test_who_comes_while_others_are_written_is_written_too(world: World) -> None:
    world.person("ann")
    directory, clock = Directory(world.store), SetClock(5)
    attendance = Attendance(directory=directory, clock=clock)

    def come_again() -> None:
        directory.during = lambda: None
        clock.now_ms = 9
        attendance.note(ANN)

    directory.during = come_again
    attendance.note(ANN)
    done(attendance.save())
    assert directory.seen == {"ann": 9}


def test_many_are_written_in_portions(world: World) -> None:
    directory = Directory(world.store)
    attendance = Attendance(directory=directory, clock=SetClock(5))
    for number in range(NOTED_A_PORTION + 1):
        attendance.note(UserId(f"u{number}"))
    done(attendance.save())
    assert directory.portions == [NOTED_A_PORTION, 1]
