"""The messages of the talk on the screen."""

import time
import tkinter
from collections.abc import Callable
from typing import Final

import attrs

from tkclient.interfaces import Action, Outcome
from tkclient.model.conversation import Conversation
from tkclient.model.talk import Sending, TalkKey
from tkclient.ui.controls.scroller import Scroller
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.messages.actions import MessageActions
from tkclient.ui.messages.changes import Change
from tkclient.ui.messages.layout import Layout
from tkclient.ui.messages.metrics import Metrics
from tkclient.ui.messages.new_pill import NewPill
from tkclient.ui.messages.painter import Painter
from tkclient.ui.messages.pointer import Pointer
from tkclient.ui.messages.rows import Rows
from tkclient.ui.messages.sheet import Sheet
from tkclient.ui.messages.view import View
from tkclient.ui.text.times import ms_to_midnight, separator
from tkclient.ui.windows.outcomes import outcome_words

_PADDING: Final = 16
_NEAR: Final = 300
_ASK_AGAIN_MS: Final = 3000
_WHEEL: Final = 60
_MAC_LINE: Final = 12
_KEY_STEP: Final = 40
_UNKNOWN_WIDTH: Final = 1


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class MessageList(tkinter.Frame):
    """Shows one talk. However many messages there are, only those in view are laid out and drawn.

    A reader at the end sees what comes; one who has scrolled up keeps the place, and a pill says how many have come.

    Args:
        now_ms: the time of day, in milliseconds since 1970.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        look: Look,
        actions: MessageActions,
        *,
        now_ms: Callable[[], int] = _now_ms,
    ) -> None:
        super().__init__(parent, background=palette.CHAT)
        self._look = look
        self._actions = actions
        self._now_ms = now_ms
        self._metrics = Metrics.of(look)
        self._key: TalkKey | None = None
        self._has_older = False
        self._asked_at_ms = 0
        self._new = 0
        self._is_seen = False
        layout = Layout(width=_UNKNOWN_WIDTH, metrics=self._metrics, words=look.words, reason=self._reason)
        self._layout = layout
        self._rows = Rows(layout, lambda sent_at_ms: separator(look.words, sent_at_ms, now_ms()))
        self._view = View(self._rows, look.px(_PADDING))

        self.canvas = tkinter.Canvas(self, highlightthickness=0, bd=0, background=palette.CHAT, takefocus=1)
        self.canvas.pack(fill="both", expand=True)
        self._sheet = Sheet(self.canvas, Painter(self.canvas, look, self._metrics))
        self._scroller = Scroller(self.canvas, look, self._scroll_to_share)
        self._pill = NewPill(self.canvas, look, self.scroll_to_end)
        self._pointer = Pointer(self.canvas, look, self._sheet, self._metrics, actions, now_ms)
        self._bind_events()
        self._await_midnight()

    @property
    def at_end(self) -> bool:
        """Whether the last message is in view."""
        return self._view.at_end

    @property
    def selected_text(self) -> str:
        """The part of a message that is selected; "" if none is."""
        return self._pointer.selected

    def show(
        self,
        key: TalkKey,
        conversation: Conversation,
        *,
        my_id: str,
        is_group: bool,
        can_recall_all: bool = False,
    ) -> None:
        """Show a talk as it is now. Another one than before is shown at its end.

        Args:
            can_recall_all: whether the user may take back everybody's messages, as a group's owner and admins may.
        """
        if key != self._key:
            self._open(key, my_id)
        self._pointer.is_group, self._pointer.can_recall_all = is_group, can_recall_all
        is_renamed = is_group != self._layout.names
        if is_renamed:
            self._lay_out(attrs.evolve(self._layout, names=is_group))
        grip, count_before = self._view.grip(), len(self._rows)
        change = self._rows.update(conversation.messages)
        is_told = (change and change.start == 0) or conversation.has_older != self._has_older
        if is_told:
            self._asked_at_ms = 0
        self._has_older = conversation.has_older
        if change:
            self._view.hold(grip, change)
            self._take_in(change, count_before)
        if change or is_told or is_renamed:
            self._refresh()

    def scroll_to_end(self) -> None:
        """Show the last message."""
        self._view.scroll_to_end()
        self._refresh()

    def destroy(self) -> None:
        self.after_cancel(self._midnight)
        self._sheet.close()
        super().destroy()

    def _bind_events(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda event: self._resize(event.width, event.height))
        canvas.bind("<Button-4>", lambda _: self._scroll(-self._look.px(_WHEEL)))
        canvas.bind("<Button-5>", lambda _: self._scroll(self._look.px(_WHEEL)))
        canvas.bind("<MouseWheel>", lambda event: self._turn(event.delta))
        canvas.bind("<Prior>", lambda _: self._scroll(-self._page))
        canvas.bind("<Next>", lambda _: self._scroll(self._page))
        canvas.bind("<Up>", lambda _: self._scroll(-self._look.px(_KEY_STEP)))
        canvas.bind("<Down>", lambda _: self._scroll(self._look.px(_KEY_STEP)))
        canvas.bind("<Home>", lambda _: self._scroll_to_start())
        canvas.bind("<End>", lambda _: self.scroll_to_end())

    @property
    def _page(self) -> int:
        """A page leaves a line of the one before in view."""
        return max(1, self._view.height - 2 * self._metrics.line)

    def _open(self, key: TalkKey, my_id: str) -> None:
        self._key = key
        self._new = 0
        self._is_seen = False
        self._asked_at_ms = 0
        self._sheet.clear()
        self._rows.clear(my_id)
        self._view.reset()
        self._refresh()

    def _take_in(self, change: Change, count_before: int) -> None:
        """Go to the end for what oneself has just written; count what others have, if it is not in view."""
        self._is_seen = False
        if change.removed or (count_before and not change.start):
            return
        added = [self._rows.message(change.start + place) for place in range(change.added)]
        if added and added[-1].sending is Sending.SENDING:
            self._view.at_end = True
        elif not self._view.at_end:
            self._new += sum(not message.is_mine for message in added)

    def _turn(self, delta: int) -> None:
        """The wheel of Windows and macOS: a notch is 120 there, and a line is 1 here."""
        is_mac = self.tk.call("tk", "windowingsystem") == "aqua"
        self._scroll(round(-delta * self._look.px(_MAC_LINE if is_mac else _WHEEL) / (1 if is_mac else 120)))

    def _scroll(self, pixels: int) -> None:
        self._view.scroll(pixels)
        self._refresh()

    def _scroll_to_start(self) -> None:
        self._view.scroll_to_start()
        self._refresh()

    def _scroll_to_share(self, share: float) -> None:
        self._view.scroll_to_share(share)
        self._refresh()

    def _resize(self, width: int, height: int) -> None:
        self._view.height = height
        if width != self._layout.width:
            self._lay_out(attrs.evolve(self._layout, width=width))
        self._refresh()

    def _lay_out(self, layout: Layout) -> None:
        grip = self._view.grip()
        self._layout = layout
        self._rows.lay_out_anew(layout)
        self._view.hold(grip)

    def _refresh(self) -> None:
        """Show what follows from the rows and the place of the view."""
        if self._layout.width == _UNKNOWN_WIDTH:
            return
        self._view.settle()
        self._sheet.show(self._rows, self._view.in_view)
        self._scroller.set(*self._view.shares)
        if self._view.at_end:
            self._new = 0
        self._pill.set(self._new)
        self._tell()

    def _tell(self) -> None:
        """Raise what follows from the place of the view."""
        if self._view.at_end and not self._is_seen and len(self._rows):
            self._is_seen = True
            self._actions.seen_end()
        is_near = self._view.above < self._look.px(_NEAR)
        if is_near and self._has_older and self._now_ms() - self._asked_at_ms > _ASK_AGAIN_MS:
            self._asked_at_ms = self._now_ms()
            self._actions.load_older()

    def _await_midnight(self) -> None:
        self._midnight = self.after(ms_to_midnight(self._now_ms()), self._begin_day)

    def _begin_day(self) -> None:
        self._lay_out(self._layout)
        self._refresh()
        self._await_midnight()

    def _reason(self, failure: str) -> str:
        return outcome_words(Outcome(action=Action.SEND, code=failure), self._look.words)
