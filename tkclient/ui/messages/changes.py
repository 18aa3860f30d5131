"""What has changed between two lists of messages."""

from collections.abc import Sequence

import attrs

from tkclient.model.talk import Message


@attrs.frozen
class Change:
    """From `start` on, `removed` messages are gone and `added` ones stand in their place."""

    start: int
    removed: int
    added: int

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    def moved(self, place: int) -> int:
        """Where what was at a place is now; what is gone: where its successors are."""
        if place < self.start:
            return place
        if place < self.start + self.removed:
            return self.start + min(place - self.start, max(0, self.added - 1))
        return place + self.added - self.removed


def change_between(old: Sequence[Message], new: Sequence[Message]) -> Change:
    """The smallest single stretch that differs. Equal ones are found fast when they are the same objects."""
    if len(new) >= len(old) and new[: len(old)] == old:
        return Change(len(old), 0, len(new) - len(old))
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    after = 0
    while after < shorter - start and old[-1 - after] == new[-1 - after]:
        after += 1
    return Change(start, len(old) - start - after, len(new) - start - after)
