"""Operators' accounts: who may have one, who may change them, and what of it is written down."""

import pytest

from naivechat.domain.errors import (
    Forbidden,
    InvalidRequest,
    NotFound,
    TokenExpired,
    UserExists,
    WeakPassword,
)
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from tests.fakes import done
from tests.operator_fakes import ADDRESS, PASSWORD, OperatorWorld

ANN = OperatorId("ann")
VIEWER = ActingOperator(operator_id=OperatorId("vic"), role=OperatorRole.VIEWER, from_address=ADDRESS)


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def add(world: OperatorWorld, operator_id: str = "ann", password: str = PASSWORD) -> None:
    done(world.operators.add(COMMAND_LINE, OperatorId(operator_id), password, OperatorRole.OPERATOR))


def test_the_first_operator_is_made_on_the_command_line(world: OperatorWorld) -> None:
    add(world)
    (operator,) = done(world.operators.list_operators())
    assert (operator.operator_id, operator.role, operator.disabled) == ("ann", OperatorRole.OPERATOR, False)
    assert operator.password_hash == f"new:{PASSWORD}"
    assert operator.created_at_ms == world.clock.now_ms
    assert world.log_in("ann").acting.operator_id == "ann"


def test_each_change_is_written_down_with_who_what_when_and_where(world: OperatorWorld) -> None:
    by = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR, from_address=ADDRESS)
    done(world.operators.add(by, ANN, PASSWORD, OperatorRole.VIEWER))
    done(world.operators.set_role(by, ANN, OperatorRole.OPERATOR))
    done(world.operators.set_password(by, ANN, "another password"))
    done(world.operators.set_disabled(by, ANN, True))
    done(world.operators.set_disabled(by, ANN, False))
    done(world.operators.confirm_totp(by, ANN, "SECRET", world.code()))
    done(world.operators.remove_totp(by, ANN))
    codes = "create set_role set_password disable enable totp_on totp_off"
    assert world.written() == [("root", f"operator.{code}", "ann") for code in codes.split()]
    entry = world.store.entries[1]
    assert (entry.at_ms, entry.from_address, entry.node) == (world.clock.now_ms, ADDRESS, "n1")
    assert dict(entry.detail) == {"role": "operator"}
    assert dict(world.store.entries[0].detail) == {"role": "viewer"}


def test_an_operator_is_found_by_its_id(world: OperatorWorld) -> None:
    made = done(world.operators.add(COMMAND_LINE, ANN, PASSWORD, OperatorRole.VIEWER))
    assert made == done(world.operators.get_operator(ANN))
    assert (made.operator_id, made.role) == (ANN, OperatorRole.VIEWER)
    with pytest.raises(NotFound):
        done(world.operators.get_operator(OperatorId("nobody")))


def test_nothing_secret_is_written_down(world: OperatorWorld) -> None:
    add(world)
    done(world.operators.set_password(COMMAND_LINE, ANN, "another password"))
    done(world.operators.confirm_totp(COMMAND_LINE, ANN, "SECRET", world.code()))
    written = repr(world.store.entries)
    assert not [secret for secret in (PASSWORD, "another password", "SECRET") if secret in written]


def test_a_viewer_changes_no_account(world: OperatorWorld) -> None:
    world.operator("ann")
    before = dict(world.store.operators)
    operators = world.operators
    for change in (
        operators.add(VIEWER, OperatorId("new"), PASSWORD, OperatorRole.VIEWER),
        operators.set_password(VIEWER, ANN, "another password"),
        operators.set_role(VIEWER, ANN, OperatorRole.VIEWER),
        operators.set_disabled(VIEWER, ANN, True),
        operators.confirm_totp(VIEWER, ANN, "SECRET", world.code()),
        operators.remove_totp(VIEWER, ANN),
    ):
        with pytest.raises(Forbidden):
            done(change)
    assert world.store.operators == before
    assert world.written() == []


def test_what_no_operator_can_be_is_refused_and_not_written_down(world: OperatorWorld) -> None:
    add(world)
    with pytest.raises(UserExists):
        add(world)
    with pytest.raises(InvalidRequest) as refused:
        add(world, "a b")
    assert refused.value.key == "operator_id"
    with pytest.raises(WeakPassword) as weak:
        add(world, "bob", "elevenchars")
    assert "12 characters" in weak.value.message
    with pytest.raises(WeakPassword):
        done(world.operators.set_password(COMMAND_LINE, ANN, "elevenchars"))
    with pytest.raises(NotFound):
        done(world.operators.set_disabled(COMMAND_LINE, OperatorId("nobody"), True))
    assert world.written() == [("", "operator.create", "ann")]


@pytest.mark.parametrize("password", ["half a character: \ud800", "x" * 1_025, "安" * 342])
def test_a_password_that_no_browser_can_send_is_refused(world: OperatorWorld, password: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        add(world, password=password)
    assert refused.value.key == "password"
    add(world, password="x" * 1_024)
    add(world, "bob", "twelve chars")


@pytest.mark.parametrize("change", ["password", "disable", "totp on", "totp off"])
def test_what_changes_how_one_logs_in_ends_all_sessions(world: OperatorWorld, change: str) -> None:
    world.operator("ann")
    world.operator("bob")
    seats, other = [world.log_in("ann") for _ in range(2)], world.log_in("bob")
    operators = world.operators
    changes = {
        "password": lambda: operators.set_password(COMMAND_LINE, ANN, "another password"),
        "disable": lambda: operators.set_disabled(COMMAND_LINE, ANN, True),
        "totp on": lambda: operators.confirm_totp(COMMAND_LINE, ANN, "SECRET", world.code()),
        "totp off": lambda: operators.remove_totp(COMMAND_LINE, ANN),
    }
    done(changes[change]())
    for seat in seats:
        with pytest.raises(TokenExpired):
            done(world.logins.find_seat(seat.session_token, ADDRESS))
    assert done(world.logins.find_seat(other.session_token, ADDRESS)).acting.operator_id == "bob"


def test_another_role_holds_from_the_next_request_on(world: OperatorWorld) -> None:
    world.operator("ann")
    seat = world.log_in("ann")
    done(world.operators.set_role(COMMAND_LINE, ANN, OperatorRole.VIEWER))
    assert not done(world.logins.find_seat(seat.session_token, ADDRESS)).acting.may_change


def test_a_secret_that_the_app_does_not_have_shuts_nobody_out(world: OperatorWorld) -> None:
    world.operator("ann")
    offer = world.operators.offer_totp(ANN)
    assert offer.secret in offer.uri
    assert offer.secret not in repr(offer)
    with pytest.raises(InvalidRequest) as refused:
        done(world.operators.confirm_totp(COMMAND_LINE, ANN, offer.secret, "123456"))
    assert refused.value.key == "code"
    assert world.store.operators[ANN].totp_secret is None
    assert world.log_in("ann")


def test_the_code_that_confirms_a_secret_is_used(world: OperatorWorld) -> None:
    world.operator("ann")
    code = world.code()
    done(world.operators.confirm_totp(COMMAND_LINE, ANN, "SECRET", code))
    assert world.store.operators[ANN].totp_step == world.clock.now_ms // 30_000
