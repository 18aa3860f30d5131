"""Opening an account."""

from typing import Any

from naivechat.client.address import ServerAddress
from naivechat.client.connection import Connection
from naivechat.client.endpoints import Dialer, TrustRoot
from naivechat.client.errors import Stopped
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
        RequestRefused: FORBIDDEN where registration is closed, USER_EXISTS, WEAK_PASSWORD, BAD_REQUEST.
        NotConnected: no node can be reached, or it went away before it answered.
    """
    dialer = Dialer(reactor, address, trust_root=tls)
    connection = await dialer.connect(lambda: Connection(reactor, lambda _: None))
    request = RegisterRequest(
        rid=0, protocol=PROTOCOL_VERSION, user_id=user_id, password=password, nickname=nickname
    )
    try:
        expect(await connection.request(request), OkResponse)
    finally:
        await connection.close(Stopped("registered"))
