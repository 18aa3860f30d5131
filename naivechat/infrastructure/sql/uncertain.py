"""Records of which nobody knows whether they are stored.

An entry's fate is unknown when the connection is lost in the commit and the database stays away. Its sender hears Unavailable,
nobody is told of the message, and it may be stored all the same. So such entries are remembered: when one is found stored
later, it is reported as new, once, and told on.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from naivechat.domain.appending import Appended, Outcome
from naivechat.domain.user import UserId

MOST_UNCERTAIN = 10_000

Name: TypeAlias = tuple[UserId, bytes]
"""What names a record for good: its sender, and the sender's own name for it."""


class UncertainNames:
    """The names of the last `MOST_UNCERTAIN` such records."""

    def __init__(self) -> None:
        self._names: OrderedDict[Name, None] = OrderedDict()

    @property
    def are_any(self) -> bool:
        """Whether there are any."""
        return bool(self._names)

    def add(self, names: Iterable[Name]) -> None:
        """Remember these."""
        self._names.update(dict.fromkeys(names))
        while len(self._names) > MOST_UNCERTAIN:
            self._names.popitem(last=False)

    def correct(self, outcomes: Sequence[Outcome], maybe_stored: set[Name]) -> bool:
        """Make new what was found stored, but of which nobody was told; whether anything was found stored.

        Args:
            maybe_stored: names that an earlier run of the same unit may have stored; used up.
        """
        found_stored = False
        for outcome in outcomes:
            if isinstance(outcome, Appended):
                found_stored = found_stored or outcome.duplicate
                self._settle(outcome, maybe_stored)
        return found_stored

    def _settle(self, outcome: Appended, maybe_stored: set[Name]) -> None:
        """What stands there now is certain, be it found or written just now: when it comes again, it is no news."""
        name = (outcome.message.sender_id, outcome.message.msg_uuid)
        if outcome.duplicate and (name in maybe_stored or name in self._names):
            outcome.duplicate = False
        maybe_stored.discard(name)
        self._names.pop(name, None)
