"""How long failed logins have to wait: longer each time, never for ever, and forgotten in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.lockout import OF_AN_ACCOUNT, OF_AN_ADDRESS, Patience, Tries

RULES = st.builds(
    Patience,
    free=st.integers(1, 30),
    first_ms=st.integers(1, 60_000),
    longest_ms=st.integers(60_000, 3_600_000),
    forget_ms=st.integers(3_600_001, 9_000_000),
)
MOMENTS = st.integers(0, 2**53)


def failed_at_once(rule: Patience, times: int, now_ms: int = 0) -> Tries | None:
    tries: Tries | None = None
    for _ in range(times):
        tries = rule.failed(tries, now_ms)
    return tries


@given(RULES, MOMENTS)
def test_the_first_failures_cost_nothing_and_the_next_does(rule: Patience, now_ms: int) -> None:
    assert rule.wait_ms(failed_at_once(rule, rule.free - 1, now_ms), now_ms) == 0
    assert rule.wait_ms(failed_at_once(rule, rule.free, now_ms), now_ms) == rule.first_ms


@given(RULES, st.integers(1, 200))
def test_a_wait_grows_with_each_failure_up_to_the_longest(rule: Patience, times: int) -> None:
    before, after = (rule.wait_ms(failed_at_once(rule, n), 0) for n in (times, times + 1))
    assert before <= after <= rule.longest_ms
    assert after == min(2 * before, rule.longest_ms) or times < rule.free


@given(RULES, st.integers(1, 10**6), st.integers(-(10**9), 10**9))
def test_no_wait_is_longer_than_the_longest_whatever_the_clock_does(
    rule: Patience, failures: int, passed_ms: int
) -> None:
    tries = Tries(failures=failures, last_at_ms=10**9)
    assert 0 <= rule.wait_ms(tries, 10**9 + passed_ms) <= rule.longest_ms


@given(RULES, st.integers(1, 100), MOMENTS)
def test_whoever_waits_as_told_may_try_again(rule: Patience, failures: int, now_ms: int) -> None:
    tries = Tries(failures=failures, last_at_ms=now_ms)
    wait_ms = rule.wait_ms(tries, now_ms)
    assert rule.wait_ms(tries, now_ms + wait_ms) == 0
    assert wait_ms == 0 or rule.wait_ms(tries, now_ms + wait_ms - 1) == 1


@given(RULES, st.integers(1, 100))
def test_waiting_alone_clears_nobody_but_a_long_rest_does(rule: Patience, failures: int) -> None:
    tries = Tries(failures=failures, last_at_ms=0)
    assert rule.failed(tries, rule.longest_ms).failures == failures + 1
    assert rule.failed(tries, rule.forget_ms).failures == 1
    assert rule.wait_ms(tries, rule.forget_ms) == 0


@pytest.mark.parametrize("rule", [OF_AN_ACCOUNT, OF_AN_ADDRESS])
def test_the_rules_in_use_forget_later_than_they_make_wait(rule: Patience) -> None:
    assert rule.forget_ms > rule.longest_ms >= rule.first_ms > 0


def test_a_day_of_guessing_at_an_account_is_about_a_hundred_guesses() -> None:
    now_ms, guesses, tries = 0, 0, None
    while now_ms < 24 * 3_600_000:
        now_ms += OF_AN_ACCOUNT.wait_ms(tries, now_ms)
        tries = OF_AN_ACCOUNT.failed(tries, now_ms)
        guesses += 1
    assert 100 <= guesses <= 110
