"""The OpenAPI document, made of the table of operations alone. Source: OpenAPI 3.1."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec

from naivechat.interfaces.api.operation import Csv, CsvText, Operation
from naivechat.interfaces.api.problem import PROBLEM_JSON, Problem
from naivechat.interfaces.api.reading import CSV, JSON
from naivechat.interfaces.api.router import ROOT

_SCHEMAS: Final = "#/components/schemas/"
_IN: Final[Mapping[str, str]] = {"place": "path", "query": "query", "headers": "header"}
_RETRY: Final = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
_HEADERS: Final[Mapping[int, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    405: {"Allow": {"schema": {"type": "string"}}},
    429: _RETRY,
    503: _RETRY,
}
_ALWAYS: Final = (401, 405, 422, 429, 500, 503)
_OF_A_BODY: Final = (400, 413, 415)


def make_document(operations: Sequence[Operation], version: str) -> bytes:
    """The document as JSON."""
    kinds = [kind for operation in operations for kind in _kinds_of(operation)]
    refs, schemas = msgspec.json.schema_components([Problem, *kinds], ref_template=_SCHEMAS + "{name}")
    known = dict(zip([Problem, *kinds], refs, strict=True))
    parts = {_name_of(known[kind]) for operation in operations for kind in _parts_of(operation).values()}
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _described(operation, known, schemas)
        paths.setdefault(ROOT + operation.path, {})[operation.method.lower()] = described
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "naivechat", "version": version, "license": {"name": "Apache-2.0"}},
            "paths": paths,
            "components": {
                "schemas": {name: schema for name, schema in schemas.items() if name not in parts},
                "responses": {str(status): _refusal(status) for status in _statuses(operations)},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{"token": []}],
        }
    )


def _parts_of(operation: Operation) -> Mapping[str, Any]:
    """The Parts that are parameters, by their names in the method."""
    return {name: operation.hints[name] for name in _IN if name in operation.hints}


def _kinds_of(operation: Operation) -> list[Any]:
    """All types of which the document has to know the schema."""
    body, answer = operation.hints.get("body", CsvText), operation.hints["return"]
    kinds = list(_parts_of(operation).values())
    kinds += [] if body is CsvText else [body]
    return kinds + ([] if answer in (Csv, type(None)) else [answer])


def _described(operation: Operation, known: Mapping[Any, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.path.split("/")[1].partition(".")[0]],
        "summary": operation.summary,
        "parameters": [
            parameter
            for name, kind in _parts_of(operation).items()
            for parameter in _parameters(_IN[name], schemas[_name_of(known[kind])])
        ],
        "responses": _responses(operation, known),
    }
    if operation.changes:
        whose = ", also those of the bot alone" if operation.for_bots else " alone"
        described["description"] = f"For tokens of the role operator{whose}."
    if "body" in operation.hints:
        described["requestBody"] = {"required": True, "content": _content(operation.hints["body"], known)}
    return described


def _parameters(where: str, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", ())
    return [
        {"name": name, "in": where, "required": name in required, "schema": shape}
        for name, shape in schema["properties"].items()
    ]


def _responses(operation: Operation, known: Mapping[Any, Any]) -> dict[str, Any]:
    answer = operation.hints["return"]
    made: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if answer is not type(None):
        made["content"] = _content(answer, known)
    if operation.location:
        made["headers"] = {"Location": {"required": True, "schema": {"type": "string"}}}
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _refused(operation)}
    return {str(operation.status): made, **refused}


def _content(kind: Any, known: Mapping[Any, Any]) -> dict[str, Any]:
    if kind in (Csv, CsvText):
        return {CSV: {"schema": {"type": "string"}}}
    return {JSON: {"schema": known[kind]}}


def _refused(operation: Operation) -> Sequence[int]:
    statuses = {*_ALWAYS, *operation.refusals}
    statuses |= set(_OF_A_BODY) if "body" in operation.hints else set()
    statuses |= {400} if "query" in operation.hints else set()
    statuses |= {404} if "place" in operation.hints else set()
    statuses |= {403} if operation.changes else set()
    return sorted(statuses)


def _statuses(operations: Sequence[Operation]) -> Sequence[int]:
    return sorted({status for operation in operations for status in _refused(operation)})


def _refusal(status: int) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_JSON: {"schema": {"$ref": f"{_SCHEMAS}{Problem.__name__}"}}},
    }
    if status in _HEADERS:
        refusal["headers"] = _HEADERS[status]
    return refusal


def _name_of(ref: Mapping[str, str]) -> str:
    return ref["$ref"].removeprefix(_SCHEMAS)
