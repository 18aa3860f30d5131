"""Sessions: passwords give tokens, tokens bring back."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from naivechat.application.sessions import TOKENS_A_DEVICE, Sessions, token_hash_of
from naivechat.domain.errors import AuthFailed, Disabled, TokenExpired
from naivechat.domain.events import SessionOpened
from naivechat.domain.session import LEAST_MOVE_MS, TOKEN_LIFETIME_MS, Ticket
from naivechat.domain.sizes import DEFAULT_SIZES
from naivechat.domain.user import UserId
from tests.fakes import MemoryTokens, done
from tests.unit.application.conftest import World

ANN = UserId("ann")


@pytest.fixture
def ticket(world: World) -> Ticket:
    """A ticket of ann's desktop."""
    world.people("ann bob")
    return done(world.sessions.login(ANN, "password", "desktop"))


def test_a_login_gives_a_token_of_which_the_hash_is_stored(world: World, ticket: Ticket) -> None:
    assert len(ticket.token) == 32
    assert ticket.expires_at_ms == world.clock.now_ms + TOKEN_LIFETIME_MS
    (stored,) = world.store.tokens.values()
    assert stored.token_hash == ticket.token_hash == token_hash_of(ticket.token)
    assert (stored.user_id, stored.device, stored.expires_at_ms) == ("ann", "desktop", ticket.expires_at_ms)


def test_tokens_are_random_by_themselves(world: World, ticket: Ticket) -> None:
    sessions = Sessions(
        accounts=world.accounts, tokens=MemoryTokens(world.store), bus=world.bus, clock=world.clock
    )
    tokens = {done(sessions.login(ANN, "password", "desktop")).token for _ in range(3)}
    assert [len(token) for token in tokens] == [32, 32, 32]


def test_a_wrong_password_gives_no_token(world: World, ticket: Ticket) -> None:
    with pytest.raises(AuthFailed):
        done(world.sessions.login(ANN, "wrong password", "phone"))
    assert len(world.store.tokens) == 1


def test_a_login_on_the_same_device_ends_its_older_token(world: World, ticket: Ticket) -> None:
    again = done(world.sessions.login(ANN, "password", "desktop"))
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    assert done(world.sessions.reconnect(ANN, again.token, "desktop")).token == again.token


def test_a_token_outlives_a_sixth_device_but_not_endless_ones(world: World, ticket: Ticket) -> None:
    for number in range(DEFAULT_SIZES.devices):
        world.clock.now_ms += 1
        done(world.sessions.login(ANN, "password", f"device {number}"))
    assert ticket.token_hash in world.store.tokens
    for number in range(DEFAULT_SIZES.devices, TOKENS_A_DEVICE * DEFAULT_SIZES.devices):
        world.clock.now_ms += 1
        done(world.sessions.login(ANN, "password", f"device {number}"))
    assert ticket.token_hash not in world.store.tokens
    assert len(world.store.tokens) == TOKENS_A_DEVICE * DEFAULT_SIZES.devices


def test_a_reconnect_keeps_the_token_and_extends_it(world: World, ticket: Ticket) -> None:
    world.clock.now_ms += TOKEN_LIFETIME_MS - 1
    back = done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    assert (back.token, back.user) == (ticket.token, ticket.user)
    assert back.expires_at_ms == world.clock.now_ms + TOKEN_LIFETIME_MS
    world.clock.now_ms += TOKEN_LIFETIME_MS - 1
    assert done(world.sessions.reconnect(ANN, ticket.token, "desktop")).token == ticket.token


@pytest.mark.parametrize(
    ("later_ms", "moved"), [(0, False), (LEAST_MOVE_MS - 1, False), (LEAST_MOVE_MS, True)]
)
def test_a_reconnect_within_an_hour_leaves_the_tokens_end_as_it_is(
    world: World, ticket: Ticket, later_ms: int, moved: bool
) -> None:
    world.clock.now_ms += later_ms
    back = done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    (stored,) = world.store.tokens.values()
    assert back.expires_at_ms == stored.expires_at_ms == ticket.expires_at_ms + (later_ms if moved else 0)


@attrs.frozen
class Overtaken:
    """A repository, before whose methods `change` happens: what a request has read before is of yesterday."""

    repository: Any
    change: Callable[[], object]
    of: str

    def __getattr__(self, name: str) -> Any:
        if name == self.of:
            self.change()
        return getattr(self.repository, name)


