"""How many connections there may be, whoever comes and goes."""

from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from naivechat.domain.errors import LimitReached
from naivechat.domain.limits import Limits
from naivechat.sockets.admission import Admission

OF_AN_ADDRESS, WAITING = 3, 5
PLACES = st.sampled_from(["", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1"])
KEYS = {
    "": "",
    "192.0.2.1": "192.0.2.1",
    "192.0.2.2": "192.0.2.2",
    "2001:db8::1": "2001:db8::/64",
    "2001:db8::2": "2001:db8::/64",
    "::ffff:192.0.2.1": "192.0.2.1",
}


@attrs.define(eq=False)
class Guest:
    counted_as: str | None = None
    address: str | None = None
    logged_in: bool = False


class Comings(RuleBasedStateMachine):
    """Connections come, are introduced by balancers, log in and go; whoever was refused goes, too."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: Counter[str] = Counter()
        self.admission = Admission(
            Limits(connections=OF_AN_ADDRESS, waiting_connections=WAITING, new_connections=None),
            self.refused,
            lambda: 0.0,
        )
        self.guests: list[Guest] = []

    @property
    def session_count(self) -> int:
        return sum(guest.logged_in for guest in self.guests)

    def of(self, address: str) -> int:
        return sum(
            guest.address is not None and KEYS[guest.address] == KEYS[address] for guest in self.guests
        )

    @rule(address=st.one_of(st.none(), PLACES))
    def comes(self, address: str | None) -> None:
        guest = Guest()
        is_too_much = len(self.guests) - self.session_count >= WAITING
        if address and self.of(address) >= OF_AN_ADDRESS:
            is_too_much = True
        try:
            self.admission.admit(guest, address, self.session_count)
        except LimitReached:
            assert is_too_much
            self.admission.left(guest)
        else:
            assert not is_too_much
            guest.address = address
            self.guests.append(guest)

    @rule(number=st.integers(0, 20), address=PLACES)
    def is_introduced(self, number: int, address: str) -> None:
        strangers = [guest for guest in self.guests if guest.address is None]
        if not strangers:
            return
        guest = strangers[number % len(strangers)]
        is_too_much = bool(address) and self.of(address) >= OF_AN_ADDRESS
        try:
            self.admission.place(guest, address)
        except LimitReached:
            assert is_too_much
            self.goes(self.guests.index(guest))
        else:
            assert not is_too_much
            guest.address = address

    @rule(number=st.integers(0, 20))
    def logs_in(self, number: int) -> None:
        if self.guests:
            self.guests[number % len(self.guests)].logged_in = True

    @rule(number=st.integers(0, 20))
    def goes(self, number: int) -> None:
        if self.guests:
            guest = self.guests.pop(number % len(self.guests))
            self.admission.left(guest)
            self.admission.left(guest)

    @invariant()
    def counts_are_right(self) -> None:
        assert self.admission._admitted == len(self.guests)
        known = Counter(KEYS[guest.address] for guest in self.guests if guest.address)
        assert self.admission._of_address == known


TestComings = Comings.TestCase
TestComings.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def test_there_is_room_up_to_what_was_chosen_and_what_the_system_allows() -> None:
    refused: Counter[str] = Counter()
    chosen = Admission(Limits(all_connections=2), refused, lambda: 0.0)
    allowed = Admission(Limits(), refused, lambda: 0.0, lambda: 2)
    for admission in (chosen, allowed):
        admission.open(1)
        for count in (2, 3):
            with pytest.raises(LimitReached):
                admission.open(count)
    assert refused == {"all-connections": 4}


class Comer:
    """Opens connections and closes each at once, and counts those that are let in."""

    def __init__(self, **limits: Any) -> None:
        self.now_s = 0.0
        self.refused: Counter[str] = Counter()
        self.admission = Admission(Limits(**limits), self.refused, lambda: self.now_s)

    def comes(self, count: int, address: str, *, introduced: bool = True) -> int:
        return sum(self._is_let_in(address, introduced) for _ in range(count))

    def _is_let_in(self, address: str, introduced: bool) -> bool:
        guest = Guest()
        try:
            self.admission.admit(guest, address if introduced else None, 0)
            if not introduced:
                self.admission.place(guest, address)
        except LimitReached as refusal:
            assert (refusal.limit, refusal.retry_after_ms) == ("new-connections", 1_000)
            return False
        finally:
            self.admission.left(guest)
        return True


@pytest.mark.parametrize("introduced", [True, False], ids=["direct", "by a balancer"])
def test_an_address_opens_a_hundred_connections_and_then_ten_a_second(introduced: bool) -> None:
    comer = Comer()
    assert comer.comes(150, "192.0.2.1", introduced=introduced) == 100
    assert comer.refused == {"new-connections": 50}
    assert comer.comes(150, "192.0.2.2", introduced=introduced) == 100
    comer.now_s = 1.0
    assert comer.comes(150, "192.0.2.1", introduced=introduced) == 10
    comer.now_s = 11.0
    assert comer.comes(150, "192.0.2.1", introduced=introduced) == 100


def test_addresses_of_an_ipv6_network_open_connections_together() -> None:
    comer = Comer()
    assert comer.comes(60, "2001:db8::1") + comer.comes(60, "2001:db8::2") == 100
    assert comer.comes(60, "2001:db8:0:1::1") == 60


def test_whoever_may_have_many_open_may_open_twice_as_many_at_once() -> None:
    assert Comer(connections=5_000).comes(12_000, "192.0.2.1") == 10_000


@pytest.mark.parametrize(
    "limits",
    [{"new_connections": None}, {"connections": None}, attrs.asdict(Limits().without_rates())],
    ids=["its own", "connections", "all"],
)
def test_where_the_limit_or_that_of_connections_is_off_an_address_opens_as_many_as_it_likes(
    limits: dict[str, Any],
) -> None:
    assert Comer(**limits).comes(1_000, "192.0.2.1") == 1_000


def test_who_has_no_address_opens_as_many_connections_as_it_likes() -> None:
    assert Comer().comes(1_000, "") == 1_000


def test_a_balancer_does_not_open_connections_on_its_own_account() -> None:
    comer = Comer()
    for last in range(1, 201):
        assert comer.comes(5, f"192.0.2.{last}", introduced=False) == 5
