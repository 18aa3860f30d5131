"""Logging in to the console: who gets in, for how long, and what becomes of whoever guesses."""

from typing import Any

import attrs
import pytest

from naivechat.application.operator_logins import hash_of
from naivechat.domain.errors import (
    AuthFailed,
    Disabled,
    RateLimited,
    TokenExpired,
    Unavailable,
    WeakPassword,
)
from naivechat.domain.operator import (
    COMMAND_LINE,
    IDLE_MS,
    LONGEST_SESSION_MS,
    MOST_SESSIONS,
    TOUCH_EVERY_MS,
    OperatorId,
    OperatorRole,
)
from tests.fakes import done
from tests.operator_fakes import (
    ADDRESS,
    PASSWORD,
    MemoryOperators,
    MemoryOperatorSessions,
    OperatorWorld,
)

ANN = OperatorId("ann")


@pytest.fixture
def world() -> OperatorWorld:
    world = OperatorWorld()
    world.operator("ann")
    return world


def is_in(world: OperatorWorld, session_token: str) -> bool:
    try:
        done(world.logins.find_seat(session_token, ADDRESS))
    except TokenExpired:
        return False
    return True


def fail(world: OperatorWorld, operator_id: str = "ann", address: str = ADDRESS) -> type[Exception]:
    """How a login with a wrong password is refused."""
    with pytest.raises((AuthFailed, RateLimited)) as refused:
        done(world.logins.log_in(operator_id, "a wrong password", "", address))
    return refused.type


def test_nobody_gets_in_before_there_is_an_operator() -> None:
    world = OperatorWorld()
    for operator_id in ("", "admin", "root"):
        with pytest.raises(AuthFailed):
            world.log_in(operator_id, "")
    assert world.hasher.verified == [None] * 3


def test_a_login_gives_a_token_of_which_only_the_hash_is_stored(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    assert len(seat.session_token) == 43
    (session,) = world.store.sessions.values()
    assert session.session_hash == hash_of(seat.session_token)
    assert seat.session_token not in repr((seat, world.store))
    assert (session.from_address, seat.expires_at_ms) == (ADDRESS, world.clock.now_ms + LONGEST_SESSION_MS)
    assert world.written() == [("ann", "operator.login", "ann")]


def test_a_request_is_the_operators_from_its_own_address(world: OperatorWorld) -> None:
    seat = done(world.logins.find_seat(world.log_in("ann").session_token, "192.0.2.99"))
    assert (seat.acting.operator_id, seat.acting.from_address) == ("ann", "192.0.2.99")
    assert seat.acting.may_change


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "é" * 43])
def test_a_token_that_was_never_given_is_nobodys(world: OperatorWorld, token: str) -> None:
    world.log_in("ann")
    assert not is_in(world, token)


def test_every_login_gets_a_token_of_its_own_and_ends_the_one_brought_along(world: OperatorWorld) -> None:
    first = world.log_in("ann")
    elsewhere = world.log_in("ann")
    second = world.log_in("ann", instead_of=first.session_token)
    assert len({first.session_token, elsewhere.session_token, second.session_token}) == 3
    assert [is_in(world, seat.session_token) for seat in (first, elsewhere, second)] == [False, True, True]


def test_a_token_that_was_planted_in_a_browser_is_of_no_use(world: OperatorWorld) -> None:
    seat = world.log_in("ann", instead_of="planted by somebody")
    assert seat.session_token != "planted by somebody"
    assert not is_in(world, "planted by somebody")


def test_a_session_that_is_not_used_ends(world: OperatorWorld) -> None:
    token = world.log_in("ann").session_token
    world.clock.now_ms += IDLE_MS - 1
    assert is_in(world, token)
    world.clock.now_ms += IDLE_MS
    assert not is_in(world, token)


