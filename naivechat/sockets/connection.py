"""One connection: frames in, requests one at a time, answers and pushes out.

Rules of the file:

- the next frame is taken when the request before it is answered; sends, recalls and reads only enter the log's queue, in the
  order they came, and at most `MOST_UNDER_WAY` of them wait there;
- after so many frames (`Limits.frames`) other connections have their turn;
- nothing is read while the peer does not take what is written, nor while it is throttled;
- whoever lets the node wait, or does not read, is told why and closed; a peer that does not take even that is cut off.

`_update_reading` derives from the state whether to read, and is called after whatever changes it.
"""

import select
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime, ITCPTransport
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from naivechat.domain.limits import Limits
from naivechat.domain.session import EndReason, SessionId, Ticket
from naivechat.protocol.codec import decode_request, encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.errors import BadFrame, ProtocolError
from naivechat.protocol.frame import MAX_FRAME, FrameReceiver
from naivechat.sockets import presenter, proxied
from naivechat.sockets.neighbours import is_loopback
from naivechat.sockets.outbox import Outbox
from naivechat.sockets.patience import Patience
from naivechat.sockets.session import Session
from naivechat.sockets.throttle import Throttle
from naivechat.sockets.turn import Turn
from naivechat.sockets.vigil import Vigil

MOST_UNDER_WAY = 64
ABORT_AFTER_S = 5.0
LEAST_FRAME_COST_BYTES = 512
"""As what a frame counts that is shorter: small ones cost as much to answer."""
_HEARTBEAT = int(Command.HEARTBEAT_REQUEST)


class Answers(Protocol):
    """What a connection asks of the dispatcher."""

    def is_queued(self, command: Command) -> bool:
        """Whether the next packet may follow before this one is answered."""

    def begin(self, connection: "Connection", request: Any, answered: Callable[[bytes], None]) -> None:
        """Answer a request: `answered` is called once, with a frame, or with b"" when that was written already. Never raises."""

    def answer_heartbeat(self, payload: bytes) -> bytes | None:
        """The frame that answers a HeartbeatRequest of this payload; None where that is to be decoded, and `begin` to answer."""

    def refuse(self, error: ProtocolError) -> bytes:
        """The frame that answers what is no request."""


class Host(Protocol):
    """What a connection tells its factory."""

    def connection_made(self, connection: "Connection") -> None:
        """A transport is there; where it comes from may not be known yet."""

    def connection_introduced(self, connection: "Connection") -> None:
        """It is known now where it comes from."""

    def bytes_refused(self) -> None:
        """A connection has to wait, for it sends too fast."""

    def session_ended(self, session: Session) -> None:
        """A session ends: it receives nothing any more."""

    def connection_gone(self, connection: "Connection") -> None:
        """The transport is closed."""


