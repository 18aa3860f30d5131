"""What strangers, viewers and broken programs try at the API: all of it refused in the one form, and written down where it should be."""

import json
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from naivechat.application.api_access import BURST, ApiAccess
from naivechat.domain.lockout import OF_AN_ADDRESS
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from naivechat.domain.user import UserId
from naivechat.interfaces.api.app import Reply
from naivechat.interfaces.api.reading import LONGEST_JSON
from tests.fakes import done
from tests.logs import logged_errors
from tests.unit.interfaces.api.caller import DAY_MS, KEY, ApiWorld, Script
from tests.unit.interfaces.browser import Browser

PERSON = {"user_id": "ann", "nickname": "Ann", "password": "a good password"}
PLACES = {
    "{user_id}": "ann",
    "{group_id}": "g1",
    "{operator_id}": "olga",
    "{name}": "x",
    "{friend_id}": "b",
    "{webhook_id}": "w",
}


@pytest.fixture
def world() -> ApiWorld:
    return ApiWorld()


def guessed(number: int) -> str:
    return f"nc_{number:043}"


def everything(world: ApiWorld) -> list[tuple[str, str, bool]]:
    """Method, path and whether it changes something, of all operations."""
    found = []
    for operation in world.table:
        path = operation.path
        for name, value in PLACES.items():
            path = path.replace(name, value)
        found.append((operation.method, path, operation.changes))
    return found


def test_without_a_token_nobody_gets_anything_but_the_document(world: ApiWorld) -> None:
    for method, path, _ in everything(world):
        answer = Script(world).ask(method, path, PERSON)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, 'bearer realm="naivechat"')
    assert Script(world).ask("GET", "/openapi.json").status == 200
    assert world.entries() == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic b2xnYTpwYXNz",
        "Token {}",
        "{}",
        "Bearer {}x",
        "Bearer x{}",
        "Bearer {} x",
    ],
)
def test_what_is_no_bearer_token_is_refused(world: ApiWorld, header: str) -> None:
    answer = Script(world).ask("GET", "/own", Authorization=header.format(world.olga.token))
    assert answer.status == 401


def test_a_token_in_a_cookie_or_in_the_address_is_none(world: ApiWorld) -> None:
    script = Script(world)
    assert script.ask("GET", "/own", Cookie=f"token={world.olga.token}").status == 401
    assert script.ask("GET", f"/own?access_token={world.olga.token}").status == 401


def test_the_scheme_is_written_in_any_case(world: ApiWorld) -> None:
    assert Script(world).ask("GET", "/own", Authorization=f"bEARER  {world.olga.token}").status == 200


def test_two_tokens_at_once_are_none(world: ApiWorld) -> None:
    browser = Browser(world.api_site)
    line = f"Authorization: Bearer {world.olga.token}\r\n"
    browser.send(f"GET /api/v1/own HTTP/1.1\r\nHost: node\r\n{line}{line}\r\n".encode())
    assert browser.received().startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("end", ["revoked", "over", "disabled"])
def test_a_token_that_ended_opens_nothing(world: ApiWorld, end: str) -> None:
    assert world.olga.ask("GET", "/own").status == 200
    if end == "revoked":
        done(world.api_tokens.revoke(COMMAND_LINE, OperatorId("olga"), "script"))
    elif end == "over":
        world.wall.now_ms += DAY_MS
    else:
        done(world.operators.set_disabled(COMMAND_LINE, OperatorId("olga"), True))
    world.entries()
    answer = world.olga.ask("GET", "/own")
    assert (answer.status, answer.headers["www-authenticate"]) == (
        401,
        'bearer realm="naivechat", error="invalid_token"',
    )
    assert world.entries() == [("", "token.refused", "", {})]


def test_a_role_that_was_taken_away_holds_from_the_next_request_on(world: ApiWorld) -> None:
    world.olga.does("PUT", "/operators/olga/role", {"role": "viewer"}, status=204)
    world.olga.refused("POST", "/users", PERSON, status=403)


def test_a_viewer_changes_nothing_and_each_attempt_is_written_down(world: ApiWorld) -> None:
    for method, path, changes in everything(world):
        if changes:
            problem = world.vera.refused(method, path, PERSON, status=403)
            assert problem["code"] == "FORBIDDEN"
            full = f"/api/v1{path}"
            assert world.entries() == [("vera", "operator.refused", full, {"reason": "viewer"})]
    assert not world.chat.store.accounts


def test_a_token_of_a_bot_gets_nothing_else_and_each_attempt_is_written_down(world: ApiWorld) -> None:
    bot = Script(
        world,
        done(
            world.api_tokens.create(
                COMMAND_LINE,
                OperatorId("olga"),
                "bot",
                OperatorRole.OPERATOR,
                lifetime_ms=DAY_MS,
                bot_id=UserId("helper"),
            )
        ).text,
    )
    world.entries()
    for operation in world.table:
        path = operation.path
        for name, value in PLACES.items():
            path = path.replace(name, value)
        if operation.for_bots:
            continue
        bot.refused(operation.method, path, PERSON, status=403)
        full = f"/api/v1{path}"
        assert world.entries() == [("olga", "operator.refused", full, {"reason": "bot"})]
    assert {one.name for one in world.table if one.for_bots} == {"get_own", "send_as_bot", "accept_friend"}


