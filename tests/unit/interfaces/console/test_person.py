"""One user in the browser: devices and sessions, and what operators do to an account."""

import re

import pytest

from naivechat.domain.audit import AuditAction
from naivechat.domain.directory import OPERATORS
from naivechat.domain.errors import AuthFailed
from naivechat.domain.events import SessionsEnded
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.session import Actor, EndReason
from naivechat.domain.user import Account, UserId
from tests import fakes
from tests.fakes import done
from tests.unit.interfaces.console.test_pages import rows
from tests.unit.interfaces.console.test_people import come
from tests.unit.interfaces.console.visitor import World

ANN = UserId("ann")
ONE = "/console/users/one?id=ann"


@pytest.fixture
def world() -> World:
    """Ann, who is connected by her desktop and may come back by her phone."""
    world = World()
    world.chat.person("ann")
    for device in ("desktop", "phone"):
        done(world.chat.sessions.login(ANN, "password", device))
    come(world, "ann", "beta")
    world.chat.published()
    return world


def refused(world: World, path: str, **fields: str) -> tuple[int, str]:
    page = world.visitor("olga").post(path, HX_Request="true", **fields)
    return page.status, re.sub(r"<[^>]+>", "", page.text).strip()


def test_a_device_shows_where_it_is_connected_and_until_when_it_may_come_back(world: World) -> None:
    text = world.visitor("vera").get(ONE).text
    desktop, phone = rows(text)
    assert desktop[:4] == ["desktop", "beta", "192.0.2.9", "1970-01-01T00:00:01Z"]
    assert desktop[4:] == ["2023-11-14T22:13:20Z", "2023-12-14T22:13:20Z"]
    assert phone[:4] == ["phone", "–", "–", "–"]


def test_a_session_whose_token_is_gone_is_shown_all_the_same(world: World) -> None:
    come(world, "ann", "gamma", "tablet")
    assert [row[0] for row in rows(world.visitor("vera").get(ONE).text)] == ["desktop", "phone", "tablet"]


def test_viewers_see_a_user_and_no_switches(world: World) -> None:
    for path in (ONE, "/console/users", "/console/users/panel?id=ann"):
        main = world.visitor("vera").get(path).text.split("<main")[-1]
        assert "hx-post" not in main
        assert "users/add" not in main


def test_whoever_does_not_exist_has_no_page(world: World) -> None:
    olga = world.visitor("olga")
    for wrong in ("nobody", "", "ANN", "an%25", "a%20n", "%00", "%E6%9D%8E", "x" * 5_000):
        page = olga.get(f"/console/users/one?id={wrong}")
        assert (page.status, "There is no user" in page.text) == (404, True)


def test_a_password_is_set_and_all_sessions_end(world: World) -> None:
    page = world.visitor("olga").post("/console/users/password", id="ann", password="another password")
    assert (page.status, page.header("hx-trigger")) == (200, "changed")
    assert "ann has another password, and is logged in nowhere." in page.text
    assert "another password" not in page.text.replace("has another password", "")
    assert done(world.chat.accounts.authenticate(ANN, "another password")).user.user_id == ANN
    assert world.chat.published() == [SessionsEnded(user_id=ANN, reason=EndReason.ADMIN)]
    assert (world.actions()[-1], world.store.entries[-1].detail) == (AuditAction.USER_SET_PASSWORD, {})


def test_a_password_that_is_made_up_is_shown_once(world: World) -> None:
    page = world.visitor("olga").post("/console/users/password", id="ann", password="")
    ((password,),) = [re.findall(r'class="secret">([^<]+)<', page.text)]
    assert done(world.chat.accounts.authenticate(ANN, password)).user.user_id == ANN
    with pytest.raises(AuthFailed):
        done(world.chat.accounts.authenticate(ANN, "password"))


