"""The dark bar at the left: oneself, chats, contacts, settings."""

import enum
import tkinter as tk
from collections.abc import Callable
from typing import Final

import attrs

from tkclient.model.chat import ChatModel
from tkclient.ui.controls.pressable import Pressable
from tkclient.ui.controls.tooltip import Tooltip
from tkclient.ui.lists.badges import badge_text
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

WIDTH: Final = 62
"""At scale 1."""

_AVATAR, _AVATAR_TOP = 38, 19
_ICON, _STEP = 22, 52
_FIRST_TOP: Final = 72
_BOTTOM: Final = 4
_BADGE_X, _BADGE_Y = 10, -10


class Place(enum.Enum):
    """Where the bar leads."""

    CHATS = "chats"
    CONTACTS = "contacts"
    SETTINGS = "settings"


@attrs.frozen
class _Icons:
    resting: str
    active: str


_ICONS: Final = {
    Place.CHATS: _Icons("chat", "chat-fill"),
    Place.CONTACTS: _Icons("person", "person-fill"),
    Place.SETTINGS: _Icons("gear", "gear-fill"),
}


class NavBar(tk.Frame):
    """One's own portrait and the ways to chats, contacts and settings, with badges for what is unread and who asks.

    shown: which of them is marked as the one on the screen.

    Args:
        on_select: one of the ways was clicked. on_avatar: the portrait was.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        on_select: Callable[[Place], object],
        on_avatar: Callable[[], object],
    ) -> None:
        super().__init__(parent, background=palette.BAR, bd=0, highlightthickness=0, width=look.px(WIDTH))
        self.pack_propagate(False)
        self._model = model
        self.shown = Place.CHATS
        self.avatar = _Portrait(self, look, model, on_avatar)
        self.avatar.place(x=look.px((WIDTH - _AVATAR) / 2), y=look.px(_AVATAR_TOP))
        titles = {
            Place.CHATS: look.words("Chats"),
            Place.CONTACTS: look.words("Contacts"),
            Place.SETTINGS: look.words("Settings"),
        }
        self.buttons = {
            place: _NavButton(self, look, place, title, lambda place=place: on_select(place))  # type: ignore[misc]
            for place, title in titles.items()
        }
        self.buttons[Place.CHATS].place(x=0, y=look.px(_FIRST_TOP))
        self.buttons[Place.CONTACTS].place(x=0, y=look.px(_FIRST_TOP + _STEP))
        self.buttons[Place.SETTINGS].place(x=0, rely=1, y=-look.px(_BOTTOM), anchor="sw")
        self.refresh()

    def show(self, place: Place) -> None:
        """Mark where one is."""
        self.shown = place
        self.refresh()

    def refresh(self) -> None:
        """Show what the model says now."""
        badges = {Place.CHATS: self._model.unread, Place.CONTACTS: len(self._model.requests)}
        for place, button in self.buttons.items():
            button.update_state(is_active=place is self.shown, badge=badge_text(badges.get(place, 0)))
        self.avatar.draw()


class _NavButton(Pressable):
    """An icon with a badge."""

    def __init__(
        self, parent: tk.Misc, look: Look, place: Place, title: str, command: Callable[[], object]
    ) -> None:
        self._look = look
        self._icons = _ICONS[place]
        self.is_active = False
        self.badge = ""
        super().__init__(parent, command, width=look.px(WIDTH), height=look.px(_STEP))
        self._tooltip = Tooltip(self, look, title)

    def update_state(self, *, is_active: bool, badge: str) -> None:
        """Whether it leads to where one is, and what its badge says."""
        if (is_active, badge) != (self.is_active, self.badge):
            self.is_active, self.badge = is_active, badge
            self.draw()

    def draw(self) -> None:
        self.delete("all")
        look = self._look
        x, y = look.px(WIDTH) // 2, look.px(_STEP) // 2
        colour = palette.WHITE if self.is_hovered or self.has_focus else palette.BAR_ICON
        name = self._icons.resting
        if self.is_active:
            name, colour = self._icons.active, palette.ACCENT
        if self.has_focus:
            side = look.px(_ICON + 16)
            ring = look.art.rounded(side, side, 5, palette.BAR, border=palette.BAR_ICON)
            self.create_image(x, y, image=ring)
        self.create_image(x, y, image=look.art.icon(name, _ICON, colour))
        if self.badge:
            at = (x + look.px(_BADGE_X), y + look.px(_BADGE_Y))
            self.create_image(*at, image=look.art.badge(self.badge))


class _Portrait(Pressable):
    """One's own picture."""

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, command: Callable[[], object]) -> None:
        self._look = look
        self._model = model
        super().__init__(parent, command, width=look.px(_AVATAR), height=look.px(_AVATAR))
        self.configure(cursor="hand2")

    def draw(self) -> None:
        self.delete("all")
        portrait = portrait_of(self._look, self._model.user, _AVATAR)
        self.create_image(0, 0, image=portrait, anchor="nw")
        if self.has_focus:
            side, line = self._look.px(_AVATAR), self._look.px(2)
            half = line / 2
            self.create_rectangle(half, half, side - half, side - half, width=line, outline=palette.WHITE)