def test_guessing_tokens_is_written_down_and_then_has_to_wait(world: ApiWorld) -> None:
    world.olga.get("/own")
    for number in range(OF_AN_ADDRESS.free):
        assert Script(world, guessed(number)).ask("GET", "/own").status == 401
    answer = Script(world, guessed(999)).ask("GET", "/own")
    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    Script(world, guessed(999)).refused("GET", "/own", status=429)
    assert [entry[1] for entry in world.entries()] == [
        *["token.refused"] * OF_AN_ADDRESS.free,
        "operator.locked_out",
    ]
    world.olga.get("/own")


def test_whoever_is_no_proxy_of_this_machine_cannot_pretend_to_guess_from_many_addresses() -> None:
    world = ApiWorld(public_url="https://console.example")
    for number in range(OF_AN_ADDRESS.free):
        Script(world, guessed(number)).ask("GET", "/own", X_Forwarded_For=f"192.0.2.{number}")
    assert {entry.from_address for entry in world.store.entries} == {"192.168.1.1"}
    assert Script(world, guessed(999)).ask("GET", "/own", X_Forwarded_For="192.0.2.99").status == 429


def test_too_many_requests_of_one_token_are_refused_with_when_to_come_again(world: ApiWorld) -> None:
    for _ in range(BURST):
        world.vera.get("/own")
    answer = world.vera.ask("GET", "/own")
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert world.entries() == [("vera", "operator.refused", "", {"reason": "too often"})]
    world.olga.get("/own")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"user_id": "a\xff"}', 400),
        (b'{"user_id": "\\ud800"}', 400),
        (b'{"user_id": NaN}', 400),
        (b'{"user_id": Infinity}', 400),
        (b'{"user_id": ' + b"9" * 5_000 + b"}", 400),
        (b'{"user_id": 1e400}', 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000, 400),
        (b"{} {}", 400),
        (b"user_id=ann", 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"user_id": "ann"} ', 422),
    ],
)
def test_what_is_no_object_of_the_shape_that_is_wanted_is_refused(
    world: ApiWorld, body: bytes, status: int
) -> None:
    world.olga.refused("POST", "/users", body, status=status)
    assert not world.chat.store.accounts


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"user_id": 7}, "user_id"),
        ({"user_id": None}, "user_id"),
        ({"user_id": "../etc/passwd"}, "user_id"),
        ({"user_id": "ann'; DROP TABLE user; --"}, "user_id"),
        ({"user_id": "a" * 33}, "user_id"),
        ({"user_id": "ann\n"}, "user_id"),
        ({"nickname": ""}, "nickname"),
        ({"nickname": "a\r\nSet-Cookie: a=b"}, "nickname"),
        ({"nickname": "a\n"}, "nickname"),
        ({"nickname": ["a"]}, "nickname"),
        ({"password": "short"}, "password"),
        ({"avatar": "é"}, "avatar"),
        ({"disabled": True}, "disabled"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(
    world: ApiWorld, changed: dict[str, Any], field: str
) -> None:
    problem = world.olga.refused("POST", "/users", {**PERSON, **changed}, status=422)
    assert (problem["field"], problem["code"]) == (field, "BAD_REQUEST")
    assert not world.chat.store.accounts


def test_a_name_that_stands_twice_is_refused(world: ApiWorld) -> None:
    twice = json.dumps(PERSON)[:-1] + ', "user_id": "bob"}'
    world.olga.refused("POST", "/users", twice.encode(), status=422)
    world.vera.refused("GET", "/users?limit=1&limit=2", status=422)


def test_a_number_without_a_fraction_is_an_integer_however_it_is_written(world: ApiWorld) -> None:
    body = b'{"name": "nightly", "role": "viewer", "days": 3.0}'
    world.olga.does("POST", "/operators/vera/tokens", body, status=201)
    for days in (b"3.5", b"true", b'"3"', b"0", b"367"):
        asked = b'{"name": "other", "role": "viewer", "days": ' + days + b"}"
        assert world.olga.refused("POST", "/operators/vera/tokens", asked, status=422)["field"] == "days"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1.0",
        "limit=%31%20",
        "limit=",
        "limit=0x10",
        "limit=" + "9" * 30,
        "disabled=1",
        "disabled=True",
        "disabled=null",
        "sort=password_hash",
        "sort=id;--",
        "offset=100001",
        "text=" + "a" * 65,
        "nonsense=1",
    ],
)
def test_a_query_is_taken_as_strictly_as_a_body(world: ApiWorld, query: str) -> None:
    problem = world.vera.refused("GET", f"/users?{query}", status=422)
    assert problem["field"] == query.partition("=")[0]


@pytest.mark.parametrize("query", ["text=%ff", "text=%ed%a0%80", "&".join(f"a{n}=1" for n in range(50))])
def test_a_query_that_is_no_text_or_has_too_many_parts_is_refused(world: ApiWorld, query: str) -> None:
    world.vera.refused("GET", f"/users?{query}", status=400)


