"""Failed tries by a key (an account, an address), and how long each key has to wait: in memory that has a bound."""

import attrs

from naivechat.domain.lockout import Patience, Tries

MOST_KEPT = 10_000
"""Keys of one kind whose failures are kept."""


@attrs.frozen(kw_only=True)
class Wait:
    """A login that is not tried: for how long, and whether it is the first one refused of this wait."""

    wait_ms: int
    is_first: bool


@attrs.define
class TriesBook:
    """The failures of one kind of key; `told`: of whose wait was told. Full, it forgets who has the fewest, the oldest first."""

    patience: Patience
    most: int
    tries: dict[str, Tries] = attrs.field(factory=dict, init=False)
    told: set[str] = attrs.field(factory=set, init=False)

    def wait(self, key: str, now_ms: int) -> Wait | None:
        """The wait that there is; None: a try may begin."""
        wait_ms = self.patience.wait_ms(self.tries.get(key), now_ms)
        if wait_ms == 0:
            return None
        is_first = key not in self.told
        self.told.add(key)
        return Wait(wait_ms=wait_ms, is_first=is_first)

    def begin(self, key: str, now_ms: int) -> None:
        """A try begins, which counts as failed."""
        if key not in self.tries and len(self.tries) >= self.most:
            self._make_room(now_ms)
        self.tries[key] = self.patience.failed(self.tries.get(key), now_ms)
        self.told.discard(key)

    def take_back(self, key: str) -> None:
        """The last try does not count."""
        tries = self.tries.pop(key, None)
        if tries is not None and tries.failures > 1:
            self.tries[key] = attrs.evolve(tries, failures=tries.failures - 1)

    def forget(self, key: str) -> None:
        """None of the tries counts any more."""
        self.tries.pop(key, None)

    def _make_room(self, now_ms: int) -> None:
        kept = {key: t for key, t in self.tries.items() if not self.patience.is_forgotten(t, now_ms)}
        if len(kept) >= self.most:
            # A tenth at once, for each newcomer would have to look at all of them.
            ranked = sorted(kept, key=lambda key: (kept[key].failures, kept[key].last_at_ms))
            for key in ranked[: len(kept) - self.most + max(self.most // 10, 1)]:
                del kept[key]
        self.tries = kept
        self.told.intersection_update(kept)
