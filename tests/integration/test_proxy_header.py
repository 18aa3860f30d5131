"""A node behind a proxy that says whose connection it passes on (the PROXY protocol)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from naivechat.protocol.session import KickedNotice
from tests.processes import free_port
from tests.servers import NodeProcess
from tests.wire import ConnectionEnded, WireClient

VERSION_1 = b"PROXY TCP4 192.0.2.7 192.0.2.1 51234 7397\r\n"
VERSION_2 = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x07\xc0\x00\x02\x01\xc8\x22\x1c\xe5"


@contextmanager
def node_behind_a_proxy() -> Iterator[tuple[NodeProcess, int]]:
    """A node and its port for proxies; its other one is for everybody."""
    proxied, plain = free_port(), free_port()
    listen = f"haproxy:tcp:{proxied}:interface=127.0.0.1 tcp:{plain}:interface=127.0.0.1"
    with NodeProcess(environment={"NAIVECHAT_LISTEN": listen}, registration="open") as node:
        yield node, proxied


def test_people_chat_through_a_proxy_and_are_told_when_the_node_goes() -> None:
    with node_behind_a_proxy() as (node, port), WireClient(port) as li, WireClient(port) as han:
        assert f"listens on haproxy:127.0.0.1:{port}" in node.log_text
        for wire, user_id, header in ((li, "li", VERSION_1), (han, "han", VERSION_2)):
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
