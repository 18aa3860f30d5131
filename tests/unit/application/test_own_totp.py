"""One-time codes of one's own account: for viewers too, and only with the password."""

import pytest

from naivechat.domain.errors import AuthFailed, InvalidRequest, NotFound, RateLimited
from naivechat.domain.operator import OperatorId, OperatorRole
from tests.fakes import done
from tests.operator_fakes import PASSWORD, OperatorWorld


@pytest.fixture(params=OperatorRole)
def world(request: pytest.FixtureRequest) -> OperatorWorld:
    """With Ann, who is one or the other."""
    world = OperatorWorld()
    world.operator("ann", request.param)
    return world


def secret_of(world: OperatorWorld) -> str | None:
    return world.store.operators[OperatorId("ann")].totp_secret


def test_codes_are_asked_for_once_one_was_shown_and_all_sessions_end(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    done(world.own_totp.confirm(seat, PASSWORD, "SECRET", world.code()))
    assert world.written()[-1] == ("ann", "operator.totp_on", "ann")
    assert world.store.sessions == {}
    with pytest.raises(AuthFailed):
        world.log_in("ann")
    world.clock.now_ms += 30_000
    assert world.log_in("ann", code=world.code())


def test_they_end_with_the_password_alone(world: OperatorWorld) -> None:
    world.with_code(OperatorId("ann"))
    seat = world.log_in("ann", code=world.code())
    done(world.own_totp.remove(seat, PASSWORD))
    assert world.written()[-1] == ("ann", "operator.totp_off", "ann")
    assert (secret_of(world), world.store.sessions) == (None, {})


def test_a_wrong_code_changes_nothing(world: OperatorWorld) -> None:
    seat = world.log_in("ann")
    with pytest.raises(InvalidRequest):
        done(world.own_totp.confirm(seat, PASSWORD, "SECRET", "000000"))
    assert secret_of(world) is None
    assert len(world.store.sessions) == 1


def test_whoever_finds_the_browser_open_has_to_guess_the_password(world: OperatorWorld) -> None:
    world.with_code(OperatorId("ann"))
    seat = world.log_in("ann", code=world.code())
    for _ in range(5):
        with pytest.raises(AuthFailed):
            done(world.own_totp.remove(seat, "a guess"))
    with pytest.raises(RateLimited):
        done(world.own_totp.remove(seat, PASSWORD))
    with pytest.raises(RateLimited):
        done(world.own_totp.confirm(seat, PASSWORD, "OTHER", "OTHER:0"))
    assert secret_of(world) == "SECRET"


def test_an_account_is_looked_at_with_its_offer_of_a_secret(world: OperatorWorld) -> None:
    assert done(world.operators.get_operator(OperatorId("ann"))).operator_id == "ann"
    assert "ann" in world.operators.offer_totp(OperatorId("ann")).uri
    with pytest.raises(NotFound):
        done(world.operators.get_operator(OperatorId("bob")))
