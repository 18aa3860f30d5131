"""What is in the chat window: bar, lists and content, and which of them are on the screen."""

import enum
import tkinter as tk
from typing import Final

from tkclient.interfaces import ChatEvents, Outcome
from tkclient.model.chat import ChatModel
from tkclient.model.preferences import OnClose
from tkclient.model.talk import MOST_UNREAD, Message, TalkKey
from tkclient.ui.controls.menu import Menu, MenuItem
from tkclient.ui.controls.toast import Toast
from tkclient.ui.lists.contact_rows import NEW_FRIENDS, ContactRef
from tkclient.ui.lists.nav_bar import NavBar, Place
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.plain import bmp
from tkclient.ui.text.sketches import message_sketch
from tkclient.ui.windows.content_area import ContentArea
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.details_drawer import DetailsDrawer
from tkclient.ui.windows.list_column import ListChoices, ListColumn
from tkclient.ui.windows.outcomes import outcome_words
from tkclient.ui.windows.own_frame import take_off_frame
from tkclient.ui.windows.person_card import PersonCard
from tkclient.ui.windows.profile import ProfileDialog
from tkclient.ui.windows.settings import SettingsWindow
from tkclient.ui.windows.window_moves import MoveByDragging, ResizeEdges, WindowButtons

PROGRAM: Final = "naivechat"
_SIZE: Final = (1000, 700)
_LEAST: Final = (800, 600)


class Part(enum.Flag):
    """What of the screen follows from what has changed."""

    TALKS = enum.auto()
    CONTACTS = enum.auto()
    PANEL = enum.auto()
    ALL = TALKS | CONTACTS | PANEL


