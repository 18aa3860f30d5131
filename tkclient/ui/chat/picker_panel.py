"""What is in the picker's window: cells, and the tabs under them."""

import tkinter as tk
from collections.abc import Callable

import attrs

from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.chat.picker_grid import PickerGrid
from tkclient.ui.chat.picker_pages import EMOJI_SIZE, FACE_SIZE, emoji_sheet, face_sheet
from tkclient.ui.chat.picker_strip import PickerStrip, Tab
from tkclient.ui.chat.text_keys import typed_character
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


@attrs.frozen(kw_only=True)
class PickerEvents:
    """What the picker raises: an emoji, or the id of a face, was picked; or a character was typed instead."""

    emoji: Callable[[str], object]
    face: Callable[[str], object]
    typed: Callable[[str], object]


class PickerPanel(tk.Frame):
    """All emoji, page by page, and behind the last tab the faces. recent: emoji used lately, newest first."""

    def __init__(self, parent: tk.Misc, look: Look, events: PickerEvents, recent: tuple[str, ...]) -> None:
        super().__init__(parent, background=palette.WHITE, bd=0, highlightthickness=0)
        self._look = look
        self._events = events
        self._emoji = emoji_sheet(look, recent)
        self._faces = face_sheet(look)
        self._shows_faces = False
        self.grid_of_cells = PickerGrid(
            self, look, on_pick=self._picked, on_page=self._page_came, tones_of=Catalogue.load().skin_tones
        )
        self.grid_of_cells.pack(fill="both", expand=True)
        self.strip = PickerStrip(self, look, self.show_tab)
        self.strip.pack(fill="x")
        tabs = [Tab(emoji=page.icon, icon="clock") for page in self._emoji.pages]
        self.strip.show([*tabs, Tab(icon="emoji-smile")])
        self._bind_events()
        self._show_sheet(faces=False)

    @property
    def face_tab(self) -> int:
        """The number of the faces' tab, the last one."""
        return len(self._emoji.pages)

    def show_tab(self, number: int) -> None:
        """Show what is behind a tab."""
        is_faces = number == self.face_tab
        if is_faces is not self._shows_faces:
            self._show_sheet(faces=is_faces)
        if not is_faces:
            self.grid_of_cells.show_page(number)
        self.strip.choose(number)

    def _bind_events(self) -> None:
        grid = self.grid_of_cells
        grid.bind("<Key>", self._key_pressed)
        grid.bind("<<NextWindow>>", lambda _: self._turn(1))
        grid.bind("<<PrevWindow>>", lambda _: self._turn(-1))

    def _show_sheet(self, *, faces: bool) -> None:
        self._shows_faces = faces
        art = self._look.art
        if faces:
            self.grid_of_cells.show(self._faces, lambda face_id: art.face(face_id, FACE_SIZE))
        else:
            self.grid_of_cells.show(self._emoji, lambda sequence: art.emoji(sequence, EMOJI_SIZE))

    def _picked(self, item: str) -> None:
        (self._events.face if self._shows_faces else self._events.emoji)(item)

    def _page_came(self, page: int) -> None:
        self.strip.choose(self.face_tab if self._shows_faces else page)

    def _turn(self, step: int) -> str:
        self.show_tab((self.strip.chosen + step) % (self.face_tab + 1))
        return "break"

    def _key_pressed(self, event: "tk.Event[tk.Misc]") -> None:
        if character := typed_character(event):
            self._events.typed(character)
