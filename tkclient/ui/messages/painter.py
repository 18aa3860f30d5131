"""Draws the rows of messages."""

import tkinter
from typing import Final

from tkclient.model.talk import Message
from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.messages.boxes import Bubble, Card, Lines, Mark, MessageBox, Picture, Rect
from tkclient.ui.messages.metrics import (
    AVATAR_SIZE,
    CARD_ICON_SIZE,
    FOOT_SIZE,
    MARK_SIZE,
    NOTE_SIZE,
    PICTURE_SIZE,
    TEXT_SIZE,
    Metrics,
)
from tkclient.ui.text.carets import spans
from tkclient.ui.text.drawing import draw_pieces

_RADIUS: Final = 5
_TAIL_TOP: Final = 13
_SELECTION: Final = "#b8d6fb"
_SELECTION_ON_OWN: Final = "#62c8a8"
_IMAGE_ICON: Final = "#62b5e5"
_FILE_ICON: Final = "#f6ae5a"
_DOTS: Final = 3


class Painter:
    """Draws on one canvas. All items of a row have its tag; what is drawn later lies above."""

    def __init__(self, canvas: tkinter.Canvas, look: Look, metrics: Metrics) -> None:
        self._canvas = canvas
        self._look = look
        self._metrics = metrics

    def draw(self, box: MessageBox, message: Message, tag: str, y: int) -> None:
        """Draw a row whose upper edge is at `y`."""
        body = box.body
        if isinstance(body, Bubble):
            self._draw_bubble(body, tag, y)
        elif isinstance(body, Card):
            self._draw_card(body, tag, y)
        elif isinstance(body, Picture):
            self._draw_picture(body, tag, y)
        else:
            self._draw_lines(body.lines, tag, y, NOTE_SIZE, palette.CHAT_NOTE)
        if box.avatar is not None:
            spec = AvatarSpec(message.sender_avatar, message.sender_id, message.sender_name)
            self._draw_image(self._look.art.avatar(spec, AVATAR_SIZE), box.avatar, tag, y)
        notes = tuple(line for line in (box.time, box.name, *box.why) if line)
        self._draw_lines(notes, tag, y, NOTE_SIZE, palette.CHAT_NOTE)
        if box.mark is not None and box.mark_kind is Mark.FAILED:
            icon = self._look.art.icon("exclamation-circle-fill", MARK_SIZE, palette.BADGE)
            self._draw_image(icon, box.mark, tag, y)

    def draw_waiting(self, mark: Rect, tag: str, y: int, beat: int) -> None:
        """Draw the three dots of a message on its way, one of them darker."""
        for number in range(_DOTS):
            colour = palette.CHAT_NOTE if number == beat % _DOTS else "#c4c4c4"
            self._canvas.create_image(
                mark.x + (2 * number + 1) * mark.width // (2 * _DOTS),
                y + mark.y + mark.height // 2,
                image=self._look.art.dot(4, colour),
                tags=(tag, waiting_tag(tag)),
            )

    def draw_selection(self, box: MessageBox, tag: str, y: int, start: int, end: int) -> None:
        """Mark a part of a row's text."""
        self._canvas.delete("selection")
        is_own = isinstance(box.body, Bubble) and box.body.is_own
        fill = _SELECTION_ON_OWN if is_own else _SELECTION
        for placed in box.text_lines:
            for left, right in spans(box.text, placed.line, start, end, self._metrics.measure_text):
                self._canvas.create_rectangle(
                    placed.x + left,
                    y + placed.y,
                    placed.x + right,
                    y + placed.y + placed.height,
                    width=0,
                    fill=fill,
                    tags=(tag, "selection"),
                )
        self._canvas.tag_raise(text_tag(tag))

    def _draw_bubble(self, bubble: Bubble, tag: str, y: int) -> None:
        colour = palette.OWN_BUBBLE if bubble.is_own else palette.BUBBLE
        self._draw_ground(bubble.rect, colour, bubble.is_own, tag, y)
        fill = palette.CHAT_NOTE if bubble.is_quiet else palette.TEXT
        self._draw_lines(bubble.lines, tag, y, TEXT_SIZE, fill)

    def _draw_card(self, card: Card, tag: str, y: int) -> None:
        rect, foot = card.rect, card.foot
        self._draw_ground(rect, palette.BUBBLE, card.is_own, tag, y)
        self._draw_lines(card.lines, tag, y, TEXT_SIZE, palette.TEXT)
        name, colour = ("image", _IMAGE_ICON) if card.is_image else ("file-earmark", _FILE_ICON)
        self._draw_image(self._look.art.icon(name, CARD_ICON_SIZE, colour), card.icon, tag, y)
        self._canvas.create_rectangle(
            foot.x, y + foot.y, rect.right - (foot.x - rect.x), y + foot.y + 1,
            width=0, fill=palette.LINE, tags=tag,
        )  # fmt: skip
        self._draw_lines((foot,), tag, y, FOOT_SIZE, palette.CHAT_NOTE)

    def _draw_picture(self, picture: Picture, tag: str, y: int) -> None:
        art = self._look.art
        draw = art.face if picture.is_face else art.emoji
        self._draw_image(draw(picture.name, PICTURE_SIZE), picture.rect, tag, y)

    def _draw_ground(self, rect: Rect, colour: str, is_own: bool, tag: str, y: int) -> None:
        """A rectangle with round corners and a tail: of the few items that stretch, none has to be made for a size."""
        canvas, art, radius = self._canvas, self._look.art, self._look.px(_RADIUS)
        left, top, right, bottom = rect.x, y + rect.y, rect.right, y + rect.bottom
        upright, across = (
            (left + radius, top, right - radius, bottom),
            (left, top + radius, right, bottom - radius),
        )
        for edges in (upright, across):
            canvas.create_rectangle(*edges, width=0, fill=colour, tags=tag)
        canvas.create_image(left, top, anchor="nw", image=art.corner(_RADIUS, colour, "nw"), tags=tag)
        canvas.create_image(right, top, anchor="ne", image=art.corner(_RADIUS, colour, "ne"), tags=tag)
        canvas.create_image(right, bottom, anchor="se", image=art.corner(_RADIUS, colour, "se"), tags=tag)
        canvas.create_image(left, bottom, anchor="sw", image=art.corner(_RADIUS, colour, "sw"), tags=tag)
        tail_y = top + self._look.px(_TAIL_TOP)
        if is_own:
            canvas.create_image(right, tail_y, anchor="nw", image=art.tail(colour, "right"), tags=tag)
        else:
            canvas.create_image(left, tail_y, anchor="ne", image=art.tail(colour, "left"), tags=tag)

    def _draw_lines(self, lines: Lines, tag: str, y: int, size: float, fill: str) -> None:
        for placed in lines:
            middle = y + placed.y + placed.height // 2
            draw_pieces(
                self._canvas, self._look, placed.line.pieces, placed.x, middle,
                size=size, fill=fill, tags=(tag, text_tag(tag)),
            )  # fmt: skip

    def _draw_image(self, image: tkinter.PhotoImage, rect: Rect, tag: str, y: int) -> None:
        self._canvas.create_image(rect.x, y + rect.y, anchor="nw", image=image, tags=tag)


def text_tag(tag: str) -> str:
    """The tag of all text of a row."""
    return f"{tag}text"


def waiting_tag(tag: str) -> str:
    """The tag of what says that a row's message is on its way."""
    return f"{tag}waiting"