class ChatScreen:
    """The chat window's widgets. `window` is theirs; `look` may change, by `rebuild`."""

    def __init__(
        self, root: tk.Tk, look: Look, model: ChatModel, events: ChatEvents, *, geometry: str = ""
    ) -> None:
        self.window = tk.Toplevel(root, background=palette.CHAT, bd=0, highlightthickness=0)
        self.window.withdraw()
        self.window.minsize(*map(look.px, _LEAST))
        self.window.geometry(geometry or "{}x{}".format(*map(look.px, _SIZE)))
        self._model = model
        self._events = events
        self._place = Place.CHATS
        self._contact: ContactRef | None = None
        self._has_own_frame = take_off_frame(self.window)
        self._bind()
        self._build(look)

    @property
    def has_focus(self) -> bool:
        """Whether the user writes into this window now."""
        return self.window.focus_displayof() is not None

    def bring_up(self) -> None:
        """Show the window, in front of others."""
        self.window.deiconify()
        self.window.lift()
        self.window.focus_force()
        self.content.panel.focus_input()

    def close(self) -> None:
        """The window goes."""
        self.window.destroy()

    def rebuild(self, look: Look) -> None:
        """Make everything anew with another look; the same dialogue is on the screen."""
        had_settings = self.settings is not None and self.settings.is_open
        for child in self.window.winfo_children():
            child.destroy()
        self._build(look)
        if had_settings:
            self._show_settings("general")

    def select(self, key: TalkKey) -> None:
        """Bring a dialogue on the screen."""
        if self._model.selected != key:
            self.content.panel.leave()
            self._model.selected = key
            self._events.select_talk(key)
        self._show_place(Place.CHATS)
        self.refresh(Part.TALKS | Part.PANEL)
        self.column.talks.show_selected()
        self.content.panel.focus_input()

    def refresh(self, changed: Part) -> None:
        """Show what the model says now, where something has changed."""
        if changed & Part.TALKS:
            self.column.talks.refresh()
            self._show_title()
        if changed & Part.CONTACTS:
            self.column.contacts.refresh()
            self.content.refresh_page()
        if changed & Part.PANEL:
            self.content.panel.refresh()
            self.drawer.refresh()
        if changed & (Part.TALKS | Part.CONTACTS):
            self.column.results.refresh()
            self.nav.refresh()
        if self.settings is not None and self.settings.is_open:
            self.settings.refresh()

    def tell(self, outcome: Outcome) -> None:
        """Say how something ended, where it is not seen anyway."""
        self.content.tell(outcome)
        if self.settings is not None and self.settings.is_open and self.settings.told(outcome):
            return
        words = outcome_words(outcome, self._look.words)
        if words:
            self.toast.say(words)

    def notification(self, key: TalkKey, message: Message) -> tuple[str, str]:
        """Title and text of a notification."""
        talk = self._model.talks.get(key)
        title = talk.name if talk else message.sender_name
        return title, message_sketch(message, key.is_group, self._look.words)

    def _bind(self) -> None:
        self.window.protocol("WM_DELETE_WINDOW", self._closed)
        self.window.bind("<Control-f>", lambda _: self.column.focus_search())

    def _build(self, look: Look) -> None:
        self._look = look
        self.settings: SettingsWindow | None = None
        self.nav = NavBar(self.window, look, self._model, self._navigated, self._show_profile)
        self.nav.pack(side="left", fill="y")
        choices = ListChoices(
            on_talk=self._open,
            on_contact=self._show_contact,
            on_people=self._seek_people,
            on_plus=self._show_plus_menu,
        )
        self.column = ListColumn(self.window, look, self._model, self._events, choices)
        self.column.pack(side="left", fill="y")
        line = tk.Frame(self.window, width=1, background=palette.LINE, bd=0, highlightthickness=0)
        line.pack(side="left", fill="y")
        self.content = ContentArea(
            self.window,
            look,
            self._model,
            self._events,
            on_details=self._toggle_details,
            on_person=self._show_person,
        )
        self.content.pack(side="left", fill="both", expand=True)
        self.toast = Toast(self.content, look)
        self.plus_menu = Menu(look, self.window)
        edges = self._make_frame() if self._has_own_frame else None
        self.drawer = DetailsDrawer(self.content.panel, look, self._model, self._events, edges)
        self._show_place(self._place)
        self.refresh(Part.ALL)

    def _make_frame(self) -> ResizeEdges:
        WindowButtons(self.window, self._look, self._closed).place(relx=1, anchor="ne")
        MoveByDragging(self.window, self.nav, self.column.search, self.content.panel.header)
        return ResizeEdges(
            self.window,
            self._look,
            (self.nav, palette.BAR, palette.BAR),
            (self.column, palette.HEAD, palette.LIST),
            (self.content, palette.CHAT, palette.CHAT),
        )

    def _show_title(self) -> None:
        unread = self._model.unread
        count = f"({unread if unread < MOST_UNREAD else '99+'}) " if unread else ""
        self.window.title(bmp(f"{count}{self._model.user.nickname or PROGRAM}"))

    def _closed(self) -> None:
        if self._model.preferences.on_close is OnClose.BACKGROUND:
            self.window.iconify()
        else:
            self._events.quit()

    def _navigated(self, place: Place) -> None:
        if place is Place.SETTINGS:
            self._show_settings("account")
        else:
            self._show_place(place)

    def _show_place(self, place: Place) -> None:
        self._place = place
        self.nav.show(place)
        self.column.show_place(place)
        if place is Place.CHATS:
            self.content.show_dialogue()
        elif self._contact is None:
            self.content.show_contacts()
        else:
            self._show_contact(self._contact)

    def _open(self, key: TalkKey) -> None:
        """Show a dialogue, which need not be on the list yet."""
        if key in self._model.talks:
            self.select(key)
        else:
            self._events.open_talk(key)

    def _show_contact(self, contact: ContactRef) -> None:
        self._contact = contact
        self.column.contacts.select(contact)
        self.content.show_contact(contact)

    def _seek_people(self, sought: str) -> None:
        self._contact = NEW_FRIENDS
        self._show_place(Place.CONTACTS)
        self.content.seek_people(sought)

    def _show_plus_menu(self, x_root: int, y_root: int) -> None:
        words = self._look.words
        items = [
            MenuItem(words("New group"), self._create_group),
            MenuItem(words("Add friends"), lambda: self._seek_people("")),
        ]
        self.plus_menu.show(x_root, y_root, items)

    def _create_group(self) -> None:
        CreateGroupDialog(self.window, self._look, self._model, self._events.create_group)

    def _show_settings(self, page: str) -> None:
        if self.settings is None or not self.settings.is_open:
            self.settings = SettingsWindow(self.window, self._look, self._model, self._events, page)
        self.settings.lift()

    def _toggle_details(self) -> None:
        self.drawer.toggle()

    def _show_profile(self) -> None:
        ProfileDialog(self.window, self._look, self._model, self._events)

    def _show_person(self, user_id: str) -> None:
        card = PersonCard(self.window, self._look, self._model, self._events, user_id)
        card.place_at(*self.window.winfo_pointerxy())
