"""The side panel of a dialogue: what its two kinds have in common."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import TalkKey
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.talk_switches import TalkSwitches

WIDTH: Final = 270
"""Of the panel, at scale 1."""
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN


class DetailsPanel(tk.Frame):
    """A panel WIDTH wide, for the right side of the dialogue `key`; Esc in it and its cross call `on_close`."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        key: TalkKey,
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0, width=look.px(WIDTH))
        self.pack_propagate(False)
        self.look = look
        self.model = model
        self.events = events
        self.key = key
        self._on_close = on_close
        self.build()
        self.refresh()

    def build(self) -> None:
        """Make all parts, from the top down."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what the model knows now."""
        raise NotImplementedError

    def add_head(self, *buttons: tuple[str, str, Callable[[], object]]) -> LineLabel:
        """The title, with buttons (icon, what it does, command) at its right; the last one closes the panel."""
        head = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x", padx=(self.look.px(MARGIN), self.look.px(MARGIN - 8)), pady=(self.look.px(16), 0))
        title = LineLabel(head, self.look, size=14, bold=True)
        all_buttons = (*buttons, ("x-lg", self.look.words("Close"), self._on_close))
        made = [
            IconButton(head, self.look, icon, command, 16, tooltip=what)
            for icon, what, command in all_buttons
        ]
        for button in reversed(made):
            button.pack(side="right")
        self.head_buttons = tuple(made)
        title.pack(side="left", fill="x", expand=True)
        return title

    def add_line(self, parent: tk.Misc, above: float = 12, below: float = 12) -> None:
        """A line from margin to margin."""
        px = self.look.px
        tk.Frame(parent, height=1, background=palette.LINE).pack(
            fill="x", padx=px(MARGIN), pady=(px(above), px(below))
        )

    def make_switches(self, parent: tk.Misc) -> TalkSwitches:
        """Mute and pin."""
        return TalkSwitches(parent, self.look, self.model, self.events, self.key)
