"""Tokens of scripts: no more than their operator, for a time, until they are revoked."""

import attrs
import pytest

from naivechat.application.api_tokens import PREFIX, NewToken
from naivechat.application.operator_logins import hash_of
from naivechat.domain.errors import (
    Conflict,
    Disabled,
    Forbidden,
    InvalidRequest,
    LimitReached,
    NotFound,
    TokenExpired,
)
from naivechat.domain.operator import (
    COMMAND_LINE,
    LONGEST_API_TOKEN_MS,
    MOST_API_TOKENS,
    TOUCH_EVERY_MS,
    ActingOperator,
    OperatorId,
    OperatorRole,
)
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.operator_fakes import ADDRESS, OperatorWorld

ANN, VIC = OperatorId("ann"), OperatorId("vic")
VIEWER, OPERATOR = OperatorRole.VIEWER, OperatorRole.OPERATOR
VIC_ACTS = ActingOperator(operator_id=VIC, role=VIEWER, from_address=ADDRESS)
DAY_MS = 24 * 3_600_000


@pytest.fixture
def world() -> OperatorWorld:
    world = OperatorWorld()
    world.operator("ann")
    world.operator("vic", VIEWER)
    return world


def make(
    world: OperatorWorld,
    operator_id: OperatorId = ANN,
    name: str = "bot",
    role: OperatorRole = OPERATOR,
    by: ActingOperator = COMMAND_LINE,
    lifetime_ms: int = DAY_MS,
) -> NewToken:
    return done(world.api_tokens.create(by, operator_id, name, role, lifetime_ms=lifetime_ms))


def test_a_token_of_a_bot_can_make_and_end_no_token(world: OperatorWorld) -> None:
    make(world)
    by = ActingOperator(operator_id=ANN, role=OPERATOR, bot_id=UserId("helper"))
    with pytest.raises(Forbidden):
        make(world, name="more", by=by)
    with pytest.raises(Forbidden):
        done(world.api_tokens.revoke(by, ANN, "bot"))


@pytest.mark.parametrize(("bot_id", "role"), [("a b", OPERATOR), ("", OPERATOR), ("helper", VIEWER)])
def test_a_token_of_a_bot_names_it_and_has_the_role_operator(
    world: OperatorWorld, bot_id: str, role: OperatorRole
) -> None:
    creating = world.api_tokens.create(
        COMMAND_LINE, ANN, "bot", role, lifetime_ms=DAY_MS, bot_id=UserId(bot_id)
    )
    with pytest.raises(InvalidRequest):
        done(creating)


def is_good(world: OperatorWorld, text: str) -> bool:
    try:
        done(world.api_tokens.find_bearer(text, ADDRESS))
    except TokenExpired:
        return False
    return True


def test_a_token_acts_in_its_operators_name(world: OperatorWorld) -> None:
    made = make(world)
    assert made.text.startswith(PREFIX)
    acting = done(world.api_tokens.find_bearer(made.text, ADDRESS))
    assert acting == ActingOperator(operator_id=ANN, role=OPERATOR, from_address=ADDRESS)


def test_only_the_hash_is_stored_and_the_audit_log_has_the_name_alone(world: OperatorWorld) -> None:
    made = make(world)
    (stored,) = world.store.tokens.values()
    assert stored.token_hash == hash_of(made.text)
    assert made.text not in repr((made, world.store))
    (entry,) = world.store.entries
    assert (entry.action, entry.subject) == ("token.create", "ann")
    assert dict(entry.detail) == {
        "name": "bot",
        "role": "operator",
        "expires_at_ms": world.clock.now_ms + DAY_MS,
    }


def test_a_token_can_no_more_than_its_operator_then_and_later(world: OperatorWorld) -> None:
    with pytest.raises(Forbidden):
        make(world, VIC, role=OPERATOR)
    made = make(world)
    world.store.evolve(ANN, role=VIEWER)
    assert not done(world.api_tokens.find_bearer(made.text, ADDRESS)).may_change
    world.store.evolve(ANN, role=OPERATOR)
    assert done(world.api_tokens.find_bearer(made.text, ADDRESS)).may_change


def test_a_viewers_token_does_not_grow_with_its_operator(world: OperatorWorld) -> None:
    made = make(world, role=VIEWER)
    assert not done(world.api_tokens.find_bearer(made.text, ADDRESS)).may_change


