"""What of a message is at a place of its row."""

import enum

import attrs

from tkclient.ui.messages.boxes import Bubble, Mark, MessageBox, PlacedLine
from tkclient.ui.text.breaks import Measure
from tkclient.ui.text.carets import piece_at, place_at


class Target(enum.Enum):
    """What can be pointed at."""

    NOTHING = "nothing"
    AVATAR = "avatar"
    RETRY = "retry"
    LINK = "link"
    TEXT = "text"
    BODY = "body"


@attrs.frozen
class Hit:
    """What is at a place. url: of a LINK."""

    target: Target
    url: str = ""


NOTHING = Hit(Target.NOTHING)


def hit(box: MessageBox, x: int, y: int) -> Hit:
    """What is at a place of a row."""
    if box.avatar is not None and box.avatar.holds(x, y):
        return Hit(Target.AVATAR)
    if box.mark_kind is Mark.FAILED and box.mark is not None and box.mark.holds(x, y):
        return Hit(Target.RETRY)
    if box.area is None or not box.area.holds(x, y):
        return NOTHING
    if not isinstance(box.body, Bubble):
        return Hit(Target.BODY)
    line = _line_at(box, y)
    piece = piece_at(line.line, x - line.x) if line.y <= y < line.y + line.height else None
    return Hit(Target.LINK, piece.target) if piece and piece.target else Hit(Target.TEXT)


def text_place(box: MessageBox, x: int, y: int, measure: Measure) -> int:
    """The place in the box's text that is nearest to a place of its row."""
    lines = box.text_lines
    if not lines or y < lines[0].y:
        return 0
    if y >= lines[-1].y + lines[-1].height:
        return len(box.text)
    line = _line_at(box, y)
    return place_at(box.text, line.line, x - line.x, measure)


def _line_at(box: MessageBox, y: int) -> PlacedLine:
    lines = box.text_lines
    return lines[max(0, min((y - lines[0].y) // lines[0].height, len(lines) - 1))]
