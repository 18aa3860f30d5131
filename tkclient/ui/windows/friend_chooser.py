"""Choosing some of one's friends."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from tkclient.model.people import Person
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.people_rows import Mark, PeoplePainter, PersonRow, matching

_WIDTH: Final = 270
_HEIGHT: Final = 380
_MARGIN: Final = 16
_MOST_KEY: Final = 64


class FriendChooser(tk.Frame):
    """All of `friends` with ticks at the left, below a search, and at the right those chosen, who can be taken out.

    Return in the search ticks the first one found. on_change: somebody was chosen or taken out.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        friends: Sequence[Person],
        on_change: Callable[[], object],
        chosen: Sequence[Person] = (),
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self._look = look
        self._friends = tuple(friends)
        self._on_change = on_change
        self._chosen = {person.user_id: person for person in chosen}
        self._build()
        self._update()

    @property
    def chosen(self) -> tuple[Person, ...]:
        """Who is chosen, in the order in which they were."""
        return tuple(self._chosen.values())

    def _build(self) -> None:
        look, px = self._look, self._look.px
        left = self._column()
        hint = look.words("Search")
        self.search = Field(
            left, look, hint, height=32, most=_MOST_KEY, on_enter=self._tick_first, on_change=self._update
        )
        self.search.pack(fill="x", padx=px(_MARGIN), pady=(px(_MARGIN), px(8)))
        self.offered = self._list(left)
        tk.Frame(self, width=1, background=palette.LINE).pack(side="left", fill="y")
        right = self._column()
        self._count = LineLabel(right, look, size=13, colour=palette.CHAT_NOTE)
        self._count.pack(fill="x", padx=px(_MARGIN), pady=(px(_MARGIN), px(8)))
        self.taken = self._list(right)

    def _column(self) -> tk.Frame:
        column = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        column.configure(width=self._look.px(_WIDTH), height=self._look.px(_HEIGHT))
        column.pack_propagate(False)
        column.pack(side="left", fill="y")
        return column

    def _list(self, column: tk.Frame) -> RowList[PersonRow]:
        rows: RowList[PersonRow] = RowList(
            column,
            self._look,
            PeoplePainter(self._look, palette.WHITE),
            on_click=lambda row, _: self._toggle(row.person),
            background=palette.WHITE,
        )
        rows.pack(fill="both", expand=True)
        return rows

    def _update(self) -> None:
        """What is offered and what is chosen, from the search and from who is chosen."""
        self.offered.set_rows(
            [
                PersonRow(person=person, mark=self._mark_of(person))
                for person in matching(self._friends, self.search.value)
            ]
        )
        self.taken.set_rows(
            [PersonRow(person=person, can_remove=True, shows_cross=True) for person in self.chosen]
        )
        words, count = self._look.words, len(self._chosen)
        self._count.text = (
            words.count("{count} chosen", "{count} chosen", count) if count else words("Nobody chosen yet")
        )

    def _mark_of(self, person: Person) -> Mark:
        return Mark.TICKED if person.user_id in self._chosen else Mark.UNTICKED

    def _tick_first(self) -> None:
        found = matching(self._friends, self.search.value)
        if found and self.search.value.strip():
            self._toggle(found[0])
            self.search.value = ""

    def _toggle(self, person: Person) -> None:
        if self._chosen.pop(person.user_id, None) is None:
            self._chosen[person.user_id] = person
        self._update()
        self._on_change()
