"""Operators' accounts in the browser: added, changed and shut out by others, and never by mistake by themselves."""

import re

import pytest

from naivechat.domain.operator import COMMAND_LINE, Operator, OperatorId, OperatorRole
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.test_pages import rows
from tests.unit.interfaces.console.visitor import PASSWORD, Page, Visitor, World

NEW = "another long password"


@pytest.fixture
def world() -> World:
    """With Otto, an operator."""
    world = World()
    done(world.operators.add(COMMAND_LINE, OperatorId("otto"), PASSWORD, OperatorRole.OPERATOR))
    return world


@pytest.fixture
def olga(world: World) -> Visitor:
    return world.visitor("olga")


def ask(visitor: Visitor, step: str, /, **fields: str) -> Page:
    return visitor.post(f"/console/operators/{step}", **{"id": "otto", **fields}, HX_Request="true")


def otto(world: World) -> Operator:
    return world.store.operators[OperatorId("otto")]


def secret_in(page: Page) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page.text)
    assert found is not None, page.text
    return found[1]


def last_entry(world: World) -> tuple[str, str, str]:
    entry = world.store.entries[-1]
    return entry.operator_id, entry.action, entry.subject


def test_all_are_listed_for_viewers_too(world: World) -> None:
    vera = world.visitor("vera")
    world.store.evolve(OperatorId("otto"), disabled=True, totp_secret="S")
    for path in ("", "/rows"):
        listed = [row[:4] for row in rows(vera.get(f"/console/operators{path}").text)]
        assert listed == [
            ["olga", "Operator", "May log in", "Off"],
            ["otto", "Operator", "Disabled", "On"],
            ["vera you", "Viewer", "May log in", "Off"],
        ]
    for path in ("", "/rows", "/one?id=otto", "/panel?id=otto"):
        page = vera.get(f"/console/operators{path}").text
        assert "hx-post" not in page.split("<main")[-1]


def test_an_operator_is_added_and_logs_in(world: World, olga: Visitor) -> None:
    page = ask(olga, "create", id=" nina ", role="viewer", password=NEW)
    assert "nina may log in now." in page.text
    assert NEW not in page.text
    assert last_entry(world) == ("olga", "operator.create", "nina")
    assert world.visitor().log_in("nina", NEW).status == 303


@pytest.mark.parametrize("step", ["create", "password"])
def test_a_password_that_is_made_up_is_shown_once(world: World, olga: Visitor, step: str) -> None:
    page = ask(olga, step, id="nina" if step == "create" else "otto", role="viewer", password="")
    assert "It is shown only this once." in page.text
    assert page.header("cache-control") == "no-store"
    name = "nina" if step == "create" else "otto"
    assert world.visitor().log_in(name, secret_in(page)).status == 303
    assert secret_in(page) not in olga.get(f"/console/operators/one?id={name}").text
    assert secret_in(page) not in repr(world.store.entries)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"id": ""}, 400),
        ({"id": "a b"}, 400),
        ({"id": "é"}, 400),
        ({"id": "otto"}, 409),
        ({"role": "root"}, 400),
        ({"password": "short"}, 409),
    ],
)
def test_what_no_operator_can_be_is_refused(
    world: World, olga: Visitor, fields: dict[str, str], status: int
) -> None:
    page = ask(olga, "create", **{"id": "nina", "role": "viewer", "password": NEW, **fields})
    assert page.status == status
    assert sorted(world.store.operators) == ["olga", "otto", "vera"]


def test_another_password_ends_the_others_sessions(world: World, olga: Visitor) -> None:
    session = world.visitor("otto")
    page = ask(olga, "password", password=NEW)
    assert "otto has another password, and is logged in nowhere." in page.text
    assert session.get("/console/").status == 303
    assert world.visitor().log_in("otto", NEW).status == 303


def test_a_role_holds_from_the_next_request_on(world: World, olga: Visitor) -> None:
    session = world.visitor("otto")
    assert ask(olga, "role", role="viewer").status == 200
    assert session.post("/console/nodes/drain", node="alpha").status == 403
    assert ask(olga, "role", role="operator").status == 200
    assert session.post("/console/nodes/drain", node="alpha").status == 200


def test_who_is_shut_out_is_out_and_is_let_in_again(world: World, olga: Visitor) -> None:
    session = world.visitor("otto")
    ask(olga, "tokens/create", name="backup", role="viewer", days="90")
    assert "otto is shut out" in ask(olga, "disable").text
    assert last_entry(world) == ("olga", "operator.disable", "otto")
    assert session.get("/console/").status == 303
    assert done(world.api_tokens.list_tokens(OperatorId("otto"))) == ()
    assert "Disabled" in olga.get("/console/operators/panel?id=otto").text
    assert "otto may log in now." in ask(olga, "enable").text
    assert world.visitor().log_in("otto").status == 303