def test_a_user_is_disabled_and_enabled_again(world: World) -> None:
    olga = world.visitor("olga")
    assert "ann can no longer log in." in olga.post("/console/users/disable", id="ann").text
    assert world.chat.store.accounts[ANN].disabled
    panel = olga.get("/console/users/panel?id=ann").text
    assert ("Disabled</span>" in panel, "users/enable" in panel) == (True, True)
    assert "ann can log in again." in olga.post("/console/users/enable", id="ann").text
    assert not world.chat.store.accounts[ANN].disabled
    assert world.actions()[-2:] == [AuditAction.USER_DISABLE, AuditAction.USER_ENABLE]


def test_one_device_is_logged_out_or_all_of_them(world: World) -> None:
    olga = world.visitor("olga")
    assert "ann was logged out on phone." in olga.post("/console/users/kick", id="ann", device="phone").text
    assert [token.device for token in world.chat.store.tokens.values()] == ["desktop"]
    assert "ann was logged out everywhere." in olga.post("/console/users/kick", id="ann").text
    assert world.chat.store.tokens == {}
    assert world.chat.published() == [
        SessionsEnded(user_id=ANN, reason=EndReason.ADMIN, device="phone"),
        SessionsEnded(user_id=ANN, reason=EndReason.ADMIN),
    ]
    assert world.actions()[-2:] == [AuditAction.USER_KICK] * 2


@pytest.mark.parametrize("act", ["password", "disable", "enable", "kick"])
def test_what_is_done_to_nobody_is_refused_and_written_down(world: World, act: str) -> None:
    status, _ = refused(world, f"/console/users/{act}", id="nobody", password="another password")
    assert status == 404
    assert (world.store.entries[-1].subject, world.store.entries[-1].detail["refused"]) == (
        "nobody",
        "NOT_FOUND",
    )


def test_a_weak_password_is_refused(world: World) -> None:
    assert refused(world, "/console/users/password", id="ann", password="short") == (
        409,
        "A password needs at least 8 characters.",
    )
    assert done(world.chat.accounts.authenticate(ANN, "password")).user.user_id == ANN


def test_nobody_is_let_in_to_the_operators_own_account(world: World) -> None:
    done(fakes.MemoryUsers(world.chat.store).add(Account(user=OPERATORS, password_hash="", disabled=True)))
    for act in ("password", "enable"):
        status, reason = refused(world, f"/console/users/{act}", id=OPERATORS.user_id)
        assert (status, reason) == (
            403,
            "Operators write in the name of this account: nobody logs in to it.",
        )


def test_while_the_audit_log_is_away_it_is_said(world: World) -> None:
    olga = world.visitor("olga")
    world.log.down.append(True)
    assert olga.post("/console/users/kick", id="ann").status == 503


def test_the_navigation_says_to_which_list_a_users_page_belongs(world: World) -> None:
    vera = world.visitor("vera")
    assert '<a href="/console/users" aria-current="true">' in vera.get(ONE).text
    assert '<a href="/console/users" aria-current="page">' in vera.get("/console/users").text


def test_friends_and_groups_are_counted_and_what_was_done_is_looked_up(world: World) -> None:
    ann, bob = world.chat.store.accounts[ANN].user, world.chat.person("bob")
    world.chat.befriend(Actor(user=ann), bob)
    world.chat.group_of(bob, Actor(user=ann))
    vera = world.visitor("vera")
    text = vera.get(ONE).text
    assert re.findall(r"<dt>(Friends|Groups)</dt><dd>(\d+)", text) == [("Friends", "1"), ("Groups", "1")]
    world.visitor("olga").post("/console/users/kick", id="ann")
    assert [row[2] for row in rows(vera.get("/console/audit?subject=ann").text)] == ["user.kick"]
    assert 'href="/console/audit?subject=ann"' in text


def test_a_bot_is_called_so_and_is_given_no_password(world: World) -> None:
    done(world.desk.bots.create(COMMAND_LINE, UserId("echo"), "Echo"))
    olga = world.visitor("olga")
    text = olga.get("/console/users/one?id=echo").text
    assert ("Bot</span>" in text, "users/password" in text, "users/disable" in text) == (True, False, True)
    listed = {row[1]: row[2] for row in rows(olga.get("/console/users").text)}
    assert ("Bot" in listed["echo"], "Bot" in listed["ann"]) == (True, False)
