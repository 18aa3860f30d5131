"""About how high a row is: to lay out thousands that nobody may come to see takes too long."""

from typing import Final

from tkclient.model.talk import Kind, Message
from tkclient.ui.messages.layout import Layout
from tkclient.ui.messages.metrics import PICTURE_SIZE
from tkclient.ui.text.times import PAUSE_MS

_TIME: Final = 28
_LATIN: Final = 1 / 3
_OTHER: Final = 0.6
"""How wide a letter is on average, in heights of a line."""


class Guesses:
    """Guesses for one layout. own_id: whose messages have no name above them."""

    def __init__(self, layout: Layout, own_id: str) -> None:
        metrics = layout.metrics
        width = metrics.text_width(layout.width)
        self._own_id = own_id
        self._gap = metrics.row_gap
        self._time = metrics.px(_TIME)
        self._name = metrics.name_height if layout.names else 0
        self._note = metrics.note_line
        self._picture = metrics.px(PICTURE_SIZE)
        self._line = metrics.line
        self._padding = 2 * metrics.padding[1]
        self._latin_a_line = max(1, int(width / (metrics.line * _LATIN)))
        self._others_a_line = max(1, int(width / (metrics.line * _OTHER)))

    def height(self, message: Message, before: Message | None) -> int:
        """How high the row of a message is, about; `before` is the message above it."""
        is_late = before is None or message.sent_at_ms - before.sent_at_ms > PAUSE_MS
        height = self._gap + (self._time if is_late else 0)
        if message.is_recalled or message.kind is Kind.EVENT:
            return height + self._note
        if message.sender_id != self._own_id:
            height += self._name
        if message.kind is not Kind.TEXT:
            return height + self._picture
        text = message.text
        letters = self._latin_a_line if text.isascii() else self._others_a_line
        lines = 1 + text.count("\n") + len(text) // letters
        return height + lines * self._line + self._padding
