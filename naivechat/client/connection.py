"""One connection to a node: requests with their answers, pushes, the heartbeat.

A request is answered once, by its `rid`. Frames without one are pushes.
When the connection ends, those who wait for `when_closed` hear of it first and then every request still waiting
fails, so that whoever is woken by a failure finds the client already knowing that it is offline.
"""

from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime, ITCPTransport
from twisted.internet.protocol import connectionDone
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.client.errors import ClientError, Kicked, NotConnected, RequestRefused, TurnedAway
from naivechat.protocol.codec import decode, encode_frame
from naivechat.protocol.errors import ErrorCode, ProtocolError, UnknownCommand
from naivechat.protocol.frame import MAX_NODE_FRAME, FrameReceiver
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest, KickedNotice

_GREATEST_RID: Final = 2**32 - 1
_CLOSING_TIMEOUT_S: Final = 5.0
_PROBE_AFTER_S: Final = 5.0


class Connection(FrameReceiver):
    """A client's end of a connection. `on_push` gets every packet that answers nothing.

    `explain` may give a better reason than the transport's for the end of the connection.
    """

    transport: ITCPTransport
    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        on_push: Callable[[Packet], None],
        *,
        request_timeout_s: float = 15.0,
        heartbeat_timeout_s: float = 10.0,
    ) -> None:
        super().__init__()
        self.max_frame = MAX_NODE_FRAME
        self._clock = clock
        self.explain: Callable[[Failure], ClientError | None] = _not_known
        self._on_push = on_push
        self._request_timeout_s = request_timeout_s
        self._heartbeat_timeout_s = heartbeat_timeout_s
        self._last_rid = 0
        self._closed: list[Deferred[ClientError]] = []
        self._waiting: dict[int, Deferred[Packet]] = {}
        self._end: ClientError | None = None
        self._is_lost = False
        self._heartbeat = LoopingCall(self._beat)
        self._heartbeat.clock = clock
        self._probe: IDelayedCall | None = None
        self._heard_s = clock.seconds()

    def request(self, packet: Packet) -> Deferred[Packet]:
        """Send a request under a rid of its own.

        Returns:
            Fires with the answer. Fails with RequestRefused on an ErrorResponse, and with NotConnected when the
            connection ends or no answer comes in time.
        """
        if self._heartbeat.running and self._probe is None:
            self._probe = self._clock.callLater(_PROBE_AFTER_S, self._probe_silence)
        return self._ask(packet, self._request_timeout_s)

    def start_heartbeat(self, interval_s: float) -> None:
        """Ask the node every `interval_s` seconds whether it is there, and drop the connection if it is not.

        It is asked sooner while a request waits and the node is silent.
        """
        self._heartbeat.start(interval_s, now=False).addErrback(self._heartbeat_failed)

    def drop(self, error: ClientError) -> None:
        """End the connection at once, for this reason."""
        if self._end is None:
            self._end = error
            self.transport.abortConnection()

    async def close(self, error: ClientError) -> None:
        """End the connection, for this reason, once everything written is sent, or 5 s later without that."""
        if self._end is None:
            self._end = error
            self.transport.loseConnection()
        aborting = self._clock.callLater(_CLOSING_TIMEOUT_S, self.transport.abortConnection)
        await self.when_closed()
        if aborting.active():
            aborting.cancel()

    def when_closed(self) -> Deferred[ClientError]:
        """Fires with why the connection ended."""
        if self._is_lost and self._end is not None:
            return succeed(self._end)
        self._closed.append(Deferred())
        return self._closed[-1]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        unknown = NotConnected(f"the connection ended: {reason.getErrorMessage()}")
        self._end = self._end or self.explain(reason) or unknown
        if self._heartbeat.running:
            self._heartbeat.stop()
        if self._probe is not None:
            self._probe.cancel()
        self._is_lost = True
        for closed in self._closed:
            closed.callback(self._end)
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            answer.errback(self._end)

    def frame_received(self, command: int, payload: bytes) -> None:
        if self._end is not None:
            return
        self._heard_s = self._clock.seconds()
        try:
            packet = decode(command, payload)
        except UnknownCommand:
            self._log.info("Passed over a frame of unknown command {command}", command=command)
        except ProtocolError as error:
            self.drop(NotConnected(f"the node sent a malformed frame: {error}"))
        else:
            self._packet_received(packet)

    def frame_refused(self, reason: str) -> None:
        self.drop(NotConnected(f"the node sent a malformed frame: {reason}"))

    def _packet_received(self, packet: Packet) -> None:
        rid = getattr(packet, "rid", 0)
        if rid:
            self._answer_received(rid, packet)
        elif isinstance(packet, KickedNotice):
            self.drop(Kicked(packet.reason, packet.message))
        elif isinstance(packet, ErrorResponse):
            self._refusal_received(packet)
        else:
            self._on_push(packet)

    def _refusal_received(self, packet: ErrorResponse) -> None:
        """The node refuses what is no request: a frame, or the connection itself."""
        if packet.code == ErrorCode.LIMIT:
            self.drop(TurnedAway(packet.message, packet.retry_after_ms))
            return
        self._log.warn("The node refuses a frame: {code}, {reason}", code=packet.code, reason=packet.message)

    def _answer_received(self, rid: int, packet: Packet) -> None:
        answer = self._waiting.pop(rid, None)
        if answer is None:
            return
        if isinstance(packet, ErrorResponse):
            answer.errback(RequestRefused(packet.code, packet.message, packet.retry_after_ms))
        else:
            answer.callback(packet)

    def _forget(self, rid: int) -> None:
        self._waiting.pop(rid, None)

    def _ask(self, packet: Packet, timeout_s: float) -> Deferred[Packet]:
        if self._end is not None:
            return fail(self._end)
        rid = self._last_rid = self._last_rid % _GREATEST_RID + 1
        frame = encode_frame(attrs.evolve(packet, rid=rid))  # type: ignore[misc]
        answer: Deferred[Packet] = Deferred(lambda _: self._forget(rid))
        self._waiting[rid] = answer
        answer.addTimeout(timeout_s, self._clock, onTimeoutCancel=_no_answer)
        self.transport.write(frame)
        return answer

    def _beat(self) -> None:
        self._ask(HeartbeatRequest(rid=0), self._heartbeat_timeout_s).addErrback(self._heartbeat_failed)

    def _probe_silence(self) -> None:
        """Look at the node while requests wait; one look asks it, and the heartbeat's deadline does the rest."""
        self._probe = None
        silent_s = self._clock.seconds() - self._heard_s
        if self._waiting and silent_s < _PROBE_AFTER_S:
            self._probe = self._clock.callLater(_PROBE_AFTER_S - silent_s, self._probe_silence)
        elif self._waiting:
            self._beat()

    def _heartbeat_failed(self, failure: Failure) -> None:
        failure.trap(ClientError)
        self.drop(NotConnected("the node does not answer"))


def _not_known(failure: Failure) -> None:
    """Nothing is known but what the transport says."""


def _no_answer(_result: object, timeout_s: float) -> None:
    raise NotConnected(f"no answer within {timeout_s:g} s")
