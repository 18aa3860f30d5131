"""Staying connected: connect, log in, and do it again when the connection ends.

    from         | what happens                         | to
    offline      | start                                | connecting
    connecting   | logged in at one of the nodes        | online
    connecting   | it fails at all of them              | connecting, after a delay
    connecting   | refused for good                     | logged_out or kicked
    online       | the connection ends                  | connecting, after a delay
    online       | kicked for good                      | kicked
    any          | stop                                 | offline

`kicked` and `logged_out` are left only by `start`.
"""

import enum
import random
from collections.abc import Awaitable, Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from naivechat.client.address import Host
from naivechat.client.connection import Connection
from naivechat.client.errors import (
    ClientError,
    Kicked,
    LoggedOut,
    NotConnected,
    RequestRefused,
    Stopped,
    TurnedAway,
)
from naivechat.client.nodes import KnownNodes
from naivechat.client.tasks import Tasks, sleep
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.session import LoginResponse


class ConnectionState(enum.StrEnum):
    """Where a client stands with its node."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    ONLINE = "online"
    KICKED = "kicked"
    LOGGED_OUT = "logged_out"


FOR_GOOD: Final = (ConnectionState.KICKED, ConnectionState.LOGGED_OUT)
"""States that a client leaves only when it is started again."""
_LEAST_HEARTBEAT_S: Final = 1.0
_KICKED_FOR_GOOD: Final = frozenset({"replaced", "admin", "disabled", "expired"})
_REFUSED_FOR_NOW: Final = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL})
_KICKED_FROM_A_GOOD_NODE: Final = frozenset({"slow", "idle"})


@attrs.frozen(kw_only=True)
class ReconnectPolicy:
    """How patiently a client reconnects.

    An attempt tries every known node once. The first comes after about `first_delay_s`, each further one `factor` times
    later, up to `max_delay_s`. Of every delay the share `jitter` (0…1) is drawn at random, so that a thousand clients do not
    come back at once. For the same reason they leave a node that shuts down within `shutdown_jitter_s`, and compare their talks
    within `sync_jitter_s` when they have no reason of their own to do it. `elsewhere_jitter_s`, if it is given, takes the place of
    the first delay after a connection that ends while another node is known: that one need not be waited for.

    `connect_timeout_s` bounds reaching one node, `login_timeout_s` the login there, `request_timeout_s` the answer to a
    request, `heartbeat_timeout_s` that to a heartbeat. `draw` gives random numbers, 0 ≤ x < 1.
    """

    first_delay_s: float = 0.5
    factor: float = 2.0
    max_delay_s: float = 60.0
    jitter: float = 0.5
    shutdown_jitter_s: float = 1.0
    sync_jitter_s: float = 2.0
    elsewhere_jitter_s: float | None = None
    connect_timeout_s: float = 5.0
    login_timeout_s: float = 10.0
    request_timeout_s: float = 15.0
    heartbeat_timeout_s: float = 10.0
    draw: Callable[[], float] = random.random

    def delay_s(self, failures: int) -> float:
        """How long to wait after this many failures in a row, from 1 on."""
        doublings = min(failures - 1, 64)
        delay_s = min(self.first_delay_s * self.factor**doublings, self.max_delay_s)
        return delay_s * (1 - self.jitter * self.draw())


def state_after(error: ClientError) -> ConnectionState:
    """What an ended or failed connection leads to: CONNECTING if another attempt makes sense."""
    if isinstance(error, Stopped):
        return ConnectionState.LOGGED_OUT if isinstance(error, LoggedOut) else ConnectionState.OFFLINE
    if isinstance(error, Kicked) and error.reason in _KICKED_FOR_GOOD:
        return ConnectionState.KICKED
    if isinstance(error, RequestRefused) and error.code not in _REFUSED_FOR_NOW:
        return ConnectionState.KICKED if error.code == ErrorCode.DISABLED else ConnectionState.LOGGED_OUT
    return ConnectionState.CONNECTING


def _may_differ_elsewhere(error: ClientError) -> bool:
    """Whether another node may let in whom this one did not. Being too fast is not cured by asking more nodes."""
    is_too_fast = isinstance(error, RequestRefused) and error.code == ErrorCode.RATE_LIMITED
    return state_after(error) is ConnectionState.CONNECTING and not is_too_fast


class Link:
    """Keeps one logged-in connection.

    nodes: where to connect. connect: reaches a node, or raises NotConnected.
    log_in: logs in on a connection, or raises ClientError.
    on_login: hears of every login; what it does is done before the next frame is read.
    on_state: hears of every change, with why.
    """

    def __init__(
        self,
        clock: IReactorTime,
        policy: ReconnectPolicy,
        *,
        nodes: KnownNodes,
        connect: Callable[[Host], Awaitable[Connection]],
        log_in: Callable[[Connection], Awaitable[LoginResponse]],
        on_login: Callable[[LoginResponse], None],
        on_state: Callable[[ConnectionState, str], None],
    ) -> None:
        self.state = ConnectionState.OFFLINE
        self.connection: Connection | None = None
        self.error: ClientError = NotConnected("the client is not started")
        self._clock = clock
        self._policy = policy
        self._nodes = nodes
        self._connect = connect
        self._log_in = log_in
        self._on_login = on_login
        self._on_state = on_state
        self._tasks = Tasks()
        self._running: Deferred[None] | None = None
        self._started: Deferred[None] | None = None

    async def start(self, *, patient: bool = False) -> None:
        """Connect and log in.

        Args:
            patient: keep trying when no node can be reached, as after a broken connection.

        Raises:
            RequestRefused: the node refuses the login. NotConnected: no node can be reached, or `stop` came first.
        """
        if self._running is not None:
            raise RuntimeError("the client is started already")
        started: Deferred[None] = Deferred()
        self._started = started
        self._running = self._tasks.start(self._run(patient))
        await started

    async def stop(self, error: Stopped) -> None:
        """Close the connection, for this reason, and make no other."""
        await sleep(self._clock, 0)  # the caller may be called by what is to be cancelled
        if self.connection is not None:
            await self.connection.close(error)
        else:
            self._tasks.cancel_all()
            self._finish(state_after(error), error)

    async def _run(self, patient: bool) -> None:
        failures = 0
        while True:
            was_online, error = await self._live()
            failures = 1 if was_online else failures + 1
            state = state_after(error)
            if state is not ConnectionState.CONNECTING:
                return self._finish(state, error)
            if self._started is not None and not patient:
                return self._finish(ConnectionState.OFFLINE, error)
            self._enter(state, error)
            await sleep(self._clock, self._delay_s(was_online, failures, error))

    async def _live(self) -> tuple[bool, ClientError]:
        """Connect, log in and stay; whether it came to a login, and why it ended."""
        self._enter(ConnectionState.CONNECTING)
        try:
            host, connection, response = await self._reach()
        except ClientError as error:
            return False, error
        self._nodes.served(host, response.nodes)
        end = await self._stay(connection, response)
        if not (isinstance(end, Kicked) and end.reason in _KICKED_FROM_A_GOOD_NODE):
            self._nodes.leave(host)
        return True, end

    async def _reach(self) -> tuple[Host, Connection, LoginResponse]:
        """Log in at the first node that lets us in, each tried once.

        Raises:
            ClientError: why none did; what a node has answered goes before another one's silence.
        """
        errors: list[ClientError] = []
        for host in self._nodes.in_order():
            try:
                return host, *await self._log_in_at(host)
            except ClientError as error:
                self._nodes.leave(host)
                errors.append(error)
                if not _may_differ_elsewhere(error):
                    raise
        raise next((error for error in errors if isinstance(error, RequestRefused)), errors[-1])

    async def _log_in_at(self, host: Host) -> tuple[Connection, LoginResponse]:
        connection = await self._connect(host)
        too_late = NotConnected(f"{host} does not answer")
        deadline = self._clock.callLater(self._policy.login_timeout_s, connection.drop, too_late)
        try:
            return connection, await self._log_in(connection)
        except BaseException:
            connection.drop(NotConnected("there is no login"))
            raise
        finally:
            if deadline.active():
                deadline.cancel()

    async def _stay(self, connection: Connection, response: LoginResponse) -> ClientError:
        connection.start_heartbeat(max(response.heartbeat_ms / 1000, _LEAST_HEARTBEAT_S))
        self.connection = connection
        self._on_login(response)
        self._enter(ConnectionState.ONLINE)
        started, self._started = self._started, None
        if started is not None:
            started.callback(None)
        error = await connection.when_closed()
        self.connection = None
        return error

    def _delay_s(self, was_online: bool, failures: int, error: ClientError) -> float:
        policy = self._policy
        if failures == 1 and isinstance(error, Kicked) and error.reason == "shutdown":
            return policy.shutdown_jitter_s * policy.draw()
        if was_online and policy.elsewhere_jitter_s is not None and len(self._nodes.in_order()) > 1:
            return policy.elsewhere_jitter_s * policy.draw()
        delay_s = policy.delay_s(failures)
        if isinstance(error, TurnedAway):
            # All who were turned away at one moment would come back at one moment.
            return max(delay_s, (error.retry_after_ms or 0) / 1_000 * (1 + policy.draw()))
        return error.pause_s(delay_s) if isinstance(error, RequestRefused) else delay_s

    def _finish(self, state: ConnectionState, error: ClientError) -> None:
        self._running = None
        self._enter(state, error)
        started, self._started = self._started, None
        if started is not None:
            started.errback(error)

    def _enter(self, state: ConnectionState, error: ClientError | None = None) -> None:
        self.error = error or self.error
        if state is not self.state:
            self.state = state
            self._on_state(state, str(error or ""))
