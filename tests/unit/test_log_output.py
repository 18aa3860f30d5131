"""What is written to the log, and how."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from twisted.logger import Logger
from twisted.logger import LogLevel as TwistedLevel
from twisted.python import log as legacy_log
from twisted.python.failure import Failure

from naivechat.domain.node_order import LogLevel
from naivechat.log_output import LONGEST_FIELD, LogOutput, as_json, as_twistd_would, make_observer


@pytest.fixture
def file() -> io.StringIO:
    return io.StringIO()


def _logger(file: io.StringIO, log_format: str = "json", output: LogOutput | None = None) -> Logger:
    observer = make_observer(log_format, file)
    return Logger(namespace="here", observer=(output or LogOutput()).filtered(observer))


def _lines(file: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_an_event_is_one_object(file: io.StringIO) -> None:
    _logger(file).warn("{who} came\nfrom {place}, {count} times", who="李雷", place=None, count=3)
    (line,) = _lines(file)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "warn",
        "namespace": "here",
        "message": "李雷 came\nfrom None, 3 times",
        "fields": {"who": "李雷", "place": None, "count": 3},
    }
    assert file.getvalue().count("\n") == 1


def test_only_what_the_format_names_is_written(file: io.StringIO) -> None:
    _logger(file).info("{who.type} came", who=Failure(ValueError("x")), password="secret")
    assert "secret" not in file.getvalue()


def test_a_field_is_cut_and_never_fails(file: io.StringIO) -> None:
    _logger(file).info("{what} {number}", what=["x" * 5_000], number=float("inf"))
    (line,) = _lines(file)
    assert len(line["fields"]["what"]) == LONGEST_FIELD
    assert line["fields"]["number"] == "inf"


def test_a_failure_is_told_with_its_traceback(file: io.StringIO) -> None:
    logger = _logger(file)
    try:
        raise ValueError("broken")
    except ValueError:
        logger.failure("{what} failed", what="it")
    (line,) = _lines(file)
    assert (line["level"], line["message"]) == ("critical", "it failed")
    assert line["failure"]["type"] == "ValueError"
    assert line["failure"]["message"] == "broken"
    assert "test_log_output.py" in line["failure"]["traceback"]


def test_older_ways_to_log_are_written_too(file: io.StringIO) -> None:
    publisher = legacy_log.LogPublisher(publishPublisher=(observer := _Kept()))
    publisher.msg("from", "of old")
    (event,) = observer.events
    assert json.loads(as_json(event) or "")["message"] == "from of old"


class _Kept:
    def __init__(self) -> None:
        self.events: list[Any] = []

    def __call__(self, event: Any) -> None:
        self.events.append(event)

    def addObserver(self, observer: Any) -> None:
        """Nobody else."""

    def removeObserver(self, observer: Any) -> None:
        """Nobody else."""


@pytest.mark.parametrize("event", [{}, {"log_format": None}, {"log_format": ""}])
def test_what_says_nothing_is_not_written(event: dict[str, Any]) -> None:
    assert as_json(event) is None


def test_a_format_that_is_none_does_no_harm() -> None:
    line = json.loads(as_json({"log_format": "{unclosed", "log_level": TwistedLevel.info}) or "{}")
    assert line["fields"] == {}


@pytest.mark.parametrize(
    ("level", "written"),
    [(LogLevel.WARN, "warn"), (LogLevel.INFO, "info warn"), (LogLevel.DEBUG, "debug info warn")],
)
def test_what_is_below_the_level_is_not_written(file: io.StringIO, level: LogLevel, written: str) -> None:
    output = LogOutput()
    logger = _logger(file, output=output)
    output.level = level
    for word in ("debug", "info", "warn"):
        getattr(logger, word)("said")
    assert [line["level"] for line in _lines(file)] == written.split()
    assert output.level is level


def test_text_is_written_as_ever(file: io.StringIO) -> None:
    _logger(file, "text").info("{who} came", who="li")
    assert file.getvalue().endswith(" [here#info] li came\n")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_twistds_own_file_is_written(tmp_path: Path, log_format: str) -> None:
    path = tmp_path / "node.log"
    observer = as_twistd_would({"logfile": str(path), "nodaemon": True}, log_format)
    Logger(namespace="here", observer=observer).info("hello")
    (line,) = path.read_text().splitlines()
    assert json.loads(line)["message"] == "hello" if log_format == "json" else line.endswith("hello")


def test_the_systems_log_has_text(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr("syslog.syslog", lambda *words: said.append(words[-1]))
    observer = as_twistd_would({"syslog": True, "prefix": "chat"}, "text")
    Logger(namespace="here", observer=observer).info("hello")
    assert [word.rpartition(" ")[2] for word in said] == ["hello"]
