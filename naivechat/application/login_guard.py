"""Who has to wait before another login: counted for each account and each address, in the memory of this node."""

import ipaddress
from collections.abc import Callable

import attrs

from naivechat.domain.lockout import OF_AN_ACCOUNT, OF_AN_ADDRESS, Patience, Tries
from naivechat.domain.user import is_user_id

MOST_KEPT = 10_000
"""Accounts, and addresses, of which failures are kept."""


@attrs.frozen(kw_only=True)
class Wait:
    """A login that is not tried: for how long, and whether it is the first one refused of this wait."""

    wait_ms: int
    is_first: bool


@attrs.define
class _Book:
    """The failures of one kind of key; `told`: of whose wait was told. Full, it forgets who has the fewest, the oldest first."""

    patience: Patience
    most: int
    tries: dict[str, Tries] = attrs.field(factory=dict, init=False)
    told: set[str] = attrs.field(factory=set, init=False)

    def wait(self, key: str, now_ms: int) -> Wait | None:
        wait_ms = self.patience.wait_ms(self.tries.get(key), now_ms)
        if wait_ms == 0:
            return None
        is_first = key not in self.told
        self.told.add(key)
        return Wait(wait_ms=wait_ms, is_first=is_first)

    def begin(self, key: str, now_ms: int) -> None:
        if key not in self.tries and len(self.tries) >= self.most:
            self._make_room(now_ms)
        self.tries[key] = self.patience.failed(self.tries.get(key), now_ms)
        self.told.discard(key)

    def take_back(self, key: str) -> None:
        tries = self.tries.pop(key, None)
        if tries is not None and tries.failures > 1:
            self.tries[key] = attrs.evolve(tries, failures=tries.failures - 1)

    def forget(self, key: str) -> None:
        self.tries.pop(key, None)

    def _make_room(self, now_ms: int) -> None:
        kept = {key: t for key, t in self.tries.items() if not self.patience.is_forgotten(t, now_ms)}
        while len(kept) >= self.most:
            del kept[min(kept, key=lambda key: (kept[key].failures, kept[key].last_at_ms))]
        self.tries = kept
        self.told.intersection_update(kept)


class LoginGuard:
    """Counts tries to log in, and says when one has to wait.

    Unknown accounts are counted as known ones: nobody learns from a wait which there are. Each node counts for itself: with n
    nodes there are n times as many tries.
    """

    def __init__(self, clock: Callable[[], int], *, most_kept: int = MOST_KEPT) -> None:
        """`clock` gives milliseconds and should not follow changes of the wall clock."""
        self._clock = clock
        self._accounts = _Book(OF_AN_ACCOUNT, most_kept)
        self._addresses = _Book(OF_AN_ADDRESS, most_kept)

    def begin(self, operator_id: str, address: str) -> Wait | None:
        """Begin a try, which counts as failed until `succeeded` or `take_back`; or the wait that there is, and nothing counts."""
        account_key, address_key, now_ms = _account_key(operator_id), _address_key(address), self._clock()
        # The address first: whoever tries all names from one is told of once.
        wait = self._addresses.wait(address_key, now_ms) or self._accounts.wait(account_key, now_ms)
        if wait is None:
            self._accounts.begin(account_key, now_ms)
            self._addresses.begin(address_key, now_ms)
        return wait

    def succeeded(self, operator_id: str, address: str) -> None:
        """The try was right: the account's failures are forgotten; the address has this one less, for others come from it too."""
        self._accounts.forget(_account_key(operator_id))
        self._addresses.take_back(_address_key(address))

    def take_back(self, operator_id: str, address: str) -> None:
        """The try was neither right nor wrong: storage was away."""
        self._accounts.take_back(_account_key(operator_id))
        self._addresses.take_back(_address_key(address))


class AddressGuard:
    """As `LoginGuard`, where nobody says who they are: what is tried is counted for each address alone."""

    def __init__(self, clock: Callable[[], int], *, most_kept: int = MOST_KEPT) -> None:
        """`clock` as that of `LoginGuard`."""
        self._clock = clock
        self._addresses = _Book(OF_AN_ADDRESS, most_kept)

    def begin(self, address: str) -> Wait | None:
        """Begin a try, which counts as failed until `take_back`; or the wait that there is, and nothing counts."""
        key, now_ms = _address_key(address), self._clock()
        wait = self._addresses.wait(key, now_ms)
        if wait is None:
            self._addresses.begin(key, now_ms)
        return wait

    def take_back(self, address: str) -> None:
        """The try was right, or neither right nor wrong."""
        self._addresses.take_back(_address_key(address))


def _account_key(operator_id: str) -> str:
    """What no account can be called is one account."""
    return operator_id if is_user_id(operator_id) else ""


def _address_key(address: str) -> str:
    """An IPv4 address; of an IPv6 one the network, for whoever has one address there has 2^64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
