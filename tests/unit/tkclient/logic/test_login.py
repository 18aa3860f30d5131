"""From the login window to the chat window and back."""

import sqlite3

import attrs
import pytest
from twisted.internet.defer import Deferred

from naivechat.client import Unverified
from naivechat.client.verification import Doubt
from naivechat.protocol.errors import NEEDS_TLS
from naivechat.protocol.message import TypingNotice
from naivechat.protocol.session import (
    KickedNotice,
    LoginRequest,
    LogoutRequest,
    OkResponse,
    ReconnectRequest,
    RegisterRequest,
)
from tests.logs import logged_errors
from tests.unit.client.fake_node import NOW_MS, TOKEN, friend, push, talk
from tests.unit.tkclient.logic.stage import LI, SERVER, Stage
from tkclient.interfaces import LoginForm
from tkclient.logic.login import trouble_of
from tkclient.model.connection import Connection
from tkclient.model.last_login import LastLogin

ME = f"me@{SERVER}"


def test_the_window_begins_with_what_is_known(stage: Stage) -> None:
    stage.choices.last_login = LastLogin(server=SERVER, user_id="me", nickname="Me")
    stage.begin()
    expected = LoginForm(server=SERVER, user_id="me", nickname="Me", can_remember=True)
    assert (stage.login_ui.form, stage.login_ui.told) == (expected, ["show"])


def test_what_is_given_goes_before_what_was_kept(stage: Stage) -> None:
    stage.secrets.tokens[ME] = TOKEN
    stage.choices.last_login = LastLogin(server=SERVER, user_id="me", nickname="Me", remember=True)
    stage.begin(user_id="li")
    assert stage.login_ui.form == LoginForm(server=SERVER, user_id="li", can_remember=True)


