"""How often an address may try to come in."""

import pytest

from naivechat.application.entry_guard import EntryGuard
from naivechat.domain.errors import (
    AuthFailed,
    ChatError,
    Disabled,
    RateLimited,
    Unavailable,
    UserExists,
    WeakPassword,
)
from naivechat.domain.limits import Limits

MINUTE_S = 60.0
HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"


class Door:
    """A guard, and people who try."""

    def __init__(self, limits: Limits | None = None, *, most_kept: int = 10_000) -> None:
        self.now_s = 1_000.0
        self.exhausted: list[tuple[str, str]] = []
        self.guard = EntryGuard(
            limits or Limits(),
            lambda: self.now_s,
            exhausted=lambda *what: self.exhausted.append(what),
            most_kept=most_kept,
        )

    def log_in(self, user_id: str = "li", address: str = HERE, error: ChatError | None = None) -> str:
        try:
            with self.guard.checking(user_id, address):
                if error is not None:
                    raise error
        except ChatError as raised:
            return self.told(raised)
        return "ok"

    def guess(self, user_id: str = "li", address: str = HERE) -> str:
        return self.log_in(user_id, address, AuthFailed())

    def register(self, address: str = HERE, error: ChatError | None = None) -> str:
        try:
            with self.guard.registering(address):
                if error is not None:
                    raise error
        except ChatError as raised:
            return self.told(raised)
        return "ok"

    def told(self, error: ChatError) -> str:
        self.waits_s = (error.retry_after_ms or 0) / 1_000
        return error.limit or error.code


@pytest.fixture
def door() -> Door:
    return Door()


def test_after_five_wrong_passwords_there_is_no_other_try_for_a_quarter_of_an_hour(door: Door) -> None:
    assert [door.guess() for _ in range(6)] == ["AUTH_FAILED"] * 5 + ["logins"]
    assert door.waits_s == 15 * MINUTE_S
    door.now_s += 15 * MINUTE_S - 1
    assert door.log_in() == "logins"
    assert door.waits_s == pytest.approx(1.0)
    door.now_s += 1
    assert door.log_in() == "ok"


def test_waits_grow_to_an_hour_and_no_further(door: Door) -> None:
    for _ in range(5):
        door.guess()
    waits = []
    for _ in range(4):
        assert door.guess() == "logins"
        waits.append(door.waits_s / MINUTE_S)
        door.now_s += door.waits_s
        assert door.guess() == "AUTH_FAILED"
    assert waits == [15, 30, 60, 60]


def test_nobody_is_kept_out_elsewhere(door: Door) -> None:
    for _ in range(9):
        door.guess()
    assert door.log_in() == "logins"
    assert door.log_in(address=ELSEWHERE) == "ok"
    assert door.log_in("han") == "ok"


def test_the_right_password_clears_the_account_and_never_uses_anything_up(door: Door) -> None:
    for _ in range(14):
        assert [door.guess(), door.guess(), door.log_in()] == ["AUTH_FAILED", "AUTH_FAILED", "ok"]
    assert {door.log_in() for _ in range(500)} == {"ok"}


def test_an_address_has_thirty_wrong_passwords_an_hour_whatever_the_account(door: Door) -> None:
    assert [door.guess(f"a{number}") for number in range(31)] == ["AUTH_FAILED"] * 30 + ["address-logins"]
    assert door.log_in("somebody") == "address-logins"
    assert door.waits_s == 3_600
    door.now_s += 3_600
    assert door.log_in("somebody") == "ok"


def test_unknown_accounts_are_counted_as_known_ones_and_impossible_names_as_one(door: Door) -> None:
    assert [door.guess(f"no name {number}") for number in range(6)] == ["AUTH_FAILED"] * 5 + ["logins"]


@pytest.mark.parametrize("error", [Unavailable(), Disabled()])
def test_what_says_nothing_of_the_password_does_not_count(door: Door, error: ChatError) -> None:
    assert {door.log_in(error=error) for _ in range(40)} == {error.code}
    assert door.guess() == "AUTH_FAILED"


def test_an_ipv6_network_is_one_address(door: Door) -> None:
    guesses = [door.guess(address=f"2001:db8::{number:x}") for number in range(6)]
    assert guesses == ["AUTH_FAILED"] * 5 + ["logins"]
    assert door.guess(address="2001:db8:0:1::1") == "AUTH_FAILED"
    assert [door.guess("han", "::ffff:192.0.2.9"), *(door.guess("han", "192.0.2.9") for _ in range(5))] == [
        *["AUTH_FAILED"] * 5,
        "logins",
    ]


def test_who_comes_over_no_network_has_no_address_to_count_for(door: Door) -> None:
    assert {door.guess(f"a{number}", "") for number in range(100)} == {"AUTH_FAILED"}
    assert {door.register("") for _ in range(100)} == {"ok"}
    assert [door.guess("li", "") for _ in range(6)][-1] == "logins"


def test_five_accounts_an_hour_are_made_from_an_address(door: Door) -> None:
    assert [door.register() for _ in range(6)] == ["ok"] * 5 + ["registrations"]
    assert door.register(ELSEWHERE) == "ok"
    door.now_s += 3_600
    assert door.register() == "ok"


def test_a_registration_that_fails_leaves_as_many_as_before(door: Door) -> None:
    for error in (WeakPassword(), Unavailable()):
        assert {door.register(error=error) for _ in range(50)} == {error.code}
    assert [door.register() for _ in range(5)] == ["ok"] * 5


def test_to_try_which_names_are_taken_is_to_guess(door: Door) -> None:
    tries = [door.register(error=UserExists()) for _ in range(31)]
    assert tries == ["USER_EXISTS"] * 30 + ["address-logins"]
    assert door.log_in() == "address-logins"


def test_a_refused_registration_uses_up_no_login(door: Door) -> None:
    for _ in range(100):
        door.register()
    assert door.log_in() == "ok"


def test_without_limits_everybody_may_try(door: Door) -> None:
    door = Door(Limits().without_rates())
    assert {door.guess() for _ in range(100)} == {"AUTH_FAILED"}
    assert {door.log_in(error=Unavailable()), door.log_in()} == {"UNAVAILABLE", "ok"}
    assert {door.register() for _ in range(100)} == {"ok"}
    assert door.register(error=UserExists()) == "USER_EXISTS"


def test_tries_at_one_moment_are_counted_before_they_end(door: Door) -> None:
    checks = [door.guard.checking("li", HERE) for _ in range(6)]
    for check in checks[:5]:
        check.__enter__()
    with pytest.raises(RateLimited):
        checks[5].__enter__()
    for check in checks[:5]:
        check.__exit__(None, None, None)
    assert door.log_in() == "ok"


def test_whoever_has_to_wait_is_told_of_once_and_not_for_each_refusal(door: Door) -> None:
    for _ in range(20):
        door.guess()
    assert door.exhausted == [("li", HERE)]
    door.now_s += 15 * MINUTE_S
    for _ in range(20):
        door.guess()
    assert door.exhausted == [("li", HERE)] * 2


def test_an_address_that_tries_all_names_is_told_of(door: Door) -> None:
    for number in range(60):
        door.guess(f"no name {number}")
    assert door.exhausted == [("", HERE)]
    for number in range(60):
        door.guess(f"a{number}", ELSEWHERE)
    assert door.exhausted[1:] == [("a29", ELSEWHERE)]
