"""Counting failed logins: bounded, by account and by address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.application.login_guard import LoginGuard, Wait
from tests.fakes import SetClock

FREE = 5


@pytest.fixture
def guard() -> LoginGuard:
    return LoginGuard(SetClock(), most_kept=100)


def tries_before_a_wait(guard: LoginGuard, operator_ids: list[str], addresses: list[str]) -> int:
    """How many of the tries, each by the next name from the next address, are let through."""
    tries = zip(operator_ids, addresses, strict=True)
    return sum(guard.begin(operator_id, address) is None for operator_id, address in tries)


def test_many_tries_at_once_are_as_many_failures(guard: LoginGuard) -> None:
    waits = [guard.begin("ann", f"192.0.2.{n}") for n in range(50)]
    assert waits[:FREE] == [None] * FREE
    assert waits[FREE] == Wait(wait_ms=30_000, is_first=True)
    assert waits[FREE + 1 :] == [Wait(wait_ms=30_000, is_first=False)] * (50 - FREE - 1)


def test_success_clears_the_account_and_not_what_others_did_from_the_address(guard: LoginGuard) -> None:
    for n in range(19):
        assert guard.begin(f"name{n}", "192.0.2.1") is None
    for _ in range(40):
        assert guard.begin("ann", "192.0.2.1") is None
        guard.succeeded("ann", "192.0.2.1")
    assert guard.begin("another", "192.0.2.1") is None
    assert guard.begin("ann", "192.0.2.1") == Wait(wait_ms=30_000, is_first=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("x" * 64 + "a", "x" * 64 + "b"),
    ],
)
def test_two_ways_to_write_one_network_are_one_address(guard: LoginGuard, one: str, other: str) -> None:
    addresses = [one, other] * 15
    assert tries_before_a_wait(guard, [f"name{n}" for n in range(30)], addresses) == 20


def test_two_networks_are_two_addresses(guard: LoginGuard) -> None:
    addresses = ["2001:db8:0:1::1", "2001:db8:0:2::1"] * 15
    assert tries_before_a_wait(guard, [f"name{n}" for n in range(30)], addresses) == 30


def test_names_that_no_account_can_have_are_one(guard: LoginGuard) -> None:
    names = ["", " ", "a" * 33, "a b", "安", "\x00", "\ud800"]
    addresses = [f"192.0.2.{n}" for n in range(len(names))]
    assert tries_before_a_wait(guard, names, addresses) == FREE


def test_names_made_up_by_the_thousand_let_no_account_be_forgotten(guard: LoginGuard) -> None:
    for n in range(FREE):
        guard.begin("ann", f"192.0.2.{n}")
    for n in range(1_000):
        guard.begin(f"name{n}", f"10.0.{n // 250}.{n % 250}")
    assert guard.begin("ann", "192.0.2.200") == Wait(wait_ms=30_000, is_first=True)


def test_what_is_forgotten_makes_room_first() -> None:
    clock = SetClock()
    guard = LoginGuard(clock, most_kept=10)
    for n in range(50):
        guard.begin(f"old{n % 10}", f"10.0.0.{n}")
    clock.now_ms += 3_600_000
    assert tries_before_a_wait(guard, ["ann"] * 7, [f"192.0.2.{n}" for n in range(7)]) == FREE


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("12"), st.sampled_from(["fail", "right", "away"]))
    )
)
def test_what_is_taken_back_was_never_counted(tries: list[tuple[str, str, str]]) -> None:
    guard, without = LoginGuard(SetClock()), LoginGuard(SetClock())
    for account, address, outcome in tries:
        wait = guard.begin(account, address)
        if outcome == "away":
            if wait is None:
                guard.take_back(account, address)
            continue
        assert (without.begin(account, address) is None) == (wait is None)
        if wait is None and outcome == "right":
            guard.succeeded(account, address)
            without.succeeded(account, address)
