"""So many devices at most, on whichever nodes: after a login, all nodes say which sessions of the person they have."""

from collections.abc import Callable, Iterable

from twisted.internet.interfaces import IReactorTime

ANSWERS_WITHIN_S = 1.0


class RollCall:
    """Collects the numbers of a person's sessions for a second after a login, then calls `too_many` with the oldest beyond `most`."""

    def __init__(
        self, clock: IReactorTime, too_many: Callable[[str, tuple[int, ...]], None], most: int
    ) -> None:
        self._clock = clock
        self._most = most
        self._too_many = too_many
        self._heard: dict[str, set[int]] = {}

    def begin(self, user_id: str, login_nos: Iterable[int]) -> None:
        """Somebody has logged in here and has these sessions on this node."""
        if user_id in self._heard:
            self._heard[user_id].update(login_nos)
        else:
            self._heard[user_id] = set(login_nos)
            self._clock.callLater(ANSWERS_WITHIN_S, self._count, user_id)

    def answer(self, user_id: str, login_nos: Iterable[int]) -> None:
        """Another node has these sessions of the person; not asked for any more, it is forgotten."""
        if user_id in self._heard:
            self._heard[user_id].update(login_nos)

    def _count(self, user_id: str) -> None:
        oldest = sorted(self._heard.pop(user_id))[: -self._most]
        if oldest:
            self._too_many(user_id, tuple(oldest))
