"""The OpenAPI document: what it says is what the table says."""

import json
import re
from typing import Any

import pytest

from naivechat import __version__
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.router import ROOT
from tests.unit.interfaces.api.caller import ApiWorld, Script


@pytest.fixture(scope="module")
def world() -> ApiWorld:
    return ApiWorld()


@pytest.fixture(scope="module")
def document(world: ApiWorld) -> dict[str, Any]:
    answer = Script(world).ask("GET", "/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    read: dict[str, Any] = json.loads(answer.body)
    return read


def test_it_is_of_this_version_and_asks_for_a_token(document: dict[str, Any]) -> None:
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    assert document["security"] == [{"token": []}]


def test_it_has_each_operation_once(world: ApiWorld, document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path, operation["operationId"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert described == {(one.method, ROOT + one.path, one.name) for one in world.table}
    assert len(described) == len(world.table) == len({one.name for one in world.table})


def test_each_operation_names_its_path_its_answers_and_who_may(
    world: ApiWorld, document: dict[str, Any]
) -> None:
    for operation in world.table:
        described = document["paths"][ROOT + operation.path][operation.method.lower()]
        in_path = [one["name"] for one in described["parameters"] if one["in"] == "path"]
        assert sorted(in_path) == sorted(re.findall(r"{(\w+)}", operation.path))
        assert {str(operation.status), "401", "429", "503"} <= set(described["responses"])
        assert ("403" in described["responses"]) is operation.changes
        assert ("requestBody" in described) is ("body" in operation.hints)


def test_whatever_it_refers_to_is_there(document: dict[str, Any]) -> None:
    for name in set(re.findall(r'"#/([^"]+)"', json.dumps(document))):
        place: Any = document
        for step in name.split("/"):
            place = place[step]


def test_a_method_that_wants_what_no_request_has_is_a_mistake_in_the_table() -> None:
    async def work(body: int, weather: str) -> None:
        """What needs the weather."""

    with pytest.raises(TypeError, match="weather"):
        Operation("rain", "GET", "/rain", work)
