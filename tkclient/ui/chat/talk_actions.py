"""What a reader does with the messages of the dialogue on the screen."""

import tkinter as tk
from collections.abc import Callable

import attrs

from tkclient.interfaces import ChatEvents
from tkclient.model.talk import TalkKey
from tkclient.ui.chat.clipboard import put_text
from tkclient.ui.chat.links import open_link


@attrs.frozen(kw_only=True, eq=False)
class TalkActions:
    """Implements `MessageActions`.

    talk: gives the dialogue that is shown. on_person: hears whose portrait was clicked.
    on_mention: hears who is to be mentioned. on_seen: the last message has come into view.
    """

    widget: tk.Misc
    events: ChatEvents
    talk: Callable[[], TalkKey | None]
    on_person: Callable[[str], object]
    on_mention: Callable[[str], object]
    on_seen: Callable[[], object]

    def copy(self, text: str) -> None:
        put_text(self.widget, text)

    def recall(self, seq: int) -> None:
        if talk := self.talk():
            self.events.recall(talk, seq)

    def retry(self, msg_uuid: bytes) -> None:
        if talk := self.talk():
            self.events.retry(talk, msg_uuid)

    def discard(self, msg_uuid: bytes) -> None:
        if talk := self.talk():
            self.events.discard(talk, msg_uuid)

    def load_older(self) -> None:
        if talk := self.talk():
            self.events.load_older(talk)

    def open_link(self, url: str) -> None:
        open_link(url)

    def avatar_clicked(self, user_id: str, x_root: int, y_root: int) -> None:
        self.on_person(user_id)

    def mention(self, user_id: str) -> None:
        self.on_mention(user_id)

    def seen_end(self) -> None:
        self.on_seen()