def test_a_session_that_is_used_all_the_time_ends_after_twelve_hours(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    while world.clock.now_ms + IDLE_MS // 2 < seat.expires_at_ms:
        world.clock.now_ms += IDLE_MS // 2
        assert is_in(world, seat.session_token)
    world.clock.now_ms = seat.expires_at_ms
    assert not is_in(world, seat.session_token)


def test_a_use_is_noted_once_a_minute(world: OperatorWorld) -> None:
    token, start_ms = world.log_in("ann").session_token, world.clock.now_ms
    for passed_ms, noted_ms in ((TOUCH_EVERY_MS - 1, 0), (TOUCH_EVERY_MS, TOUCH_EVERY_MS)):
        world.clock.now_ms = start_ms + passed_ms
        done(world.logins.find_seat(token, ADDRESS))
        (session,) = world.store.sessions.values()
        assert session.last_used_at_ms == start_ms + noted_ms


def test_what_an_open_page_asks_by_itself_keeps_no_session_alive(world: OperatorWorld) -> None:
    token = world.log_in("ann").session_token
    for _ in range(29):
        world.clock.now_ms += IDLE_MS // 30
        assert done(world.logins.find_seat(token, ADDRESS, is_use=False))
    world.clock.now_ms += IDLE_MS // 30
    assert not is_in(world, token)


def test_a_logout_ends_the_session_for_whoever_has_its_token(world: OperatorWorld) -> None:
    seat, other = world.log_in("ann"), world.log_in("ann")
    done(world.logins.log_out(seat))
    done(world.logins.log_out(seat))
    assert [is_in(world, s.session_token) for s in (seat, other)] == [False, True]
    assert world.written()[2:] == [("ann", "operator.logout", "ann")]


def test_of_many_sessions_the_one_not_used_longest_ends(world: OperatorWorld) -> None:
    seats = []
    for _ in range(MOST_SESSIONS):
        seats.append(world.log_in("ann"))
        world.clock.now_ms += TOUCH_EVERY_MS
    assert is_in(world, seats[0].session_token)
    seats.append(world.log_in("ann"))
    assert [is_in(world, seat.session_token) for seat in seats] == [True, False] + [True] * (
        MOST_SESSIONS - 1
    )


def test_a_csrf_token_belongs_to_one_session(world: OperatorWorld) -> None:
    one, other = world.log_in("ann"), world.log_in("ann")
    again = done(world.logins.find_seat(one.session_token, ADDRESS))
    assert again.csrf_token == one.csrf_token
    assert again.is_csrf_token(one.csrf_token)
    for text in (other.csrf_token, "", one.session_token, one.csrf_token[:-1], "\ud800"):
        assert not one.is_csrf_token(text)


def test_unknown_wrong_and_disabled_look_alike_and_cost_alike(world: OperatorWorld) -> None:
    world.operator("off")
    world.store.evolve(OperatorId("off"), disabled=True)
    sentences = set()
    for operator_id, password in (("nobody", "x"), ("ann", "x"), ("off", "x"), ("off", PASSWORD)):
        with pytest.raises(AuthFailed) as refused:
            world.log_in(operator_id, password)
        sentences.add(refused.value.message)
    assert len(sentences) == 1
    assert len(world.hasher.verified) == 4


def test_failures_are_written_down_with_the_reason_and_the_address(world: OperatorWorld) -> None:
    world.operator("off")
    world.store.evolve(OperatorId("off"), disabled=True)
    world.with_code(ANN)
    for operator_id, password, code in (
        ("my password by mistake", "x", ""),
        ("ann", "x", ""),
        ("ann", PASSWORD, "000000"),
        ("off", PASSWORD, ""),
    ):
        with pytest.raises(AuthFailed):
            world.log_in(operator_id, password, code)
    seen = [(entry.subject, entry.detail["reason"]) for entry in world.store.entries]
    assert seen == [("", "unknown"), ("ann", "password"), ("ann", "code"), ("off", "disabled")]
    assert {(e.action, e.operator_id, e.from_address) for e in world.store.entries} == {
        ("operator.login_failed", "", ADDRESS)
    }
    assert "by mistake" not in repr(world.store.entries)


def test_a_code_is_asked_for_where_the_operator_has_a_secret(world: OperatorWorld) -> None:
    world.with_code(ANN)
    for code in ("", "SECRET:1", "OTHER:1"):
        with pytest.raises(AuthFailed):
            world.log_in("ann", code=code)
    assert world.log_in("ann", code=world.code())


def test_a_code_is_good_once_and_none_of_an_earlier_step_after_it(world: OperatorWorld) -> None:
    world.with_code(ANN)
    earlier = world.code()
    world.clock.now_ms += 30_000
    code = world.code()
    assert world.log_in("ann", code=code)
    for used in (code, earlier):
        with pytest.raises(AuthFailed):
            world.log_in("ann", code=used)
    assert [entry.detail["reason"] for entry in world.store.entries[1:]] == ["code used before"] * 2
    world.clock.now_ms += 30_000
    assert world.log_in("ann", code=world.code())


def test_after_five_failures_an_account_has_to_wait_longer_each_time(world: OperatorWorld) -> None:
    assert [fail(world) for _ in range(5)] == [AuthFailed] * 5
    for wait_ms in (30_000, 60_000, 120_000):
        with pytest.raises(RateLimited) as refused:
            world.log_in("ann")
        assert refused.value.retry_after_ms == wait_ms
        world.clock.now_ms += wait_ms
        assert fail(world) is AuthFailed
    world.clock.now_ms += 240_000
    assert world.log_in("ann")
    assert fail(world) is AuthFailed


def test_while_one_waits_no_password_is_looked_at(world: OperatorWorld) -> None:
    for _ in range(5):
        fail(world)
    world.hasher.verified.clear()
    for _ in range(9):
        assert fail(world) is RateLimited
    assert world.hasher.verified == []


def test_a_lock_out_ends_no_session(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    for _ in range(6):
        fail(world)
    assert is_in(world, seat.session_token)


def test_a_wait_is_written_down_once_however_often_it_is_run_into(world: OperatorWorld) -> None:
    for _ in range(20):
        fail(world)
    assert [entry.action for entry in world.store.entries].count("operator.locked_out") == 1
    last = world.store.entries[-1]
    assert (last.subject, last.from_address, dict(last.detail)) == ("ann", ADDRESS, {"wait_ms": 30_000})
    world.clock.now_ms += 30_000
    fail(world)
    fail(world)
    assert [entry.action for entry in world.store.entries].count("operator.locked_out") == 2


def test_an_unknown_account_has_to_wait_as_a_known_one(world: OperatorWorld) -> None:
    known = [fail(world, "ann", "192.0.2.1") for _ in range(7)]
    unknown = [fail(world, "nobody", "192.0.2.2") for _ in range(7)]
    assert known == unknown == [AuthFailed] * 5 + [RateLimited] * 2


def test_an_address_that_tries_many_names_has_to_wait_and_others_do_not(world: OperatorWorld) -> None:
    tried = [fail(world, f"name{n}") for n in range(25)]
    assert tried == [AuthFailed] * 20 + [RateLimited] * 5
    assert [entry.action for entry in world.store.entries].count("operator.locked_out") == 1
    assert done(world.logins.log_in("ann", PASSWORD, "", "192.0.2.200"))


def test_storage_that_is_away_is_nobodys_failure(world: OperatorWorld) -> None:
    class Away(MemoryOperators):
        async def find(self, operator_id: OperatorId) -> Any:
            raise Unavailable

    away = world.logins_with(Away(world.store), MemoryOperatorSessions(world.store))
    for _ in range(30):
        with pytest.raises(Unavailable):
            done(away.log_in("ann", PASSWORD, "", ADDRESS))
    assert world.log_in("ann")


@pytest.mark.parametrize("change", [{"password_hash": "new:changed"}, {"disabled": True}])
def test_a_login_that_a_change_overtakes_gets_no_session(
    world: OperatorWorld, change: dict[str, object]
) -> None:
    class Overtaken(MemoryOperatorSessions):
        async def add(self, *args: Any, **given: Any) -> None:
            world.store.evolve(ANN, **change)
            await super().add(*args, **given)

    logins = world.logins_with(MemoryOperators(world.store), Overtaken(world.store))
    with pytest.raises(AuthFailed) as refused:
        done(logins.log_in("ann", PASSWORD, "", ADDRESS))
    assert not isinstance(refused.value, Disabled)
    assert not world.store.sessions


def test_a_session_left_to_a_disabled_operator_is_of_no_use(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    world.store.evolve(ANN, disabled=True)
    assert not is_in(world, seat.session_token)


def test_a_hash_of_older_parameters_is_renewed_and_one_changed_meanwhile_stays(world: OperatorWorld) -> None:
    world.store.evolve(ANN, password_hash=f"old:{PASSWORD}")
    assert world.log_in("ann")
    assert world.store.operators[ANN].password_hash == f"new:{PASSWORD}"

    class Changed(MemoryOperators):
        async def rehash_password(self, operator_id: OperatorId, password_hash: str, **_: str) -> bool:
            self.store.evolve(operator_id, password_hash="new:changed meanwhile")
            return False

    world.store.evolve(ANN, password_hash=f"old:{PASSWORD}")
    logins = world.logins_with(Changed(world.store), MemoryOperatorSessions(world.store))
    with pytest.raises(AuthFailed):
        done(logins.log_in("ann", PASSWORD, "", ADDRESS))
    assert world.store.operators[ANN].password_hash == "new:changed meanwhile"


def test_a_viewer_changes_the_own_password_and_logs_in_anew(world: OperatorWorld) -> None:
    world.operator("vic", OperatorRole.VIEWER)
    seat = world.log_in("vic")
    with pytest.raises(WeakPassword):
        done(world.logins.change_password(seat, PASSWORD, "short"))
    with pytest.raises(AuthFailed):
        done(world.logins.change_password(seat, "a wrong password", "another password"))
    done(world.logins.change_password(seat, PASSWORD, "another password"))
    assert not is_in(world, seat.session_token)
    assert world.log_in("vic", "another password")
    assert ("vic", "operator.set_password", "vic") in world.written()


def test_a_stolen_session_is_no_place_to_guess_the_password(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    for _ in range(5):
        with pytest.raises(AuthFailed):
            done(world.logins.change_password(seat, "a wrong password", "another password"))
    with pytest.raises(RateLimited):
        done(world.logins.change_password(seat, PASSWORD, "another password"))


def test_an_own_password_undoes_no_newer_one(world: OperatorWorld) -> None:
    seat = world.log_in("ann")

    class Overtaken(MemoryOperators):
        async def set_password_hash(self, operator_id: OperatorId, *args: Any, **given: Any) -> None:
            self.store.evolve(operator_id, password_hash="new:of the command line")
            await super().set_password_hash(operator_id, *args, **given)

    logins = world.logins_with(Overtaken(world.store), MemoryOperatorSessions(world.store))
    with pytest.raises(AuthFailed):
        done(logins.change_password(seat, PASSWORD, "another password"))
    assert world.store.operators[ANN].password_hash == "new:of the command line"


def test_tokens_are_random_by_themselves(world: OperatorWorld) -> None:
    logins = attrs.evolve(world.logins, make_token=attrs.fields(type(world.logins))._make_token.default)
    tokens = {done(logins.log_in("ann", PASSWORD, "", ADDRESS)).session_token for _ in range(3)}
    assert [len(token) for token in tokens] == [43, 43, 43]


def test_the_command_line_is_not_asked_to_log_in(world: OperatorWorld) -> None:
    done(world.operators.set_password(COMMAND_LINE, ANN, "another password"))
    assert world.log_in("ann", "another password")
