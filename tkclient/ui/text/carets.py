"""Between places in a text and places on its lines."""

import re
from collections.abc import Iterator
from typing import Final

from tkclient.ui.text.breaks import Measure, glyphs
from tkclient.ui.text.clusters import cluster_ends
from tkclient.ui.text.placing import Piece
from tkclient.ui.text.segments import SegmentKind, segments
from tkclient.ui.text.wrapping import Line

_CJK: Final = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD: Final = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])[\w'’\u0300-\u036f])+|\s+")


def piece_at(line: Line, x: int) -> Piece | None:
    """What stands at a distance from the left edge of a line."""
    return next((piece for piece in line.pieces if piece.x <= x < piece.x + piece.width), None)


def place_at(text: str, line: Line, x: int, measure: Measure) -> int:
    """The place in the text that is nearest to a distance from the left edge of a line: between two letters."""
    if not line.pieces:
        return line.start
    first, last = line.pieces[0], line.pieces[-1]
    if x < first.x:
        return first.end if first.is_rtl else first.start
    piece = piece_at(line, x)
    if piece is None:
        return last.start if last.is_rtl else last.end
    return min(_carets(text, piece, measure), key=lambda caret: abs(caret[1] - x))[0]


def spans(text: str, line: Line, start: int, end: int, measure: Measure) -> Iterator[tuple[int, int]]:
    """From where to where on a line the part of the text between two places is seen, in pixels."""
    for piece in line.pieces:
        first, last = max(start, piece.start), min(end, piece.end)
        if first < last:
            edges = sorted(_x_of(text, piece, place, measure) for place in (first, last))
            yield edges[0], edges[1]


def word_at(text: str, place: int) -> tuple[int, int]:
    """The word, emoji or link that holds a place in the text."""
    start = 0
    for part in segments(text):
        end = start + len(part.text)
        if place < end:
            return (
                (start, end) if part.kind is not SegmentKind.PLAIN else _plain_word(part.text, start, place)
            )
        start = end
    return (len(text), len(text))


def _plain_word(text: str, offset: int, place: int) -> tuple[int, int]:
    for match in _WORD.finditer(text):
        if match.start() <= place - offset < match.end():
            return offset + match.start(), offset + match.end()
    return place, place + 1


def _carets(text: str, piece: Piece, measure: Measure) -> Iterator[tuple[int, int]]:
    """The places at which a piece can be parted, and where they are on the line."""
    ends = [piece.end] if piece.kind is SegmentKind.EMOJI else _ends(text, piece)
    for place in (piece.start, *ends):
        yield place, _x_of(text, piece, place, measure)


def _ends(text: str, piece: Piece) -> list[int]:
    return [piece.start + end for end in cluster_ends(text[piece.start : piece.end])]


def _x_of(text: str, piece: Piece, place: int, measure: Measure) -> int:
    if place <= piece.start:
        before = 0
    elif place >= piece.end:
        before = piece.width
    else:
        before = (
            piece.width if piece.kind is SegmentKind.EMOJI else measure(glyphs(text[piece.start : place]))
        )
    return piece.x + (piece.width - before if piece.is_rtl else before)
