"""What the API does: each operation, by an operator's script."""

from typing import Any

import pytest

from naivechat.application.cluster import Cluster
from naivechat.domain.directory import LiveSession
from naivechat.domain.errors import Unavailable
from naivechat.domain.node_order import Drain, LogLevel, Resume, SetLogLevel
from naivechat.domain.operator import OperatorRole
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.logs import logged_errors
from tests.unit.interfaces.api.caller import KEY, REASON, ApiWorld, Script
from tests.unit.interfaces.console.visitor import BreakableAuditLog, status
from tests.webhook_fakes import CLUB


@pytest.fixture
def world() -> ApiWorld:
    return ApiWorld()


def test_a_token_is_told_whose_it_is(world: ApiWorld) -> None:
    assert world.olga.get("/own") == {"operator_id": "olga", "role": "operator", "bot_id": None}
    assert world.vera.get("/own") == {"operator_id": "vera", "role": "viewer", "bot_id": None}


def test_the_overview_tells_of_all_nodes(world: ApiWorld) -> None:
    told = world.vera.get("/overview")
    assert (told["node"], told["database_up"], told["bus_connected"]) == ("alpha", True, None)
    assert (told["figures"]["nodes"], told["figures"]["connections"]) == (1, 3)


def test_the_history_begins_behind_a_moment(world: ApiWorld) -> None:
    for _ in range(3):
        done(world.cluster.take())
        world.wall.now_ms += 1_000
    assert len(world.vera.get("/overview/history")["points"]) == 3
    since_ms = world.wall.now_ms - 2_000
    assert len(world.vera.get(f"/overview/history?since_ms={since_ms}")["points"]) == 1


def test_nodes_are_listed_and_told_what_to_do(world: ApiWorld) -> None:
    world.directory.others = (status("beta"),)
    done(world.nodes.beat())
    nodes = world.vera.get("/nodes")["nodes"]
    assert [(node["name"], node["addresses"]) for node in nodes] == [
        ("alpha", ["127.0.0.1:7397"]),
        ("beta", []),
    ]
    world.olga.does("POST", "/nodes/alpha/drain", status=202)
    world.olga.does("POST", "/nodes/beta/resume", status=202)
    world.olga.does("PUT", "/nodes/beta/log-level", {"level": "debug"}, status=202)
    assert world.told.orders == [
        ("here", Drain()),
        ("run-beta", Resume()),
        ("run-beta", SetLogLevel(LogLevel.DEBUG)),
    ]
    assert [entry[1] for entry in world.entries()] == ["node.drain", "node.resume", "node.log_level"]
    world.olga.refused("POST", "/nodes/gamma/drain", status=404)


def test_an_account_is_made_once(world: ApiWorld) -> None:
    person = {"user_id": "ann", "nickname": "Ann", "password": "a good password"}
    answer = world.olga.ask("POST", "/users", person)
    assert (answer.status, answer.headers["location"]) == (201, "/api/v1/users/ann")
    assert world.olga.refused("POST", "/users", person, status=409)["code"] == "USER_EXISTS"
    assert done(world.chat.accounts.authenticate(UserId("ann"), "a good password")).user.nickname == "Ann"
    assert b"a good password" not in answer.body


def test_people_are_searched_sorted_and_paged(world: ApiWorld) -> None:
    world.chat.people("ann anton bob")
    world.olga.does("POST", "/users/anton/disable", status=204)
    page = world.vera.get("/users?text=an&limit=1&sort=nickname&descending=true")
    assert (page["total"], [user["user_id"] for user in page["users"]]) == (2, ["anton"])
    assert [user["user_id"] for user in world.vera.get("/users?disabled=true")["users"]] == ["anton"]
    assert [user["user_id"] for user in world.vera.get("/users?offset=1&disabled=false")["users"]] == ["bob"]
    assert world.vera.get("/users?text=%25")["total"] == 0
    assert world.vera.get("/users?text=_n")["total"] == 0


