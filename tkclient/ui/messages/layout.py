"""From a message to its row, computed without a screen."""

from collections.abc import Callable
from typing import Final

import attrs

from tkclient.model.talk import Kind, Message, Sending
from tkclient.ui.messages.bodies import Bodies, stacked
from tkclient.ui.messages.boxes import Lines, Mark, MessageBox, Note, PlacedLine, Rect
from tkclient.ui.messages.metrics import MARK_GAP, MARK_SIZE, Metrics
from tkclient.ui.text.group_events import event_sentence
from tkclient.ui.text.shortening import shortened
from tkclient.ui.text.sketches import recall_sentence
from tkclient.ui.text.words import Words
from tkclient.ui.text.wrapping import UNBOUNDED, wrap

_TIME_GAP: Final = 10
_WHY_GAP: Final = 6
_MARKS: Final = {Sending.SENDING: Mark.SENDING, Sending.FAILED: Mark.FAILED}


@attrs.frozen(kw_only=True)
class Layout:
    """Lays out messages for a list of `width` pixels of the screen.

    names: whether senders are named, as in groups. reason: says why a message was refused, by its `failure`.
    """

    width: int
    metrics: Metrics
    words: Words
    names: bool = False
    reason: Callable[[str], str] = str

    def row(self, message: Message, time: str = "") -> MessageBox:
        """The row of a message. time: what is said above it."""
        time_line = self._centred(time, 0)[0] if time else None
        top = time_line.height + self.metrics.px(_TIME_GAP) if time_line else 0
        sentence = note_of(message, self.words)
        row = self._said(message, top) if sentence is None else self._note(sentence, top)
        gap = self.metrics.row_gap if row.height else 0
        return attrs.evolve(row, time=time_line, height=row.height + gap)

    def _note(self, sentence: str, top: int) -> MessageBox:
        lines = self._centred(sentence, top) if sentence else ()
        return MessageBox(height=_bottom(lines) or top, text=sentence, body=Note(lines=lines))

    def _said(self, message: Message, top: int) -> MessageBox:
        metrics = self.metrics
        avatar = Rect(self._left_of_avatar(message.is_mine), top, metrics.avatar, metrics.avatar)
        name = self._name(message, top) if self.names and not message.is_mine else None
        bodies = Bodies(metrics=metrics, words=self.words, text_width=metrics.text_width(self.width))
        body = bodies.body(
            message, top + (metrics.name_height if name else 0), self._left_of_body(message.is_mine)
        )
        mark = _MARKS.get(message.sending) if message.is_mine else None
        why = self._why(message, body.rect.bottom)
        return MessageBox(
            height=max(avatar.bottom, body.rect.bottom, _bottom(why)),
            text=bodies.text_of(message),
            body=body,
            is_own=message.is_mine,
            avatar=avatar,
            name=name,
            mark=self._beside(body.rect) if mark else None,
            mark_kind=mark,
            why=why,
        )

    def _name(self, message: Message, top: int) -> PlacedLine:
        metrics = self.metrics
        name = shortened(
            message.sender_name, metrics.text_width(self.width), metrics.measure_note, metrics.note_emoji
        )
        line = wrap(name, UNBOUNDED, metrics.measure_note, metrics.note_emoji)[0]
        return PlacedLine(metrics.margin + metrics.avatar + metrics.gap, top, metrics.name_line, line)

    def _why(self, message: Message, top: int) -> Lines:
        reason = self.reason(message.failure) if message.failure and message.is_mine else ""
        return self._centred(reason, top + self.metrics.px(_WHY_GAP)) if reason else ()

    def _centred(self, text: str, top: int) -> Lines:
        metrics = self.metrics
        room = max(1, self.width - 2 * metrics.margin)
        lines = wrap(text, room, metrics.measure_note, metrics.note_emoji)
        return tuple(
            attrs.evolve(placed, x=(self.width - placed.line.width) // 2)
            for placed in stacked(lines, 0, top, 0, metrics.note_line)
        )

    def _left_of_avatar(self, is_mine: bool) -> int:
        metrics = self.metrics
        return self.width - metrics.margin - metrics.avatar if is_mine else metrics.margin

    def _left_of_body(self, is_mine: bool) -> Callable[[int], int]:
        metrics = self.metrics
        beside = metrics.margin + metrics.avatar + metrics.gap
        return lambda width: self.width - beside - width if is_mine else beside

    def _beside(self, body: Rect) -> Rect:
        size = self.metrics.px(MARK_SIZE)
        left = body.x - self.metrics.px(MARK_GAP) - size
        return Rect(left, body.y + (body.height - size) // 2, size, size)


def note_of(message: Message, words: Words) -> str | None:
    """What is said of a message in the middle of the list; None if it stands as a bubble, a picture or a card."""
    if message.is_recalled or message.kind is Kind.RECALL:
        return recall_sentence(message, words)
    return event_sentence(message.event, words) if message.kind is Kind.EVENT else None


def _bottom(lines: Lines) -> int:
    return lines[-1].y + lines[-1].height if lines else 0
