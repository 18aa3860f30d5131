"""Which rows are in view, and where: computed without a screen.

Rows are placed from one that is in view, not from the first: so nothing moves when rows above it turn out to be higher than
guessed, or older ones come.
"""

from typing import Final

import attrs

from tkclient.ui.messages.changes import Change
from tkclient.ui.messages.rows import Rows

_MOST_PASSES: Final = 4


@attrs.frozen
class Placed:
    """A row in view. y: its upper edge, in pixels from the view's, negative where it is cut."""

    place: int
    y: int


@attrs.frozen
class Grip:
    """The first row in view, its upper edge and its height, before rows change."""

    msg_uuid: bytes
    place: int
    y: int
    height: int


class View:
    """A window of `height` pixels on the rows. `in_view` is from above.

    at_end: the last row is in view whole; it stays so when others come.
    """

    def __init__(self, rows: Rows, padding: int) -> None:
        self._rows = rows
        self._padding = padding
        self.height = 1
        self.at_end = True
        self.in_view: tuple[Placed, ...] = ()

    def reset(self) -> None:
        """Show the end."""
        self.at_end = True
        self.in_view = ()

    def settle(self) -> None:
        """Place the rows anew, as some may have changed."""
        if not len(self._rows):
            self.reset()
            return
        last = len(self._rows) - 1
        if self.at_end or not self.in_view:
            anchor = Placed(last, self.height - self._row_height(last))
        else:
            anchor = self.in_view[0]
        for _ in range(_MOST_PASSES):
            self.in_view = self._fill(anchor)
            shift = self._overshoot()
            if not shift:
                break
            anchor = Placed(self.in_view[0].place, self.in_view[0].y + shift)
        self.at_end = self.in_view[-1].place == last and self._bottom() <= self.height

    def scroll(self, pixels: int) -> None:
        """Move on, towards the end if positive."""
        if self.in_view:
            first = self.in_view[0]
            self._show_at(Placed(first.place, first.y - pixels))

    def scroll_to_end(self) -> None:
        self.at_end = True
        self.settle()

    def scroll_to_start(self) -> None:
        if len(self._rows):
            self._show_at(Placed(0, self._padding))

    def scroll_to_share(self, share: float) -> None:
        """Have so much of the whole, 0 … 1, above the upper edge."""
        if len(self._rows):
            extents = self._rows.extents
            y = round(share * (extents.total + self._padding)) - self._padding
            place = extents.row_at(y)
            self._show_at(Placed(place, extents.top(place) - y))

    @property
    def shares(self) -> tuple[float, float]:
        """How much of the whole is above the upper edge, and above the lower one, 0 … 1."""
        if not self.in_view:
            return 0.0, 1.0
        first = self.in_view[0]
        above = self._rows.extents.top(first.place) - first.y + self._padding
        total = max(1, self._rows.extents.total + self._padding)
        return max(0.0, above / total), min(1.0, (above + self.height) / total)

    @property
    def above(self) -> int:
        """About how many pixels are above the view."""
        return self._rows.extents.top(self.in_view[0].place) - self.in_view[0].y if self.in_view else 0

    def grip(self) -> Grip | None:
        """What to `hold` while rows change; None to stay at the end."""
        if self.at_end or not self.in_view:
            return None
        first = self.in_view[0]
        msg_uuid = self._rows.message(first.place).msg_uuid
        return Grip(msg_uuid, first.place, first.y, self._rows.extents.height(first.place))

    def hold(self, grip: Grip | None, change: Change | None = None) -> None:
        """Keep what is in view where it is, after rows have changed, or all of them have another width if there is no `change`.

        By the lower edge of the first row: a time or a name above it may come or go.
        """
        if grip is None or not len(self._rows):
            return
        place = self._place_now(grip, change.moved(grip.place) if change else grip.place)
        height, below = self._row_height(place), grip.y + grip.height
        if change is None and grip.height:
            below = round(below / grip.height * height)
        self.in_view = (Placed(place, below - height),)

    def _place_now(self, grip: Grip, expected: int) -> int:
        """Where the row is: found by its name when more has changed than a stretch."""
        place = min(expected, len(self._rows) - 1)
        if self._rows.message(place).msg_uuid != grip.msg_uuid:
            found = self._rows.place_of(grip.msg_uuid)
            place = place if found is None else found
        return place

    def _show_at(self, anchor: Placed) -> None:
        self.at_end = False
        self.in_view = (anchor,)
        self.settle()

    def _fill(self, anchor: Placed) -> tuple[Placed, ...]:
        place, y = anchor.place, anchor.y
        while y > 0 and place > 0:
            place -= 1
            y -= self._row_height(place)
        placed: list[Placed] = []
        last = len(self._rows) - 1
        while place <= last and (y < self.height or not placed):
            height = self._row_height(place)
            if y + height > 0 or place == last:
                placed.append(Placed(place, y))
            place, y = place + 1, y + height
        return tuple(placed)

    def _overshoot(self) -> int:
        """By how much the rows have to move, so that nothing is empty where it need not be."""
        first = self.in_view[0]
        room_above = self._padding - first.y if first.place == 0 else self.height
        if room_above < 0:
            return room_above
        if self.in_view[-1].place < len(self._rows) - 1:
            return 0
        return max(0, min(room_above, self.height - self._bottom()))

    def _bottom(self) -> int:
        last = self.in_view[-1]
        return last.y + self._row_height(last.place)

    def _row_height(self, place: int) -> int:
        return self._rows.row(place).box.height