def test_one_person_is_shown_with_devices(world: ApiWorld) -> None:
    world.chat.person("ann")
    done(world.chat.sessions.login(UserId("ann"), "password", "phone"))
    person = world.vera.get("/users/ann")
    assert (person["user_id"], person["nickname"], person["online"]) == ("ann", "Ann", False)
    assert [device["name"] for device in person["devices"]] == ["phone"]
    world.vera.refused("GET", "/users/bob", status=404)


def test_passwords_are_set_and_people_shut_out_and_let_in(world: ApiWorld) -> None:
    world.chat.person("ann")
    world.olga.does("PUT", "/users/ann/password", {"password": "another one"}, status=204)
    assert done(world.chat.accounts.authenticate(UserId("ann"), "another one"))
    world.olga.does("POST", "/users/ann/disable", status=204)
    assert world.vera.get("/users/ann")["disabled"] is True
    world.olga.does("POST", "/users/ann/enable", status=204)
    assert world.vera.get("/users/ann")["disabled"] is False
    assert [entry[1] for entry in world.entries()] == ["user.set_password", "user.disable", "user.enable"]


def test_somebody_is_kicked_from_one_device_or_all(world: ApiWorld) -> None:
    world.chat.person("ann")
    for device in ("phone", "tablet", "desk"):
        done(world.chat.sessions.login(UserId("ann"), "password", device))
    world.olga.does("POST", "/users/ann/kick", {"device": "phone"}, status=204)
    names = [device["name"] for device in world.vera.get("/users/ann")["devices"]]
    assert names == ["desk", "tablet"]
    world.olga.does("POST", "/users/ann/kick", {}, status=204)
    assert world.vera.get("/users/ann")["devices"] == []


