"""Where the parts of a message stand. Lengths are pixels of the screen, from the upper left corner of the message's row."""

import enum
from typing import TypeAlias

import attrs

from tkclient.ui.text.wrapping import Line


@attrs.frozen
class Rect:
    """A rectangle: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def holds(self, x: int, y: int) -> bool:
        """Whether a point lies in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom


@attrs.frozen
class PlacedLine:
    """A line of text. x, y: its upper left corner. height: its letters stand about the middle of it."""

    x: int
    y: int
    height: int
    line: Line


Lines: TypeAlias = tuple[PlacedLine, ...]


@attrs.frozen(kw_only=True)
class Bubble:
    """Text on a ground with a tail. is_quiet: it is not what somebody wrote, but says what cannot be shown."""

    rect: Rect
    is_own: bool
    lines: Lines
    is_quiet: bool = False


@attrs.frozen(kw_only=True)
class Picture:
    """A lone emoji, or a face if `is_face`, by its sequence or id."""

    rect: Rect
    name: str
    is_face: bool


@attrs.frozen(kw_only=True)
class Card:
    """A picture or a file, of which only the name is known here. foot: a quiet word on what it is."""

    rect: Rect
    is_own: bool
    is_image: bool
    lines: Lines
    icon: Rect
    foot: PlacedLine


@attrs.frozen(kw_only=True)
class Note:
    """What happened, in the middle."""

    lines: Lines


Said: TypeAlias = Bubble | Picture | Card
Body: TypeAlias = Said | Note


class Mark(enum.Enum):
    """What stands beside an own message that has not arrived."""

    SENDING = "sending"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class MessageBox:
    """One row of the list.

    text: what its body says; the places in `body.lines` are places in it. is_own: stands at the right. time: the line above, if there is one.
    avatar, name: whose message it is; a note has neither. mark: where it is, with `mark_kind`.
    why: what is said below a message that was refused.
    """

    height: int
    text: str
    body: Body
    is_own: bool = False
    time: PlacedLine | None = None
    avatar: Rect | None = None
    name: PlacedLine | None = None
    mark: Rect | None = None
    mark_kind: Mark | None = None
    why: Lines = ()

    @property
    def text_lines(self) -> Lines:
        """The lines whose text can be selected."""
        return self.body.lines if isinstance(self.body, Bubble | Note | Card) else ()

    @property
    def area(self) -> Rect | None:
        """Where a click is about the message itself; a note has no such place."""
        return None if isinstance(self.body, Note) else self.body.rect
