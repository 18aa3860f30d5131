"""Refusals as the API tells them: one JSON form for all. Source: RFC 9457."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from naivechat.application.people_csv import LineFault
from naivechat.domain.errors import (
    ChatError,
    Conflict,
    Disabled,
    Forbidden,
    InvalidRequest,
    LimitReached,
    NotFound,
    NotFriend,
    NotMember,
    RateLimited,
    TokenExpired,
    TooLarge,
    Unavailable,
    UserExists,
    WeakPassword,
)
from naivechat.interfaces.api.shapes import View

PROBLEM_JSON: Final = "application/problem+json"
CHALLENGE: Final = 'Bearer realm="naivechat"'
_STATUS: Final[Mapping[type[ChatError], int]] = {
    Conflict: 409,
    Disabled: 409,
    Forbidden: 403,
    InvalidRequest: 422,
    LimitReached: 409,
    NotFound: 404,
    NotFriend: 403,
    NotMember: 403,
    RateLimited: 429,
    TokenExpired: 401,
    TooLarge: 422,
    Unavailable: 503,
    UserExists: 409,
    WeakPassword: 422,
}


class Fault(View, frozen=True, kw_only=True):
    """What is wrong in a line of a file; line 1 has the columns' names."""

    line: int
    reason: str


class Problem(View, frozen=True, kw_only=True):
    """Why a request was refused.

    status: that of the answer, and title its usual words. detail: for people. code: for programs. field: which part of the request
    is wrong, where it is one. faults: of an import, each line that is wrong.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    field: str | UnsetType = UNSET
    faults: tuple[Fault, ...] | UnsetType = UNSET


class Refused(Exception):
    """A request that gets a problem for an answer."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str = "",
        faults: tuple[LineFault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.faults = faults
        self.headers = dict(headers or {})
        super().__init__(detail)

    def body(self) -> bytes:
        """The problem as JSON."""
        faults = tuple(Fault(line=fault.line, reason=fault.reason) for fault in self.faults)
        problem = Problem(
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            code=self.code,
            field=self.field or UNSET,
            faults=faults or UNSET,
        )
        return msgspec.json.encode(problem)


def refusal_of(error: ChatError) -> Refused:
    """How a use case's refusal is told."""
    status = _STATUS.get(type(error), 409)
    headers = {}
    if error.retry_after_ms is not None:
        headers["Retry-After"] = str(max(math.ceil(error.retry_after_ms / 1_000), 1))
    field = error.key if isinstance(error, InvalidRequest) else ""
    if isinstance(error, TokenExpired):
        return unauthorized()
    return Refused(status, error.code, error.message, field=field, headers=headers)


def unauthorized(*, has_token: bool = True) -> Refused:
    """Who asks is not known."""
    challenge = f'{CHALLENGE}, error="invalid_token"' if has_token else CHALLENGE
    detail = "The token is not good, or not any more." if has_token else "This needs a bearer token."
    return Refused(401, "UNAUTHORIZED", detail, headers={"WWW-Authenticate": challenge})
