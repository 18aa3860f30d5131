"""Where the side panel of a dialogue opens: beside its messages, or over them where there is little room."""

import tkinter as tk
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.ui.chat.panel import ChatPanel
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.details import WIDTH
from tkclient.ui.windows.friend_panel import FriendPanel
from tkclient.ui.windows.group_panel import GroupPanel
from tkclient.ui.windows.window_moves import ResizeEdges

_LEAST_BESIDE: Final = 400
"""What messages keep of the width when the side panel is beside them, at scale 1."""


class DetailsDrawer:
    """Opens and closes the side panel, for the dialogue that is on the screen then; another dialogue closes it.

    edges: of a window without a frame, which go on over the side panel.
    """

    def __init__(
        self, panel: ChatPanel, look: Look, model: ChatModel, events: ChatEvents, edges: ResizeEdges | None
    ) -> None:
        self.details: GroupPanel | FriendPanel | None = None
        self._panel = panel
        self._look = look
        self._model = model
        self._events = events
        self._edges = edges
        for widget in panel.grid_slaves(column=0):
            if widget.grid_info()["row"] < panel.BODY_ROW:
                widget.grid_configure(columnspan=2)
        panel.bind("<Configure>", lambda _: self._place(), add="+")

    def toggle(self) -> None:
        """Open it, or close it."""
        key = self._model.selected
        if self.details is not None or key is None:
            self.close()
            return
        kind = GroupPanel if key.is_group else FriendPanel
        self.details = kind(self._panel, self._look, self._model, self._events, key.talk_id, self.close)
        line = tk.Frame(self.details, width=1, background=palette.LINE, bd=0, highlightthickness=0)
        line.place(relheight=1)
        self._place()
        if self._edges is not None:
            self._edges.cover(self.details, palette.WHITE)

    def close(self) -> None:
        """Take it away."""
        if self.details is not None:
            self.details.destroy()
            self.details = None

    def refresh(self) -> None:
        """Show what the model says now."""
        if self.details is None:
            return
        if self.details.key == self._model.selected:
            self.details.refresh()
        else:
            self.close()

    def _place(self) -> None:
        if self.details is None:
            return
        px = self._look.px
        if self._panel.winfo_width() >= px(WIDTH) + px(_LEAST_BESIDE):
            self.details.place_forget()
            self.details.grid(row=self._panel.BODY_ROW, column=1, rowspan=4, sticky="ns")
        else:
            self.details.grid_forget()
            top = self._panel.header.winfo_height() + 1
            self.details.place(relx=1, y=top, relheight=1, height=-top, anchor="ne")
