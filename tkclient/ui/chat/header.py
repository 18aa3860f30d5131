"""Above the messages: whom one talks to."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.model.chat import ChatModel
from tkclient.model.talk import Talk, TalkKey
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.line import draw_line, line_width

_HEIGHT: Final = 62
_MIDDLE: Final = 38
_MARGIN: Final = 24
_TITLE_SIZE: Final = 17
_NOTE_SIZE: Final = 12
_DOT: Final = 8
_GAP: Final = 10
_ICON: Final = 19
_FOR_BUTTON: Final = 64


class Header(tk.Canvas):
    """The dialogue's name, in groups with the number of members; whether the friend is there, or who is typing.

    on_details: the button at the right was pressed.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, on_details: Callable[[], object]
    ) -> None:
        super().__init__(parent, background=palette.CHAT, highlightthickness=0, bd=0)
        self.configure(height=look.px(_HEIGHT), width=1)
        self._look = look
        self._model = model
        self._talk: TalkKey | None = None
        self.details_button = IconButton(
            self, look, "three-dots", on_details, size=_ICON, tooltip=look.words("Details")
        )
        self.details_button.place(relx=1, x=-look.px(_MARGIN - 5), y=look.px(_MIDDLE), anchor="e")
        self.bind("<Configure>", lambda _: self._draw())

    @property
    def title(self) -> str:
        """Name and number of members."""
        return self._talk_name + self._count

    @property
    def note(self) -> str:
        """What stands beside the title."""
        typist = self._model.typing.get(self._talk, "") if self._talk else ""
        if not typist:
            return ""
        words = self._look.words
        return words("{name} is typing …", name=typist) if self._is_group else words("typing …")

    @property
    def is_friend_online(self) -> bool:
        """Whether a dot tells so."""
        friend = self._model.find_friend(self._talk) if self._talk else None
        return friend is not None and friend.is_online

    def refresh(self, talk: TalkKey | None) -> None:
        """Show what the model says about a dialogue."""
        self._talk = talk
        self._draw()

    @property
    def _is_group(self) -> bool:
        return self._talk is not None and self._talk.is_group

    @property
    def _talk_name(self) -> str:
        if self._talk is None:
            return ""
        row: Talk | None = self._model.talks.get(self._talk)
        known = self._model.find_group(self._talk) or self._model.find_friend(self._talk)
        return known.name if known else row.name if row else self._talk.talk_id

    @property
    def _count(self) -> str:
        group = self._model.find_group(self._talk) if self._talk else None
        return f" ({group.member_count})" if group and group.member_count and not group.is_official else ""

    def _draw(self) -> None:
        self.delete("all")
        px, middle = self._look.px, self._look.px(_MIDDLE)
        room = self.winfo_width() - px(_MARGIN) - px(_FOR_BUTTON)
        if room <= 0:
            return
        note_room = line_width(self._look, self.note, _NOTE_SIZE, room // 2) + px(_GAP) if self.note else 0
        x = px(_MARGIN) + self._draw_title(room - note_room - px(_DOT + _GAP), middle)
        if self.is_friend_online:
            dot = self._look.art.dot(_DOT, palette.ONLINE)
            self.create_image(x + px(_GAP), middle + px(1), image=dot, anchor="w")
            x += px(_GAP + _DOT)
        if self.note:
            draw_line(
                self, self._look, x + px(_GAP), middle + px(2), self.note, _NOTE_SIZE, palette.CHAT_NOTE, width=room // 2, anchor="w"
            )  # fmt: skip

    def _draw_title(self, room: int, middle: int) -> int:
        """Draw name and number; returns how wide they are."""
        count = self._look.measure(self._count, _TITLE_SIZE) if self._count else 0
        x = self._look.px(_MARGIN)
        name = draw_line(
            self, self._look, x, middle, self._talk_name, _TITLE_SIZE, palette.TEXT, width=max(0, room - count), anchor="w"
        )  # fmt: skip
        if self._count:
            draw_line(self, self._look, x + name, middle, self._count, _TITLE_SIZE, palette.TEXT, anchor="w")
        return name + count
