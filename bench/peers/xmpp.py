"""XMPP as plain bytes: logins, message stanzas made ahead, and their recognition without parsing."""

import base64
import re
import socket
from collections.abc import Sequence

STREAM = (
    b"<stream:stream to='localhost' version='1.0' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams'>"
)
_BIND = (
    b"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<resource>bench</resource></bind></iq>"
)
_LONGEST_WAIT_S = 30.0


class LoginFailed(Exception):
    """The server said something else than what was waited for."""


def log_in(port: int, name: str, password: str, *, present: bool = True) -> socket.socket:
    """A connection: SASL PLAIN, a resource, and, if wanted, presence: who is not present gets no messages."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST_WAIT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _say(connection, STREAM, b"</stream:features>")
    authenticate(connection, name, password)
    _say(connection, STREAM, b"</stream:features>")
    _say(connection, _BIND, b"</bind>")
    if present:
        # One's own presence comes back when it is known.
        _say(connection, b"<presence/>", b"<presence")
    return connection


def authenticate(connection: socket.socket, name: str, password: str) -> None:
    """SASL PLAIN on a stream that has begun. LoginFailed when it is refused."""
    secret = base64.b64encode(f"\0{name}\0{password}".encode())
    _say(
        connection,
        b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + secret + b"</auth>",
        b"<success",
    )


def _say(connection: socket.socket, words: bytes, awaited: bytes) -> None:
    connection.sendall(words)
    heard = bytearray()
    while awaited not in heard:
        data = connection.recv(65_536)
        heard += data
        if not data or b"<failure" in heard or b"<stream:error" in heard:
            raise LoginFailed(heard.decode(errors="replace")[-500:])


class Refused(Exception):
    """The server has answered a message with an error."""


class Stanzas:
    """Messages to somebody, each known by a number, which travels in its id.

    Args:
        run: by which messages of this run are known.
    """

    def __init__(self, receiver: str, text_bytes: int, *, run: bytes) -> None:
        self._first = b"<message to='%b@localhost' type='chat' id='%b-" % (receiver.encode(), run)
        self._last = b"'><body>%b</body></message>" % (b"x" * text_bytes)

    def make(self, number: int) -> bytes:
        """The stanza of message `number`, from 0."""
        return b"%b%08x%b" % (self._first, number, self._last)


class StanzaReader:
    """Finds the numbers of messages in a stream. An archive adds ids of its own, which are no numbers of the run."""

    def __init__(self, run: bytes) -> None:
        self._pattern = re.compile(re.escape(run) + rb"-([0-9a-f]{8})")
        self._longest = len(run) + 9

    def take(self, buffer: bytearray) -> Sequence[int]:
        """The numbers in a buffer, of which only what may be the beginning of one is left.

        Raises:
            Refused: the server says that a message could not be delivered, or that the stream is over.
        """
        if b"error" in buffer:
            raise Refused(buffer.decode(errors="replace")[-500:])
        numbers, used = [], max(0, len(buffer) - self._longest + 1)
        for found in self._pattern.finditer(buffer):
            numbers.append(int(found[1], 16))
            used = max(used, found.end())
        del buffer[:used]
        return numbers
