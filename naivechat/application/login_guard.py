"""Who has to wait before another login: counted for each account and each address, in the memory of this node."""

from collections.abc import Callable

from naivechat.application.tries_book import MOST_KEPT, TriesBook, Wait
from naivechat.domain.addresses import address_key
from naivechat.domain.lockout import OF_AN_ACCOUNT, OF_AN_ADDRESS
from naivechat.domain.user import is_user_id


class LoginGuard:
    """Counts tries to log in, and says when one has to wait.

    Unknown accounts are counted as known ones: nobody learns from a wait which there are. Each node counts for itself: with n
    nodes there are n times as many tries.
    """

    def __init__(self, clock: Callable[[], int], *, most_kept: int = MOST_KEPT) -> None:
        """`clock` gives milliseconds and should not follow changes of the wall clock."""
        self._clock = clock
        self._accounts = TriesBook(OF_AN_ACCOUNT, most_kept)
        self._addresses = TriesBook(OF_AN_ADDRESS, most_kept)

    def begin(self, operator_id: str, address: str) -> Wait | None:
        """Begin a try, which counts as failed until `succeeded` or `take_back`; or the wait that there is, and nothing counts."""
        account, place, now_ms = _account_key(operator_id), address_key(address), self._clock()
        # The address first: whoever tries all names from one is told of once.
        wait = self._addresses.wait(place, now_ms) or self._accounts.wait(account, now_ms)
        if wait is None:
            self._accounts.begin(account, now_ms)
            self._addresses.begin(place, now_ms)
        return wait

    def succeeded(self, operator_id: str, address: str) -> None:
        """The try was right: the account's failures are forgotten; the address has this one less, for others come from it too."""
        self._accounts.forget(_account_key(operator_id))
        self._addresses.take_back(address_key(address))

    def take_back(self, operator_id: str, address: str) -> None:
        """The try was neither right nor wrong: storage was away."""
        self._accounts.take_back(_account_key(operator_id))
        self._addresses.take_back(address_key(address))


class AddressGuard:
    """As `LoginGuard`, where nobody says who they are: what is tried is counted for each address alone."""

    def __init__(self, clock: Callable[[], int], *, most_kept: int = MOST_KEPT) -> None:
        """`clock` as that of `LoginGuard`."""
        self._clock = clock
        self._addresses = TriesBook(OF_AN_ADDRESS, most_kept)

    def begin(self, address: str) -> Wait | None:
        """Begin a try, which counts as failed until `take_back`; or the wait that there is, and nothing counts."""
        key, now_ms = address_key(address), self._clock()
        wait = self._addresses.wait(key, now_ms)
        if wait is None:
            self._addresses.begin(key, now_ms)
        return wait

    def take_back(self, address: str) -> None:
        """The try was right, or neither right nor wrong."""
        self._addresses.take_back(address_key(address))


def _account_key(operator_id: str) -> str:
    """What no account can be called is one account."""
    return operator_id if is_user_id(operator_id) else ""
