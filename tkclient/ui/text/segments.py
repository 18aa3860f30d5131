"""What people write, taken apart into words, emoji and links."""

import enum
import re
from functools import lru_cache
from typing import Final

import attrs

from tkclient.ui.art.emoji_catalogue import Catalogue

_LINK: Final = re.compile(
    r"(?<![A-Za-z0-9@])(?:https?://|www\.(?=[A-Za-z0-9]))[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+",
    re.IGNORECASE,
)
_AFTER_LINK: Final = ".,;:!?'*~_"
_BRACKETS: Final = {")": "(", "]": "["}
# Where an emoji may begin: asking the catalogue at every character takes a hundred times as long.
_MAY_BE_EMOJI: Final = re.compile(
    "[\u203c-\u2fff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]|.\ufe0f|[#*0-9]\u20e3"
)
_SIGNS_OF_CACHED: Final = 2000
_MOST_CACHED: Final = 2048


class SegmentKind(enum.Enum):
    """What a segment is."""

    PLAIN = "plain"
    EMOJI = "emoji"
    LINK = "link"


@attrs.frozen
class Segment:
    """A part of a text. An EMOJI is one sequence; segments of a text together are the text."""

    kind: SegmentKind
    text: str

    @property
    def target(self) -> str:
        """Where a LINK leads."""
        return self.text if "://" in self.text else f"https://{self.text}"


def segments(text: str) -> tuple[Segment, ...]:
    """The parts of a text, in order; two PLAIN ones never stand together."""
    return _cached_segments(text) if len(text) <= _SIGNS_OF_CACHED else _segments(text)


def lone_emoji(text: str) -> str:
    """The emoji of which a text consists, apart from white space; "" if it is anything else."""
    parts = segments(text.strip())
    return parts[0].text if len(parts) == 1 and parts[0].kind is SegmentKind.EMOJI else ""


def _segments(text: str) -> tuple[Segment, ...]:
    found: list[Segment] = []
    start = 0
    for match in _LINK.finditer(text):
        link = _without_what_follows(match.group())
        if link.endswith(("://", "www.")):
            continue
        _add_plain(found, text[start : match.start()])
        found.append(Segment(SegmentKind.LINK, link))
        start = match.start() + len(link)
    _add_plain(found, text[start:])
    return tuple(found)


_cached_segments = lru_cache(_MOST_CACHED)(_segments)


def _add_plain(found: list[Segment], text: str) -> None:
    """Add a text without links."""
    catalogue = Catalogue.load()
    start = place = 0
    while match := _MAY_BE_EMOJI.search(text, place):
        length = catalogue.find(text, match.start())
        place = match.start() + (length or 1)
        if not length:
            continue
        if start < match.start():
            found.append(Segment(SegmentKind.PLAIN, text[start : match.start()]))
        found.append(Segment(SegmentKind.EMOJI, text[match.start() : place]))
        start = place
    if start < len(text):
        found.append(Segment(SegmentKind.PLAIN, text[start:]))


def _without_what_follows(link: str) -> str:
    """The link without the punctuation of the sentence it stands in; a bracket belongs to it if it was opened in it."""
    while link:
        last = link[-1]
        is_lone = last in _BRACKETS and link.count(last) > link.count(_BRACKETS[last])
        if last not in _AFTER_LINK and not is_lone:
            break
        link = link[:-1]
    return link
