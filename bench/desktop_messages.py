"""What the desktop client's list of messages costs: a talk of 5,000."""

import statistics
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from bench.desktop_lists import Figure
from tkclient.model.conversation import Conversation
from tkclient.model.talk import GROUP, Message, TalkKey
from tkclient.ui.look.look import Look
from tkclient.ui.messages.list import MessageList

MESSAGES = 5_000
_APPENDED, _FRAMES, _WIDTHS = 200, 500, 20
_WIDTH, _HEIGHT = 690, 560
_KEY = TalkKey(GROUP, "group")
_MINUTE_MS = 60_000
_NOW_MS = 1_795_600_000_000
_PARTS = (
    "the fuzz suite on the frame codec tonight", "连接层和业务层拆开了，", "好的。", "then post results here",
    "😄", "👍🏽", "https://example.org/a?b=c", "我下午把压测报告发出来", "line\nbreak", "single",
)  # fmt: skip


def measure_messages(root: tk.Tk) -> list[Figure]:
    """Figures of a list 690 × 560 at the screen's scale, in milliseconds. Frames are drawn to the end."""
    messages = [_message(number) for number in range(MESSAGES + _APPENDED)]
    conversation = Conversation(messages[:MESSAGES], has_older=False)
    shown = MessageList(root, Look.make(root), _Nobody(), now_ms=lambda: _NOW_MS)
    shown.pack(fill="both", expand=True)
    root.geometry(f"{_WIDTH}x{_HEIGHT}")
    root.update()

    def show() -> None:
        shown.show(_KEY, conversation, my_id="u0", is_group=True)

    name = f"{MESSAGES:,} messages"
    figures = [(f"{name}: first show", _timed(root, show), "ms")]
    figures += _spread(f"{name}: append", list(_appends(root, show, conversation, messages[MESSAGES:])))
    figures += _spread(f"{name}: scroll frame", [_timed(root, lambda: _turn(shown)) for _ in range(_FRAMES)])
    widths = [_timed(root, partial(root.geometry, f"{_WIDTH - each}x{_HEIGHT}")) for each in range(_WIDTHS)]
    figures += _spread(f"{name}: another width", widths)
    shown.destroy()
    return figures


class _Nobody:
    """Hears nothing of what the list raises."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_values: None


def _message(number: int) -> Message:
    random = Random(number)
    sender = number % 8
    return Message(
        msg_uuid=number.to_bytes(16, "big"),
        seq=number + 1,
        sender_id=f"u{sender}",
        sender_name=f"Person {sender}",
        text=" ".join(random.choices(_PARTS, k=random.randint(1, 8))),
        sent_at_ms=_NOW_MS - (2 * MESSAGES - number) * _MINUTE_MS,
        is_mine=sender == 0,
    )


def _appends(
    root: tk.Tk, show: Callable[[], None], conversation: Conversation, messages: list[Message]
) -> Iterator[float]:
    """How long it takes to take one more in, without the drawing that X11 does later."""
    for message in messages:
        conversation.put(message)
        start = time.perf_counter()
        show()
        yield 1000 * (time.perf_counter() - start)
        root.update()


def _turn(shown: MessageList) -> None:
    shown.canvas.event_generate("<Button-4>")


def _timed(root: tk.Tk, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    root.update()
    return 1000 * (time.perf_counter() - start)


def _spread(name: str, milliseconds: list[float]) -> list[Figure]:
    high = statistics.quantiles(milliseconds, n=20)[-1]
    return [(f"{name}, median", statistics.median(milliseconds), "ms"), (f"{name}, p95", high, "ms")]
