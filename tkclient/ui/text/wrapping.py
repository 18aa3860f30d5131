"""Text in lines, computed without a screen.

Latin breaks between words and CJK between any two characters; closing punctuation never begins a line and opening punctuation
never ends one; what is wider than a line breaks anywhere but between a letter and its marks. White space at the end of a line
takes no room.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

import attrs

from tkclient.ui.text import bidi
from tkclient.ui.text.breaks import Atom, Group, Measure, atoms_of, glyphs, groups_of
from tkclient.ui.text.clusters import cluster_ends
from tkclient.ui.text.placing import Piece, place
from tkclient.ui.text.segments import SegmentKind, segments

UNBOUNDED: Final = 1 << 30
"""A width in which only explicit line breaks break lines."""

Row: TypeAlias = tuple[Atom, ...]


@attrs.frozen
class Line:
    """One line. start, end: its place in the text, its line break included; lines together are the text.

    pieces: from left to right. width: in pixels. is_rtl: begins at the right.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    width: int
    is_rtl: bool = False


def wrap(text: str, width: int, measure: Measure, emoji_width: int) -> tuple[Line, ...]:
    """A text in lines that are no wider than `width`, unless a single letter or emoji is; at least one.

    Args:
        width, emoji_width: in pixels.
        measure: is asked for the widths of words and single letters.
    """
    parts = segments(text)
    atoms = tuple(atoms_of(parts, measure, emoji_width))
    levels = bidi.levels_of_lines(text)
    lines = []
    for start, end, row, is_rtl in _rows(text, atoms, width, measure):
        pieces = place(text, row, parts, levels, measure)
        lines.append(Line(start, end, pieces, sum(piece.width for piece in pieces), is_rtl))
    return tuple(lines)


def _rows(
    text: str, atoms: Sequence[Atom], width: int, measure: Measure
) -> Iterator[tuple[int, int, Row, bool]]:
    """Where each line begins and ends, what is drawn in it, and whether it begins at the right."""
    start = 0
    for paragraph, newline in _paragraphs(atoms):
        end = newline.end if newline else len(text)
        is_rtl = bidi.is_right_to_left(text[start:end])
        rows = list(_Filling(text, width, measure).rows(groups_of(text, paragraph))) or [()]
        for row in rows[:-1]:
            yield start, row[-1].end, row, is_rtl
            start = row[-1].end
        yield start, end, rows[-1], is_rtl
        start = end


def _paragraphs(atoms: Iterable[Atom]) -> Iterator[tuple[Row, Atom | None]]:
    """The atoms of each paragraph, with the line break that ends it; the last one has none."""
    paragraph: list[Atom] = []
    for atom in atoms:
        if not atom.is_newline:
            paragraph.append(atom)
            continue
        yield tuple(paragraph), atom
        paragraph = []
    yield tuple(paragraph), None


class _Filling:
    """Fills rows of a width with atoms."""

    def __init__(self, text: str, width: int, measure: Measure) -> None:
        self._text = text
        self._width = width
        self._measure = measure

    def rows(self, groups: Iterable[Group]) -> Iterator[Row]:
        """As many groups a row as fit."""
        row: Row = ()
        used = 0
        for group in groups:
            if row and used + group.width > self._width and not self._begins(group, self._width - used):
                yield row
                row, used = (), 0
            if group.width > self._width:
                *full, row = self._broken(group, row, used)
                yield from full
                used = sum(atom.width for atom in row)
            else:
                row += group.atoms
                used += group.width + group.space
        if row:
            yield row

    def _begins(self, group: Group, room: int) -> bool:
        """Whether what needs several rows begins where another ends: a long link does, a long word has a row of its own."""
        is_long_link = group.atoms[0].kind is SegmentKind.LINK and group.width > self._width
        return is_long_link and room >= self._width // 3

    def _broken(self, group: Group, begun: Row, used: int) -> Iterator[Row]:
        """Rows of a group that is wider than one; the first goes on with what is `begun`."""
        row = list(begun)
        room = self._width - used
        for atom in group.atoms:
            rest: Atom | None = atom
            while rest is not None and not self._fits(rest, room):
                head, rest = self._cut(rest, room, is_first=not row)
                yield (*row, head) if head else tuple(row)
                row, room = [], self._width
            if rest is not None:
                row.append(self._part(rest, rest.start, rest.end))
                room -= row[-1].width
        yield tuple(row)

    def _fits(self, atom: Atom, room: int) -> bool:
        """An atom's width may be a guess, see `_cut`: then one that seems to fit is measured."""
        return atom.is_space or (atom.width <= room and self._part(atom, atom.start, atom.end).width <= room)

    def _cut(self, atom: Atom, room: int, is_first: bool) -> tuple[Atom | None, Atom | None]:
        """What of an atom fits, and the rest, whose width is a guess: to measure a long one at each cut takes too long.

        The first of a row leaves at least one letter there.
        """
        if atom.kind is SegmentKind.EMOJI:
            return (atom, None) if is_first else (None, atom)
        ends = list(islice(cluster_ends(self._text[atom.start : atom.end]), max(room, 0) + 1))
        fitting = self._fitting(atom.start, ends, room) or int(is_first)
        if not fitting:
            return None, atom
        middle = atom.start + ends[fitting - 1]
        head = self._part(atom, atom.start, middle)
        if middle == atom.end:
            return head, None
        return head, attrs.evolve(atom, start=middle, width=max(0, atom.width - head.width))

    def _fitting(self, start: int, ends: Sequence[int], room: int) -> int:
        """How many letters fit. Looks no further than a few times as far as they reach: texts may be long."""
        most = 8
        while most < len(ends) and self._span(start, start + ends[most - 1]) <= room:
            most *= 2
        return bisect_right(ends[:most], room, key=lambda end: self._span(start, start + end))

    def _part(self, atom: Atom, start: int, end: int) -> Atom:
        """A part of an atom, as wide as it is."""
        if atom.kind is SegmentKind.EMOJI:
            return atom
        return attrs.evolve(atom, start=start, end=end, width=self._span(start, end))

    def _span(self, start: int, end: int) -> int:
        return self._measure(glyphs(self._text[start:end]))
