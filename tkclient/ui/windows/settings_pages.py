"""The pages of the settings that are only choices, and the one about the program."""

import tkinter as tk
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeAlias, TypeVar

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.preferences import LANGUAGES, TEXT_SIZES, OnClose, Preferences, SendKey
from tkclient.ui.controls.check import Check
from tkclient.ui.controls.choice import Choice
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.paragraph import Paragraph
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.text.words import Words
from tkclient.ui.windows.portrait import Portrait

_TEXT_WIDTH: Final = 370
_LICENCES: Final = (
    ("Bootstrap Icons", "MIT"),
    ("Noto Emoji", "Apache-2.0"),
    ("emoji-data", "MIT"),
    (
        "Twisted, attrs, msgspec, Babel, Pillow, emoji, python-xlib, keyring, platformdirs, Desktop Notifier",
        "",
    ),
)

T = TypeVar("T")
Change: TypeAlias = Callable[[Preferences], object]


class SettingsPage(tk.Frame):
    """A page of rows: a title and under it what can be chosen."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self.look = look

    def refresh(self) -> None:
        """Show what the model knows now."""

    def add_title(self, text: str) -> None:
        """The title of what comes next."""
        label = tk.Label(self, text=text, font=self.look.font(13), anchor="w", bd=0, padx=0, pady=0)
        label.configure(foreground=palette.CHAT_NOTE, background=palette.WHITE)
        above = self.look.px(18) if len(self.winfo_children()) > 1 else 0
        label.pack(fill="x", pady=(above, self.look.px(6)))

    def add_choice(
        self, options: Sequence[tuple[T, str]], value: T, on_change: Callable[[T], object]
    ) -> Choice[T]:
        """One of a few."""
        choice = Choice(self, self.look, options, value, on_change)
        choice.pack(anchor="w")
        return choice


class GeneralPage(SettingsPage):
    """Language, size of text, the key that sends, and what closing does."""

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, change: Change) -> None:
        super().__init__(parent, look)
        self._model = model
        words, chosen = look.words, model.preferences
        self.add_title(words("Language"))
        self.language = self.add_choice(
            _languages(words),
            chosen.language,
            lambda value: change(attrs.evolve(model.preferences, language=value)),
        )
        self.add_title(words("Text size"))
        self.text_size = self.add_choice(
            _text_sizes(words),
            chosen.text_size,
            lambda value: change(attrs.evolve(model.preferences, text_size=value)),
        )
        self.add_title(words("Send with"))
        self.send_key = self.add_choice(
            ((SendKey.ENTER, "Enter"), (SendKey.CTRL_ENTER, "Ctrl+Enter")),
            chosen.send_key,
            lambda value: change(attrs.evolve(model.preferences, send_key=value)),
        )
        self.add_title(words("When the window is closed"))
        self.on_close = self.add_choice(
            ((OnClose.BACKGROUND, words("Keep running")), (OnClose.QUIT, words("Quit"))),
            chosen.on_close,
            lambda value: change(attrs.evolve(model.preferences, on_close=value)),
        )

    def refresh(self) -> None:
        chosen = self._model.preferences
        self.language.value = chosen.language
        self.text_size.value = chosen.text_size
        self.send_key.value = chosen.send_key
        self.on_close.value = chosen.on_close


class NoticesPage(SettingsPage):
    """How new messages draw attention."""

    def __init__(self, parent: tk.Misc, look: Look, model: ChatModel, change: Change) -> None:
        super().__init__(parent, look)
        self._model = model
        words = look.words
        self.add_title(words("New messages"))
        self.notifications = Check(
            self,
            look,
            words("Show a notification"),
            on_change=lambda value: change(attrs.evolve(model.preferences, notifications=value)),
        )
        self.notifications.pack(anchor="w", pady=look.px(4))
        self.sound = Check(
            self,
            look,
            words("Play a sound"),
            on_change=lambda value: change(attrs.evolve(model.preferences, sound=value)),
        )
        self.sound.pack(anchor="w", pady=look.px(4))
        note = words("While the window is in front, only other dialogues sound. Muted ones never do.")
        Paragraph(self, look, note, room_for_text(look, _TEXT_WIDTH), 12, palette.CHAT_NOTE).pack(
            anchor="w", pady=(look.px(10), 0)
        )

    def refresh(self) -> None:
        self.notifications.value = self._model.preferences.notifications
        self.sound.value = self._model.preferences.sound


class AboutPage(SettingsPage):
    """Which version this is, and whose work is in it."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, look)
        words = look.words
        head = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x")
        Portrait(head, look, 56).pack(side="left", padx=(0, look.px(16)))
        names = tk.Frame(head, background=palette.WHITE, highlightthickness=0, bd=0)
        names.pack(side="left", fill="x", expand=True)
        LineLabel(names, look, "naivechat", 17).pack(fill="x")
        LineLabel(names, look, words("Version {version}", version=_version()), 13, palette.CHAT_NOTE).pack(
            fill="x"
        )
        thanks = words("naivechat is free software. It is built with the work of others:")
        wide = room_for_text(look, _TEXT_WIDTH)
        Paragraph(self, look, thanks, wide, 13, palette.CHAT_NOTE).pack(
            anchor="w", pady=(look.px(18), look.px(6))
        )
        for name, licence in _LICENCES:
            text = f"{name} ({licence})" if licence else name
            Paragraph(self, look, text, wide, 13).pack(anchor="w", pady=look.px(2))


def _languages(words: Words) -> Sequence[tuple[str, str]]:
    """Languages call themselves what their speakers call them."""
    names = {"": words("As the system"), "zh_CN": "简体中文", "en": "English"}
    return tuple((language, names[language]) for language in LANGUAGES)


def _text_sizes(words: Words) -> Sequence[tuple[int, str]]:
    names = (words("Small"), words("Normal"), words("Large"), words("Very large"))
    return tuple(zip(TEXT_SIZES, names, strict=True))


def _version() -> str:
    try:
        return version("naivechat")
    except PackageNotFoundError:
        return "?"
