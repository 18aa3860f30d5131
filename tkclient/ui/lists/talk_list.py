"""The list of dialogues."""

import time
import tkinter as tk
from collections.abc import Callable
from datetime import date
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import Talk, TalkKey
from tkclient.ui.controls.menu import Menu, MenuItem
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.lists.talk_painter import CLOSE, TalkPainter
from tkclient.ui.lists.talk_rows import TalkRow, talk_rows
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.times import ms_to_midnight

_LONGEST_WAIT_MS: Final = 10 * 60 * 1000
"""Timers stand still while a computer sleeps: so the day is looked at again before midnight, too."""


class TalkList(tk.Frame):
    """All dialogues of the model, pinned ones first, then the newest; the one on the screen is the selected one.

    Deleting, pinning, muting and reading are raised as events.

    Args:
        on_select: a row was clicked, or Return pressed on it.
        now_ms: tells the time, in milliseconds since 1970.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        on_select: Callable[[TalkKey], object],
        now_ms: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:
        super().__init__(parent, background=palette.LIST, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._on_select = on_select
        self._now_ms = now_ms
        self._menu = Menu(look, self)
        self._timer = ""
        painter = TalkPainter(look, model, now_ms)
        self.rows: RowList[TalkRow] = RowList(
            self, look, painter, on_click=self._clicked, on_menu=self._show_menu
        )
        self.rows.pack(fill="both", expand=True)
        self.rows.bind("<Delete>", lambda _: self._delete_under_cursor())
        self.bind("<Destroy>", lambda _: self._stop_timer())
        self.refresh()

    @property
    def menu(self) -> Menu:
        """The menu of a row."""
        return self._menu

    def refresh(self) -> None:
        """Show what the model says now."""
        day = date.fromtimestamp(self._now_ms() / 1000)
        self.rows.select(self._model.selected)
        self.rows.set_rows(tuple(talk_rows(self._model, day)))
        self._wait_for_midnight()

    def show_selected(self) -> None:
        """Scroll to the dialogue on the screen."""
        if self._model.selected is not None:
            self.rows.see(self._model.selected)

    def _clicked(self, row: TalkRow, zone: str) -> None:
        if zone == CLOSE:
            self._events.delete_talk(row.key)
        else:
            self._on_select(row.key)

    def _delete_under_cursor(self) -> None:
        row = self.rows.cursor
        if row is not None:
            self._events.delete_talk(row.key)

    def _show_menu(self, row: TalkRow, x_root: int, y_root: int) -> None:
        self._menu.show(x_root, y_root, self._menu_of(row.talk))

    def _menu_of(self, talk: Talk) -> tuple[MenuItem | None, ...]:
        words, events, key = self._look.words, self._events, talk.key
        pin = words("Unpin") if talk.is_pinned else words("Pin to top")
        mute = words("Unmute") if talk.is_muted else words("Mute notifications")
        read = MenuItem(words("Mark as read"), lambda: events.mark_read(key))
        return (
            *((read,) if talk.unread else ()),
            MenuItem(pin, lambda: events.pin_talk(key, not talk.is_pinned)),
            MenuItem(mute, lambda: events.mute_talk(key, not talk.is_muted)),
            None,
            MenuItem(words("Delete chat"), lambda: events.delete_talk(key), danger=True),
        )

    def _wait_for_midnight(self) -> None:
        self._stop_timer()
        wait_ms = min(ms_to_midnight(self._now_ms()), _LONGEST_WAIT_MS)
        self._timer = self.after(wait_ms, self.refresh)

    def _stop_timer(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""
