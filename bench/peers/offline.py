"""Messages to somebody who is not there, who then logs in, at a server that speaks XMPP."""

import os
import socket

from bench.cost import timed
from bench.offline import Lost, work_name
from bench.peers.xmpp import StanzaReader, Stanzas, log_in
from bench.readings import Reading
from bench.site import Site


def measure(
    subject: str, site: Site, writer: socket.socket, reader: tuple[str, str], *, count: int, text_bytes: int
) -> list[Reading]:
    """From one person, as fast as the server takes them.

    Args:
        reader: name and password of who is not there.
    """
    run = os.urandom(8).hex().encode()
    stanzas = Stanzas(reader[0], text_bytes, run=run)
    prepared = b"".join(stanzas.make(number) for number in range(count))
    _, storing = timed(site, lambda: store(writer, prepared, run))
    _, draining = timed(site, lambda: _drain(site.ports[0], reader, run, count))
    work = work_name(count)
    return [
        *storing.readings(work, subject, each="stored", count=count),
        Reading(work=work, subject=subject, what="login and reading all", value=draining.seconds, unit="s"),
        *draining.readings(work, subject, each="read", count=count),
    ]


def store(writer: socket.socket, prepared: bytes, run: bytes) -> None:
    """Send everything and wait until it was taken: a server answers in order, so a question behind all is answered last.

    Raises:
        Lost: a message came back, or the connection was closed.
    """
    writer.setblocking(True)
    question = b"<iq type='get' id='last-%b' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>" % run
    writer.sendall(prepared + question)
    heard = bytearray()
    while b"last-" + run not in heard:
        data = writer.recv(65_536)
        if not data:
            raise Lost("the server closed the connection")
        heard += data
    if run + b"-" in heard:
        raise Lost(f"a message came back: {heard[-500:]!r}")


def _drain(port: int, reader: tuple[str, str], run: bytes, count: int) -> None:
    seen: set[int] = set()
    buffer, stanzas = bytearray(), StanzaReader(run)
    with log_in(port, *reader, present=False) as connection:
        connection.sendall(b"<presence/>")
        while len(seen) < count:
            data = connection.recv(262_144)
            if not data:
                raise Lost(f"{len(seen)} of {count} messages came")
            buffer += data
            seen.update(stanzas.take(buffer))
