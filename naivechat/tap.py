"""The command line of `twistd naivechat`, and the service it makes."""

import atexit
import functools
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from twisted.application.service import IService, MultiService
from twisted.internet import reactor as _global_reactor
from twisted.internet.error import CannotListenError
from twisted.logger import ILogObserver, Logger
from twisted.python import usage

from naivechat import __version__, bootstrap
from naivechat.domain.measure import Measures
from naivechat.listening import make_listeners, ports_from
from naivechat.log_output import LogOutput, as_twistd_would
from naivechat.node import StartFailed
from naivechat.settings import ENVIRONMENT_PREFIX, Settings, SettingsError, load
from naivechat.shared_port import reserve_port
from naivechat.stall_sampler import StallSampler
from naivechat.stall_watchdog import StallWatchdog
from naivechat.worker_plans import make_plans
from naivechat.workers import WORKER_VARIABLE, ParentWatch, WorkerPlan, Workers

_log = Logger()
_reactor: Any = _global_reactor


class Options(usage.Options):
    """Options of `twistd naivechat`; what is not given is left to the environment, the file and the defaults."""

    synopsis = "[options]"
    longdesc = (
        "Each option may also be given by the environment, as NAIVECHAT_ and its name in capitals (NAIVECHAT_DB), "
        "or by a TOML file (db = …). The command line comes first, then the environment, then the file."
    )
    optParameters = [
        ["config", "c", None, "TOML file with settings."],
        ["db", None, None, "Database: sqlite:///path (default sqlite:///var/naivechat.db) or mysql://user:password@host:port/database."],
        ["port", "p", None, "TCP port (default 7397); when it is taken, the next free one."],
        ["interface", "i", None, "Address to listen on (default 127.0.0.1: this machine only; 0.0.0.0: everybody)."],
        ["registration", None, None, "Whether strangers may make accounts: open or closed (default)."],
        ["friend-policy", None, None, "How a friendship begins: open (at once, default) or approve (when accepted)."],
        ["node-name", None, None, "Name of this node in logs and to clients (default: the host's name); where another node has it, a number is added."],
        ["limits", None, None, "Limits of rates and of connections: on (default) or off, which leaves sizes as they are."],
        ["admin-port", None, None, "TCP port of health, metrics and the console (default 7398); when it is taken, the next free one; off: none."],
        ["admin-interface", None, None, "Address of the admin port (default 127.0.0.1: this machine only)."],
        ["keep-messages", None, None, "For how many days texts of messages are kept (default: forever)."],
        ["log-format", None, None, "How the log is written: text (default) or json, one object a line."],
        ["admin-url", None, None, "Where browsers reach the console, if not at its own address: https://console.example (behind a proxy, or by a name)."],
        ["workers", None, None, "How many nodes to run behind the one port, each on a processor core of its own (default 1); more need --redis."],
        ["redis", None, None, "Redis between several nodes on one MySQL or MariaDB database: redis://[:password@]host[:port], rediss://… (TLS) or unix:///path."],
    ]  # fmt: skip
    optFlags = [
        ["strict-port", None, "Refuse a taken port instead of trying the next one."],
        ["allow-plain-login", None, "Take passwords over networks without TLS, too: everybody on the way can read them."],
        ["shared-port", None, "Let other processes of the same user listen on the same ports, if they share them, too."],
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.log_output = LogOutput()
        self.arguments: tuple[str, ...] = ()
        self["listen"] = []
        self["advertise"] = []
        self["limit"] = []
        self["webhook-allow"] = []

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Read the command line behind `naivechat`, and keep it for workers."""
        self.arguments = tuple(options or ())
        super().parseOptions(options)  # type: ignore[no-untyped-call]

    def opt_listen(self, endpoint: str) -> None:
        """Twisted endpoint string to listen on instead of --port, as tls:/etc/naivechat/certificates:7397 or unix:/run/naivechat; may be repeated."""
        self["listen"].append(endpoint)

    def opt_advertise(self, address: str) -> None:
        """Where clients of other nodes are told to find this one, as chat1.example:7397 or tls:chat1.example:7397 (default: the address it listens on, if that is a single one); may be repeated."""
        self["advertise"].append(address)

    def opt_limit(self, pair: str) -> None:
        """Another value of a limit, as messages=20/s, connections=200 or searches=off; may be repeated."""
        self["limit"].append(pair)

    def opt_webhook_allow(self, network: str) -> None:
        """Network that webhooks may go to beside the public internet, as 10.1.0.0/16 or 127.0.0.1; may be repeated."""
        self["webhook-allow"].append(network)

    def opt_version(self) -> None:
        """Show the version and leave."""
        raise SystemExit(f"naivechat {__version__}")

    def postOptions(self) -> None:
        """Read the settings; whatever cannot be used ends the program with one line."""
        given = {name.replace("-", "_"): value for name, value in self.items() if value}
        config = given.pop("config", None) or os.environ.get(f"{ENVIRONMENT_PREFIX}CONFIG")
        twistd: Any = self.parent
        # Before our own logger takes its place.
        self.twistd = dict(twistd or {})
        try:
            self.settings = load(given, config=config)
            self._take_log()
        except SettingsError as error:
            raise SystemExit(f"naivechat: {error}") from None

    def _take_log(self) -> None:
        """Write twistd's log in our format, from the level on that `log_output` has, unless somebody else's logger is wanted."""
        twistd: Any = self.parent
        if twistd is None:
            return
        for option in ("logger", "syslog"):
            if self.settings.log_format == "json" and twistd.get(option):
                raise SettingsError(f"log-format: json is for files and terminals, not for --{option}")
        if not twistd.get("logger"):
            twistd["logger"] = f"{__name__}.{make_log_observer.__name__}"
            _logging.append(self)


_logging: list[Options] = []
"""Whose log is written: twistd takes the name of a function without arguments."""


def make_log_observer() -> ILogObserver:
    """The observer that twistd gives every event to."""
    options = _logging[-1]
    return options.log_output.filtered(as_twistd_would(options.parent, options.settings.log_format))


def makeService(options: Options) -> IService:
    """The node as a service, on the global reactor; or what runs several of them."""
    # The reactor's own clock is the wall clock: an hour back would freeze every timer, an hour forward fire them all.
    _reactor.seconds = time.monotonic
    sys.excepthook = _show_in_one_line
    if WORKER_VARIABLE in os.environ:
        _reactor.callWhenRunning(lambda: _reactor.addReader(ParentWatch(_stop)))
    try:
        return _make_workers(options) if options.settings.workers > 1 else _make_node(options)
    except SettingsError as error:
        raise SystemExit(f"naivechat: {error}") from None


def _make_node(options: Options) -> IService:
    measures = Measures()
    services: Any = MultiService()
    node = bootstrap.make_node(
        options.settings,
        reactor=_reactor,
        failed=_end_without_starting,
        log_output=options.log_output,
        measures=measures,
    )
    _reactor.callWhenRunning(functools.partial(_listen_to_signals, node.renew))
    watchdog = StallWatchdog(measures.stalls, StallSampler(measures.stall, _reactor))
    for service in (watchdog, node):
        services.addService(service)
    made: IService = services
    return made


def _make_workers(options: Options) -> Workers:
    settings, folder = options.settings, os.getcwd()

    def prepare() -> tuple[WorkerPlan, ...]:
        bootstrap.prepare(settings.db)
        return make_plans(
            settings,
            None if settings.listen else _reserve(settings),
            arguments=options.arguments,
            twistd=options.twistd,
            environment=os.environ,
            folder=folder,
        )

    make_listeners(settings, _reactor)
    workers = Workers(prepare=prepare, reactor=_reactor)
    _reactor.callWhenRunning(functools.partial(_listen_to_signals, workers.renew))
    return workers


_reserved: list[socket.socket] = []
"""Keep their ports for the workers as long as this process lives."""


def _reserve(settings: Settings) -> int:
    try:
        ports = ports_from(settings.port, strict=settings.strict_port)
        reserved = reserve_port(ports, settings.interface)
    except CannotListenError as error:
        raise StartFailed(f"cannot listen: {error}") from error
    _reserved.append(reserved)
    return int(reserved.getsockname()[1])


def _listen_to_signals(renew: Callable[[], None]) -> None:
    """SIGTERM and SIGINT end the node in order, with exit status 0; under twistd's own handlers it dies of the signal.

    SIGHUP reads certificates anew, as it is the custom of daemons; but where it says that the terminal is gone, it ends the node.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _reactor.callFromThread(_stop))
    had_terminal = os.isatty(0)

    def hang_up(*_: object) -> None:
        # A terminal that was closed is none any more.
        _reactor.callFromThread(_stop if had_terminal and not os.isatty(0) else renew)

    signal.signal(signal.SIGHUP, hang_up)


def _stop() -> None:
    if _reactor.running:
        _reactor.stop()


def _show_in_one_line(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """What ends the program before the reactor runs: a start that failed is told in words."""
    if isinstance(error, StartFailed):
        sys.stderr.write(f"naivechat: {error}\n")
    else:
        sys.__excepthook__(kind, error, traceback)


def _end_without_starting(error: StartFailed) -> None:
    _log.critical("naivechat: {reason}", reason=str(error))
    # twistd ends with status 0 whenever the reactor was stopped in order.
    atexit.register(os._exit, 1)
    _stop()
