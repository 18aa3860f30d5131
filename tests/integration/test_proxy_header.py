"""A node behind a proxy that says whose connection it passes on (the PROXY protocol)."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from naivechat.protocol.session import ErrorResponse, KickedNotice
from tests.processes import free_port
from tests.servers import NodeProcess
from tests.wire import PASSWORD, ConnectionEnded, WireClient

VERSION_1 = b"PROXY TCP4 192.0.2.7 192.0.2.1 51234 7397\r\n"
SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
OVER_TLS = b"\x20\x00\x05\x01\x00\x00\x00\x00"


def version_2(last: int, *extensions: bytes) -> bytes:
    """The header of a client at 192.0.2.`last`."""
    addresses = bytes((192, 0, 2, last, 192, 0, 2, 1)) + struct.pack("!HH", 51_234, 7_397)
    body = addresses + b"".join(extensions)
    return SIGNATURE + b"\x21\x11" + struct.pack("!H", len(body)) + body


@contextmanager
def node_behind_a_proxy(**options: str | int) -> Iterator[tuple[NodeProcess, int]]:
    """A node and its port for proxies; its other one is for everybody."""
    proxied, plain = free_port(), free_port()
    listen = f"haproxy:tcp:{proxied}:interface=127.0.0.1 tcp:{plain}:interface=127.0.0.1"
    with NodeProcess(environment={"NAIVECHAT_LISTEN": listen}, registration="open", **options) as node:
        yield node, proxied


def test_people_chat_through_a_proxy_and_are_told_when_the_node_goes() -> None:
    behind = node_behind_a_proxy(allow_plain_login=True)
    with behind as (node, port), WireClient(port) as li, WireClient(port) as han:
        assert f"listens on haproxy:127.0.0.1:{port}" in node.log_text
        for wire, user_id, header in ((li, "li", VERSION_1), (han, "han", version_2(8))):
            wire.send_bytes(header)
            wire.register(user_id)
            assert wire.login(user_id).user.user_id == user_id
        node.terminate()
        for wire in (li, han):
            (farewell,) = wire.read_to_end()
            assert isinstance(farewell, KickedNotice)
            assert farewell.reason == "shutdown"
        assert node.wait() == 0


def test_whoever_does_not_say_for_whom_it_speaks_is_not_served() -> None:
    with node_behind_a_proxy() as (_, port), WireClient(port) as wire, pytest.raises(ConnectionEnded):
        wire.register("li")


def test_passwords_are_taken_from_those_of_whom_the_proxy_says_that_they_spoke_tls() -> None:
    with node_behind_a_proxy() as (_, port), WireClient(port) as secure, WireClient(port) as plain:
        secure.send_bytes(version_2(7, OVER_TLS))
        secure.register("li")
        assert secure.login("li").user.user_id == "li"
        plain.send_bytes(version_2(7))
        with pytest.raises(AssertionError, match="FORBIDDEN"):
            plain.login("li", password=PASSWORD)


def test_connections_are_counted_for_the_clients_and_not_for_the_proxy() -> None:
    behind = node_behind_a_proxy(limit="connections=2")
    with behind as (_, port), WireClient(port) as first, WireClient(port) as second, WireClient(port) as late:
        for wire in (first, second):
            wire.send_bytes(version_2(7, OVER_TLS))
            wire.take_pushes()
        late.send_bytes(version_2(7, OVER_TLS))
        late.send_frame(17, b"\xa1\x63rid\x07")
        (refusal,) = late.read_to_end()
        assert isinstance(refusal, ErrorResponse)
        assert (refusal.code, refusal.rid) == ("LIMIT", 0)
        with WireClient(port) as other:
            other.send_bytes(version_2(8, OVER_TLS))
            other.take_pushes()
