"""The work of a catch-up: many messages to somebody who is not there, who then logs in and reads them all."""

import argparse
import os
import select
import socket

from bench.accounts import TokenHolder, add_pairs_of_friends
from bench.cost import timed
from bench.frames import ACK, MessageFrames, text_to_friend, whole_frames
from bench.line import Line
from bench.people import logged_in
from bench.readings import Reading
from bench.site import Site
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.message import HistoryRequest
from naivechat.protocol.session import ReconnectRequest

_PAGE = 100


class Lost(Exception):
    """Fewer messages were acked, or could be read, than were sent."""


def measure(subject: str, site: Site, options: argparse.Namespace) -> list[Reading]:
    """`options.offline` messages from one friend, as fast as they are taken; login and reading all, page by page."""
    count = options.offline
    writer, reader = add_pairs_of_friends(site, 2, prefix="offline")
    frames = MessageFrames(text_to_friend(reader.user_id, options.text_bytes), run=os.urandom(8))
    prepared = b"".join(frames.make(number) for number in range(count))
    with logged_in(site.ports, [writer])[0] as client:
        _, storing = timed(site, lambda: _store(client.socket, prepared, count))
    login, pages = _reading_frames(reader, writer, count)
    bytes_read, draining = timed(site, lambda: _drain(site.ports[0], login, pages, count))
    work = work_name(count)
    return [
        *storing.readings(work, subject, each="stored", count=count),
        Reading(work=work, subject=subject, what="login and reading all", value=draining.seconds, unit="s"),
        Reading(work=work, subject=subject, what="read: bytes", value=bytes_read / count),
        *draining.readings(work, subject, each="read", count=count),
    ]


def work_name(count: int) -> str:
    """What the work is called in reports."""
    return f"{count:,} messages to somebody offline"


def _reading_frames(reader: TokenHolder, writer: TokenHolder, count: int) -> tuple[bytes, list[bytes]]:
    login = ReconnectRequest(rid=1, protocol=1, user_id=reader.user_id, token=reader.token)
    pages = [
        HistoryRequest(rid=2, talk_type=0, talk_id=writer.user_id, after_seq=after, limit=_PAGE)
        for after in range(0, count, _PAGE)
    ]
    return encode_frame(login), [encode_frame(page) for page in pages]


def _store(connection: socket.socket, prepared: bytes, count: int) -> None:
    connection.setblocking(False)
    poll = select.poll()
    poll.register(connection, select.POLLIN | select.POLLOUT)
    left, buffer, acked = memoryview(prepared), bytearray(), 0
    while acked < count:
        ((_, ready),) = poll.poll()
        if ready & select.POLLOUT:
            left = left[connection.send(left) :]
            if not left:
                poll.modify(connection, select.POLLIN)
        if ready & select.POLLIN:
            acked += _count_acks(connection.recv(262_144), buffer)


def _count_acks(data: bytes, buffer: bytearray) -> int:
    if not data:
        raise Lost("the node closed the connection")
    buffer += data
    acks = used = 0
    for start, end in whole_frames(buffer):
        acks += buffer[start] == ACK
        if buffer[start] == Command.ERROR_RESPONSE:
            raise Lost(f"a message was refused: {bytes(buffer[start:end])!r}")
        used = end
    del buffer[:used]
    return acks


def _drain(port: int, login: bytes, pages: list[bytes], count: int) -> int:
    """How many bytes of history were read."""
    with Line(port) as line:
        line.ask(login, Command.LOGIN_RESPONSE)
        answers = [line.ask(page, Command.HISTORY_RESPONSE) for page in pages]
    # Each message has one name.
    found = sum(answer.count(b"\x68msg_uuid\x50") for answer in answers)
    if found != count:
        raise Lost(f"{found} of {count} messages could be read")
    return sum(map(len, answers))
