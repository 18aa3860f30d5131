"""The panel of the dialogue on the screen."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Role
from tkclient.model.talk import TalkKey
from tkclient.ui.chat.connection_strip import ConnectionStrip
from tkclient.ui.chat.header import Header
from tkclient.ui.chat.sash import Sash
from tkclient.ui.chat.talk_actions import TalkActions
from tkclient.ui.chat.text_keys import typed_character
from tkclient.ui.chat.writing import Writing
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.messages.list import MessageList

_EMPTY_ICON: Final = 72
_OBSCURED: Final = "VisibilityFullyObscured"


class ChatPanel(tk.Frame):
    """Title, messages, tools and input of `model.selected`, or nothing much if that is None.

    on_details: more about the dialogue is wanted. on_person: hears the id of somebody whose portrait was clicked.

    Its grid has one column; what is below the title begins in row BODY_ROW.
    """

    BODY_ROW: Final = 2

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        on_details: Callable[[], object],
        on_person: Callable[[str], object] = lambda user_id: None,
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._talk: TalkKey | None = None
        self._is_covered = False
        self._told_read: tuple[TalkKey, int] | None = None
        self.header = Header(self, look, model, on_details)
        self._line = tk.Frame(self, background=palette.LINE, height=1, bd=0, highlightthickness=0)
        self.strip = ConnectionStrip(self, look)
        self.actions = self._make_actions(on_person)
        self.messages = MessageList(self, look, self.actions)
        self.writing = Writing(self, look, model, events, self.messages_to_end)
        self.sash = Sash(self, look, self.writing.winfo_height, self.writing.set_height)
        self._empty = self._make_empty()
        self._place()
        self._bind_events()
        self.refresh()

    @property
    def talk(self) -> TalkKey | None:
        """The dialogue that is shown: all that is written or done here is about it."""
        return self._talk

    def refresh(self) -> None:
        """Follow the model."""
        self._talk = self._model.selected
        self._show_strip()
        self.header.refresh(self._talk)
        self.writing.refresh()
        if self._talk is None:
            self._empty.place(x=0, y=0, relwidth=1, relheight=1)
            return
        self._empty.place_forget()
        self.messages.show(
            self._talk,
            self._model.messages(self._talk),
            my_id=self._model.user.user_id,
            is_group=self._talk.is_group,
            can_recall_all=self._runs_group,
        )
        self._look_whether_read()

    def leave(self) -> None:
        """Another dialogue is going to be selected: what is written is kept."""
        self.writing.input.keep_draft()

    def focus_input(self) -> None:
        """Write here."""
        if self._talk is not None:
            self.writing.take_focus()

    def messages_to_end(self) -> None:
        """Scroll to the last message."""
        self.messages.scroll_to_end()

    def _make_actions(self, on_person: Callable[[str], object]) -> TalkActions:
        return TalkActions(
            widget=self,
            events=self._events,
            talk=lambda: self._talk,
            on_person=on_person,
            on_mention=self._mention,
            on_seen=self._look_whether_read,
        )

    def _make_empty(self) -> tk.Label:
        image = self._look.art.icon("chat-dots-fill", _EMPTY_ICON, palette.TILES)
        return tk.Label(self, image=image, background=palette.CHAT, bd=0)

    def _place(self) -> None:
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(3, weight=1)
        rows = (self.header, self._line, self.strip, self.messages, self.sash, self.writing)
        for row, widget in enumerate(rows):
            widget.grid(row=row, column=0, sticky="nsew")

    def _bind_events(self) -> None:
        self.bind("<Visibility>", self._visibility_changed)
        self.messages.canvas.bind("<Key>", self._typed_beside, add="+")
        window = self.winfo_toplevel()
        window.bind("<FocusIn>", lambda _: self._look_whether_read(), add="+")
        for key in ("<Alt-s>", "<Alt-S>"):
            window.bind(key, lambda _: self._send())

    def _show_strip(self) -> None:
        if self.strip.say(self._model.connection):
            self.strip.grid()
        else:
            self.strip.grid_remove()

    def _send(self) -> None:
        if self.winfo_exists() and not self._is_covered:
            self.writing.input.send_text()

    def _typed_beside(self, event: "tk.Event[tk.Misc]") -> None:
        """Who has clicked on a message and types means the text."""
        if character := typed_character(event):
            self.writing.write(character)

    def _mention(self, user_id: str) -> None:
        group = self._model.find_group(self._talk) if self._talk else None
        members = group.members if group else ()
        names = {member.person.user_id: member.person.nickname for member in members}
        self.writing.write(f"@{names.get(user_id, user_id)} ")

    def _visibility_changed(self, event: "tk.Event[tk.Misc]") -> None:
        # A page of the contacts may lie over the panel.
        self._is_covered = str(event.state) == _OBSCURED
        self._look_whether_read()

    def _look_whether_read(self) -> None:
        """Tell that all was read, once, if there is something unread and its end is before the user's eyes."""
        if not self.winfo_exists() or self._talk is None:
            return
        row = self._model.talks.get(self._talk)
        if row is None or not row.unread:
            self._told_read = None
            return
        state = (row.key, row.last_seq)
        if state != self._told_read and self._is_looked_at and self.messages.at_end:
            self._told_read = state
            self._events.mark_read(self._talk)

    @property
    def _runs_group(self) -> bool:
        """Whether the user is owner or admin of the group on the screen."""
        group = self._model.find_group(self._talk) if self._talk else None
        if group is None:
            return False
        user = self._model.user.user_id
        roles = {member.person.user_id: member.role for member in group.members}
        return group.owner_id == user or roles.get(user, Role.MEMBER) is not Role.MEMBER

    @property
    def _is_looked_at(self) -> bool:
        has_focus = bool(self.tk.call("focus", "-displayof", self))
        return has_focus and not self._is_covered and bool(self.winfo_viewable())