def test_a_login_by_password_opens_the_chat_window(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(f" {SERVER} ", " me ", "secret pw", False)
    request = stage.node.log_in(friends=(friend(),), talks=(talk(),))
    assert isinstance(request, LoginRequest)
    assert (request.user_id, request.password) == ("me", "secret pw")
    assert stage.login_ui.told == ["show", "busy", "success"]
    ui = stage.ui
    assert (ui.is_shown, ui.connection, ui.user.nickname) == (True, Connection.ONLINE, "Me")
    assert ([row.name for row in ui.rows], list(ui.friends)) == (["Li"], ["li"])
    assert stage.choices.last_login == LastLogin(server=SERVER, user_id="me", nickname="Me")


def test_a_login_that_the_program_was_started_with_needs_no_window(stage: Stage) -> None:
    stage.secrets.waiting = Deferred()
    stage.begin(server=SERVER, user_id="me")
    stage.login_ui.events.login("", "", "secret pw", False)
    assert stage.node.log_in().user_id == "me"
    assert stage.ui.is_shown


def test_who_is_turned_away_by_a_node_that_ends_may_try_again(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.node.accept()
    stage.node.say(KickedNotice(reason="shutdown", message="over"))
    stage.node.lose()
    assert stage.login_ui.told[-1] == "UNREACHABLE"


@pytest.mark.parametrize("code", ["AUTH_FAILED", "DISABLED", "RATE_LIMITED"])
def test_a_refused_login_says_why_and_leaves_no_file(stage: Stage, code: str) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "me", "wrong pw", False)
    stage.node.accept()
    stage.node.refuse_request(stage.node.take_one(LoginRequest), code, 4000)
    trouble = stage.login_ui.trouble
    assert trouble is not None and (trouble.code, trouble.retry_after_ms) == (code, 4000)
    stage.settle()
    assert not stage.folders.store_path(SERVER, "me").exists()
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.node.log_in()
    assert stage.ui.is_shown


def test_a_node_that_takes_no_password_without_tls_is_said(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.node.accept()
    stage.node.refuse_request(stage.node.take_one(LoginRequest), "FORBIDDEN")
    assert stage.login_ui.told[-1] == "NEEDS_TLS"


@pytest.mark.parametrize("doubt", [doubt.name for doubt in Doubt])
def test_why_a_node_is_not_believed_is_said(doubt: str) -> None:
    assert trouble_of(Unverified("because", doubt)).code == f"UNVERIFIED_{doubt}"


def test_a_node_that_is_away_is_said(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.node.refuse()
    assert stage.login_ui.told == ["show", "busy", "UNREACHABLE"]


def test_an_address_that_cannot_be_read_is_said(stage: Stage) -> None:
    stage.begin()
    for way in ("login", "register"):
        getattr(stage.login_ui.events, way)("host:x", "me", "secret pw", "Me")
        assert stage.login_ui.told[-1] == "BAD_ADDRESS"


def test_a_login_that_was_given_up_tells_nothing_more(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.node.accept()
    stage.login_ui.events.cancel()
    stage.settle()
    assert (stage.login_ui.told, stage.chats) == (["show", "busy"], [])
    stage.end()


def test_a_second_attempt_takes_the_place_of_the_first(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.login(SERVER, "li", "secret pw", False)
    stage.login_ui.events.login(SERVER, "me", "secret pw", False)
    stage.settle()
    request = stage.node.log_in()
    assert request.user_id == "me"
    assert len(stage.chats) == 1


def test_who_registers_is_logged_in(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.register(SERVER, "me", "secret pw", "Me")
    stage.node.accept()
    request = stage.node.take_one(RegisterRequest)
    assert (request.user_id, request.nickname) == ("me", "Me")
    stage.node.say(OkResponse(rid=request.rid))
    stage.node.lose()
    assert isinstance(stage.node.log_in(), LoginRequest)
    assert stage.login_ui.told == ["show", "busy", "success"]


def test_a_name_that_is_taken_is_said(stage: Stage) -> None:
    stage.begin()
    stage.login_ui.events.register(SERVER, "me", "secret pw", "Me")
    stage.node.accept()
    stage.node.refuse_request(stage.node.take_one(RegisterRequest), "USER_EXISTS")
    stage.node.lose()
    assert stage.login_ui.told[-1] == "USER_EXISTS"


@pytest.mark.parametrize(
    ("message", "code"),
    [(NEEDS_TLS, "NEEDS_TLS"), ("This node takes no registrations: ask its operator.", "FORBIDDEN")],
)
def test_a_registration_without_tls_is_told_from_one_that_is_closed(
    stage: Stage, message: str, code: str
) -> None:
    stage.begin()
    stage.login_ui.events.register(SERVER, "me", "secret pw", "Me")
    stage.node.accept()
    stage.node.refuse_request(stage.node.take_one(RegisterRequest), "FORBIDDEN", message=message)
    stage.node.lose()
    assert stage.login_ui.told[-1] == code


class TestRemembering:
    def test_the_token_is_kept_where_secrets_are_and_not_in_the_file(self, stage: Stage) -> None:
        stage.enter(remember=True)
        assert stage.secrets.tokens == {ME: TOKEN}
        assert TOKEN not in stage.folders.store_path(SERVER, "me").read_bytes()
        stage.end()
        assert TOKEN not in stage.folders.store_path(SERVER, "me").read_bytes()
        assert stage.choices.last_login.remember

    def test_the_next_run_shows_everything_before_the_node_answers(self, stage: Stage) -> None:
        stage.enter(remember=True, friends=(friend(),), talks=(talk(),))
        stage.node.say(push(1))
        stage.end()
        stage.begin()
        assert (stage.login_ui.told, stage.ui.connection) == (["success"], Connection.CONNECTING)
        assert [(row.name, row.unread, row.last and row.last.text) for row in stage.ui.rows] == [
            ("Li", 1, "text 1")
        ]
        stage.ui.select(LI)
        assert stage.ui.texts(LI) == ["text 1"]
        assert isinstance(stage.node.log_in(talks=(talk(last_seq=1, unread=1),)), ReconnectRequest)
        assert stage.ui.connection is Connection.ONLINE

    def test_a_node_that_is_away_at_the_start_is_waited_for(self, stage: Stage) -> None:
        stage.enter(remember=True)
        stage.end()
        stage.begin()
        stage.node.refuse()
        assert stage.ui.connection is Connection.CONNECTING
        stage.reactor.advance(3)
        stage.node.log_in()
        assert stage.ui.connection is Connection.ONLINE

    def test_a_token_that_has_expired_leads_to_the_login_window(self, stage: Stage) -> None:
        stage.enter(remember=True)
        stage.end()
        stage.begin()
        stage.node.accept()
        stage.node.refuse_request(stage.node.take_one(ReconnectRequest), "TOKEN_EXPIRED")
        assert stage.chats[-1].is_closed
        assert (stage.login_ui.told, stage.login_ui.form.user_id) == (
            ["success", "show", "TOKEN_EXPIRED"],
            "me",
        )
        assert (stage.secrets.tokens, stage.choices.last_login.remember) == ({}, False)

    def test_a_token_that_is_gone_asks_for_the_password(self, stage: Stage) -> None:
        stage.choices.last_login = LastLogin(server=SERVER, user_id="me", remember=True)
        stage.begin()
        assert stage.login_ui.told == ["show", "TOKEN_EXPIRED"]

    def test_without_a_place_for_secrets_nothing_is_remembered(self, stage: Stage) -> None:
        stage.secrets.is_there = False
        stage.enter(remember=True)
        assert (stage.login_ui.form.can_remember, stage.secrets.tokens) == (False, {})
        assert not stage.choices.last_login.remember

    def test_a_place_for_secrets_that_asks_the_user_lets_the_window_be_seen(self, stage: Stage) -> None:
        stage.enter(remember=True)
        stage.end()
        stage.secrets.waiting = Deferred()
        stage.begin()
        assert stage.login_ui.told == []
        stage.reactor.advance(1)
        assert stage.login_ui.told == ["show", "busy"]
        stage.secrets.waiting.callback(None)
        assert stage.login_ui.told[-1] == "success"

    def test_a_token_without_anything_kept_logs_in_first(self, stage: Stage) -> None:
        stage.choices.last_login = LastLogin(server=SERVER, user_id="me", remember=True)
        stage.secrets.tokens[ME] = TOKEN
        stage.begin()
        assert stage.chats == []
        stage.node.log_in()
        assert stage.ui.is_shown

    def test_who_does_not_want_to_be_remembered_gives_the_token_back_at_the_end(self, stage: Stage) -> None:
        stage.secrets.tokens[ME] = b"older"
        stage.enter()
        stage.events.quit()
        stage.node.ok(stage.node.take_one(LogoutRequest))
        stage.settle()
        assert (stage.secrets.tokens, stage.quits) == ({}, 1)


class TestEnding:
    def test_logging_out_gives_the_token_back_and_shows_the_login_window(self, stage: Stage) -> None:
        stage.enter(remember=True)
        stage.events.logout()
        stage.node.ok(stage.node.take_one(LogoutRequest))
        stage.settle()
        assert stage.chats[-1].is_closed
        assert (stage.login_ui.told[-1], stage.login_ui.form.user_id) == ("show", "me")
        assert (stage.secrets.tokens, stage.choices.last_login.remember) == ({}, False)
        stage.login_ui.events.login(SERVER, "me", "secret pw", False)
        stage.node.log_in()
        assert stage.ui.is_shown

    def test_a_node_that_hangs_does_not_keep_the_user_from_leaving(self, stage: Stage) -> None:
        stage.enter()
        stage.events.quit()
        stage.settle()
        assert stage.quits == 1
        assert stage.reactor.getDelayedCalls() == []

    @pytest.mark.parametrize("reason", ["replaced", "admin", "disabled", "expired"])
    def test_who_is_kicked_is_told_why_and_may_log_in_again(self, stage: Stage, reason: str) -> None:
        stage.enter(remember=True)
        stage.node.say(KickedNotice(reason=reason, message="because"))  # type: ignore[arg-type]
        stage.settle()
        assert stage.chats[-1].is_closed
        trouble = stage.login_ui.trouble
        assert trouble is not None and trouble.code == f"KICKED_{reason.upper()}"
        assert stage.login_ui.form.remember is (reason == "replaced")
        stage.login_ui.events.login(SERVER, "me", "" if reason == "replaced" else "secret pw", True)
        stage.node.log_in()
        assert stage.ui.is_shown

    def test_ending_while_a_login_is_under_way_leaves_nothing(self, stage: Stage) -> None:
        stage.begin()
        stage.login_ui.events.login(SERVER, "me", "secret pw", False)
        stage.node.accept()
        stage.end()
        assert not stage.folders.store_path(SERVER, "me").exists()

    def test_what_the_old_window_still_raises_harms_nothing(self, stage: Stage) -> None:
        events = stage.enter().events
        events.logout()
        events.logout()
        events.send(LI, "late")
        stage.settle()
        assert len(stage.chats) == 1

    def test_a_click_on_a_notification_brings_the_dialogue_up(self, stage: Stage) -> None:
        stage.begin()
        stage.desktop.bring_up(LI)
        stage.login_ui.events.login(SERVER, "me", "secret pw", False)
        stage.node.log_in(talks=(talk(),))
        stage.desktop.bring_up(LI)
        assert stage.ui.selected == LI
        stage.desktop.bring_up(attrs.evolve(stage.ui.talks[LI]).key._replace(talk_id="gone"))
        assert stage.ui.selected == LI

    def test_what_waits_at_the_end_is_told_no_more(self, stage: Stage) -> None:
        stage.enter(friends=(friend(),), talks=(talk(),), server_time=NOW_MS + 1)
        stage.node.say(push(1), TypingNotice(talk_type=0, talk_id="li", user_id="li"))
        stage.end()
        assert stage.chats[-1].notified == []

    def test_a_fault_in_what_the_user_asked_for_is_said_and_logged(self, stage: Stage) -> None:
        events = stage.enter().events
        events.remove_friend("\ud800")
        assert stage.ui.codes == ["remove_friend INTERNAL"]
        assert logged_errors.flush(ValueError)


class TestTheFile:
    def test_a_damaged_one_is_set_aside(self, stage: Stage) -> None:
        path = stage.folders.store_path(SERVER, "me")
        path.write_bytes(b"this is no database, but long enough to be looked at as one" * 99)
        stage.enter()
        assert stage.ui.is_shown
        assert path.with_suffix(".damaged").exists()

    def test_one_of_a_later_version_is_left_alone_and_said(self, stage: Stage) -> None:
        later = sqlite3.connect(stage.folders.store_path(SERVER, "me"))
        later.execute("PRAGMA user_version = 99")
        later.close()
        stage.begin()
        stage.login_ui.events.login(SERVER, "me", "secret pw", False)
        trouble = stage.login_ui.trouble
        assert trouble is not None and (trouble.code, bool(trouble.detail)) == ("LOCAL_FILE", True)


def test_the_reconnection_looks_after_three_seconds_then_five_and_ever_more_seldom(stage: Stage) -> None:
    stage.enter(server_time=NOW_MS)
    stage.node.lose()
    attempts = len(stage.reactor.tcpClients)
    for delay_s in (3, 5, 25 / 3, 125 / 9):
        stage.reactor.advance(delay_s - 0.1)
        assert len(stage.reactor.tcpClients) == attempts
        stage.reactor.advance(0.2)
        attempts += 1
        assert len(stage.reactor.tcpClients) == attempts
        assert stage.ui.connection is Connection.CONNECTING
        stage.node.refuse()
    stage.reactor.advance(61)
    stage.node.log_in()
    assert stage.ui.connection is Connection.ONLINE
