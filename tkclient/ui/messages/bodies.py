"""The bodies of messages: bubbles, pictures and cards."""

from collections.abc import Callable
from typing import Final

import attrs

from tkclient.model.talk import Kind, Message
from tkclient.ui.art.faces import FACES
from tkclient.ui.messages.boxes import Bubble, Card, Lines, Picture, PlacedLine, Rect, Said
from tkclient.ui.messages.metrics import CARD_ICON_SIZE, PICTURE_SIZE, Metrics
from tkclient.ui.text.segments import lone_emoji
from tkclient.ui.text.shortening import shortened
from tkclient.ui.text.words import Words
from tkclient.ui.text.wrapping import UNBOUNDED, Line, wrap

_CARD_WIDTH: Final = 240
_CARD_LINES: Final = 2
_CARD_PADDING: Final = 14
_CARD_FOOT: Final = 26


@attrs.frozen(kw_only=True)
class Bodies:
    """Makes the bodies of messages. text_width: how wide the text in a bubble may be, in pixels of the screen."""

    metrics: Metrics
    words: Words
    text_width: int

    def text_of(self, message: Message) -> str:
        """What the body of a message says."""
        if message.kind is Kind.UNKNOWN:
            return self.words("[Message of a kind this version does not know]")
        return message.text

    def body(self, message: Message, top: int, left_of: Callable[[int], int]) -> Said:
        """The body of a message. left_of: where a body of a width begins."""
        if message.kind in (Kind.IMAGE, Kind.FILE):
            return self._card(message, top, left_of)
        picture = self._picture_in(message)
        if picture:
            size = self.metrics.px(PICTURE_SIZE)
            rect = Rect(left_of(size), top, size, size)
            return Picture(rect=rect, name=picture, is_face=message.kind is Kind.FACE)
        return self._bubble(message, top, left_of)

    def _picture_in(self, message: Message) -> str:
        if message.kind is Kind.FACE:
            return message.text if message.text in FACES else ""
        return lone_emoji(message.text) if message.kind is Kind.TEXT else ""

    def _bubble(self, message: Message, top: int, left_of: Callable[[int], int]) -> Bubble:
        metrics, (across, down) = self.metrics, self.metrics.padding
        lines = wrap(self.text_of(message), self.text_width, metrics.measure_text, metrics.emoji)
        width = max(line.width for line in lines)
        rect = Rect(
            left_of(width + 2 * across), top, width + 2 * across, len(lines) * metrics.line + 2 * down
        )
        placed = stacked(lines, rect.x + across, top + down, width, metrics.line)
        return Bubble(rect=rect, is_own=message.is_mine, lines=placed, is_quiet=message.kind is Kind.UNKNOWN)

    def _card(self, message: Message, top: int, left_of: Callable[[int], int]) -> Card:
        metrics, padding = self.metrics, self.metrics.px(_CARD_PADDING)
        icon = metrics.px(CARD_ICON_SIZE)
        width = min(metrics.px(_CARD_WIDTH), self.text_width + 2 * metrics.padding[0])
        left = left_of(width)
        upper = max(icon, _CARD_LINES * metrics.line) + 2 * padding
        name = self._name_lines(message.text, max(1, width - 3 * padding - icon))
        name_top = top + (upper - len(name) * metrics.line) // 2
        icon_rect = Rect(left + width - padding - icon, top + (upper - icon) // 2, icon, icon)
        foot = self.words("Picture") if message.kind is Kind.IMAGE else self.words("File")
        (foot_line,) = wrap(foot, UNBOUNDED, metrics.measure_note, metrics.note_emoji)
        return Card(
            rect=Rect(left, top, width, upper + metrics.px(_CARD_FOOT)),
            is_own=message.is_mine,
            is_image=message.kind is Kind.IMAGE,
            lines=stacked(name, left + padding, name_top, 0, metrics.line),
            icon=icon_rect,
            foot=PlacedLine(left + padding, top + upper, metrics.px(_CARD_FOOT), foot_line),
        )

    def _name_lines(self, name: str, width: int) -> tuple[Line, ...]:
        """A name on two lines at most."""
        metrics = self.metrics
        lines = wrap(name, width, metrics.measure_text, metrics.emoji)
        if len(lines) <= _CARD_LINES:
            return lines
        whole = lines[: _CARD_LINES - 1]
        rest = shortened(name[whole[-1].end :], width, metrics.measure_text, metrics.emoji)
        return (*whole, wrap(rest, UNBOUNDED, metrics.measure_text, metrics.emoji)[0])


def stacked(lines: tuple[Line, ...], x: int, y: int, width: int, height: int) -> Lines:
    """Lines below each other, each `height` high; those that begin at the right end at `x + width`."""
    return tuple(
        PlacedLine(x + max(0, width - line.width) * line.is_rtl, y + number * height, height, line)
        for number, line in enumerate(lines)
    )
