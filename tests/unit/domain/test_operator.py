"""Operators: what roles may do, and when sessions and tokens are over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain import operator as rules
from naivechat.domain.operator import (
    COMMAND_LINE,
    IDLE_MS,
    LONGEST_SESSION_MS,
    TOUCH_EVERY_MS,
    ActingOperator,
    ApiToken,
    Operator,
    OperatorId,
    OperatorRole,
    OperatorSession,
)
from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId

ANN = OperatorId("ann")
BOT, OTHER_BOT = UserId("bot"), UserId("other")
ROLES = st.sampled_from(OperatorRole)
START = st.integers(0, 2**50)


def session(now_ms: int) -> OperatorSession:
    return OperatorSession.beginning(TokenHash(b"h" * 32), ANN, "192.0.2.7", now_ms)


def token(**values: int) -> ApiToken:
    times = {"created_at_ms": 0, "expires_at_ms": 1_000} | values
    return ApiToken(
        token_hash=TokenHash(b"h" * 32), name="bot", operator_id=ANN, role=OperatorRole.VIEWER, **times
    )


@given(ROLES, ROLES)
def test_the_lesser_of_two_roles_may_what_both_may(one: OperatorRole, other: OperatorRole) -> None:
    both = ActingOperator(operator_id=ANN, role=one.within(other)).may_change
    assert both == all(ActingOperator(operator_id=ANN, role=role).may_change for role in (one, other))
    assert one.within(other) is other.within(one)


@pytest.mark.parametrize(
    ("role", "bot_id", "may_change", "may_write_for"),
    [
        (OperatorRole.OPERATOR, None, True, [BOT, OTHER_BOT]),
        (OperatorRole.OPERATOR, BOT, False, [BOT]),
        (OperatorRole.VIEWER, None, False, []),
        (OperatorRole.VIEWER, BOT, False, []),
    ],
)
def test_viewers_look_only_and_a_bots_token_writes_for_that_bot_only(
    role: OperatorRole, bot_id: UserId | None, may_change: bool, may_write_for: list[UserId]
) -> None:
    acting = ActingOperator(operator_id=ANN, role=role, bot_id=bot_id)
    assert acting.may_change is may_change
    assert [bot for bot in (BOT, OTHER_BOT) if acting.may_write_for(bot)] == may_write_for


def test_roles_are_called_as_they_are_stored() -> None:
    assert [OperatorRole(word) for word in ("viewer", "operator")] == list(OperatorRole)


def test_the_limits_are_those_of_the_documents() -> None:
    assert rules.IDLE_MS == 30 * 60_000
    assert rules.LONGEST_SESSION_MS == 12 * 3_600_000
    assert rules.TOUCH_EVERY_MS == 60_000
    assert rules.LONGEST_API_TOKEN_MS == 366 * 24 * 3_600_000
    assert rules.MOST_SESSIONS == 10
    assert rules.MOST_API_TOKENS == 50
    assert rules.SHORTEST_OPERATOR_PASSWORD == 12


def test_the_command_line_may_change_things() -> None:
    assert COMMAND_LINE.may_change


@given(START, st.lists(st.integers(0, 2 * IDLE_MS), max_size=60))
def test_a_session_lives_while_it_is_used_and_twelve_hours_at_most(start_ms: int, pauses: list[int]) -> None:
    used, now_ms, last_used_ms = session(start_ms), start_ms, start_ms
    for pause_ms in pauses:
        now_ms += pause_ms
        is_alive = now_ms < start_ms + LONGEST_SESSION_MS and now_ms - used.last_used_at_ms < IDLE_MS
        assert used.is_over(now_ms) is not is_alive
        if not is_alive:
            return
        last_used_ms = now_ms
        if used.is_to_be_touched(now_ms):
            used = OperatorSession(
                session_hash=used.session_hash,
                operator_id=used.operator_id,
                created_at_ms=used.created_at_ms,
                last_used_at_ms=now_ms,
                expires_at_ms=used.expires_at_ms,
            )
        assert last_used_ms - used.last_used_at_ms < TOUCH_EVERY_MS


@given(START)
def test_a_session_that_is_not_used_ends_after_half_an_hour(start_ms: int) -> None:
    assert not session(start_ms).is_over(start_ms + IDLE_MS - 1)
    assert session(start_ms).is_over(start_ms + IDLE_MS)


def test_a_token_is_good_until_its_time_and_its_use_noted_once_a_minute() -> None:
    assert not token().is_over(999)
    assert token().is_over(1_000)
    assert token().is_to_be_touched(0)
    assert not token(last_used_at_ms=5).is_to_be_touched(5 + TOUCH_EVERY_MS - 1)
    assert token(last_used_at_ms=5).is_to_be_touched(5 + TOUCH_EVERY_MS)


def test_nothing_secret_is_shown_when_a_value_is_printed() -> None:
    operator = Operator(
        operator_id=ANN,
        role=OperatorRole.VIEWER,
        password_hash="$argon2id$x",
        totp_secret="JBSWY3DP",
        created_at_ms=0,
    )
    printed = f"{operator!r} {session(0)!r} {token()!r}"
    assert "argon2id" not in printed
    assert "JBSWY3DP" not in printed
    assert "hhhh" not in printed


def test_a_session_keeps_where_it_began() -> None:
    assert session(1_000).from_address == "192.0.2.7"


def test_a_use_is_noted_once_a_while() -> None:
    begun = session(1_000)
    assert not begun.is_to_be_touched(1_000 + TOUCH_EVERY_MS - 1)
    assert begun.is_to_be_touched(1_000 + TOUCH_EVERY_MS)
