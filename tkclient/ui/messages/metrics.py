"""The numbers of a message's layout, in pixels of the screen."""

from collections.abc import Callable
from functools import partial
from typing import Self

import attrs

from tkclient.ui.look.look import Look
from tkclient.ui.text.breaks import Measure
from tkclient.ui.text.drawing import EMOJI_GAP, EMOJI_TO_TEXT

TEXT_SIZE = 14
NOTE_SIZE = 12
FOOT_SIZE = 11
"""Sizes of letters at scale 1: of what people write, of names and notes, of a card's foot."""
AVATAR_SIZE = 36
PICTURE_SIZE = 72
MARK_SIZE = 18
CARD_ICON_SIZE = 36
"""Sizes of pictures at scale 1."""
MARK_GAP = 8
"""Between a mark and a bubble."""


@attrs.frozen(kw_only=True, eq=False)
class Metrics:
    """How large everything is on one screen.

    measure_text, measure_note: widths of texts of the two sizes. line, note_line: heights of their lines,
    name_line: of that above a bubble.
    """

    measure_text: Measure
    measure_note: Measure
    px: Callable[[float], int]
    line: int
    note_line: int
    name_line: int
    emoji: int
    note_emoji: int

    @classmethod
    def of(cls, look: Look) -> Self:
        """Those of a look."""
        return cls.make(
            look.px,
            look.text_size,
            partial(look.measure, size=TEXT_SIZE),
            partial(look.measure, size=NOTE_SIZE),
        )

    @classmethod
    def make(
        cls, px: Callable[[float], int], text_size: int, measure_text: Measure, measure_note: Measure
    ) -> Self:
        """Args: px: pixels of the screen of one length at scale 1. text_size: in percent."""
        enlarged = text_size / 100
        return cls(
            measure_text=measure_text,
            measure_note=measure_note,
            px=px,
            line=px(22 * enlarged),
            note_line=px(18 * enlarged),
            name_line=px(16 * enlarged),
            emoji=px(TEXT_SIZE * EMOJI_TO_TEXT * enlarged) + px(EMOJI_GAP),
            note_emoji=px(NOTE_SIZE * EMOJI_TO_TEXT * enlarged) + px(EMOJI_GAP),
        )

    @property
    def margin(self) -> int:
        """Between the edge and a portrait."""
        return self.px(24)

    @property
    def name_height(self) -> int:
        """What a sender's name takes above a bubble."""
        return self.name_line + self.px(4)

    @property
    def gap(self) -> int:
        """Between a portrait and a bubble."""
        return self.px(12)

    @property
    def avatar(self) -> int:
        return self.px(AVATAR_SIZE)

    @property
    def row_gap(self) -> int:
        """Below each message."""
        return self.px(18)

    @property
    def padding(self) -> tuple[int, int]:
        """Between a bubble's edge and its text, sideways and upright."""
        return self.px(11), self.px(8)

    @property
    def mark_room(self) -> int:
        """What a mark takes beside a bubble."""
        return self.px(MARK_SIZE) + self.px(MARK_GAP)

    def text_width(self, width: int) -> int:
        """How wide the text in a bubble may be in a list of `width`."""
        others = 2 * self.margin + self.avatar + self.gap + 2 * self.padding[0] + self.mark_room
        return max(1, min(self.px(430), int(width * 0.62), width - others))
