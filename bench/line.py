"""One connection that asks prepared requests, one at a time, and looks at answers as bytes: what a generator spends is little."""

import socket

from bench.frames import PREFIX
from naivechat.protocol.command import Command

_LONGEST_WAIT_S = 60.0


class Refused(Exception):
    """The node has answered with an error."""


class Line:
    """A connection to 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST_WAIT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._incoming = self.socket.makefile("rb", buffering=262_144)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.close()
        self.socket.close()

    def ask(self, frame: bytes, answer: Command) -> bytes:
        """The payload of the first packet of this command that comes after `frame` was sent; pushes are passed over.

        Raises:
            Refused. ConnectionResetError: the node closed the connection.
        """
        self.socket.sendall(frame)
        while True:
            command, payload = self._receive()
            if command == answer:
                return payload
            if command == Command.ERROR_RESPONSE:
                raise Refused(payload)

    def _receive(self) -> tuple[int, bytes]:
        prefix = self._incoming.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            raise ConnectionResetError
        body = self._incoming.read(PREFIX.unpack(prefix)[0])
        return body[0], body[1:]
