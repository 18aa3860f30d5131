"""The door of the JSON API: who comes in, how often, and who has to wait."""

import pytest
from twisted.internet.defer import Deferred

from naivechat.application.api_access import BURST, RATE_PER_S, ApiAccess
from naivechat.application.api_tokens import PREFIX
from naivechat.application.login_guard import AddressGuard
from naivechat.application.operator_logins import text_of
from naivechat.domain.errors import RateLimited, TokenExpired, Unavailable
from naivechat.domain.lockout import OF_AN_ADDRESS
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from tests.fakes import done
from tests.operator_fakes import ADDRESS, OperatorWorld

DAY_MS = 24 * 3_600_000


def guessed(number: int) -> str:
    return PREFIX + text_of(bytes([100 + number]) * 32)


class Door(OperatorWorld):
    """Two operators, ann and bob, with a token each."""

    def __init__(self, most_known: int = 10) -> None:
        super().__init__()
        self.tokens = [self.token(name) for name in ("ann", "bob")]
        self.store.entries.clear()
        self.access = ApiAccess(
            self.api_tokens, self.audit, AddressGuard(self.clock), self.clock, most_known=most_known
        )

    def token(self, operator_id: str) -> str:
        known, role = self.operator(operator_id), OperatorRole.OPERATOR
        return done(self.api_tokens.create(COMMAND_LINE, known, "script", role, lifetime_ms=DAY_MS)).text

    def enter(self, token: str, address: str = ADDRESS) -> str:
        return done(self.access.enter(token, address)).operator_id

    def wait_ms(self, token: str, address: str = ADDRESS) -> int:
        with pytest.raises(RateLimited) as refusal:
            self.enter(token, address)
        assert refusal.value.retry_after_ms is not None
        return refusal.value.retry_after_ms

    def guess(self, times: int, address: str = ADDRESS) -> None:
        for number in range(times):
            with pytest.raises(TokenExpired):
                self.enter(guessed(number), address)


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_token_says_whose_it_is_and_nothing_is_written_down(door: Door) -> None:
    assert [door.enter(token) for token in door.tokens] == ["ann", "bob"]
    assert door.written() == []


def test_a_token_may_be_used_a_hundred_times_at_once_and_fifty_times_a_second(door: Door) -> None:
    for _ in range(BURST):
        door.enter(door.tokens[0])
    assert 0 < door.wait_ms(door.tokens[0]) <= 1_000 / RATE_PER_S + 1
    door.clock.now_ms += 1_000
    for _ in range(RATE_PER_S):
        door.enter(door.tokens[0])
    door.clock.now_ms += door.wait_ms(door.tokens[0])
    assert door.enter(door.tokens[0]) == "ann"


def test_each_token_has_a_rate_of_its_own(door: Door) -> None:
    for _ in range(BURST):
        door.enter(door.tokens[0])
    door.wait_ms(door.tokens[0])
    assert door.enter(door.tokens[1]) == "bob"


def test_a_token_used_too_often_goes_down_in_the_log_once_a_minute(door: Door) -> None:
    for _ in range(BURST):
        door.enter(door.tokens[0])
    for _ in range(5):
        door.wait_ms(door.tokens[0], "192.0.2.8")
    assert door.written() == [("ann", "operator.refused", "")]
    assert (door.store.entries[0].from_address, door.store.entries[0].detail) == (
        "192.0.2.8",
        {"reason": "too often"},
    )
    door.clock.now_ms += 60_000
    for _ in range(BURST):
        door.enter(door.tokens[0])
    door.wait_ms(door.tokens[0])
    assert len(door.written()) == 2


def test_wrong_tokens_are_written_down_until_their_address_has_to_wait(door: Door) -> None:
    door.guess(OF_AN_ADDRESS.free)
    waits = [door.wait_ms(guessed(7)) for _ in range(50)]
    assert waits[0] == OF_AN_ADDRESS.first_ms
    written = [("", "token.refused", "")] * OF_AN_ADDRESS.free
    assert door.written() == [*written, ("", "operator.locked_out", "")]
    assert door.store.entries[0].from_address == ADDRESS


@pytest.mark.parametrize("text", ["", "nc_", "secret", "nc_" + "a" * 44, "xx_" + "a" * 43, "nc_" + "ä" * 43])
def test_what_cannot_be_a_token_is_refused_and_costs_nothing(door: Door, text: str) -> None:
    for _ in range(OF_AN_ADDRESS.free * 2):
        with pytest.raises(TokenExpired):
            door.enter(text)
    assert door.written() == []
    assert door.enter(door.tokens[0]) == "ann"


def test_each_further_wrong_token_makes_the_wait_longer(door: Door) -> None:
    door.guess(OF_AN_ADDRESS.free)
    waits = []
    for _ in range(7):
        waits.append(door.wait_ms(guessed(7)))
        door.clock.now_ms += waits[-1]
        door.guess(1)
    assert waits == [30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]


def test_while_an_address_waits_no_token_is_looked_up_for_it_but_those_that_were_right_before(
    door: Door,
) -> None:
    door.enter(door.tokens[0])
    door.guess(OF_AN_ADDRESS.free)
    assert door.enter(door.tokens[0]) == "ann"
    door.wait_ms(door.tokens[1])
    assert door.enter(door.tokens[1], "192.0.2.8") == "bob"


def test_right_tokens_are_no_guesses(door: Door) -> None:
    for number in range(OF_AN_ADDRESS.free * 2):
        door.enter(door.token(f"operator{number}"))
    assert door.enter(door.tokens[0]) == "ann"


def test_a_script_that_begins_with_many_requests_at_once_is_no_guesser(door: Door) -> None:
    found = done(door.api_tokens.find_bearer(door.tokens[0], ADDRESS))
    answered: Deferred[ActingOperator] = Deferred()

    class Slow:
        async def find_bearer(self, text: str, from_address: str) -> ActingOperator:
            await answered
            return found

    access = ApiAccess(Slow(), door.audit, AddressGuard(door.clock), door.clock)  # type: ignore[arg-type]
    entering = [
        Deferred.fromCoroutine(access.enter(door.tokens[0], ADDRESS)) for _ in range(OF_AN_ADDRESS.free * 2)
    ]
    answered.callback(found)
    assert [deferred.result for deferred in entering] == [found] * len(entering)
    assert door.written() == []


def test_a_token_that_was_right_and_is_revoked_is_refused_as_any_other(door: Door) -> None:
    door.enter(door.tokens[0])
    done(door.api_tokens.revoke(COMMAND_LINE, OperatorId("ann"), "script"))
    with pytest.raises(TokenExpired):
        door.enter(door.tokens[0])
    door.guess(OF_AN_ADDRESS.free)
    door.wait_ms(door.tokens[0])


def test_a_database_that_is_away_makes_nobody_wait(door: Door) -> None:
    class Away:
        async def find_bearer(self, text: str, from_address: str) -> None:
            raise Unavailable

    away = ApiAccess(Away(), door.audit, AddressGuard(door.clock), door.clock)  # type: ignore[arg-type]
    for _ in range(OF_AN_ADDRESS.free * 2):
        with pytest.raises(Unavailable):
            done(away.enter(guessed(7), ADDRESS))


def test_of_more_tokens_than_are_kept_the_one_used_longest_ago_is_forgotten() -> None:
    door = Door(most_known=2)
    for token in (door.tokens[0], door.tokens[1], door.token("cid")):
        door.enter(token)
        door.clock.now_ms += 1
    door.guess(OF_AN_ADDRESS.free)
    door.wait_ms(door.tokens[0])
    assert door.enter(door.tokens[1]) == "bob"
