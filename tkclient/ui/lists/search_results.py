"""The list of what the search field finds."""

import tkinter as tk
from collections.abc import Callable

from tkclient.model.chat import ChatModel
from tkclient.model.talk import TalkKey
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.lists.search_painter import SearchPainter
from tkclient.ui.lists.search_rows import MatchRow, PeopleRow, SearchRow, search_rows
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class SearchResults(tk.Frame):
    """Friends, groups and dialogues that match what was typed, and the way to a search among all people.

    The first row bears the mark of the keyboard, so that Return in the search field takes it.

    Args:
        on_talk: a dialogue was chosen. on_people: all people are to be searched for this.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        on_talk: Callable[[TalkKey], object],
        on_people: Callable[[str], object],
    ) -> None:
        super().__init__(parent, background=palette.LIST, bd=0, highlightthickness=0)
        self._model = model
        self._on_talk = on_talk
        self._on_people = on_people
        self._sought = ""
        self.rows: RowList[SearchRow] = RowList(self, look, SearchPainter(look), on_click=self._clicked)
        self.rows.pack(fill="both", expand=True)

    def show(self, sought: str) -> None:
        """Show what is found for another text."""
        self._sought = sought
        self.rows.put_cursor(None)
        self.refresh()
        self.rows.scroll_to(0)
        self.rows.move_cursor(1)

    def refresh(self) -> None:
        """Show what the model says now."""
        self.rows.set_rows(tuple(search_rows(self._model, self._sought)))

    def move(self, step: int) -> None:
        """Move the mark of the keyboard so many rows down; up, if negative."""
        self.rows.move_cursor(step)

    def choose(self) -> None:
        """Take the row with the mark of the keyboard."""
        self.rows.press_cursor()

    def _clicked(self, row: SearchRow, _zone: str) -> None:
        if isinstance(row, MatchRow):
            self._on_talk(row.match.talk)
        elif isinstance(row, PeopleRow):
            self._on_people(row.sought)