@pytest.mark.parametrize("text", ["%25", "_", "a%27%20OR%201=1--", "%5C", "%00", "%22"])
def test_wildcards_and_quotes_of_sql_mean_themselves(world: ApiWorld, text: str) -> None:
    world.chat.people("ann bob")
    assert world.vera.get(f"/users?text={text}")["total"] == 0
    assert world.vera.get(f"/audit?subject={text}")["entries"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/users/..%2f..%2fetc%2fpasswd",
        "/users/%2e%2e",
        "/users/../own",
        "/users/%00",
        "/users/ann%0a",
        "/users/%ff",
        "/users/%ed%a0%80",
        "/users/" + "a" * 33,
        "/users/",
        "//users",
        "/users/ann/",
        "/nothing",
        "",
        "/",
        "/openapi.json/",
    ],
)
def test_paths_lead_nowhere_but_to_what_is_there(world: ApiWorld, path: str) -> None:
    assert world.vera.refused("GET", path, status=404)["code"] == "NOT_FOUND"


def test_addresses_beside_the_version_are_not_there(world: ApiWorld) -> None:
    for path in ("/api", "/api/", "/api/v2/own", "/api/v1"):
        headers = {"Authorization": f"Bearer {world.vera.token}"}
        assert Browser(world.api_site).ask(path, **headers).status == 404


def test_an_operation_is_asked_for_by_its_method_alone(world: ApiWorld) -> None:
    answer = world.olga.ask("PATCH", "/users/ann")
    assert (answer.status, answer.headers["allow"]) == (405, "get, head")
    assert world.olga.ask("TRACE", "/users").headers["allow"] == "get, head, post"
    assert world.olga.ask("HEAD", "/users.csv").status == 405
    assert world.olga.ask("OPTIONS", "/users").status == 405
    assert world.olga.ask("POST", "/users/ann/disable", X_HTTP_Method_Override="GET").status == 404


def test_head_is_get_without_the_body(world: ApiWorld) -> None:
    shown, head = world.vera.ask("GET", "/operators"), world.vera.ask("HEAD", "/operators")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(shown.body))
    assert world.vera.ask("HEAD", "/users/nobody").status == 404


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json",
        "application/json; charset=utf-16",
        "text/csv",
    ],
)
def test_json_is_said_to_be_json(world: ApiWorld, kind: str) -> None:
    world.olga.refused("POST", "/users", PERSON, status=415, kind=kind)
    assert not world.chat.store.accounts


def test_a_form_is_no_json(world: ApiWorld) -> None:
    assert world.olga.ask("POST", "/users", PERSON, kind="multipart/form-data; boundary=x").status == 400
    assert not world.chat.store.accounts


def test_csv_is_said_to_be_csv(world: ApiWorld) -> None:
    world.olga.refused("POST", "/users.csv", b"user_id,nickname,password\n", status=415)


def test_bodies_have_bounds(world: ApiWorld) -> None:
    padded = json.dumps(PERSON).encode() + b" " * LONGEST_JSON
    assert world.olga.refused("POST", "/users", padded, status=413)["code"] == "TOO_LARGE"
    assert world.olga.ask("POST", "/users.csv", b"a" * 1_048_577, kind="text/csv").status == 413


@pytest.mark.parametrize("key", ["1", "x" * 36, KEY + "0", f'"{KEY}"', KEY.replace("-", "")])
def test_a_key_of_a_request_is_a_uuid(world: ApiWorld, key: str) -> None:
    asked = {"text": "hello"}
    path = "/official-accounts/official1/messages"
    problem = world.olga.refused("POST", path, asked, status=422, Idempotency_Key=key)
    assert problem["field"] == "Idempotency-Key"


def test_answers_have_the_sites_headers_and_say_what_they_are(world: ApiWorld) -> None:
    for answer in (world.vera.ask("GET", "/own"), world.vera.ask("GET", "/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


def test_what_somebody_is_called_cannot_write_headers(world: ApiWorld) -> None:
    person = {**PERSON, "nickname": '<script>"</script>'}
    answer = world.olga.ask("POST", "/users", person)
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body)["nickname"] == '<script>"</script>'


def test_an_answer_that_cannot_be_written_ends_the_connection(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Reply, "write", broken)
    browser = Browser(world.api_site)
    browser.send(b"GET /api/v1/own HTTP/1.1\r\nHost: node\r\n\r\n")
    assert (browser.received(), browser.wire.disconnecting) == (b"", True)
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_a_client_that_went_away_is_written_nothing(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: Deferred[ActingOperator] = Deferred()

    async def enter(*_: Any) -> ActingOperator:
        return await waiting

    monkeypatch.setattr(ApiAccess, "enter", enter)
    browser = Browser(world.api_site)
    token = world.olga.token
    browser.send(f"GET /api/v1/own HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    browser.leave()
    waiting.callback(COMMAND_LINE)
    assert browser.received() == b""
