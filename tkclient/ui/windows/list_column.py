"""The middle column: the search above, and below it dialogues, contacts, or what the search has found."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

import attrs

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import TalkKey
from tkclient.ui.lists.contact_list import ContactList
from tkclient.ui.lists.contact_rows import ContactRef
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.lists.search_field import SearchField
from tkclient.ui.lists.search_results import SearchResults
from tkclient.ui.lists.talk_list import TalkList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

WIDTH: Final = 250
"""At scale 1."""


@attrs.frozen(kw_only=True)
class ListChoices:
    """What the column tells: a dialogue or a contact was chosen, people are to be searched for, "+" was clicked at a place of the screen."""

    on_talk: Callable[[TalkKey], object]
    on_contact: Callable[[ContactRef], object]
    on_people: Callable[[str], object]
    on_plus: Callable[[int, int], object]


class ListColumn(tk.Frame):
    """Shows one of its lists: that of `place`, or while something is sought, what is found."""

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, choices: ListChoices
    ) -> None:
        super().__init__(parent, background=palette.LIST, bd=0, highlightthickness=0, width=look.px(WIDTH))
        self.pack_propagate(False)
        self._choices = choices
        self._place = Place.CHATS
        self.results = SearchResults(self, look, model, on_talk=self._found_talk, on_people=self._seek_people)
        self.search = SearchField(
            self,
            look,
            on_change=self._sought,
            on_plus=choices.on_plus,
            on_move=self.results.move,
            on_enter=self.results.choose,
        )
        self.search.pack(fill="x")
        self.talks = TalkList(self, look, model, events, choices.on_talk)
        self.contacts = ContactList(self, look, model, choices.on_contact)
        self._shown: tk.Misc | None = None
        self._show()

    def show_place(self, place: Place) -> None:
        """Show the dialogues or the contacts; a search is over."""
        self._place = place
        self.search.clear()
        self._show()

    def focus_search(self) -> None:
        """Let the user write into the search."""
        self.search.focus()

    def _sought(self, sought: str) -> None:
        self.results.show(sought)
        self._show()

    def _show(self) -> None:
        lists = {Place.CHATS: self.talks, Place.CONTACTS: self.contacts}
        shown = self.results if self.search.value else lists.get(self._place, self.talks)
        if shown is not self._shown:
            if self._shown is not None:
                self._shown.pack_forget()  # type: ignore[attr-defined]
            shown.pack(fill="both", expand=True)
            self._shown = shown

    def _found_talk(self, key: TalkKey) -> None:
        self.search.clear()
        self._choices.on_talk(key)

    def _seek_people(self, sought: str) -> None:
        self.search.clear()
        self._choices.on_people(sought)