def overtaken_sessions(world: World, change: Callable[[], object], of: str) -> Sessions:
    tokens: Any = Overtaken(MemoryTokens(world.store), change, of)
    return Sessions(accounts=world.accounts, tokens=tokens, bus=world.bus, clock=world.clock)


def test_a_login_that_a_new_password_overtakes_gets_no_token(world: World, ticket: Ticket) -> None:
    sessions = overtaken_sessions(
        world, lambda: done(world.accounts.set_password(ANN, "from operator")), of="add"
    )
    with pytest.raises(AuthFailed):
        done(sessions.login(ANN, "password", "phone"))
    assert not world.store.tokens


def test_a_login_that_a_disabling_overtakes_gets_no_token(world: World, ticket: Ticket) -> None:
    sessions = overtaken_sessions(world, lambda: done(world.accounts.set_disabled(ANN, True)), of="add")
    with pytest.raises(Disabled):
        done(sessions.login(ANN, "password", "phone"))
    assert not world.store.tokens


def test_a_reconnect_that_a_revocation_overtakes_is_refused(world: World, ticket: Ticket) -> None:
    sessions = overtaken_sessions(
        world, lambda: done(world.sessions.logout(ticket.token_hash)), of="come_back"
    )
    with pytest.raises(TokenExpired):
        done(sessions.reconnect(ANN, ticket.token, "desktop"))


def test_a_reconnect_checks_no_password(world: World, ticket: Ticket) -> None:
    world.hasher.verified.clear()
    done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    assert world.hasher.verified == []


def test_a_token_ends_after_thirty_days(world: World, ticket: Ticket) -> None:
    world.clock.now_ms += TOKEN_LIFETIME_MS
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(ANN, ticket.token, "desktop"))


@pytest.mark.parametrize("token", [b"", b"\x01" * 31, b"\x02" * 32, b"\x01" * 33])
def test_an_unknown_or_cut_token_is_refused(world: World, ticket: Ticket, token: bytes) -> None:
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(ANN, token, "desktop"))


@pytest.mark.parametrize("user_id", ["bob", "nobody"])
def test_a_token_takes_over_no_other_account(world: World, ticket: Ticket, user_id: str) -> None:
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(UserId(user_id), ticket.token, "desktop"))


def test_a_disabled_person_does_not_come_back(world: World, ticket: Ticket) -> None:
    done(world.accounts.set_disabled(ANN, True))
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    with pytest.raises(Disabled):
        done(world.sessions.login(ANN, "password", "desktop"))


def test_a_token_left_on_a_disabled_account_is_of_no_use(world: World, ticket: Ticket) -> None:
    token = world.store.tokens[ticket.token_hash]
    done(world.accounts.set_disabled(ANN, True))
    world.store.tokens[ticket.token_hash] = token
    with pytest.raises(Disabled):
        done(world.sessions.reconnect(ANN, ticket.token, "desktop"))


def test_a_logout_revokes_the_token(world: World, ticket: Ticket) -> None:
    done(world.sessions.logout(ticket.token_hash))
    done(world.sessions.logout(ticket.token_hash))
    with pytest.raises(TokenExpired):
        done(world.sessions.reconnect(ANN, ticket.token, "desktop"))


def test_a_new_session_is_told_to_all_nodes(world: World) -> None:
    done(world.sessions.opened(ANN, "desktop", 7))
    assert world.published() == [SessionOpened(user_id=ANN, device="desktop", login_no=7)]


def test_logins_by_password_and_token_are_counted_together(world: World, ticket: Ticket) -> None:
    again = done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    phone = done(world.sessions.login(ANN, "password", "phone"))
    assert [ticket.login_no, again.login_no, phone.login_no] == [1, 2, 3]


def test_tokens_that_are_no_more_are_found(world: World, ticket: Ticket) -> None:
    phone = done(world.sessions.login(ANN, "password", "phone"))
    held = [ticket.token_hash, phone.token_hash]
    assert done(world.sessions.revoked_among(held)) == frozenset()
    done(world.sessions.reconnect(ANN, ticket.token, "desktop"))
    done(world.sessions.logout(phone.token_hash))
    assert done(world.sessions.revoked_among(held)) == {phone.token_hash}
