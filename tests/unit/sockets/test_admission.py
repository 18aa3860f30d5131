"""How many connections there may be, whoever comes and goes."""

from collections import Counter

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
            Limits(connections=OF_AN_ADDRESS, waiting_connections=WAITING), self.refused
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
    chosen, allowed = Admission(Limits(all_connections=2), refused), Admission(Limits(), refused, lambda: 2)
    for admission in (chosen, allowed):
        admission.open(1)
        for count in (2, 3):
            with pytest.raises(LimitReached):
                admission.open(count)
    assert refused == {"all-connections": 4}
