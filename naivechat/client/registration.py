"""Opening an account."""

from contextlib import suppress
from typing import Any

from naivechat.client.address import Host, ServerAddress
from naivechat.client.connection import Connection
from naivechat.client.endpoints import Dialer, TrustRoot
from naivechat.client.errors import NotConnected, Stopped
from naivechat.client.login import expect
from naivechat.protocol.session import OkResponse, RegisterRequest
from naivechat.protocol.words import PROTOCOL_VERSION


async def register(
    reactor: Any,
    address: ServerAddress,
    user_id: str,
    password: str,
    nickname: str,
    *,
    tls: TrustRoot | None = None,
) -> None:
    """Open an account on a node that allows it, on a connection of its own.

    Raises:
        RequestRefused: FORBIDDEN where registration is closed, and where it `needs_tls`; USER_EXISTS, WEAK_PASSWORD, BAD_REQUEST.
        NotConnected: no node can be reached, or it went away before it answered.
    """
    dialer = Dialer(reactor, secure=address.secure or tls is not None, trust_root=tls)
    connection = await _connect(reactor, dialer, address.hosts)
    request = RegisterRequest(
        rid=0, protocol=PROTOCOL_VERSION, user_id=user_id, password=password, nickname=nickname
    )
    try:
        expect(await connection.request(request), OkResponse)
    finally:
        await connection.close(Stopped("registered"))


async def _connect(reactor: Any, dialer: Dialer, hosts: tuple[Host, ...]) -> Connection:
    """A connection to the first of these that answers."""
    *others, last = hosts
    for host in others:
        with suppress(NotConnected):
            return await dialer.connect(host, Connection(reactor, lambda _: None))
    return await dialer.connect(last, Connection(reactor, lambda _: None))
