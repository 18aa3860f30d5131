"""How long somebody has to wait after failed logins: longer with each one, and never for ever.

A try counts from its beginning: many at once are as many failures, until one of them succeeds.
"""

import attrs


@attrs.frozen(kw_only=True)
class Tries:
    """Failures in a row: how many, and when the last one began (in ms of any clock that does not go back)."""

    failures: int
    last_at_ms: int


@attrs.frozen(kw_only=True)
class Patience:
    """A rule: `free` failures cost nothing; the next wait is `first_ms`, each further one twice the last, at most `longest_ms`.

    After `forget_ms` without a try all failures are forgotten. It is longer than `longest_ms`: waiting alone clears nobody.
    """

    free: int
    first_ms: int
    longest_ms: int
    forget_ms: int

    def wait_ms(self, tries: Tries | None, now_ms: int) -> int:
        """How long from now until the next try is taken; 0: it is now."""
        if tries is None or self.is_forgotten(tries, now_ms):
            return 0
        delay_ms = self._delay_ms(tries.failures)
        return min(max(tries.last_at_ms + delay_ms - now_ms, 0), delay_ms)

    def failed(self, tries: Tries | None, now_ms: int) -> Tries:
        """The tries with one more."""
        known = 0 if tries is None or self.is_forgotten(tries, now_ms) else tries.failures
        return Tries(failures=known + 1, last_at_ms=now_ms)

    def is_forgotten(self, tries: Tries, now_ms: int) -> bool:
        """Whether they do not matter any more."""
        return now_ms >= tries.last_at_ms + self.forget_ms

    def _delay_ms(self, failures: int) -> int:
        if failures < self.free:
            return 0
        # The shift has a bound, for the number of failures has none.
        return min(self.first_ms << min(failures - self.free, 30), self.longest_ms)


OF_AN_ACCOUNT = Patience(free=5, first_ms=30_000, longest_ms=15 * 60_000, forget_ms=60 * 60_000)
"""After five failures half a minute, then one, two, four, eight, and always 15 minutes: about a hundred guesses a day."""
OF_AN_ADDRESS = Patience(free=20, first_ms=30_000, longest_ms=15 * 60_000, forget_ms=60 * 60_000)
"""As of an account, after twenty failures: several operators may come from one address."""
