"""The content at the right: the dialogue on the screen, or the page of a contact."""

import tkinter as tk
from collections.abc import Callable

from tkclient.interfaces import ChatEvents, Outcome
from tkclient.model.chat import ChatModel
from tkclient.ui.chat.panel import ChatPanel
from tkclient.ui.lists.contact_rows import ContactKind, ContactRef
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.friend_page import FriendPage
from tkclient.ui.pages.group_page import GroupPage
from tkclient.ui.pages.new_friends_page import NewFriendsPage

Page = NewFriendsPage | FriendPage | GroupPage


class ContentArea(tk.Frame):
    """Holds the panel of dialogues for ever, and one page at a time, made when it is asked for.

    Args:
        on_details: more about the dialogue on the screen is wanted. on_person: somebody in it was clicked.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        *,
        on_details: Callable[[], object],
        on_person: Callable[[str], object],
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._on_person = on_person
        self.page: Page | None = None
        self._empty = tk.Frame(self, background=palette.CHAT, bd=0, highlightthickness=0)
        self.panel = ChatPanel(self, look, model, events, on_details, on_person)
        for child in (self._empty, self.panel):
            child.place(relwidth=1, relheight=1)

    def show_dialogue(self) -> None:
        """Show the panel of dialogues."""
        self._leave_page()
        tk.Misc.lift(self.panel)

    def show_contacts(self) -> None:
        """Show that no contact is chosen yet."""
        self._leave_page()
        tk.Misc.lift(self._empty)

    def show_contact(self, contact: ContactRef) -> None:
        """Show the page of a contact."""
        self._leave_page()
        self.page = self._make_page(contact)
        self.page.place(relwidth=1, relheight=1)

    def seek_people(self, sought: str) -> None:
        """Show the page of new friends, with a search for somebody under way."""
        self.show_contact(ContactRef(ContactKind.NEW_FRIENDS))
        if isinstance(self.page, NewFriendsPage):
            self.page.seek(sought)

    def refresh_page(self) -> None:
        """Show on the page what the model says now."""
        if self.page is not None:
            self.page.refresh()

    def tell(self, outcome: Outcome) -> None:
        """How something ended that the page may have asked for."""
        if isinstance(self.page, NewFriendsPage):
            self.page.told(outcome)

    def _leave_page(self) -> None:
        if self.page is not None:
            self.page.destroy()
            self.page = None

    def _make_page(self, contact: ContactRef) -> Page:
        if contact.kind is ContactKind.NEW_FRIENDS:
            return NewFriendsPage(self, self._look, self._model, self._events)
        if contact.kind is ContactKind.FRIEND:
            return FriendPage(self, self._look, self._model, self._events, contact.id)
        return GroupPage(self, self._look, self._model, self._events, contact.id, self._on_person)
