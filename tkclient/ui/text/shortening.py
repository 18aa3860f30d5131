"""A line cut to a width."""

import re
from collections.abc import Iterator
from typing import Final

from tkclient.ui.text.breaks import NEWLINE, Measure, glyphs
from tkclient.ui.text.clusters import cluster_ends
from tkclient.ui.text.segments import SegmentKind, segments

ELLIPSIS: Final = "…"
_BREAKS: Final = re.compile(rf"(?:{NEWLINE}|\t)+")


def shortened(text: str, width: int | None, measure: Measure, emoji_width: int) -> str:
    """A text as one line, with an ellipsis for what does not fit into `width` pixels; None is any width."""
    line = _BREAKS.sub(" ", text)
    if width is None or _line_width(line, measure, emoji_width) <= width:
        return line
    room = width - measure(ELLIPSIS)
    end = 0
    for next_end, unit_width in _units(line, measure, emoji_width):
        room -= unit_width
        if room < 0:
            break
        end = next_end
    return line[:end].rstrip() + ELLIPSIS


def _line_width(line: str, measure: Measure, emoji_width: int) -> int:
    return sum(
        emoji_width if part.kind is SegmentKind.EMOJI else measure(glyphs(part.text))
        for part in segments(line)
    )


def _units(line: str, measure: Measure, emoji_width: int) -> Iterator[tuple[int, int]]:
    """Where each letter or emoji ends, and its width."""
    start = 0
    for part in segments(line):
        if part.kind is SegmentKind.EMOJI:
            yield start + len(part.text), emoji_width
        else:
            before = 0
            for end in cluster_ends(part.text):
                yield start + end, measure(glyphs(part.text[before:end]))
                before = end
        start += len(part.text)
