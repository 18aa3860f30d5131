"""The messages of the talk that is shown, and their rows, laid out when they are needed."""

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tkclient.model.talk import Kind, Message
from tkclient.ui.messages.boxes import MessageBox
from tkclient.ui.messages.changes import Change, change_between
from tkclient.ui.messages.extents import Extents
from tkclient.ui.messages.layout import Layout
from tkclient.ui.messages.metrics import PICTURE_SIZE
from tkclient.ui.text.times import PAUSE_MS, is_pause

_MOST_KEPT: Final = 300
_TIME: Final = 28
_NAME: Final = 20


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
            self.extents.splice(change.start, change.removed, [self._guess(place) for place in added])
        return change

    def lay_out_anew(self, layout: Layout | None = None) -> None:
        """For another width, or because a day has begun."""
        if layout is not None:
            self._layout = layout
        self._kept.clear()
        self.extents.splice(0, len(self.extents), [self._guess(place) for place in range(len(self))])

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

    def _guess(self, place: int) -> int:
        """About how high a row is: laying out thousands that nobody may come to see takes too long."""
        metrics = self._layout.metrics
        message = self._messages[place]
        before_ms = self._messages[place - 1].sent_at_ms if place else 0
        height = metrics.row_gap + (metrics.px(_TIME) if message.sent_at_ms - before_ms > PAUSE_MS else 0)
        if message.is_recalled or message.kind is Kind.EVENT:
            return height + metrics.note_line
        height += metrics.px(_NAME) if self._layout.names and message.sender_id != self._my_id else 0
        if message.kind is not Kind.TEXT:
            return height + metrics.px(PICTURE_SIZE)
        return height + self._guessed_lines(message.text) * metrics.line + 2 * metrics.padding[1]

    def _guessed_lines(self, text: str) -> int:
        metrics = self._layout.metrics
        letter = metrics.line / 3 if text.isascii() else metrics.line * 0.6
        letters = max(1, int(metrics.text_width(self._layout.width) / letter))
        return 1 + text.count("\n") + len(text) // letters
