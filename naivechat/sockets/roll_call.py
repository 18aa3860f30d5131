"""So many devices at most, on whichever nodes: after a login, all nodes say which sessions of the person they have."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from twisted.internet.interfaces import IReactorTime

ANSWERS_WITHIN_S = 1.0

Present: TypeAlias = tuple[str, int]
"""A session that is there: its device, and its number."""


class RollCall:
    """Collects a person's sessions for a second after a login, then calls `too_many` with the oldest devices' beyond `most`.

    Of each device the newest session counts, and no other: a device that logs in again and again within the second has given
    way to itself, and must not push out others.
    """

    def __init__(
        self, clock: IReactorTime, too_many: Callable[[str, tuple[int, ...]], None], most: int
    ) -> None:
        self._clock = clock
        self._most = most
        self._too_many = too_many
        self._heard: dict[str, dict[str, int]] = {}

    def begin(self, user_id: str, sessions: Iterable[Present]) -> None:
        """Somebody has logged in here and has these sessions on this node."""
        if user_id not in self._heard:
            self._heard[user_id] = {}
            self._clock.callLater(ANSWERS_WITHIN_S, self._count, user_id)
        self.answer(user_id, sessions)

    def answer(self, user_id: str, sessions: Iterable[Present]) -> None:
        """Another node has these sessions of the person; not asked for any more, it is forgotten."""
        newest = self._heard.get(user_id)
        if newest is None:
            return
        for device, login_no in sessions:
            newest[device] = max(login_no, newest.get(device, login_no))

    def _count(self, user_id: str) -> None:
        oldest = sorted(self._heard.pop(user_id).values())[: -self._most]
        if oldest:
            self._too_many(user_id, tuple(oldest))
