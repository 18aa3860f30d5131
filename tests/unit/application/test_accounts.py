"""Accounts: who may have one, who gets in, what ends sessions."""

import attrs
import pytest

from naivechat.domain.errors import (
    AuthFailed,
    Disabled,
    Forbidden,
    InvalidRequest,
    NotFound,
    UserExists,
    WeakPassword,
)
from naivechat.domain.events import ProfileChanged, SessionsEnded
from naivechat.domain.session import EndReason, StoredToken, TokenHash
from naivechat.domain.user import UserId
from tests.fakes import MemoryTokens, PlainHasher, done
from tests.unit.application.conftest import World

ANN = UserId("ann")
KEPT = TokenHash(b"kept")


def give_token(world: World, user_id: UserId, token_hash: TokenHash) -> None:
    token = StoredToken(token_hash=token_hash, user_id=user_id, device=token_hash.decode(), expires_at_ms=9)
    password_hash = world.store.accounts[user_id].password_hash
    done(MemoryTokens(world.store).add(token, password_hash=password_hash, most=9))


def test_a_person_registers_and_gets_in(world: World) -> None:
    user = done(world.accounts.register(ANN, "password", "Ann", "cat"))
    assert (user.user_id, user.nickname, user.avatar) == ("ann", "Ann", "cat")
    assert done(world.accounts.authenticate(ANN, "password")).user == user
    assert world.store.accounts[ANN].created_at_ms == world.clock.now_ms


def test_the_password_itself_is_not_stored(world: World) -> None:
    world.person("ann")
    assert world.store.accounts[ANN].password_hash == "new:password"


def test_closed_registration_is_for_operators_only(world: World) -> None:
    closed = world.accounts_with(registration_open=False)
    with pytest.raises(Forbidden):
        done(closed.register(ANN, "password", "Ann", ""))
    assert done(closed.add(ANN, "password", "Ann", "")).user_id == ANN


def test_a_password_of_seven_characters_is_weak(world: World) -> None:
    with pytest.raises(WeakPassword):
        done(world.accounts.register(ANN, "seven77", "Ann", ""))
    assert not world.store.accounts


def test_a_taken_name_stays_its_owners(world: World) -> None:
    world.person("ann")
    with pytest.raises(UserExists):
        done(world.accounts.register(ANN, "another password", "Not Ann", ""))
    assert done(world.accounts.authenticate(ANN, "password")).user.nickname == "Ann"


@pytest.mark.parametrize("user_id", ["", "a:b", ".ann", "a b", "安", "a" * 33, "ann\n"])
def test_an_id_of_another_shape_is_refused(world: World, user_id: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        done(world.accounts.add(UserId(user_id), "password", "Ann", ""))
    assert refused.value.key == "user_id"


def test_unknown_and_wrong_look_alike_and_cost_alike(world: World) -> None:
    world.person("ann")
    with pytest.raises(AuthFailed) as wrong:
        done(world.accounts.authenticate(ANN, "pass word"))
    with pytest.raises(AuthFailed) as unknown:
        done(world.accounts.authenticate(UserId("nobody"), "pass word"))
    assert wrong.value.message == unknown.value.message
    assert world.hasher.verified == ["new:password", None]


def test_only_the_right_password_learns_that_an_account_is_disabled(world: World) -> None:
    world.person("ann")
    done(world.accounts.set_disabled(ANN, True))
    with pytest.raises(AuthFailed):
        done(world.accounts.authenticate(ANN, "wrong password"))
    with pytest.raises(Disabled):
        done(world.accounts.authenticate(ANN, "password"))


def test_a_hash_of_older_parameters_is_renewed_by_a_login(world: World) -> None:
    world.person("ann")
    give_token(world, ANN, KEPT)
    world.store.accounts[ANN] = attrs.evolve(world.store.accounts[ANN], password_hash="old:password")
    done(world.accounts.authenticate(ANN, "password"))
    assert world.store.accounts[ANN].password_hash == "new:password"
    assert KEPT in world.store.tokens


def test_renewing_a_hash_undoes_no_password_that_was_changed_meanwhile(world: World) -> None:
    world.person("ann")
    world.store.accounts[ANN] = attrs.evolve(world.store.accounts[ANN], password_hash="old:password")
    changed = attrs.evolve(world.store.accounts[ANN], password_hash="new:changed meanwhile")

    class SlowHasher(PlainHasher):
        async def hash(self, password: str) -> str:
            world.store.accounts[ANN] = changed
            return await super().hash(password)

    world.hasher = SlowHasher()
    accounts = world.accounts_with(registration_open=True)
    with pytest.raises(AuthFailed):
        done(accounts.authenticate(ANN, "password"))
    assert world.store.accounts[ANN] == changed


def test_a_new_password_ends_the_other_sessions_and_tokens(world: World) -> None:
    ann = world.person("ann")
    give_token(world, ANN, KEPT)
    give_token(world, ANN, TokenHash(b"other"))
    done(world.accounts.change_password(ann, "password", "new password", KEPT))
    assert list(world.store.tokens) == [KEPT]
    assert done(world.accounts.authenticate(ANN, "new password")).user == ann.user
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.EXPIRED, keep=ann.session_id)]


