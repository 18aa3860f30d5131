"""The messages of the talk that is shown, and their rows, laid out when they are needed."""

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tkclient.model.talk import Message
from tkclient.ui.messages.boxes import MessageBox
from tkclient.ui.messages.changes import Change, change_between
from tkclient.ui.messages.extents import Extents
from tkclient.ui.messages.guesses import Guesses
from tkclient.ui.messages.layout import Layout
from tkclient.ui.text.times import is_pause

_MOST_KEPT: Final = 300


@attrs.frozen
class Row:
    """A message as it is drawn. time: what is said above it."""

    message: Message
    time: str
    box: MessageBox


class Rows:
    """Heights of rows that were never in view are guesses.

    Args:
        time_of: how a moment is told between messages.
    """

    def __init__(self, layout: Layout, time_of: Callable[[int], str]) -> None:
        self._layout = layout
        self._time_of = time_of
        self._my_id = ""
        self._messages: list[Message] = []
        self._kept: dict[bytes, Row] = {}
        self.extents = Extents()

    def __len__(self) -> int:
        return len(self._messages)

    def message(self, place: int) -> Message:
        return self._messages[place]

    def place_of(self, msg_uuid: bytes) -> int | None:
        """Where a message is."""
        return next((n for n, message in enumerate(self._messages) if message.msg_uuid == msg_uuid), None)

    def clear(self, my_id: str) -> None:
        """Forget all, for another talk, in which own messages are those of `my_id`."""
        self._my_id = my_id
        self._messages = []
        self._kept.clear()
        self.extents = Extents()

    def update(self, messages: Sequence[Message]) -> Change:
        """Have these messages now."""
        change = change_between(self._messages, messages)
        if change:
            self._messages = list(messages)
            added = range(change.start, change.start + change.added)
            self.extents.splice(change.start, change.removed, self._guesses(added))
        return change

    def lay_out_anew(self, layout: Layout | None = None) -> None:
        """For another width, or because a day has begun."""
        if layout is not None:
            self._layout = layout
        self._kept.clear()
        self.extents.splice(0, len(self.extents), self._guesses(range(len(self))))

    def row(self, place: int) -> Row:
        """A row as it is now."""
        message, time = self._messages[place], self._time(place)
        known = self._kept.pop(message.msg_uuid, None)
        if known is None or known.message is not message or known.time != time:
            known = Row(message, time, self._layout.row(self._by_sender(message), time))
            self.extents.set_height(place, known.box.height)
        self._kept[message.msg_uuid] = known
        if len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return known

    def _time(self, place: int) -> str:
        sent = self._messages[place].sent_at_ms
        if place and not is_pause(self._messages[place - 1].sent_at_ms, sent):
            return ""
        return self._time_of(sent)

    def _by_sender(self, message: Message) -> Message:
        """Whose a message is does not depend on anything but its sender."""
        is_mine = message.sender_id == self._my_id
        return message if message.is_mine == is_mine else attrs.evolve(message, is_mine=is_mine)

    def _guesses(self, places: range) -> list[int]:
        guesses = Guesses(self._layout, self._my_id)
        messages = self._messages
        return [guesses.height(messages[place], messages[place - 1] if place else None) for place in places]
