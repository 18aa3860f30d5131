"""The API as one resource: finds the operation and who asks, and answers everything in JSON."""

from collections.abc import AsyncIterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from naivechat.application.api_access import ApiAccess
from naivechat.application.audit import AuditTrail
from naivechat.domain.audit import AuditAction
from naivechat.domain.errors import ChatError, Forbidden
from naivechat.domain.operator import ActingOperator, OperatorRole
from naivechat.interfaces.api.document import make_document
from naivechat.interfaces.api.operation import IN_PATH, Csv, Operation
from naivechat.interfaces.api.problem import PROBLEM_JSON, Refused, refusal_of, unauthorized
from naivechat.interfaces.api.reading import (
    Asked,
    read_asked,
    read_body,
    read_headers,
    read_place,
    read_query,
)
from naivechat.interfaces.api.router import ROOT, Found, Router
from naivechat.interfaces.api.shapes import Part
from naivechat.interfaces.public_address import PublicAddress
from naivechat.interfaces.streamed import Streamed

DOCUMENT: Final = f"{ROOT}/openapi.json"
_JSON: Final = {"Content-Type": "application/json"}
_SCHEME: Final = "bearer "

_log = Logger()
# Twisted's classes of the web have few annotations: mypy is to take them as they are.
_Resource: Any = Resource


@attrs.frozen(kw_only=True)
class Reply:
    """An answer to one request."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | Streamed = b""

    def write(self, request: Any) -> None:
        """Send it, and finish the request unless the body does."""
        request.setResponseCode(self.status, HTTPStatus(self.status).phrase.encode())
        for name, value in self.headers.items():
            request.setHeader(name, value)
        if isinstance(self.body, Streamed):
            self.body.begin(request)
            return
        if self.status != HTTPStatus.NO_CONTENT:
            request.setHeader("Content-Length", str(len(self.body)))
        if request.method != b"HEAD":
            request.write(self.body)
        request.finish()


class Api(_Resource):  # type: ignore[misc]
    """All that is below `/api/v1`."""

    isLeaf = True

    def __init__(
        self,
        operations: Sequence[Operation],
        *,
        access: ApiAccess,
        audit: AuditTrail,
        public: PublicAddress,
        version: str,
    ) -> None:
        """`public` says who asks where a proxy stands between; `version` of naivechat stands in the document."""
        super().__init__()
        self._router = Router(operations)
        self._document = make_document(operations, version)
        self._access = access
        self._audit = audit
        self._public = public

    def render(self, request: Any) -> int:
        """Answer, sooner or later; nothing is written for a client that has gone meanwhile."""
        answering: Deferred[Reply] = Deferred.fromCoroutine(self._answer(read_asked(request)))
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)
        answering.addCallback(lambda reply: None if gone else reply.write(request))
        answering.addErrback(self._broken, request)
        return int(NOT_DONE_YET)

    async def _answer(self, asked: Asked) -> Reply:
        try:
            return await self._carry_out(asked)
        except Refused as refused:
            return _refusal(refused)
        except ChatError as error:
            return _refusal(refusal_of(error))
        except Exception:
            _log.failure("a request of the API failed: {method} {path}", method=asked.method, path=asked.path)
            return _refusal(Refused(500, "INTERNAL", "Something went wrong; the log of the node says what."))

    async def _carry_out(self, asked: Asked) -> Reply:
        if asked.path == DOCUMENT and asked.method in ("GET", "HEAD"):
            return Reply(status=200, headers=_JSON, body=self._document)
        found = self._router.find(asked.method, asked.path)
        by = await self._let_in(asked, found.operation)
        result = await found.operation.work(**_given(asked, found, by))
        return await _reply(found.operation, result)

    async def _let_in(self, asked: Asked, operation: Operation) -> ActingOperator:
        from_address = self._public.address_of(asked.peer, asked.header("x-forwarded-for"))
        by = await self._access.enter(_token_of(asked), from_address)
        if by.bot_id is not None and not operation.for_bots:
            await self._audit.record(by, AuditAction.OPERATOR_REFUSED, asked.path, reason="bot")
            raise Forbidden("This token is for writing in a bot's name, and for nothing else.")
        if operation.changes and by.role is not OperatorRole.OPERATOR:
            await self._audit.record(by, AuditAction.OPERATOR_REFUSED, asked.path, reason="viewer")
            raise Forbidden("A viewer may look, and change nothing.")
        return by

    def _broken(self, failure: Failure, request: Any) -> None:
        _log.failure("an answer of the API could not be written", failure)
        request.loseConnection()


def _token_of(asked: Asked) -> str:
    given = asked.headers.get("authorization", ())
    if len(given) != 1 or not given[0].lower().startswith(_SCHEME):
        raise unauthorized(has_token=False)
    return given[0][len(_SCHEME) :].strip()


def _given(asked: Asked, found: Found, by: ActingOperator) -> dict[str, Any]:
    """What the operation's method is called with."""
    hints = found.operation.hints
    given: dict[str, Any] = {"by": by} if "by" in hints else {}
    if "place" in hints:
        given["place"] = read_place(found.names, found.segments, hints["place"])
    query = read_query(asked.query, hints.get("query", Part))
    if "query" in hints:
        given["query"] = query
    if "headers" in hints:
        given["headers"] = read_headers(asked, hints["headers"])
    if "body" in hints:
        given["body"] = read_body(asked, hints["body"])
    return given


async def _reply(operation: Operation, result: Any) -> Reply:
    if isinstance(result, Csv):
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{result.filename}"',
        }
        # What goes wrong at the beginning is still answered.
        first = await anext(result.pieces, "")
        return Reply(status=operation.status, headers=headers, body=Streamed(_bytes_of(first, result.pieces)))
    if result is None:
        return Reply(status=operation.status)
    headers = {**_JSON}
    if operation.location:
        fields = msgspec.structs.asdict(result)
        headers["Location"] = ROOT + IN_PATH.sub(lambda name: str(fields[name[1]]), operation.location)
    return Reply(status=operation.status, headers=headers, body=msgspec.json.encode(result))


async def _bytes_of(first: str, pieces: AsyncIterator[str]) -> AsyncIterator[bytes]:
    yield first.encode()
    async for piece in pieces:
        yield piece.encode()


def _refusal(refused: Refused) -> Reply:
    headers = {"Content-Type": PROBLEM_JSON, **refused.headers}
    return Reply(status=refused.status, headers=headers, body=refused.body())
