"""Says that there is no connection."""

import tkinter as tk
from typing import Final

from tkclient.model.connection import Connection
from tkclient.ui.look.look import Look

_GROUND: Final = "#fdf1d8"
_TEXT: Final = "#6b4700"
_HEIGHT: Final = 32
_MARGIN: Final = 24


class ConnectionStrip(tk.Canvas):
    """One line on a yellow ground. It is up to its parent to show it only while it has something to say, its `text`."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, background=_GROUND, highlightthickness=0, bd=0, width=1)
        self.configure(height=look.px(_HEIGHT))
        px = look.px
        icon = look.art.icon("wifi-off", 15, _TEXT)
        self.create_image(px(_MARGIN), px(_HEIGHT / 2), image=icon, anchor="w")
        self._text = self.create_text(
            px(_MARGIN + 24), px(_HEIGHT / 2), anchor="w", font=look.font(13), fill=_TEXT
        )
        self._look = look
        self.text = ""

    def say(self, connection: Connection) -> bool:
        """Say how the connection is; whether there is something to say."""
        self.text = _words_for(connection, self._look)
        self.itemconfigure(self._text, text=self.text)
        return bool(self.text)


def _words_for(connection: Connection, look: Look) -> str:
    if connection is Connection.CONNECTING:
        return look.words("Reconnecting …")
    return look.words("No connection to the server") if connection is Connection.OFFLINE else ""
