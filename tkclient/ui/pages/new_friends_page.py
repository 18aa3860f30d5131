"""Where one finds people, and answers those who ask."""

import tkinter as tk

from tkclient.interfaces import Action, ChatEvents, Outcome
from tkclient.model.chat import ChatModel
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.field import Field
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.add_friend import AddFriendDialog
from tkclient.ui.pages.frames import HEADING_HEIGHT, SIDE, Heading, middle_column, note, plain_frame
from tkclient.ui.pages.people_painter import ACCEPT, ADD, DECLINE, PeoplePainter
from tkclient.ui.pages.people_rows import LINE_HEIGHT, AskRow, FoundRow, PeopleRow, Standing, people_rows
from tkclient.ui.pages.text_lines import line_height, lines_of
from tkclient.ui.windows.outcomes import outcome_words

_WIDTH, _TOP = 560, 22
_MOST_SOUGHT = 64
_NOTE_SIZE = 12


class NewFriendsPage(tk.Frame):
    """A search among all people, what it has found, and the requests that wait for an answer.

    The node takes few searches in a minute: so it is asked at Return or by the button, not at every letter.
    """

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._sought = ""
        self._is_waiting = False
        self.dialog: AddFriendDialog | None = None
        Heading(self, look, look.words("New friends")).pack(fill="x")
        column = middle_column(self, look, width=_WIDTH, top=HEADING_HEIGHT + _TOP)
        self._make_search(column)
        self.trouble = note(column, look, colour=palette.DANGER)
        self._painter = PeoplePainter(look)
        self.rows: RowList[PeopleRow] = RowList(
            column,
            look,
            self._painter,
            on_click=self._clicked,
            on_return=self._accept_or_add,
            on_width=lambda _: self.refresh(),
            background=palette.CHAT,
        )
        self.rows.pack(fill="both", expand=True, pady=(look.px(12), 0))
        self.refresh()

    def _make_search(self, column: tk.Misc) -> None:
        look = self._look
        row = plain_frame(column)
        row.pack(fill="x", padx=look.px(SIDE))
        hint = look.words("Account or nickname")
        self.field = Field(row, look, hint, on_enter=self._search, most=_MOST_SOUGHT, colour=palette.WHITE)
        self.button = Button(row, look, look.words("Search"), self._search, height=38, width=88)
        self.button.pack(side="right", padx=(look.px(10), 0))
        self.field.pack(side="left", fill="x", expand=True)

    def refresh(self) -> None:
        """Show what the model says now."""
        rows = people_rows(self._model, self._sought, self._greeting_height, is_waiting=self._is_waiting)
        self.rows.set_rows(tuple(rows))

    def focus_search(self) -> None:
        """Let the user write whom to look for."""
        self.field.focus()

    def seek(self, sought: str) -> None:
        """Search for somebody, as if that were written and Return pressed."""
        self.field.value = sought
        self._search()

    def told(self, outcome: Outcome) -> None:
        """How something ended that was asked for on this page."""
        if outcome.action is Action.SEARCH_PEOPLE:
            self._is_waiting = False
            self._say(outcome_words(outcome, self._look.words) if outcome.code else "")
            self.refresh()

    def _say(self, trouble: str) -> None:
        self.trouble.configure(text=trouble)
        if trouble:
            px = self._look.px
            self.trouble.pack(fill="x", before=self.rows, padx=px(SIDE), pady=(px(8), 0))
        else:
            self.trouble.pack_forget()

    def _search(self) -> None:
        sought = self.field.value.strip()
        if not sought:
            self.field.focus()
            return
        self._sought, self._is_waiting = sought, True
        self._say("")
        self._events.search_people(sought)
        self.refresh()
        self.rows.scroll_to(0)

    def _clicked(self, row: PeopleRow, zone: str) -> None:
        if zone == DECLINE and isinstance(row, AskRow):
            self._events.answer_friend(row.request.person.user_id, False)
        elif zone in (ACCEPT, ADD):
            self._accept_or_add(row)

    def _accept_or_add(self, row: PeopleRow) -> None:
        if isinstance(row, AskRow):
            self._events.answer_friend(row.request.person.user_id, True)
        elif isinstance(row, FoundRow) and row.standing is Standing.ADDABLE:
            self._ask_for_greeting(row)

    def _ask_for_greeting(self, row: FoundRow) -> None:
        if self.dialog is not None:
            self.dialog.close()
        greeting = self._look.words("I am {name}", name=self._model.user.nickname)
        self.dialog = AddFriendDialog(self, self._look, row.person, greeting, self._events.add_friend)

    def _greeting_height(self, greeting: str) -> int:
        width = self._painter.greeting_width(self.rows.winfo_width())
        lines = lines_of(self._look, greeting, _NOTE_SIZE, width) if greeting else ()
        return len(lines) * line_height(self._look, LINE_HEIGHT)
