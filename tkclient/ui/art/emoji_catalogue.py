"""Which sequences of characters are emoji, and how they are called and grouped.

A character that is text by default (as ©, ↔ or a digit) is an emoji only with U+FE0F behind it; the signs in
`_PICTOGRAPHS` (as ❤ or ☀) and those beyond the BMP, which Tk cannot draw, are one without it, too. With U+FE0E a
character of the BMP is text. What is newer than the catalogue falls into the parts that are known.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from typing import Final, Self

import attrs

from tkclient.ui.art.assets import read_asset

_AS_EMOJI: Final = "\ufe0f"
_AS_TEXT: Final = "\ufe0e"
_PICTOGRAPHS: Final = ("\u2600", "\u27bf")
_MOST_IN_BMP: Final = "\uffff"
_COMPONENTS: Final = "Component"


@attrs.frozen(kw_only=True)
class EmojiGroup:
    """A page of the picker. name: English, and a msgid. sequences: without skin tones, in the order of Unicode."""

    name: str
    sequences: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Sprite:
    """Where in `emoji.pack` the picture of an emoji is, in bytes, and what it shows."""

    start: int
    size: int
    name: str


@attrs.frozen(kw_only=True, eq=False)
class Catalogue:
    """All emoji there are pictures of."""

    groups: tuple[EmojiGroup, ...]
    _sprites: dict[str, Sprite]
    _tones: dict[str, tuple[str, ...]]
    _lengths: dict[str, tuple[int, ...]]

    @classmethod
    @cache
    def load(cls) -> Self:
        """The catalogue, read once."""
        groups, tones = [], {}
        sprites: dict[str, Sprite] = {}
        start = 0
        for group, entries in json.loads(read_asset("emoji.json")):
            if group != _COMPONENTS:
                groups.append(EmojiGroup(name=group, sequences=tuple(entry[0] for entry in entries)))
            for sequence, name, size, toned in entries:
                tones[_bare(sequence)] = tuple(variation for tone, variation, _ in toned if len(tone) == 1)
                for form, length in (
                    (sequence, size),
                    *((variation, length) for _, variation, length in toned),
                ):
                    _enter(sprites, form, Sprite(start=start, size=length, name=name))
                    start += length
        return cls(groups=tuple(groups), sprites=sprites, tones=tones, lengths=_lengths_of(sprites))

    def find(self, text: str, start: int = 0) -> int:
        """How many characters from `start` are one emoji, the longest that is known; 0 if none begins there."""
        lengths = self._lengths.get(text[start : start + 1])
        if lengths is None:
            return 0
        for length in lengths:
            found = text[start : start + length]
            if found in self._sprites:
                return self._unless_text(text, start, len(found))
        return 0

    def is_emoji(self, sequence: str) -> bool:
        """Whether `sequence` is one emoji and nothing else."""
        return bool(sequence) and self.find(sequence) == len(sequence)

    def sprite_of(self, sequence: str) -> Sprite:
        """The picture of an emoji.

        Raises:
            KeyError: it is none.
        """
        return self._sprites[sequence.rstrip(_AS_TEXT)]

    def name_of(self, sequence: str) -> str:
        """What it is called in English, whatever its skin tone; "" if it is none."""
        sprite = self._sprites.get(sequence.rstrip(_AS_TEXT))
        return sprite.name if sprite else ""

    def skin_tones(self, sequence: str) -> tuple[str, ...]:
        """The same in five skin tones, light to dark; () if it has none."""
        return self._tones.get(_bare(sequence), ())

    def _unless_text(self, text: str, start: int, length: int) -> int:
        """`length`, with the wish to be text behind it if there is one; 0 if it can be fulfilled."""
        if text[start + length : start + length + 1] != _AS_TEXT:
            return length
        return 0 if length == 1 and text[start] <= _MOST_IN_BMP else length + 1


def _enter(sprites: dict[str, Sprite], sequence: str, sprite: Sprite) -> None:
    for form in _forms(sequence):
        sprites.setdefault(form, sprite)


def _forms(sequence: str) -> Iterable[str]:
    """A sequence as it may be written: programs leave out U+FE0F."""
    places = [index for index, character in enumerate(sequence) if character == _AS_EMOJI]
    for count in range(len(places) + 1):
        for left_out in combinations(places, count):
            form = "".join(character for index, character in enumerate(sequence) if index not in left_out)
            if len(form) > 1 or _stands_alone(form, was_marked=bool(left_out)):
                yield form
    if len(sequence) == 1:
        yield sequence + _AS_EMOJI


def _stands_alone(character: str, *, was_marked: bool) -> bool:
    first, last = _PICTOGRAPHS
    return not was_marked or character > _MOST_IN_BMP or first <= character <= last


def _bare(sequence: str) -> str:
    return sequence.replace(_AS_EMOJI, "").rstrip(_AS_TEXT)


def _lengths_of(sequences: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """How long the sequences are that begin with a character, longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for sequence in sequences:
        lengths[sequence[0]].add(len(sequence))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