def test_a_viewer_has_tokens_to_look_with_and_none_of_others(world: OperatorWorld) -> None:
    made = make(world, VIC, role=VIEWER, by=VIC_ACTS)
    for deed in (
        world.api_tokens.create(VIC_ACTS, VIC, "more", OPERATOR, lifetime_ms=DAY_MS),
        world.api_tokens.create(VIC_ACTS, ANN, "other", VIEWER, lifetime_ms=DAY_MS),
        world.api_tokens.revoke(VIC_ACTS, ANN, "bot"),
    ):
        with pytest.raises(Forbidden):
            done(deed)
    done(world.api_tokens.revoke(VIC_ACTS, VIC, "bot"))
    assert not is_good(world, made.text)


def test_a_token_ends_at_its_time(world: OperatorWorld) -> None:
    made = make(world)
    world.clock.now_ms += DAY_MS - 1
    assert is_good(world, made.text)
    world.clock.now_ms += 1
    assert not is_good(world, made.text)


def test_a_revoked_token_is_of_no_use_and_its_name_is_free(world: OperatorWorld) -> None:
    made = make(world)
    done(world.api_tokens.revoke(COMMAND_LINE, ANN, "bot"))
    assert not is_good(world, made.text)
    with pytest.raises(NotFound):
        done(world.api_tokens.revoke(COMMAND_LINE, ANN, "bot"))
    assert is_good(world, make(world).text)
    assert [entry.action for entry in world.store.entries] == ["token.create", "token.revoke", "token.create"]


def test_tokens_of_a_disabled_operator_are_of_no_use_and_do_not_come_back(world: OperatorWorld) -> None:
    made = make(world)
    world.store.evolve(ANN, disabled=True)
    assert not is_good(world, made.text)
    done(world.operators.set_disabled(COMMAND_LINE, ANN, True))
    done(world.operators.set_disabled(COMMAND_LINE, ANN, False))
    assert not is_good(world, made.text)


@pytest.mark.parametrize("text", ["", PREFIX, PREFIX + "A" * 43, "\ud800"])
def test_a_token_that_was_never_given_is_nobodys(world: OperatorWorld, text: str) -> None:
    make(world)
    assert not is_good(world, text)


def test_a_session_is_no_token_and_a_token_no_session(world: OperatorWorld) -> None:
    made, seat = make(world), world.log_in("ann")
    assert not is_good(world, seat.session_token)
    with pytest.raises(TokenExpired):
        done(world.logins.find_seat(made.text, ADDRESS))


def test_its_use_is_noted_once_a_minute(world: OperatorWorld) -> None:
    made, start_ms = make(world), world.clock.now_ms
    for passed_ms, noted_ms in ((0, 0), (TOUCH_EVERY_MS - 1, 0), (TOUCH_EVERY_MS, TOUCH_EVERY_MS)):
        world.clock.now_ms = start_ms + passed_ms
        assert is_good(world, made.text)
        (stored,) = done(world.api_tokens.list_tokens(ANN))
        assert stored.last_used_at_ms == start_ms + noted_ms


def test_what_makes_no_sense_is_refused(world: OperatorWorld) -> None:
    for lifetime_ms in (0, -1, LONGEST_API_TOKEN_MS + 1):
        with pytest.raises(InvalidRequest):
            make(world, lifetime_ms=lifetime_ms)
    with pytest.raises(InvalidRequest):
        make(world, name="a name")
    with pytest.raises(NotFound):
        make(world, OperatorId("nobody"))
    make(world)
    with pytest.raises(Conflict):
        make(world)
    world.store.evolve(VIC, disabled=True)
    with pytest.raises(Disabled):
        make(world, VIC, role=VIEWER)


def test_tokens_of_one_operator_have_an_end(world: OperatorWorld) -> None:
    # The fake gives byte n of the nth token, so there are no more than 255.
    for n in range(MOST_API_TOKENS):
        make(world, name=f"bot{n}")
    with pytest.raises(LimitReached):
        make(world, name="one-more")
    make(world, VIC, role=VIEWER)


def test_tokens_are_listed_of_one_or_of_everybody(world: OperatorWorld) -> None:
    make(world, VIC, "z", VIEWER)
    make(world, ANN, "b")
    make(world, ANN, "a")
    names = [(t.operator_id, t.name) for t in done(world.api_tokens.list_tokens())]
    assert names == [("ann", "a"), ("ann", "b"), ("vic", "z")]
    assert [t.name for t in done(world.api_tokens.list_tokens(VIC))] == ["z"]


def test_tokens_are_random_by_themselves(world: OperatorWorld) -> None:
    default = attrs.fields(type(world.api_tokens))._make_token.default
    world.api_tokens = attrs.evolve(world.api_tokens, make_token=default)
    assert len({make(world, name=name).text for name in "abc"}) == 3
