"""In which order a line is seen when it has words that are written from right to left.

Tk on X11 draws every text from left to right, so lines are put into visual order here.
Source: Unicode Standard Annex 9, without explicit marks, which `plain` takes out.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from tkclient.ui.text.clusters import cluster_ends

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON"})
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_MIRRORED: Final = str.maketrans("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤")


def has_right_to_left(text: str) -> bool:
    """Whether a text has any letter written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph begins at the right: by its first letter."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def levels(text: str) -> list[int]:
    """For each character of a paragraph how deep it is embedded: even ones run to the right, odd ones to the left."""
    base = int(is_right_to_left(text))
    kinds = _weak_kinds(text, base)
    _settle_brackets(text, kinds, "R" if base else "L")
    kinds = _neutral_kinds(kinds, base)
    return [_level(kind, base) for kind in kinds]


def levels_of_lines(text: str) -> list[int] | None:
    """The levels of a text of several paragraphs; None if all of it runs to the right."""
    if not has_right_to_left(text):
        return None
    return [level for paragraph in text.splitlines(keepends=True) for level in levels(paragraph)]


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """The places of runs as they are seen from left to right (rule L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        place = 0
        for deep, group in groupby(order, key=lambda run: run_levels[run] >= level):
            runs = list(group)
            order[place : place + len(runs)] = reversed(runs) if deep else runs
            place += len(runs)
    return order


def reversed_text(text: str) -> str:
    """A run from right to left as it is drawn from left to right."""
    ends = list(cluster_ends(text))
    clusters = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return "".join(reversed(clusters)).translate(_MIRRORED)


def _weak_kinds(text: str, base: int) -> list[str]:
    """Rules W1 to W7: what numbers and the signs about them count as."""
    kinds: list[str] = []
    strong = "R" if base else "L"
    for character in text:
        kind = _weak_kind(
            unicodedata.bidirectional(character) or "ON", kinds[-1] if kinds else strong, strong
        )
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds.append(kind)
    return _signs_of_numbers(["R" if kind == "AL" else kind for kind in kinds])


def _weak_kind(kind: str, before: str, strong: str) -> str:
    if kind in ("NSM", "BN"):
        return before
    if kind != "EN":
        return kind
    return {"L": "L", "AL": "AN"}.get(strong, "EN")


def _signs_of_numbers(kinds: list[str]) -> list[str]:
    """Rules W4 to W6: a separator between two numbers, and what stands at a number, belong to it."""
    for place in range(1, len(kinds) - 1):
        before, kind, after = kinds[place - 1 : place + 2]
        is_inside = before == after and (
            (before == "EN" and kind in ("ES", "CS")) or (before == "AN" and kind == "CS")
        )
        kinds[place] = before if is_inside else kind
    place = 0
    for kind, group in groupby(list(kinds)):
        end = place + len(list(group))
        beside = (kinds[place - 1] if place else "", kinds[end] if end < len(kinds) else "")
        if kind == "ET" and "EN" in beside:
            kinds[place:end] = ["EN"] * (end - place)
        place = end
    return ["ON" if kind in ("ES", "ET", "CS") else kind for kind in kinds]


def _settle_brackets(text: str, kinds: list[str], outer: str) -> None:
    """Rule N0: a pair of brackets goes with what stands in it, if that goes with the paragraph or with what is before."""
    for start, end in _pairs(text, kinds):
        inside = {_direction(kind) for kind in kinds[start + 1 : end] if kind not in _NEUTRAL}
        if not inside:
            continue
        before = next((_direction(kind) for kind in reversed(kinds[:start]) if kind not in _NEUTRAL), outer)
        kinds[start] = kinds[end] = outer if outer in inside else before


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Where brackets that belong together stand, in the order of the opening ones (definition BD16)."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for place, character in enumerate(text):
        if kinds[place] != "ON":
            continue
        if character in _BRACKETS:
            opened.append(place)
            continue
        partner = next((start for start in reversed(opened) if _BRACKETS[text[start]] == character), None)
        if partner is not None:
            pairs.append((partner, place))
            del opened[opened.index(partner) :]
    return sorted(pairs)


def _neutral_kinds(kinds: list[str], base: int) -> list[str]:
    """Rules N1 and N2: what is between two of one direction goes with them, else with the paragraph."""
    outer = "R" if base else "L"
    settled: list[str] = []
    place = 0
    for is_neutral, group in groupby(kinds, key=_NEUTRAL.__contains__):
        run = list(group)
        place += len(run)
        if is_neutral:
            before = _direction(settled[-1]) if settled else outer
            after = _direction(kinds[place]) if place < len(kinds) else outer
            run = [before if before == after else outer] * len(run)
        settled += run
    return settled


def _direction(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _level(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base:
        return 1 if kind == "R" else 2
    return {"L": 0, "R": 1}.get(kind, 2)
