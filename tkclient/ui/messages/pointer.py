"""Mouse and keys on the messages: selecting, copying, following links, menus."""

import tkinter
from collections.abc import Callable
from typing import Final

import attrs

from tkclient.ui.controls.menu import Menu
from tkclient.ui.look.look import Look
from tkclient.ui.messages.actions import MessageActions
from tkclient.ui.messages.hits import NOTHING, Hit, Target, hit, text_place
from tkclient.ui.messages.menus import items_for
from tkclient.ui.messages.metrics import Metrics
from tkclient.ui.messages.sheet import Drawn, Marked, Sheet
from tkclient.ui.text.carets import word_at

_CURSORS: Final = {
    Target.AVATAR: "hand2",
    Target.RETRY: "hand2",
    Target.LINK: "hand2",
    Target.TEXT: "xterm",
}
_SELECTABLE: Final = (Target.TEXT, Target.LINK)


@attrs.frozen
class _Press:
    """The left button went down: on which message, on what of it, and at which place of its text."""

    msg_uuid: bytes
    hit: Hit
    place: int


class Pointer:
    """What the hand does on the canvas of messages.

    is_group, can_recall_all: what the talk is, and whether its user may take back everybody's messages.
    """

    def __init__(
        self,
        canvas: tkinter.Canvas,
        look: Look,
        sheet: Sheet,
        metrics: Metrics,
        actions: MessageActions,
        now_ms: Callable[[], int],
    ) -> None:
        self.is_group = False
        self.can_recall_all = False
        self._canvas = canvas
        self._look = look
        self._sheet = sheet
        self._metrics = metrics
        self._actions = actions
        self._now_ms = now_ms
        self._menu = Menu(look, canvas)
        self._press: _Press | None = None
        self._bind_events()

    @property
    def selected(self) -> str:
        """The text that is selected; "" if none is, or it has left the view."""
        marked = self._sheet.marked
        drawn = self._sheet.get(marked.msg_uuid) if marked else None
        return drawn.row.box.text[marked.start : marked.end] if marked and drawn else ""

    def _bind_events(self) -> None:
        canvas = self._canvas
        canvas.bind("<Button-1>", self._on_press)
        canvas.bind("<B1-Motion>", self._on_drag)
        canvas.bind("<ButtonRelease-1>", self._on_release)
        canvas.bind("<Double-Button-1>", self._on_double_click)
        canvas.bind("<Triple-Button-1>", self._on_triple_click)
        canvas.bind("<ButtonRelease-3>", self._on_right_click)
        canvas.bind("<Motion>", lambda event: self._point(event.x, event.y))
        for keys in ("<Control-c>", "<Control-C>", "<Control-Insert>"):
            canvas.bind(keys, lambda _: self._copy())

    def _at(self, x: int, y: int) -> tuple[Drawn | None, Hit]:
        drawn = self._sheet.find(y)
        return drawn, hit(drawn.row.box, x, y - drawn.y) if drawn else NOTHING

    def _place(self, drawn: Drawn, x: int, y: int) -> int:
        return text_place(drawn.row.box, x, y - drawn.y, self._metrics.measure_text)

    def _point(self, x: int, y: int) -> None:
        _, found = self._at(x, y)
        cursor = _CURSORS.get(found.target, "")
        if self._canvas["cursor"] != cursor:
            self._canvas["cursor"] = cursor

    def _on_press(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._canvas.focus_set()
        self._sheet.mark(None)
        drawn, found = self._at(event.x, event.y)
        self._press = (
            _Press(drawn.row.message.msg_uuid, found, self._place(drawn, event.x, event.y)) if drawn else None
        )

    def _on_drag(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        press = self._press
        drawn = self._sheet.get(press.msg_uuid) if press else None
        if press is None or drawn is None or press.hit.target not in _SELECTABLE:
            return
        place = self._place(drawn, event.x, event.y)
        is_part = place != press.place
        start, end = sorted((press.place, place))
        self._sheet.mark(Marked(press.msg_uuid, start, end) if is_part else None)

    def _on_release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        press, self._press = self._press, None
        drawn, found = self._at(event.x, event.y)
        if press is None or drawn is None or self._sheet.marked is not None:
            return
        message = drawn.row.message
        if (message.msg_uuid, found) != (press.msg_uuid, press.hit):
            return
        if found.target is Target.LINK:
            self._actions.open_link(found.url)
        elif found.target is Target.AVATAR:
            self._actions.avatar_clicked(message.sender_id, event.x_root, event.y_root)
        elif found.target is Target.RETRY:
            self._actions.retry(message.msg_uuid)

    def _on_double_click(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._press = None
        drawn, found = self._at(event.x, event.y)
        if drawn is not None and found.target in _SELECTABLE:
            start, end = word_at(drawn.row.box.text, self._place(drawn, event.x, event.y))
            self._mark(drawn, start, end)

    def _on_triple_click(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        drawn, found = self._at(event.x, event.y)
        if drawn is not None and found.target in _SELECTABLE:
            self._mark(drawn, 0, len(drawn.row.box.text))

    def _mark(self, drawn: Drawn, start: int, end: int) -> None:
        self._sheet.mark(Marked(drawn.row.message.msg_uuid, start, end) if start < end else None)

    def _on_right_click(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._canvas.focus_set()
        drawn, found = self._at(event.x, event.y)
        if drawn is None:
            return
        box, message = drawn.row.box, drawn.row.message
        if found.target is Target.AVATAR:
            if self.is_group and not box.is_own:
                self._actions.mention(message.sender_id)
        elif box.area is not None and box.area.holds(event.x, event.y - drawn.y):
            self._show_menu(drawn, event)

    def _show_menu(self, drawn: Drawn, event: "tkinter.Event[tkinter.Misc]") -> None:
        marked, message = self._sheet.marked, drawn.row.message
        is_marked = marked is not None and marked.msg_uuid == message.msg_uuid
        if marked is not None and not is_marked:
            self._sheet.mark(None)
        items = items_for(
            message,
            self._actions,
            self._look.words,
            is_mine=drawn.row.box.is_own,
            can_recall_all=self.can_recall_all,
            selected=self.selected,
            now_ms=self._now_ms(),
        )
        if items:
            self._menu.show(event.x_root, event.y_root, items)

    def _copy(self) -> str:
        if self.selected:
            self._actions.copy(self.selected)
        return "break"
