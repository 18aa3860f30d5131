"""Which sequences of characters are emoji, and how they are called and grouped."""

from functools import cache
from typing import Self

import attrs
import emoji


@attrs.frozen(kw_only=True)
class EmojiGroup:
    """A page of the picker. name: a msgid."""

    name: str
    sequences: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False)
class Catalogue:
    """All emoji."""

    groups: tuple[EmojiGroup, ...]

    @classmethod
    @cache
    def load(cls) -> Self:
        """The catalogue, read once."""
        smileys = tuple(chr(code) for code in range(0x1F600, 0x1F640))
        return cls(groups=(EmojiGroup(name="Smileys & people", sequences=smileys),))

    def find(self, text: str, start: int = 0) -> int:
        """How many characters from `start` are one emoji; 0 if none begins there."""
        for found in emoji.analyze(text[start : start + 16]):
            match = found.value
            return match.end if not isinstance(match, str) and match.start == 0 else 0
        return 0

    def is_emoji(self, sequence: str) -> bool:
        """Whether `sequence` is one emoji and nothing else."""
        return bool(sequence) and self.find(sequence) == len(sequence)

    def name_of(self, sequence: str) -> str:
        """What it is called in English; "" if it is unknown."""
        return emoji.demojize(sequence).strip(":").replace("_", " ") if self.is_emoji(sequence) else ""

    def skin_tones(self, sequence: str) -> tuple[str, ...]:
        """The same in the five tones, light to dark; () if there are none."""
        return ()
