"""The window of settings."""

import tkinter as tk
from collections.abc import Mapping
from typing import Final

from tkclient.interfaces import ChatEvents, Outcome
from tkclient.model.chat import ChatModel
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.controls.tabs import Tabs
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.account_page import AccountPage
from tkclient.ui.windows.settings_pages import AboutPage, GeneralPage, NoticesPage, SettingsPage

_WIDTH: Final = 580
_HEIGHT: Final = 370


class SettingsWindow(Dialog):
    """Everything that can be chosen; each change counts at once. `page` opens it at account, general, notices or about."""

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, page: str = "account"
    ) -> None:
        super().__init__(parent, look, look.words("Settings"), margin=(0, 0))
        self._model = model
        self._events = events
        width, height = (look.px(room_for_text(look, side)) for side in (_WIDTH, _HEIGHT))
        self.body.configure(width=width, height=height)
        self.body.pack_propagate(False)
        self._build(page)
        self.refresh()

    def refresh(self) -> None:
        """Show what the model knows now."""
        for page in self.pages.values():
            page.refresh()

    def told(self, outcome: Outcome) -> bool:
        """How something ended; whether it was for this window, and is said here."""
        return self.account.told(outcome)

    def _build(self, page: str) -> None:
        look, words = self._look, self._look.words
        names = (
            ("account", words("Account")),
            ("general", words("General")),
            ("notices", words("Notifications")),
            ("about", words("About naivechat")),
        )
        self.tabs = Tabs(self.body, look, names, page, self._open)
        self.tabs.pack(side="left", fill="y")
        place = tk.Frame(self.body, background=palette.WHITE, highlightthickness=0, bd=0)
        place.pack(side="left", fill="both", expand=True, padx=look.px(32), pady=look.px(28))
        self.account = AccountPage(place, look, self._model, self._events)
        self.pages: Mapping[str, SettingsPage | AccountPage] = {
            "account": self.account,
            "general": GeneralPage(place, look, self._model, self._events.set_preferences),
            "notices": NoticesPage(place, look, self._model, self._events.set_preferences),
            "about": AboutPage(place, look),
        }
        self._open(page)

    def _open(self, name: str) -> None:
        for page in self.pages.values():
            page.pack_forget()
        self.pages[name].pack(fill="both", expand=True)