class Connection(FrameReceiver):
    """The server's end of a connection. `session` is set by a login, `counted_as` by whoever counts connections."""

    transport: Any

    def __init__(
        self, answers: Answers, host: Host, clock: IReactorTime, turn: Turn, vigil: Vigil, limits: Limits
    ) -> None:
        super().__init__()
        self.session: Session | None = None
        self.counted_as: str | None = None
        self._answers = answers
        self._host = host
        self._clock = clock
        self._turn = turn
        self._vigil = vigil
        self._closing = False
        self._draining = False
        self._busy = False
        self._under_way = 0
        self._settled: list[Deferred[None]] = []
        self._frames_a_turn = self._frames_left = limits.frames
        self._throttle = Throttle(
            clock, limits.bytes, changed=self._update_reading, paused=host.bytes_refused
        )
        self._introduced = True
        self._turn_over = False
        self._abort_call: IDelayedCall | None = None

    @property
    def is_local(self) -> bool:
        """Whether the peer is on this machine."""
        return is_loopback(self.address or "localhost")

    @property
    def is_introduced(self) -> bool:
        """Whether it is known who the peer is: a balancer in front says so with its first bytes."""
        return proxied.is_introduced(self.transport)

    @property
    def address(self) -> str:
        """Where the peer is, "" where that is no place in a network."""
        return proxied.address_of(self.transport)

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read along."""
        return proxied.is_private(self.transport)

    @property
    def is_over(self) -> bool:
        """Whether the connection has ended, or its peer has gone."""
        return self._closing or self._peer_has_gone()

    def connectionMade(self) -> None:
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
            self.transport.setTcpKeepAlive(True)
        self._outbox = Outbox(self.transport, self._turn, self._update_reading, self._overflowed)
        self._patience = Patience(self._clock, self._vigil, self._patience_ended)
        self._introduced = self.is_introduced
        self._host.connection_made(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._end()
        self._outbox.lost()
        if self._abort_call is not None and self._abort_call.active():
            self._abort_call.cancel()
        self._host.connection_gone(self)

    def dataReceived(self, data: bytes) -> None:
        if not self._introduced:
            self._introduced = True
            self._host.connection_introduced(self)
        self._frames_left = self._frames_a_turn
        super().dataReceived(data)
        frames = self._frames_a_turn - self._frames_left
        self._throttle.took(max(len(data), frames * LEAST_FRAME_COST_BYTES))
        if self.is_mid_frame and not self.paused and not self._closing:
            self._patience.frame_begun()

    def frame_received(self, command: int, payload: bytes) -> None:
        """One whole frame."""
        if self._closing:
            return
        self._patience.frame_done()
        self._count_frame()
        answer = self._answers.answer_heartbeat(payload) if command == _HEARTBEAT else None
        if answer is not None:
            self._outbox.write_alone(answer)
        else:
            self._decode(command, payload)
        self._update_reading()

    def frame_refused(self, reason: str) -> None:
        """A frame with a length that no frame has."""
        if self._closing:
            return
        self._answer_error(BadFrame(reason))

    def write(self, frame: bytes) -> None:
        """Send a frame; nothing happens when the connection is closing."""
        self._outbox.write(frame)

    def open_session(self, session_id: SessionId, ticket: Ticket) -> Session | None:
        """The login of `ticket` begins here; None when the connection has ended meanwhile, or its peer has gone."""
        if self.is_over:
            return None
        self.session = Session(session_id, ticket, self)
        return self.session

    def login_done(self) -> None:
        """The session is ready: larger frames are taken, only idleness counts."""
        if not self._closing:
            self.max_frame = MAX_FRAME
            self._patience.login_done()

    def abandon_session(self) -> None:
        """The login failed half-way: as if it had not begun."""
        session, self.session = self.session, None
        if session is not None:
            self._host.session_ended(session)

    def hold(self, seconds: float) -> None:
        """Read nothing for so long."""
        if not self._closing:
            self._throttle.hold(seconds)

    def settled(self) -> Deferred[None]:
        """Fires when nothing of this connection is in the log's queue."""
        waiter: Deferred[None] = Deferred()
        self._settled.append(waiter)
        self._tell_settled()
        return waiter

    def kick(self, reason: EndReason) -> None:
        """Say why and close."""
        self.close(encode_frame(presenter.kicked(reason)))

    def close(self, farewell: bytes) -> None:
        """Send a last frame and close; a peer that does not take it is cut off 5 s later."""
        if self._closing:
            return
        self._end()
        self._abort_call = self._clock.callLater(ABORT_AFTER_S, self.abort)
        self._outbox.close(farewell)

    def abort(self) -> None:
        """Close at once, whatever waits."""
        self.transport.abortConnection()

    def drain(self) -> None:
        """Take no more requests, and say goodbye when those under way are answered."""
        self._draining = True
        self._update_reading()
        self._finish_draining()

    def _peer_has_gone(self) -> bool:
        """Whether the peer has closed what we do not read while a login is under way.

        Who gave up waiting, for a node that was stopped, is logged in elsewhere: this login would end that session as replaced.
        The kernel tells of the end also while bytes are unread before it, as TLS's farewell is.
        """
        stream = getattr(self.transport, "socket", None)
        if stream is None:
            return False
        poll = select.poll()
        poll.register(stream, select.POLLRDHUP)
        return bool(poll.poll(0))

    def _end(self) -> None:
        self._closing = True
        self._patience.stop()
        self._throttle.stop()
        self.abandon_session()

    def _count_frame(self) -> None:
        self._frames_left -= 1
        if self._frames_left <= 0 and not self._turn_over:
            self._turn_over = True
            self._clock.callLater(0, self._next_turn)

    def _next_turn(self) -> None:
        self._turn_over = False
        self._update_reading()

    def _decode(self, command: int, payload: bytes) -> None:
        try:
            request = decode_request(command, payload)
        except ProtocolError as error:
            self._answer_error(error)
        else:
            self._begin(request)

    def _begin(self, request: Any) -> None:
        if self._answers.is_queued(request.command):
            self._under_way += 1
            self._answers.begin(self, request, self._queued_answered)
        else:
            self._busy = True
            self._answers.begin(self, request, self._answered)

    def _queued_answered(self, frame: bytes) -> None:
        self._under_way -= 1
        self._outbox.write(frame)
        self._tell_settled()
        self._go_on()

    def _answered(self, frame: bytes) -> None:
        self._busy = False
        self._outbox.write_alone(frame)
        self._go_on()

    def _go_on(self) -> None:
        if self._draining:
            self._finish_draining()
        if self.paused:
            self._update_reading()

    def _tell_settled(self) -> None:
        if self._settled and not self._under_way:
            waiters, self._settled = self._settled, []
            for waiter in waiters:
                waiter.callback(None)

    def _finish_draining(self) -> None:
        if not self._busy and not self._under_way:
            self.kick(EndReason.SHUTDOWN)

    def _update_reading(self) -> None:
        if self._closing:
            return
        # Half of them are answered before reading goes on: else every answer would stop and start it.
        most = MOST_UNDER_WAY // 2 if self.paused else MOST_UNDER_WAY - 1
        stop = (
            self._busy
            or self._turn_over
            or self._throttle.over
            or self._draining
            or self._outbox.congested
            or self._under_way > most
        )
        if stop and not self.paused:
            self.pauseProducing()  # type: ignore[no-untyped-call]
        elif self.paused and not stop:
            self.resumeProducing()  # type: ignore[no-untyped-call]

    def _answer_error(self, error: ProtocolError) -> None:
        answer = self._answers.refuse(error)
        if isinstance(error, BadFrame):
            self.close(answer)
        else:
            self._outbox.write(answer)

    def _overflowed(self) -> None:
        self.kick(EndReason.SLOW)

    def _patience_ended(self) -> None:
        self.kick(EndReason.IDLE)
