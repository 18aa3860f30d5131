"""An operator's own account: another password, one-time codes and tokens, in the browser."""

import re

import pytest

from naivechat.domain.operator import OperatorId
from tests.fakes import done
from tests.unit.interfaces.console.visitor import PASSWORD, Page, Visitor, World

PATH = "/console/account/password"
NEW = "another long password"


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> Page:
    return visitor.post(PATH, old=old, new=new, again=again, HX_Request="true")


@pytest.mark.parametrize("operator_id", ["olga", "vera"])
def test_everybody_may_change_the_own_password_and_logs_in_by_it(operator_id: str) -> None:
    world = World()
    visitor, elsewhere, other = (
        world.visitor(operator_id),
        world.visitor(operator_id),
        world.visitor("vera" if operator_id == "olga" else "olga"),
    )
    assert 'hx-post="/console/account/password"' in visitor.get("/console/account").text
    page = change(visitor)
    assert (page.status, page.header("hx-redirect")) == (200, "/console/login")
    assert visitor.cookies == {}
    assert elsewhere.get("/console/").status == 303
    assert other.get("/console/").status == 200
    assert world.visitor().log_in(operator_id).status == 403
    assert world.visitor().log_in(operator_id, NEW).status == 303
    entry = next(e for e in reversed(world.store.entries) if e.action == "operator.set_password")
    assert (entry.operator_id, entry.subject) == (operator_id, operator_id)
    assert NEW not in repr(world.store.entries)


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "sentence"),
    [
        ("wrong", NEW, NEW, 403, "The present password is wrong."),
        (PASSWORD, NEW, "typed otherwise", 400, "The new password was not typed the same twice."),
        (PASSWORD, "elevenchars", "elevenchars", 400, "A password needs at least 12 characters."),
        (PASSWORD, "", "", 400, "A password needs at least 12 characters."),
    ],
)
def test_a_refused_password_is_told_in_words_and_changes_nothing(
    old: str, new: str, again: str, status: int, sentence: str
) -> None:
    world = World()
    olga = world.visitor("olga")
    page = change(olga, old, new, again)
    assert page.status == status
    assert sentence in page.text
    assert olga.get("/console/").status == 200
    assert world.visitor().log_in("olga").status == 303


def test_a_browser_left_open_is_no_place_to_guess_the_password() -> None:
    olga = World().visitor("olga")
    assert [change(olga, "a guess").status for _ in range(6)] == [403] * 5 + [429]
    page = change(olga)
    assert page.status == 429
    assert "try again in 30 seconds" in page.text


def secret_in(page: Page) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page.text)
    assert found is not None, page.text
    return found[1]


def ask(visitor: Visitor, step: str, /, **fields: str) -> Page:
    return visitor.post(f"/console/account/{step}", **fields, HX_Request="true")


@pytest.mark.parametrize("operator_id", ["olga", "vera"])
def test_everybody_sets_up_one_time_codes_and_ends_them(operator_id: str) -> None:
    world = World()
    visitor, elsewhere = world.visitor(operator_id), world.visitor(operator_id)
    secret = secret_in(ask(visitor, "totp/offer"))
    assert world.store.operators[OperatorId(operator_id)].totp_secret is None
    code = f"{secret}:{world.wall.now_ms // 30_000}"
    page = ask(visitor, "totp/confirm", secret=secret, code=code, password=PASSWORD)
    assert (page.header("hx-redirect"), visitor.cookies) == ("/console/login", {})
    assert elsewhere.get("/console/").status == 303
    assert world.visitor().log_in(operator_id).status == 403
    world.wall.now_ms += 30_000
    again = world.visitor()
    assert again.log_in(operator_id, code=f"{secret}:{world.wall.now_ms // 30_000}").status == 303
    assert "End one-time codes" in again.get("/console/account").text
    assert secret not in again.get("/console/account").text
    assert ask(again, "totp/end", password=PASSWORD).header("hx-redirect") == "/console/login"
    assert world.visitor().log_in(operator_id).status == 303
    actions = [entry.action for entry in world.store.entries if entry.operator_id == operator_id]
    assert [action for action in actions if "totp" in action] == ["operator.totp_on", "operator.totp_off"]


@pytest.mark.parametrize(
    ("code", "password", "status"), [("right", "wrong", 403), ("000000", PASSWORD, 400), ("", "", 403)]
)
def test_codes_are_not_set_up_without_the_password_and_a_code(code: str, password: str, status: int) -> None:
    world = World()
    olga = world.visitor("olga")
    secret = secret_in(ask(olga, "totp/offer"))
    typed = f"{secret}:{world.wall.now_ms // 30_000}" if code == "right" else code
    page = ask(olga, "totp/confirm", secret=secret, code=typed, password=password)
    assert page.status == status
    assert world.store.operators[OperatorId("olga")].totp_secret is None
    assert olga.get("/console/").status == 200


def test_a_browser_left_open_is_no_place_to_end_codes() -> None:
    world = World()
    olga = world.visitor("olga")
    world.store.evolve(OperatorId("olga"), totp_secret="S")
    assert [ask(olga, "totp/end", password="a guess").status for _ in range(6)] == [403] * 5 + [429]
    assert ask(olga, "totp/end", password=PASSWORD).status == 429
    assert world.store.operators[OperatorId("olga")].totp_secret == "S"


@pytest.mark.parametrize(("operator_id", "roles"), [("olga", ["viewer", "operator"]), ("vera", ["viewer"])])
def test_everybody_has_tokens_of_their_own_up_to_their_role(operator_id: str, roles: list[str]) -> None:
    world = World()
    visitor = world.visitor(operator_id)
    page = visitor.get("/console/account").text
    assert re.findall(r'<option value="(\w+)">', page) == roles
    made = ask(visitor, "tokens/create", name="backup", role=roles[-1], days="30")
    acting = done(world.api_tokens.find_bearer(secret_in(made), ""))
    assert (acting.operator_id, acting.role) == (operator_id, roles[-1])
    assert "backup" in visitor.get("/console/account/tokens").text
    assert ask(visitor, "tokens/revoke", name="backup").status == 200
    assert "backup" not in visitor.get("/console/account/tokens").text


def test_a_viewers_token_does_no_operators_work_and_is_nobody_elses() -> None:
    world = World()
    vera = world.visitor("vera")
    assert ask(vera, "tokens/create", name="backup", role="operator", days="30").status == 403
    page = vera.post("/console/operators/tokens/create", id="olga", name="x", role="viewer", days="30")
    assert page.status == 403
    own = ask(vera, "tokens/create", id="olga", name="mine", role="viewer", days="30")
    assert own.status == 200
    assert [token.operator_id for token in done(world.api_tokens.list_tokens())] == ["vera"]
