"""The pieces of a line from left to right."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

import attrs

from tkclient.ui.text import bidi
from tkclient.ui.text.breaks import Atom, Measure, glyphs
from tkclient.ui.text.segments import Segment, SegmentKind

Levels: TypeAlias = Sequence[int] | None
"""Of each character of a paragraph, see `bidi.levels`; None when all of it runs to the right."""


@attrs.frozen
class Piece:
    """What is drawn at once. x, width: pixels from the line's left edge.

    start, end: its place in the text. text: of an EMOJI its sequence, else what is drawn, in logical order.
    target: of a LINK where it leads. is_rtl: runs from right to left.
    """

    kind: SegmentKind
    start: int
    end: int
    x: int
    width: int
    text: str
    target: str = ""
    is_rtl: bool = False


def place(
    text: str, atoms: Sequence[Atom], parts: Sequence[Segment], levels: Levels, measure: Measure
) -> tuple[Piece, ...]:
    """The pieces of a line that consists of `atoms`; white space at its end is no part of them."""
    solid = len(atoms)
    while solid and atoms[solid - 1].is_space:
        solid -= 1
    runs = [
        _piece(text, tuple(run), parts) for _, run in groupby(atoms[:solid], key=lambda atom: atom.segment)
    ]
    if levels is None:
        return _in_a_row(runs)
    split = [part for run in runs for part in _by_level(text, run, levels, measure)]
    return _in_a_row([split[number] for number in bidi.visual_order([levels[part.start] for part in split])])


def _piece(text: str, atoms: Sequence[Atom], parts: Sequence[Segment]) -> Piece:
    first, last = atoms[0], atoms[-1]
    source = text[first.start : last.end]
    return Piece(
        first.kind,
        first.start,
        last.end,
        x=0,
        width=sum(atom.width for atom in atoms),
        text=source if first.kind is SegmentKind.EMOJI else glyphs(source),
        target=parts[first.segment].target if first.kind is SegmentKind.LINK else "",
    )


def _by_level(text: str, piece: Piece, levels: Sequence[int], measure: Measure) -> Iterator[Piece]:
    """A piece as those of its runs that are of one level. An emoji is one, and so is a link: nobody reads it backwards."""
    if piece.kind is not SegmentKind.PLAIN:
        yield piece
        return
    for level, run in groupby(range(piece.start, piece.end), key=levels.__getitem__):
        places = list(run)
        start, end = places[0], places[-1] + 1
        drawn = glyphs(text[start:end])
        yield attrs.evolve(
            piece, start=start, end=end, text=drawn, width=measure(drawn), is_rtl=bool(level % 2)
        )


def _in_a_row(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    x = 0
    row = []
    for piece in pieces:
        row.append(attrs.evolve(piece, x=x) if x else piece)
        x += piece.width
    return tuple(row)
