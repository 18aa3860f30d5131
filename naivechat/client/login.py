"""Logging in: by token where there is one, else by password."""

from typing import Final, TypeVar

import attrs

from naivechat import __version__
from naivechat.client.connection import Connection
from naivechat.client.errors import RequestRefused, UnexpectedAnswer
from naivechat.protocol.errors import ErrorCode
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import LoginRequest, LoginResponse, ReconnectRequest
from naivechat.protocol.words import PROTOCOL_VERSION

CLIENT_NAME: Final = f"naivechat {__version__}"
_P = TypeVar("_P", bound=Packet)


def expect(answer: Packet, kind: type[_P]) -> _P:
    """The answer, if it is of this kind.

    Raises:
        UnexpectedAnswer: it is another packet.
    """
    if not isinstance(answer, kind):
        raise UnexpectedAnswer(f"the node answered with {type(answer).__name__} instead of {kind.__name__}")
    return answer


@attrs.define(kw_only=True)
class Credentials:
    """Who logs in, on which device, and by what. `token` and `password` None are not known."""

    user_id: str
    device: str
    token: bytes | None = attrs.field(default=None, repr=False)
    password: str | None = attrs.field(default=None, repr=False)


async def log_in(connection: Connection, credentials: Credentials) -> LoginResponse:
    """Log in by token, or by password if there is no token or it has expired; the new token is kept in `credentials`.

    Raises:
        RequestRefused: the node refuses. NotConnected: the connection broke.
    """
    try:
        response = await _log_in_once(connection, credentials)
    except RequestRefused as refusal:
        if refusal.code != ErrorCode.TOKEN_EXPIRED:
            raise
        credentials.token = None
        if credentials.password is None:
            raise
        response = await _log_in_once(connection, credentials)
    credentials.token = response.token
    return response


async def _log_in_once(connection: Connection, credentials: Credentials) -> LoginResponse:
    return expect(await connection.request(_login_request(credentials)), LoginResponse)


def _login_request(credentials: Credentials) -> LoginRequest | ReconnectRequest:
    if credentials.token is not None:
        return ReconnectRequest(
            rid=0,
            protocol=PROTOCOL_VERSION,
            user_id=credentials.user_id,
            token=credentials.token,
            device=credentials.device,
            client=CLIENT_NAME,
        )
    if credentials.password is None:
        raise RequestRefused(ErrorCode.TOKEN_EXPIRED, "neither a token nor a password is known")
    return LoginRequest(
        rid=0,
        protocol=PROTOCOL_VERSION,
        user_id=credentials.user_id,
        password=credentials.password,
        device=credentials.device,
        client=CLIENT_NAME,
    )