@pytest.mark.parametrize(
    ("old", "new", "refusal"), [("wrong", "new password", AuthFailed), ("password", "short", WeakPassword)]
)
def test_a_refused_new_password_changes_nothing(
    world: World, old: str, new: str, refusal: type[Exception]
) -> None:
    ann = world.person("ann")
    give_token(world, ANN, TokenHash(b"other"))
    with pytest.raises(refusal):
        done(world.accounts.change_password(ann, old, new, KEPT))
    assert done(world.accounts.authenticate(ANN, "password")).user == ann.user
    assert world.store.tokens
    assert world.published() == []


def test_an_operators_password_ends_every_session(world: World) -> None:
    world.person("ann")
    give_token(world, ANN, KEPT)
    done(world.accounts.set_password(ANN, "from operator"))
    assert not world.store.tokens
    assert done(world.accounts.authenticate(ANN, "from operator")).user.user_id == ANN
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.ADMIN)]


def test_an_operators_password_is_strong_and_for_somebody(world: World) -> None:
    world.person("ann")
    with pytest.raises(WeakPassword):
        done(world.accounts.set_password(ANN, "short"))
    with pytest.raises(NotFound):
        done(world.accounts.set_password(UserId("nobody"), "from operator"))
    assert world.published() == []


def test_disabling_ends_sessions_and_enabling_ends_none(world: World) -> None:
    ann = world.person("ann")
    done(world.accounts.set_disabled(ANN, True))
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.DISABLED)]
    done(world.accounts.set_disabled(ANN, False))
    assert world.published() == []
    assert done(world.accounts.authenticate(ANN, "password")).user == ann.user


def test_friends_hear_of_a_new_nickname(world: World) -> None:
    ann, bob, _ = world.people("ann bob cid")
    world.befriend(ann, bob)
    user = done(world.accounts.update_profile(ann, "Anna", None))
    assert (user.nickname, user.avatar) == ("Anna", "")
    (event,) = world.published()
    assert event == ProfileChanged(user=user, friend_ids=(bob.user_id,), origin=ann.session_id)


def test_a_profile_update_of_nothing_answers_the_profile(world: World) -> None:
    ann = world.person("ann")
    assert done(world.accounts.update_profile(ann, None, None)) == ann.user


def test_operators_see_all_accounts_in_order(world: World) -> None:
    world.people("cid ann bob")
    done(world.accounts.set_disabled(ANN, True))
    accounts = done(world.accounts.list_accounts())
    assert [(a.user.user_id, a.disabled) for a in accounts] == [("ann", True), ("bob", False), ("cid", False)]
