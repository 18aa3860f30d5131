"""Histories survive being written to a file."""

from pathlib import Path

import pytest
from hypothesis import given

from tests.history import file
from tests.history.event import Drain, Event, Record, Stored
from tests.history.invention import Step, invented, steps
from tests.profiles import fewer


@fewer(5)
@given(script=steps)
def test_a_history_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, script: list[Step]
) -> None:
    history = invented(script)
    path = tmp_path_factory.mktemp("history") / "new folder" / "history.gz"
    file.write(path, history)
    assert list(file.read(path)) == history


def test_whatever_people_write_is_kept(tmp_path: Path) -> None:
    record = Record(
        talk_id=":g",
        seq=1,
        sender_id="a",
        msg_uuid=bytes(range(16)),
        msg_type=0,
        text="Grüße\n\u2028\x00\\ \N{GRINNING FACE}",
    )
    history: list[Event] = [
        Stored(record=record),
        Stored(record=record),
        Drain(at_s=1.25, device="a/1", user_id="a", missing=(":g",)),
    ]
    file.write(tmp_path / "h.gz", history)
    assert list(file.read(tmp_path / "h.gz")) == history
