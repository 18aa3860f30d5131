"""The command line of `twistd naivechat`, and how the process is ended."""

import atexit
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.python.reflect import namedAny

from naivechat import __version__, bootstrap, tap
from naivechat.domain.node_order import LogLevel
from naivechat.node import Node, StartFailed
from naivechat.stall_watchdog import StallWatchdog
from naivechat.tap import Options, makeService
from naivechat.workers import WORKER_VARIABLE, Workers
from tests.logs import logged_errors


class Reactor:
    """Remembers what it was asked for."""

    running = True

    def __init__(self) -> None:
        self.at_start: list[Callable[[], None]] = []
        self.readers: list[Any] = []
        self.stops = 0

    def callWhenRunning(self, deed: Callable[[], None]) -> None:
        self.at_start.append(deed)

    def callFromThread(self, deed: Callable[[], None]) -> None:
        deed()

    def addReader(self, reader: Any) -> None:
        self.readers.append(reader)

    def stop(self) -> None:
        self.stops += 1
        self.running = False


@attrs.frozen
class Reserved:
    """A port that is kept."""

    port: int

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", self.port


@pytest.fixture
def reactor(monkeypatch: pytest.MonkeyPatch) -> Reactor:
    reactor = Reactor()
    monkeypatch.setattr(tap, "_reactor", reactor)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name in [name for name in os.environ if name.startswith("NAIVECHAT_")]:
        monkeypatch.delenv(name)
    return reactor


def parsed(*arguments: str) -> Options:
    options = Options()
    options.parseOptions(list(arguments))
    return options


def test_options_become_settings(reactor: Reactor) -> None:
    options = parsed(
        "--port", "7", "--strict-port", "--listen", "tcp:1", "--listen", "tcp:2", "--limits", "off",
        "--limit", "devices=2", "--limit", "groups=3", "--allow-plain-login"
    )  # fmt: skip
    settings = options.settings
    assert (settings.limit.devices, settings.limit.groups, settings.allow_plain_login) == (2, 3, True)
    assert (settings.port, settings.strict_port, settings.limits) == (7, True, False)
    assert settings.listen == ("tcp:1", "tcp:2")


def test_a_node_among_others_knows_where_they_meet_and_where_it_is_found(reactor: Reactor) -> None:
    settings = parsed(
        "--db", "mysql://chat@db/chat", "--redis", "redis://cache", "--advertise", "a:1", "--advertise", "tls:a:2"
    ).settings  # fmt: skip
    assert settings.redis == "redis://cache"
    assert settings.advertise == ("a:1", "tls:a:2")


def test_webhooks_may_go_to_the_networks_that_are_named(reactor: Reactor) -> None:
    settings = parsed("--webhook-allow", "10.1.0.0/16", "--webhook-allow", "127.0.0.1").settings
    assert settings.webhook_allow == ("10.1.0.0/16", "127.0.0.1/32")


def test_redis_beside_sqlite_ends_the_program_with_one_line(reactor: Reactor) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed("--redis", "redis://cache")
    assert (
        caught.value.code
        == "naivechat: --redis needs a MySQL or MariaDB database: SQLite belongs to one node"
    )


