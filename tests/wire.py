"""A blocking client of the wire, for tests: one socket, one packet at a time, nothing hidden."""

import itertools
import socket
import struct
from typing import Any

import attrs

from naivechat.protocol import codec
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    LoginRequest,
    LoginResponse,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)

PASSWORD = "correct horse battery"
LONGEST_WAIT_S = 30.0


class ConnectionEnded(Exception):
    """The node closed the connection."""


class WireClient:
    """One connection to a node, from an address of this machine. `pushes` holds what came without being asked for, in order."""

    def __init__(self, port: int, host: str = "127.0.0.1", *, source: str = "") -> None:
        self.socket = socket.create_connection(
            (host, port), timeout=LONGEST_WAIT_S, source_address=(source, 0) if source else None
        )
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pushes: list[Any] = []
        self.login_response: LoginResponse | None = None
        self._rids = itertools.count(1)
        self._buffer = bytearray()

    def __enter__(self) -> "WireClient":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close without a word."""
        self.socket.close()

    def send_bytes(self, raw: bytes) -> None:
        """Put bytes on the wire as they are."""
        self.socket.sendall(raw)

    def send_frame(self, command: int, payload: bytes) -> None:
        """Put one frame on the wire, whatever it holds."""
        self.send_bytes(struct.pack("!IB", 1 + len(payload), command) + payload)

    def send(self, packet: Any) -> int:
        """Send a request under a new rid, which is returned, without waiting for the answer."""
        rid = next(self._rids)
        self.send_bytes(codec.encode_frame(attrs.evolve(packet, rid=rid)))
        return rid

    def receive(self) -> Any:
        """The next packet, answer or push.

        Raises:
            ConnectionEnded: the node closed the connection. TimeoutError: nothing came.
        """
        length = struct.unpack("!I", self._take(4))[0]
        body = self._take(length)
        return codec.decode(body[0], bytes(body[1:]))

    def answer(self, rid: int) -> Any:
        """Read up to the answer of a request; pushes on the way are kept."""
        while True:
            packet = self.receive()
            if rid and getattr(packet, "rid", 0) == rid:
                return packet
            self.pushes.append(packet)

    def request(self, packet: Any) -> Any:
        """Send a request and give its answer."""
        return self.answer(self.send(packet))

    def accepted(self, packet: Any) -> Any:
        """Send a request that must not be refused."""
        answer = self.request(packet)
        assert not isinstance(answer, ErrorResponse), answer
        return answer

    def refused(self, packet: Any) -> str:
        """Send a request that must be refused; the error's code."""
        answer = self.request(packet)
        assert isinstance(answer, ErrorResponse), answer
        return answer.code

    def take_pushes(self) -> list[Any]:
        """All pushes since the last call; what the node wrote before it answered is among them."""
        self.accepted(HeartbeatRequest(rid=0))
        pushes, self.pushes = self.pushes, []
        return pushes

    def register(self, user_id: str, *, password: str = PASSWORD, nickname: str = "") -> OkResponse:
        """Make an account."""
        request = RegisterRequest(
            rid=0, protocol=1, user_id=user_id, password=password, nickname=nickname or user_id
        )
        answer = self.accepted(request)
        assert isinstance(answer, OkResponse), answer
        return answer

    def login(self, user_id: str, *, password: str = PASSWORD, device: str | None = None) -> LoginResponse:
        """Log in by password."""
        request = LoginRequest(rid=0, protocol=1, user_id=user_id, password=password, device=device)
        return self._logged_in(request)

    def reconnect(self, user_id: str, token: bytes, *, device: str | None = None) -> LoginResponse:
        """Log in by token."""
        return self._logged_in(
            ReconnectRequest(rid=0, protocol=1, user_id=user_id, token=token, device=device)
        )

    def read_to_end(self) -> list[Any]:
        """Everything the node still writes until it closes the connection."""
        packets = []
        try:
            while True:
                packets.append(self.receive())
        except ConnectionEnded:
            return packets

    def _logged_in(self, request: Any) -> LoginResponse:
        answer = self.accepted(request)
        assert isinstance(answer, LoginResponse), answer
        self.login_response = answer
        return answer

    def _take(self, count: int) -> bytearray:
        while len(self._buffer) < count:
            try:
                more = self.socket.recv(65_536)
            except ConnectionResetError as reset:
                raise ConnectionEnded from reset
            if not more:
                raise ConnectionEnded
            self._buffer += more
        taken = self._buffer[:count]
        del self._buffer[:count]
        return taken


def new_person(port: int, user_id: str, *, device: str | None = None, nickname: str = "") -> WireClient:
    """A client logged in on an account made for it."""
    client = WireClient(port)
    client.register(user_id, nickname=nickname)
    client.login(user_id, device=device)
    return client
