"""What a process costs is read from the kernel."""

import os
from pathlib import Path

from tests.soak.vitals import Course, Vitals, courses


def test_an_open_file_is_one_more_descriptor(tmp_path: Path) -> None:
    before = Vitals.of(os.getpid())
    with (tmp_path / "file").open("w"):
        assert Vitals.of(os.getpid()).descriptors == before.descriptors + 1
    assert Vitals.of(os.getpid()).descriptors == before.descriptors


def test_memory_that_is_touched_is_seen() -> None:
    before = Vitals.of(os.getpid())
    touched = bytearray(os.urandom(1) * (32 << 20))
    assert Vitals.of(os.getpid()).memory_kb > before.memory_kb + (16 << 10)
    assert len(touched) == 32 << 20


def test_another_process_after_is_a_restart_and_one_that_has_ended_is_left_out() -> None:
    one, other = (Vitals(pid=pid, memory_kb=1, descriptors=1) for pid in (7, 8))
    assert courses([one, one, one], [one, other, None]) == (
        Course(before=one, after=one),
        Course(before=one, after=other),
    )
    assert [course.is_restarted for course in courses([one, one], [one, other])] == [False, True]