def test_a_file_may_be_named_by_the_environment(
    reactor: Reactor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node.toml").write_text("port = 9")
    monkeypatch.setenv("NAIVECHAT_CONFIG", str(tmp_path / "node.toml"))
    assert parsed().settings.port == 9


def test_what_cannot_be_used_ends_the_program_with_one_line(reactor: Reactor) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed("--port", "many")
    assert caught.value.code == "naivechat: port: a number from 0 to 65535 is wanted, not 'many'"
    with pytest.raises(SystemExit, match="naivechat: listen: bogus"):
        makeService(parsed("--listen", "bogus"))


def test_the_version_is_told(reactor: Reactor) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed("--version")
    assert caught.value.code == f"naivechat {__version__}"


def test_the_service_runs_on_a_clock_that_nobody_sets(reactor: Any) -> None:
    services: Any = makeService(parsed("--listen", "tcp:0"))
    assert [type(service) for service in services] == [StallWatchdog, Node]
    assert reactor.seconds is time.monotonic


def _shared(*arguments: str) -> tuple[str, ...]:
    return ("--db", "mysql://chat@db/chat", "--redis", "redis://cache", "--workers", "2", *arguments)


def test_several_workers_are_planned_on_one_port_when_the_database_is_up_to_date(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(bootstrap, "prepare", prepared.append)
    monkeypatch.setattr(tap, "reserve_port", lambda ports, interface: Reserved(ports[0] + 2))
    monkeypatch.setattr(tap, "_reserved", [])
    service = makeService(parsed(*_shared("--port", "7000")))
    assert isinstance(service, Workers)
    service.privilegedStartService()
    assert prepared == ["mysql://chat@db/chat"]
    assert len(tap._reserved) == 1
    commands = [worker._plan.command for worker in service._workers]
    assert [command[-6:-2] for command in commands] == [
        ("--node-name", command[-5], "--port", "7002") for command in commands
    ]
    assert len(set(commands)) == 2


def test_a_port_that_cannot_be_had_ends_the_start_of_workers(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(ports: object, interface: str) -> None:
        raise CannotListenError(interface, 7000, OSError("taken"))

    monkeypatch.setattr(bootstrap, "prepare", lambda url: None)
    monkeypatch.setattr(tap, "reserve_port", refuse)
    service = makeService(parsed(*_shared("--port", "7000")))
    assert isinstance(service, Workers)
    with pytest.raises(StartFailed, match="cannot listen"):
        service.privilegedStartService()


def test_endpoints_of_workers_are_looked_at_before_any_is_started(reactor: Reactor) -> None:
    with pytest.raises(SystemExit, match="naivechat: listen: ssl:7397:privateKey=absent"):
        makeService(parsed(*_shared("--listen", "ssl:7397:privateKey=absent.pem")))


def test_a_worker_ends_in_order_with_its_parent(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKER_VARIABLE, "1")
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    makeService(parsed("--listen", "tcp:0"))
    for deed in reactor.at_start:
        deed()
    (watch,) = reactor.readers
    watch.connectionLost(Failure(ConnectionDone()))
    assert reactor.stops == 1


def test_signals_end_the_node_in_order_once(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    makeService(parsed("--listen", "tcp:0"))
    for deed in reactor.at_start:
        deed()
    handlers[signal.SIGTERM](signal.SIGTERM, None)
    handlers[signal.SIGINT](signal.SIGINT, None)
    assert reactor.stops == 1


def test_a_start_that_failed_ends_with_status_1(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[tuple[Any, ...]] = []
    monkeypatch.setattr(atexit, "register", lambda *call: at_exit.append(call))
    tap._end_without_starting(StartFailed("no port"))
    assert at_exit == [(os._exit, 1)]
    assert reactor.stops == 1
    logged_errors.flush()


def test_a_start_that_failed_early_is_one_line(reactor: Reactor, capsys: pytest.CaptureFixture[str]) -> None:
    makeService(parsed("--listen", "tcp:0"))
    error = StartFailed("the database is away")
    sys.excepthook(StartFailed, error, None)
    assert capsys.readouterr().err == "naivechat: the database is away\n"
    sys.excepthook(ValueError, ValueError("another"), None)
    assert "ValueError: another" in capsys.readouterr().err


def _below(twistd: dict[str, Any], *arguments: str) -> Options:
    options = Options()
    options.parent = twistd
    options.parseOptions(list(arguments))
    return options


def test_twistds_log_is_written_in_the_format_and_from_the_level_that_are_chosen(
    reactor: Reactor, tmp_path: Path
) -> None:
    twistd: dict[str, Any] = {"logfile": str(tmp_path / "log"), "nodaemon": True}
    options = _below(twistd, "--log-format", "json")
    observer = namedAny(twistd["logger"])()
    logger = Logger(observer=observer)
    logger.info("hello")
    options.log_output.level = LogLevel.WARN
    logger.info("not any more")
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert json.loads(line)["message"] == "hello"


def test_somebody_elses_logger_stays(reactor: Reactor) -> None:
    twistd = {"logger": "somebody.elses"}
    _below(twistd)
    assert twistd == {"logger": "somebody.elses"}


@pytest.mark.parametrize("option", ["logger", "syslog"])
def test_json_where_it_cannot_be_is_refused(reactor: Reactor, option: str) -> None:
    with pytest.raises(SystemExit) as caught:
        _below({option: True}, "--log-format", "json")
    assert caught.value.code == f"naivechat: log-format: json is for files and terminals, not for --{option}"


def test_a_hang_up_reads_certificates_anew_and_ends_a_node_whose_terminal_is_gone(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    renewed: list[str] = []
    is_terminal = False
    monkeypatch.setattr(os, "isatty", lambda number: is_terminal)
    tap._listen_to_signals(lambda: renewed.append("read"))
    handlers[signal.SIGHUP](signal.SIGHUP, None)
    assert (renewed, reactor.stops) == (["read"], 0)
    is_terminal = True
    tap._listen_to_signals(lambda: renewed.append("read again"))
    handlers[signal.SIGHUP](signal.SIGHUP, None)
    assert (renewed, reactor.stops) == (["read", "read again"], 0)
    is_terminal = False
    handlers[signal.SIGHUP](signal.SIGHUP, None)
    assert (renewed, reactor.stops) == (["read", "read again"], 1)
