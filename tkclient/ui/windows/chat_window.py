"""The chat window: what it is told goes into the model, and what is seen follows from the model."""

import tkinter
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents, Notifier, Outcome
from tkclient.model.chat import ChatModel
from tkclient.model.connection import Connection
from tkclient.model.people import Found, FriendRequest, Group, Person
from tkclient.model.preferences import Preferences
from tkclient.model.talk import Message, Talk, TalkKey
from tkclient.ui.look.look import Look
from tkclient.ui.windows.chat_screen import ChatScreen, Part

_LOOKS: Final = ("language", "text_size")
"""Preferences with which everything is drawn anew."""


class ChatWindow:
    """Implements `interfaces.ChatMethods`.

    What was told is drawn when the program has nothing else to do, so that much told at once is drawn once.

    Args:
        root: the hidden main window.
        make_look: the look that a user's preferences ask for.
        geometry: size and place as X11 writes them; "" leaves them to the window.
    """

    def __init__(
        self,
        root: tkinter.Tk,
        events: ChatEvents,
        notifier: Notifier,
        *,
        make_look: Callable[[Preferences], Look],
        geometry: str = "",
    ) -> None:
        self.model = ChatModel()
        self.screen: ChatScreen | None = None
        self._root = root
        self._events = events
        self._notifier = notifier
        self._make_look = make_look
        self._geometry = geometry
        self._changed = Part(0)
        self._refresh_id = ""

    def show(self) -> None:
        if self.screen is None:
            look = self._make_look(self.model.preferences)
            self.screen = ChatScreen(self._root, look, self.model, self._events, geometry=self._geometry)
        self.screen.bring_up()

    def close(self) -> None:
        """The window goes, and forgets all it was told."""
        if self._refresh_id:
            self._root.after_cancel(self._refresh_id)
            self._refresh_id = ""
        if self.screen is not None:
            self.screen.close()
            self.screen = None
        self.model = ChatModel()

    def set_user(self, user: Person) -> None:
        self.model.user = user
        self._mark(Part.ALL)

    def set_preferences(self, preferences: Preferences) -> None:
        """Another language or size of text builds the window anew."""
        before, self.model.preferences = self.model.preferences, preferences
        looks_different = any(getattr(before, name) != getattr(preferences, name) for name in _LOOKS)
        if self.screen is not None and looks_different:
            self.screen.rebuild(self._make_look(preferences))
        self._mark(Part.ALL)

    def set_connection(self, connection: Connection) -> None:
        self.model.connection = connection
        self._mark(Part.PANEL)

    def set_talks(self, talks: tuple[Talk, ...]) -> None:
        self.model.set_talks(talks)
        self._mark(Part.TALKS | Part.PANEL)

    def upsert_talk(self, talk: Talk) -> None:
        self.model.upsert_talk(talk)
        self._mark(Part.TALKS | Part.PANEL)

    def remove_talk(self, key: TalkKey) -> None:
        was_selected = self.model.selected == key
        self.model.remove_talk(key)
        if was_selected:
            self._events.select_talk(None)
        self._mark(Part.TALKS | Part.PANEL)

    def select(self, key: TalkKey) -> None:
        if self.screen is None:
            self.model.selected = key
        else:
            self.screen.select(key)

    def set_drafts(self, drafts: dict[TalkKey, str]) -> None:
        self.model.set_drafts(drafts)
        self._mark(Part.TALKS | Part.PANEL)

    def set_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        self.model.set_messages(key, messages, has_older)
        self._mark(Part.PANEL)

    def prepend_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        self.model.prepend_messages(key, messages, has_older)
        self._mark(Part.PANEL)

    def append_message(self, key: TalkKey, message: Message) -> None:
        self.model.append_message(key, message)
        self._mark(Part.PANEL)

    def update_message(self, key: TalkKey, message: Message) -> None:
        self.model.update_message(key, message)
        self._mark(Part.PANEL)

    def remove_message(self, key: TalkKey, msg_uuid: bytes) -> None:
        self.model.remove_message(key, msg_uuid)
        self._mark(Part.PANEL)

    def set_friends(self, friends: tuple[Person, ...]) -> None:
        self.model.set_friends(friends)
        self._mark(Part.ALL)

    def upsert_friend(self, friend: Person) -> None:
        self.model.upsert_friend(friend)
        self._mark(Part.ALL)

    def remove_friend(self, user_id: str) -> None:
        self.model.remove_friend(user_id)
        self._mark(Part.ALL)

    def set_presence(self, user_id: str, is_online: bool) -> None:
        self.model.set_presence(user_id, is_online)
        self._mark(Part.CONTACTS | Part.PANEL)

    def set_groups(self, groups: tuple[Group, ...]) -> None:
        self.model.set_groups(groups)
        self._mark(Part.ALL)

    def upsert_group(self, group: Group) -> None:
        self.model.upsert_group(group)
        self._mark(Part.ALL)

    def remove_group(self, group_id: str) -> None:
        self.model.remove_group(group_id)
        self._mark(Part.ALL)

    def set_requests(self, requests: tuple[FriendRequest, ...]) -> None:
        self.model.requests = requests
        self._mark(Part.CONTACTS)

    def set_found(self, key: str, found: tuple[Found, ...], has_more: bool) -> None:
        self.model.set_found(key, found, has_more)
        self._mark(Part.CONTACTS)

    def set_typing(self, key: TalkKey, name: str) -> None:
        self.model.set_typing(key, name)
        self._mark(Part.PANEL)

    def tell(self, outcome: Outcome) -> None:
        if self.screen is not None:
            self.screen.tell(outcome)

    def notify(self, key: TalkKey, message: Message) -> None:
        """Sounds and notifies, unless the window is in front with this dialogue on the screen."""
        screen = self.screen
        if screen is None or (screen.has_focus and self.model.selected == key):
            return
        if self.model.preferences.sound:
            self._notifier.sound()
        if self.model.preferences.notifications and not screen.has_focus:
            self._notifier.notify(key, *screen.notification(key, message))

    def _mark(self, part: Part) -> None:
        """Draw a part when there is time."""
        self._changed |= part
        if not self._refresh_id and self.screen is not None:
            self._refresh_id = self._root.after_idle(self._refresh)

    def _refresh(self) -> None:
        self._refresh_id = ""
        changed, self._changed = self._changed, Part(0)
        if self.screen is not None:
            self.screen.refresh(changed)
