"""Where a line may break: a text as atoms, and as groups of atoms between which it breaks."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

import attrs

from tkclient.ui.text.arabic import join_letters
from tkclient.ui.text.clusters import end_of_marks
from tkclient.ui.text.plain import shown
from tkclient.ui.text.segments import Segment, SegmentKind

Measure: TypeAlias = Callable[[str], int]
"""How many pixels a text without line breaks is wide."""

NEWLINE: Final = r"\r\n|[\n\r\v\f\x85\u2028\u2029]"
_NEWLINES: Final = "\n\r\v\f\x85\u2028\u2029"
# Spaces at which nothing breaks, as U+00A0, are letters here.
_SPACES: Final = " \t\x1c-\x1f\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000"
_CJK: Final = (
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
_ATOM: Final = re.compile(
    rf"(?P<newline>{NEWLINE})|(?P<space>[{_SPACES}]+)|(?P<cjk>[{_CJK}])|(?P<word>[^{_NEWLINES}{_SPACES}{_CJK}]+)"
)
_CLOSING: Final = frozenset(
    ",.!?;:)]}%…—’”»›·、。，．：；？！）］｝】》」』〉〕〗〙〛〞〟｠｣｡､･・ー～〜％‰℃"
    "々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_OPENING: Final = frozenset("([{¿¡‘“«‹（［｛【《「『〈〔〖〘〚〝｟｢＄￥￡")


@attrs.frozen
class Atom:
    """What breaks only when it alone is wider than a line: a word, a CJK character, an emoji, or white space.

    start, end: its place in the text. segment: the number of the segment it is of. width: in pixels.
    is_newline: it ends a paragraph.
    """

    start: int
    end: int
    segment: int
    kind: SegmentKind
    width: int
    is_space: bool = False
    is_newline: bool = False


@attrs.frozen
class Group:
    """Atoms that stay on one line. space: the width of the white space at their end, width: of what is before it."""

    atoms: tuple[Atom, ...]
    width: int
    space: int


def glyphs(text: str) -> str:
    """What is drawn for a part of a line, in logical order."""
    return join_letters(shown(text))


def atoms_of(parts: Iterable[Segment], measure: Measure, emoji_width: int) -> Iterator[Atom]:
    """The atoms of a text, in order."""
    start = 0
    for number, part in enumerate(parts):
        if part.kind is SegmentKind.EMOJI:
            yield Atom(start, start + len(part.text), number, part.kind, emoji_width)
        else:
            yield from _atoms_of_words(part, start, number, measure)
        start += len(part.text)


def groups_of(text: str, atoms: Iterable[Atom]) -> Iterator[Group]:
    """Atoms that stay on one line, in order."""
    group: list[Atom] = []
    opens = False
    for atom in atoms:
        closes = not atom.is_space and text[atom.start] in _CLOSING
        if group and not (closes or opens or atom.is_space):
            yield _group(group)
            group = []
        group.append(atom)
        opens = text[atom.end - 1] in _OPENING or (opens and atom.is_space)
    if group:
        yield _group(group)


def _group(atoms: list[Atom]) -> Group:
    solid = len(atoms)
    while solid and atoms[solid - 1].is_space:
        solid -= 1
    width = sum(atom.width for atom in atoms[:solid])
    return Group(tuple(atoms), width, sum(atom.width for atom in atoms[solid:]))


def _atoms_of_words(part: Segment, offset: int, number: int, measure: Measure) -> Iterator[Atom]:
    text, place = part.text, 0
    while match := _ATOM.match(text, place):
        start, place = place, match.end()
        if match.lastgroup == "newline":
            yield Atom(offset + start, offset + place, number, part.kind, 0, is_newline=True)
            continue
        place = end_of_marks(text, place)
        width = measure(glyphs(text[start:place]))
        yield Atom(offset + start, offset + place, number, part.kind, width, match.lastgroup == "space")