def test_codes_are_set_up_for_somebody_and_ended(world: World, olga: Visitor) -> None:
    offer = ask(olga, "totp/offer")
    assert otto(world).totp_secret is None
    secret = secret_in(offer)
    wrong = ask(olga, "totp/confirm", secret=secret, code="000000")
    assert (wrong.status, otto(world).totp_secret) == (400, None)
    code = f"{secret}:{world.wall.now_ms // 30_000}"
    assert "otto is asked for a code from now on." in ask(olga, "totp/confirm", secret=secret, code=code).text
    assert otto(world).totp_secret == secret
    assert secret not in olga.get("/console/operators/one?id=otto").text
    assert world.visitor().log_in("otto").status == 403
    assert "otto is asked for no code any more." in ask(olga, "totp/end").text
    assert world.visitor().log_in("otto").status == 303


def test_tokens_are_made_for_somebody_shown_once_and_revoked(world: World, olga: Visitor) -> None:
    page = ask(olga, "tokens/create", name="backup", role="operator", days="90")
    token = secret_in(page)
    assert done(world.api_tokens.find_bearer(token, "")).operator_id == "otto"
    listed = olga.get("/console/operators/panel?id=otto").text
    assert [row[:2] for row in rows(listed)] == [["backup", "Operator"]]
    assert token not in listed + repr(world.store.entries)
    assert last_entry(world) == ("olga", "token.create", "otto")
    assert "The token backup is good for nothing any more." in ask(olga, "tokens/revoke", name="backup").text
    assert ask(olga, "tokens/revoke", name="backup").status == 404


def test_a_token_of_a_bot_is_shown_as_such(world: World, olga: Visitor) -> None:
    otto, role = OperatorId("otto"), OperatorRole.OPERATOR
    bot_id = UserId("helper")
    done(world.api_tokens.create(COMMAND_LINE, otto, "echo", role, lifetime_ms=9, bot_id=bot_id))
    listed = olga.get("/console/operators/panel?id=otto").text
    assert [row[:2] for row in rows(listed)] == [["echo", "Bot helper"]]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"days": ""}, 400),
        ({"days": "0"}, 400),
        ({"days": "367"}, 400),
        ({"days": "99999"}, 400),
        ({"days": "٣"}, 400),
        ({"name": "a b"}, 400),
        ({"id": "nobody"}, 404),
        ({"id": "vera", "role": "operator"}, 403),
    ],
)
def test_a_token_that_cannot_be_is_refused(
    world: World, olga: Visitor, fields: dict[str, str], status: int
) -> None:
    page = ask(olga, "tokens/create", **{"name": "backup", "role": "viewer", "days": "90", **fields})
    assert page.status == status
    assert done(world.api_tokens.list_tokens()) == ()


@pytest.mark.parametrize(
    "step", ["role", "disable", "enable", "password", "totp/offer", "totp/confirm", "totp/end"]
)
def test_nobody_shuts_themselves_out_by_mistake(world: World, olga: Visitor, step: str) -> None:
    before = world.store.operators[OperatorId("olga")]
    page = ask(olga, step, id="olga", role="viewer", password=NEW)
    assert (page.status, "changed on its own page" in page.text) == (400, True)
    assert world.store.operators[OperatorId("olga")] == before
    own = olga.get("/console/operators/one?id=olga").text.split("<main")[1]
    assert "hx-post" not in own
    assert 'href="/console/account"' in own


@pytest.mark.parametrize("step", ["role", "disable", "enable", "password", "totp/offer", "totp/end"])
def test_who_is_not_there_is_not_found(olga: Visitor, step: str) -> None:
    assert ask(olga, step, id="nobody", role="viewer", password=NEW).status == 404
    assert olga.get("/console/operators/one?id=nobody").status == 404


def test_ids_and_names_are_text(world: World, olga: Visitor) -> None:
    evil = OperatorId(EVIL)
    world.store.operators[evil] = Operator(
        operator_id=evil, role=OperatorRole.VIEWER, password_hash="x", totp_secret="S", created_at_ms=0
    )
    address = "id=%3Cscript%3Ealert(%22x%22)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E"
    for path in ("", "/rows", f"/one?{address}", f"/panel?{address}"):
        page = olga.get(f"/console/operators{path}")
        assert page.status == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert wild_parts(page.text) == []
    for step in ("disable", "enable", "password", "totp/offer", "totp/end"):
        answer = ask(olga, step, id=EVIL)
        assert answer.status == 200
        assert "<script>" not in answer.text