def test_people_go_out_as_csv(world: ApiWorld) -> None:
    world.chat.people("ann bob")
    answer = world.vera.ask("GET", "/users.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="naivechat-users.csv"'
    assert answer.headers["transfer-encoding"] == "chunked"
    assert b"ann,Ann" in answer.body and b"bob,Bob" in answer.body
    assert world.entries() == [("vera", "user.export", "", {})]


def test_people_come_in_as_csv_all_or_nobody(world: ApiWorld) -> None:
    good = b"user_id,nickname,password\nann,Ann,password\nbob,Bob,password\n"
    bad = good + b"bob,Bob,short\n"
    problem = world.olga.refused("POST", "/users.csv", bad, status=422, kind="text/csv")
    assert [fault["line"] for fault in problem["faults"]] == [4]
    assert world.olga.does("POST", "/users.csv?check=true", good, kind="text/csv") == {
        "added": ["ann", "bob"]
    }
    assert world.vera.get("/users")["total"] == 0
    world.olga.does("POST", "/users.csv", good, kind="text/csv; charset=utf-8")
    assert world.vera.get("/users")["total"] == 2
    world.olga.refused("POST", "/users.csv", b"\xff", status=400, kind="text/csv")


def test_who_is_there_is_listed_with_where(world: ApiWorld) -> None:
    world.chat.people("ann bob")
    assert world.vera.get("/online") == {"users": [], "has_more": False, "sessions_known": True}
    ann = UserId("ann")
    session = LiveSession(user_id=ann, device="phone", node="alpha", address="192.0.2.9", began_at_ms=7)
    world.desk.sessions.sessions.append(session)
    world.chat.directory.online.add(ann)
    (person,) = world.vera.get("/online?node=alpha&text=an")["users"]
    assert person["sessions"] == [{"node": "alpha", "device": "phone", "address": "192.0.2.9", "since_ms": 7}]
    assert world.vera.get("/online?after=ann")["users"] == []


def test_groups_are_listed_looked_at_renamed_and_dissolved(world: ApiWorld) -> None:
    ann, bob = world.chat.people("ann bob")
    club = world.chat.group_of(ann, bob)
    page = world.vera.get("/groups?text=CLU&sort=members")
    assert [(group["name"], group["member_count"]) for group in page["groups"]] == [("Club", 2)]
    members = world.vera.get(f"/groups/{club}/members?limit=1")["members"]
    assert [(member["user_id"], member["role"]) for member in members] == [("ann", "owner")]
    renamed = world.olga.does("PUT", f"/groups/{club}/name", {"name": "社团"})
    assert (renamed["name"], world.vera.get(f"/groups/{club}")["name"]) == ("社团", "社团")
    world.olga.does("DELETE", f"/groups/{club}", status=204)
    world.olga.refused("DELETE", f"/groups/{club}", status=404)
    world.vera.refused("GET", f"/groups/{club}", status=404)


def test_an_official_account_is_made_with_everybody_and_written_in_once(world: ApiWorld) -> None:
    world.chat.people("ann bob")
    made = world.olga.ask("POST", "/official-accounts", {"name": "News"})
    assert (made.status, made.headers["location"]) == (201, "/api/v1/groups/official1")
    assert world.vera.get("/groups?official=true")["groups"][0]["member_count"] == 3
    assert world.vera.get("/groups?official=false")["total"] == 0
    path = "/official-accounts/official1"
    first = world.olga.does("POST", f"{path}/messages", {"text": "hello"}, Idempotency_Key=KEY)
    again = world.olga.does("POST", f"{path}/messages", {"text": "hello"}, Idempotency_Key=KEY.upper())
    assert (first["duplicate"], again) == (False, {**first, "duplicate": True})
    other = {"text": "something else"}
    world.olga.refused("POST", f"{path}/messages", other, status=409, Idempotency_Key=KEY)
    assert world.olga.does("POST", f"{path}/enrolment") == {"joined": 0}
    assert world.olga.does("POST", f"{path}/messages", other)["seq"] > first["seq"]


def test_the_people_of_one_node_are_written_to_once(world: ApiWorld) -> None:
    ann, _ = world.chat.people("ann bob")
    session = LiveSession(user_id=ann.user_id, device="phone", node="alpha", address="", began_at_ms=7)
    world.desk.sessions.sessions.append(session)
    first = world.olga.does("POST", "/nodes/alpha/messages", {"text": "hello"}, Idempotency_Key=KEY)
    again = world.olga.does("POST", "/nodes/alpha/messages", {"text": "hello"}, Idempotency_Key=KEY)
    assert again == {**first, "duplicate": True}
    members = world.vera.get("/groups/node.alpha/members")["members"]
    assert {member["user_id"] for member in members} == {"ann", "naivechat.operators"}
    world.olga.refused("POST", "/nodes/gamma/messages", {"text": "hello"}, status=404)


def test_a_talk_is_searched_and_looked_at_with_a_reason(world: ApiWorld) -> None:
    ann, bob = world.chat.people("ann bob")
    world.chat.befriend(ann, bob)
    asked = {"talk": ["bob", "ann"], "reason": REASON}
    world.say(ann, bob, "first")
    world.say(ann, bob, "100% sure")
    found = world.olga.does("POST", "/messages/search", {**asked, "text": "%"})
    assert [(one["seq"], one["text"]) for one in found["messages"]] == [(2, "100% sure")]
    around = world.olga.does("POST", "/messages/around", {**asked, "seq": 2})["records"]
    assert [(one["text"], one["sender"]["nickname"]) for one in around] == [
        ("first", "Ann"),
        ("100% sure", "Ann"),
    ]
    assert [entry[3]["reason"] for entry in world.entries()] == [REASON, REASON]
    short = {**asked, "text": "first", "reason": "because   "}
    assert world.olga.refused("POST", "/messages/search", short, status=422)["field"] == "reason"
    nowhere = {**asked, "talk": ["nowhere"], "text": "first"}
    world.olga.refused("POST", "/messages/search", nowhere, status=404)


def test_a_message_is_taken_back_with_a_reason(world: ApiWorld) -> None:
    ann, bob = world.chat.people("ann bob")
    world.chat.befriend(ann, bob)
    world.say(ann, bob, "first")
    asked = {"talk": ["ann", "bob"], "seq": 1, "reason": REASON}
    first = world.olga.does("POST", "/messages/recall", asked)
    assert (first["seq"], first["duplicate"]) == (2, False)
    assert world.olga.does("POST", "/messages/recall", asked)["duplicate"] is True
    world.olga.refused("POST", "/messages/recall", {**asked, "seq": 99}, status=404)


def test_a_bot_writes_to_its_friends_and_in_its_groups(world: ApiWorld) -> None:
    made = world.olga.ask("POST", "/bots", {"user_id": "helper", "nickname": "Helper"})
    assert (made.status, made.headers["location"]) == (201, "/api/v1/users/helper")
    assert world.vera.get("/users/helper")["bot"] is True
    ann, helper = world.chat.person("ann"), world.actor("helper")
    path, message = "/bots/helper/messages", {"to": "friend", "id": "ann", "text": "hello"}
    assert world.olga.refused("POST", path, message, status=403)["code"] == "NOT_FRIEND"
    world.chat.befriend(ann, helper)
    first = world.olga.does("POST", path, message, Idempotency_Key=KEY)
    again = world.olga.does("POST", path, message, Idempotency_Key=KEY)
    assert (first["seq"], first["duplicate"], again["duplicate"]) == (1, False, True)
    club = world.chat.group_of(ann, helper)
    in_club = {"to": "group", "id": club, "text": "hello"}
    assert world.olga.does("POST", path, in_club)["duplicate"] is False
    assert world.olga.refused("POST", "/bots/ann/messages", in_club, status=403)["code"] == "FORBIDDEN"
    world.olga.refused("PUT", "/bots/helper/friends/bob", status=404)


def test_a_token_of_a_bot_writes_for_that_one_alone(world: ApiWorld) -> None:
    for bot in ("helper", "other"):
        world.olga.does("POST", "/bots", {"user_id": bot, "nickname": "Bot"}, status=201)
    ann = world.chat.person("ann")
    world.chat.befriend(ann, world.actor("helper"))
    wanted = {"name": "helper", "bot_id": "helper"}
    made = world.olga.does("POST", "/operators/olga/bot-tokens", wanted, status=201)
    assert (made["role"], made["bot_id"]) == ("operator", "helper")
    world.olga.refused("POST", "/operators/vera/bot-tokens", wanted, status=403)
    script, message = Script(world, made["token"]), {"to": "friend", "id": "ann", "text": "hello"}
    assert script.get("/own") == {"operator_id": "olga", "role": "operator", "bot_id": "helper"}
    assert script.does("POST", "/bots/helper/messages", message)["seq"] == 1
    script.refused("POST", "/bots/other/messages", message, status=403)
    world.olga.does("PUT", "/operators/olga/role", {"role": "viewer"}, status=204)
    script.refused("POST", "/bots/helper/messages", message, status=403)


def test_operators_are_made_changed_and_shut_out(world: ApiWorld) -> None:
    new = {"operator_id": "nils", "password": "correct horse battery", "role": "viewer"}
    made = world.olga.does("POST", "/operators", new, status=201)
    assert (made["operator_id"], made["role"], made["totp"], made["disabled"]) == (
        "nils",
        "viewer",
        False,
        False,
    )
    world.olga.refused("POST", "/operators", new, status=409)
    assert world.vera.get("/operators/nils") == made
    world.olga.does("PUT", "/operators/nils/role", {"role": "operator"}, status=204)
    world.olga.does("PUT", "/operators/nils/password", {"password": "another long one"}, status=204)
    world.olga.does("DELETE", "/operators/nils/totp", status=204)
    world.olga.does("POST", "/operators/nils/disable", status=204)
    listed = {one["operator_id"]: one for one in world.vera.get("/operators")["operators"]}
    assert (listed["nils"]["role"], listed["nils"]["disabled"]) == ("operator", True)
    world.olga.does("POST", "/operators/nils/enable", status=204)
    world.olga.refused("POST", "/operators/nobody/enable", status=404)


def test_tokens_are_made_listed_and_revoked(world: ApiWorld) -> None:
    wanted = {"name": "nightly", "role": "viewer", "days": 3}
    made = world.olga.does("POST", "/operators/vera/tokens", wanted, status=201)
    assert made["expires_at_ms"] - made["created_at_ms"] == 3 * 24 * 3_600_000
    world.olga.refused("POST", "/operators/vera/tokens", wanted, status=409)
    above = {**wanted, "name": "more", "role": "operator"}
    world.olga.refused("POST", "/operators/vera/tokens", above, status=403)
    listed = world.vera.get("/tokens?operator_id=vera")["tokens"]
    assert [one["name"] for one in listed] == ["nightly", "script"]
    assert not any("token" in one for one in listed)
    assert len(world.vera.get("/tokens")["tokens"]) == 3
    world.olga.does("DELETE", "/operators/vera/tokens/nightly", status=204)
    world.olga.refused("DELETE", "/operators/vera/tokens/nightly", status=404)


def test_webhooks_are_made_changed_tried_and_removed(world: ApiWorld) -> None:
    hooks = f"/groups/{CLUB}/webhooks"
    url = "https://bot.example/in?key=secret"
    made = world.olga.does("POST", hooks, {"url": url, "events": ["message"]}, status=201)
    assert (made["url"], made["events"], made["on"]) == (url, ["message"], True)
    assert made["secret"].startswith("nch_")
    (seen,) = world.vera.get(hooks)["webhooks"]
    assert (seen["url"], "secret" in seen) == ("https://bot.example", False)
    hook = f"{hooks}/{made['webhook_id']}"
    changed = world.olga.does("PATCH", hook, {"on": False, "events": ["group", "recall"]})
    assert (changed["on"], changed["off_reason"], changed["events"]) == (
        False,
        "operator",
        ["recall", "group"],
    )
    assert world.olga.does("POST", f"{hook}/secret")["secret"] != made["secret"]
    assert world.olga.does("POST", f"{hook}/test") == {"result": "ok", "status": 200}
    world.olga.does("DELETE", hook, status=204)
    world.olga.refused("DELETE", hook, status=404)
    world.olga.refused("POST", hooks, {"url": "file:///etc/passwd"}, status=422)


def test_the_audit_log_is_read_by_pages_and_narrowed_down(world: ApiWorld) -> None:
    for _ in range(3):
        world.note(subject="ann", device="phone")
    page = world.vera.get("/audit?limit=2&action=user.&subject=ann&operator_id=olga&since_ms=0")
    assert (len(page["entries"]), page["has_more"]) == (2, True)
    entry = page["entries"][-1]
    assert (entry["action"], entry["detail"], entry["node"]) == ("user.kick", {"device": "phone"}, "alpha")
    older = world.vera.get(f"/audit?before_id={entry['entry_id']}")
    assert (len(older["entries"]), older["has_more"]) == (1, False)
    assert world.vera.get("/audit?before_ms=0")["entries"] == []


def test_the_audit_log_goes_out_as_csv_which_is_written_down(world: ApiWorld) -> None:
    world.note(subject="ann")
    answer = world.vera.ask("GET", "/audit.csv?action=user.kick&since_ms=0")
    assert b"id,time,operator,action" in answer.body
    assert answer.body.count(b",olga,user.kick,ann,") == 1
    assert world.entries()[-1] == (
        "vera",
        "audit.export",
        "",
        {"filter": "action=user.kick&since_ms=0"},
    )


def test_an_export_that_cannot_begin_is_refused_in_words(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(BreakableAuditLog, "append", away)
    problem = world.vera.refused("GET", "/users.csv", status=503)
    assert problem["code"] == "UNAVAILABLE"


def test_a_mistake_of_ours_is_told_without_details(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Cluster) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Cluster, "sum_up", broken)
    problem = world.vera.refused("GET", "/overview", status=500)
    assert "secret" not in str(problem)
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_viewers_may_ask_for_whatever_is_read_by_get_and_for_nothing_else(world: ApiWorld) -> None:
    assert {operation.name for operation in world.table if not operation.changes} == {
        operation.name for operation in world.table if operation.method == "GET"
    }


def test_a_token_of_a_viewer_of_an_operator_does_no_more(world: ApiWorld) -> None:
    modest = world.script("olga", OperatorRole.VIEWER, "modest")
    modest.refused("POST", "/nodes/alpha/drain", status=403)
    assert world.told.orders == []
