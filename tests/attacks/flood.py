"""Hostile peers as a process of their own: `python -m tests.attacks.flood KIND PORT SECONDS` says at its end how much it did."""

import itertools
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.group import CreateGroupRequest
from naivechat.protocol.message import HistoryRequest, MsgGroupRequest
from naivechat.protocol.session import HeartbeatRequest, LoginRequest
from tests.wire import ConnectionEnded, WireClient, new_person

ADDRESS = "127.0.0.9"
CONNECTIONS = 40
_HEARTBEAT = encode_frame(HeartbeatRequest(rid=1))

Flood: TypeAlias = Callable[[int, float], int]
"""Goes on until a moment of the monotonic clock, against a port; how often something was done."""


def half_frames(port: int, until_s: float) -> int:
    """Connections that begin a frame and never end it; new ones for those that are closed."""
    return _dripping(port, until_s, struct.pack("!IB", 4_000, Command.LOGIN_REQUEST) + bytes(100), b"")


def slow_loris(port: int, until_s: float) -> int:
    """Connections that send a frame byte by byte, as slowly as it goes."""
    return _dripping(port, until_s, struct.pack("!I", 4_000), b"x")


def junk(port: int, until_s: float) -> int:
    """Connections that send what is no frame, one after the other."""
    return _connecting(port, until_s, b"GET / HTTP/1.1\r\n\r\n")


def connections(port: int, until_s: float) -> int:
    """Connections that come and go."""
    return _connecting(port, until_s, b"")


def wrong_passwords(port: int, until_s: float) -> int:
    """Passwords guessed on many connections."""
    guess = encode_frame(
        LoginRequest(rid=1, protocol=1, user_id="ann", password="guess guess guess", device=None)
    )
    return _connecting(port, until_s, guess, answers=True)


def tiny_frames(port: int, until_s: float) -> int:
    """The smallest requests there are, as many as go through, each answer read."""
    count = 0
    with new_person(port, "tiny") as client:
        client.socket.settimeout(1)
        while time.monotonic() < until_s:
            client.send_bytes(_HEARTBEAT * 100)
            with suppress(TimeoutError):
                client.socket.recv(1 << 20)
            count += 100
    return count


def never_reading(port: int, until_s: float) -> int:
    """Asks for long answers, and reads none; comes back when it is disconnected."""
    count = 0
    with new_person(port, "deaf", device="first") as first:
        group_id = first.accepted(CreateGroupRequest(rid=0, name="deaf", member_ids=())).group.group_id
        for number in range(40):
            first.accepted(
                MsgGroupRequest(
                    rid=0, group_id=group_id, msg_uuid=bytes([number] * 16), msg_type=0, msg_text="x" * 4_000
                )
            )
        token = first.login_response.token if first.login_response is not None else b""
    request = encode_frame(HistoryRequest(rid=1, talk_type=1, talk_id=group_id, limit=100))
    while time.monotonic() < until_s:
        with WireClient(port) as client, suppress(OSError, ConnectionEnded):
            client.reconnect("deaf", token)
            client.socket.settimeout(0.5)
            for _ in range(200):
                client.send_bytes(request)
                count += 1
    return count


FLOODS: dict[str, Flood] = {
    flood.__name__.replace("_", "-"): flood
    for flood in (half_frames, slow_loris, junk, connections, wrong_passwords, tiny_frames, never_reading)
}


def _dripping(port: int, until_s: float, beginning: bytes, drop: bytes) -> int:
    open_ones: list[socket.socket] = []
    count = 0
    while time.monotonic() < until_s:
        while len(open_ones) < CONNECTIONS:
            open_ones.append(_connected(port))
            open_ones[-1].sendall(beginning)
            open_ones[-1].setblocking(False)
            count += 1
        for peer in tuple(open_ones):
            try:
                peer.sendall(drop)
                ended = not peer.recv(4_096)
            except BlockingIOError:
                continue
            except OSError:
                ended = True
            if ended:
                peer.close()
                open_ones.remove(peer)
        time.sleep(0.1)
    for peer in open_ones:
        peer.close()
    return count


def _connecting(port: int, until_s: float, data: bytes, *, answers: bool = False) -> int:
    for count in itertools.count():
        if time.monotonic() >= until_s:
            return count
        with _connected(port) as peer, suppress(OSError):
            peer.sendall(data)
            if answers:
                peer.settimeout(5)
                peer.recv(4_096)
    raise AssertionError("counting has no end")


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(ADDRESS, 0))


def main() -> None:
    """Flood, then write the count."""
    kind, port, seconds = sys.argv[1:]
    sys.stdout.write(f"{FLOODS[kind](int(port), time.monotonic() + float(seconds))}\n")


if __name__ == "__main__":
    main()
