"""How often an address may try to come in: passwords that are checked, and accounts that are made.

Counted in the memory of this node. Only passwords that are wrong count: whoever logs in, however often and with how many others
from one address, is never held up. A wait is for one account *from one address*, so nobody locks a person out elsewhere; and
logging in by a token asks for no password, so nothing here concerns it.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from naivechat.application.tries_book import MOST_KEPT, TriesBook
from naivechat.domain.addresses import address_key
from naivechat.domain.errors import AuthFailed, RateLimited, UserExists
from naivechat.domain.limits import Limits
from naivechat.domain.lockout import Patience
from naivechat.domain.rates import Rate, Windows
from naivechat.domain.user import is_user_id

WRONG_TOKEN_S = 0.1
"""How long a connection waits after a token that is none: a lock-out would keep out those who have one."""
_SENTENCE = "There were too many tries: wait a while."


class EntryGuard:
    """Lets tries begin, or refuses them as RateLimited. Unknown accounts are counted as known ones.

    `wrong_token_s` is how long a connection is to wait after a wrong token.

    Args:
        seconds: a clock that does not go back.
        exhausted: is told of an account ("" for what none can be called) and an address after whose wrong password no other
            is looked at for a while.
    """

    def __init__(
        self,
        limits: Limits,
        seconds: Callable[[], float],
        *,
        exhausted: Callable[[str, str], object] = lambda account, address: None,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self.wrong_token_s = WRONG_TOKEN_S if limits.logins else 0.0
        self._seconds = seconds
        self._exhausted = exhausted
        self._accounts = TriesBook(patience_of(limits.logins), most_kept) if limits.logins else None
        self._addresses = _windows(limits.address_logins, most_kept)
        self._registrations = _windows(limits.registrations, most_kept)

    @contextmanager
    def checking(self, user_id: str, address: str) -> Iterator[None]:
        """Within it an account's password is checked; AuthFailed out of it counts, whatever else happens does not.

        Args:
            address: where the person is, "" if nowhere in a network.

        Raises:
            RateLimited: not now; nothing is to be checked.
        """
        place = address_key(address)
        name = user_id if is_user_id(user_id) else ""
        account = f"{name} {place}"
        self._begin(account, place)
        try:
            yield
        except AuthFailed:
            if self._must_wait(account, place):
                self._exhausted(name, address)
            raise
        except BaseException:
            self._take_back(account)
            self._free(self._addresses, place)
            raise
        else:
            self._forget(account)
            self._free(self._addresses, place)

    @contextmanager
    def registering(self, address: str) -> Iterator[None]:
        """Within it an account is made. A name that is taken counts as a wrong password: to ask for names is to guess.

        Raises:
            RateLimited: not now.
        """
        place = address_key(address)
        self._take(self._addresses, place, "address-logins")
        try:
            with self._one_more(place):
                yield
        except UserExists:
            raise
        except BaseException:
            self._free(self._addresses, place)
            raise
        else:
            self._free(self._addresses, place)

    @contextmanager
    def _one_more(self, place: str) -> Iterator[None]:
        """A registration, which counts if it succeeds."""
        self._take(self._registrations, place, "registrations")
        try:
            yield
        except BaseException:
            self._free(self._registrations, place)
            raise

    def _begin(self, account: str, place: str) -> None:
        now_ms = self._now_ms()
        wait = self._accounts.wait(account, now_ms) if self._accounts is not None else None
        if wait is not None:
            raise RateLimited(_SENTENCE, limit="logins", retry_after_ms=wait.wait_ms)
        self._take(self._addresses, place, "address-logins")
        if self._accounts is not None:
            self._accounts.begin(account, now_ms)

    def _must_wait(self, account: str, place: str) -> bool:
        of_account = self._accounts is not None and self._accounts.wait(account, self._now_ms()) is not None
        of_address = self._addresses is not None and self._addresses.wait_s(place, self._seconds()) > 0.0
        return of_account or of_address

    def _take(self, windows: Windows | None, place: str, limit: str) -> None:
        if windows is None or not place:
            return
        wait_s = windows.take(place, self._seconds())
        if wait_s > 0.0:
            raise RateLimited(_SENTENCE, limit=limit, retry_after_ms=math.ceil(wait_s * 1_000))

    def _free(self, windows: Windows | None, place: str) -> None:
        if windows is not None:
            windows.take_back(place)

    def _take_back(self, account: str) -> None:
        if self._accounts is not None:
            self._accounts.take_back(account)

    def _forget(self, account: str) -> None:
        if self._accounts is not None:
            self._accounts.forget(account)

    def _now_ms(self) -> int:
        return int(self._seconds() * 1_000)


def patience_of(rate: Rate) -> Patience:
    """Waits that keep to a rate and grow: after so many failures its period, then twice and always four times that."""
    period_ms = math.ceil(rate.period_s * 1_000)
    return Patience(free=rate.count, first_ms=period_ms, longest_ms=4 * period_ms, forget_ms=8 * period_ms)


def _windows(rate: Rate | None, most_kept: int) -> Windows | None:
    return Windows(rate, most_kept=most_kept) if rate is not None else None
