"""A list of messages on the screen, and who hears what it raises."""

import tkinter
from collections.abc import Iterator

import attrs
import pytest

from tests.ui.hand import Hand
from tests.unit.tkclient.messages.samples import NOON_MS, message
from tkclient.model.conversation import Conversation
from tkclient.model.talk import GROUP, Message, TalkKey
from tkclient.ui.look.look import Look
from tkclient.ui.messages.boxes import Mark
from tkclient.ui.messages.list import MessageList
from tkclient.ui.messages.sheet import Drawn

KEY = TalkKey(GROUP, "g1")
WIDTH, HEIGHT = 700, 500


class Heard:
    """Notes what is raised, as tuples beginning with its name."""

    def __init__(self) -> None:
        self.all: list[tuple[object, ...]] = []

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return lambda *values: self.all.append((name, *values))

    def of(self, name: str) -> list[tuple[object, ...]]:
        return [heard[1:] for heard in self.all if heard[0] == name]


@attrs.define
class Clock:
    now_ms: int = NOON_MS + 60_000


@attrs.define
class Stage:
    """The list in its window, and a model of one talk."""

    root: tkinter.Tk
    hand: Hand
    heard: Heard
    list: MessageList
    clock: Clock
    conversation: Conversation = attrs.Factory(lambda: Conversation((), False))
    can_recall_all: bool = False
    is_group: bool = True

    def tell(self, *messages: Message) -> None:
        """These are added, or changed."""
        for each in messages:
            self.conversation.put(each)
        self.show()

    def show(self, key: TalkKey = KEY) -> None:
        self.list.show(
            key,
            self.conversation,
            my_id="me",
            is_group=self.is_group,
            can_recall_all=self.can_recall_all,
        )
        self.hand.work()

    def drawn(self, message: Message) -> Drawn:
        """Where a message is on the canvas."""
        found = self.list._sheet.get(message.msg_uuid)
        assert found is not None, f"not in view: {message}"
        return found

    def is_in_view(self, message: Message) -> bool:
        return self.list._sheet.get(message.msg_uuid) is not None

    def place_of(self, message: Message, words: str, at: float = 0.5) -> tuple[int, int]:
        """Where words of a message stand on the canvas: 0 is where they begin, 1 where they end."""
        drawn = self.drawn(message)
        start = drawn.row.box.text.index(words)
        for placed in drawn.row.box.text_lines:
            if placed.line.start <= start < placed.line.end:
                measure = self.list._metrics.measure_text
                before = measure(drawn.row.box.text[placed.line.start : start])
                return (
                    round(placed.x + before + at * measure(words)),
                    drawn.y + placed.y + placed.height // 2,
                )
        raise AssertionError(words)

    def middle_of(self, message: Message) -> tuple[int, int]:
        """The middle of a message's body on the canvas."""
        drawn = self.drawn(message)
        area = drawn.row.box.area
        assert area is not None
        return area.x + area.width // 2, drawn.y + area.y + area.height // 2

    def mark_of(self, message: Message) -> tuple[int, int]:
        drawn = self.drawn(message)
        assert drawn.row.box.mark_kind is Mark.FAILED and drawn.row.box.mark is not None
        mark = drawn.row.box.mark
        return mark.x + mark.width // 2, drawn.y + mark.y + mark.height // 2

    def avatar_of(self, message: Message) -> tuple[int, int]:
        drawn = self.drawn(message)
        assert drawn.row.box.avatar is not None
        return drawn.row.box.avatar.x + 10, drawn.y + drawn.row.box.avatar.y + 10

    def texts(self) -> list[str]:
        """All text on the canvas, from above."""
        canvas = self.list.canvas
        items = [item for item in canvas.find_all() if canvas.type(item) == "text"]
        items.sort(key=lambda item: (canvas.coords(item)[1], canvas.coords(item)[0]))
        return [canvas.itemcget(item, "text") for item in items]

    def menu(self) -> list[str]:
        """The lines of the open menu."""
        popup = self.list._pointer._menu.popup
        assert popup is not None
        canvases = [child for child in walk(popup) if isinstance(child, tkinter.Canvas)]
        return [
            canvas.itemcget(item, "text")
            for canvas in canvases
            for item in canvas.find_all()
            if canvas.type(item) == "text"
        ]

    def choose(self, text: str) -> None:
        """Click a line of the open menu."""
        popup = self.list._pointer._menu.popup
        assert popup is not None
        for canvas in walk(popup):
            if not isinstance(canvas, tkinter.Canvas):
                continue
            for item in canvas.find_all():
                if canvas.type(item) == "text" and canvas.itemcget(item, "text") == text:
                    x, y = canvas.coords(item)
                    self.hand.click(canvas, x + 5, y)
                    return
        raise AssertionError(text)


def walk(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    yield widget
    for child in widget.winfo_children():
        yield from walk(child)


@pytest.fixture
def stage(root: tkinter.Tk, hand: Hand) -> Stage:
    root.geometry(f"{WIDTH}x{HEIGHT}+0+0")
    heard, clock = Heard(), Clock()
    shown = MessageList(root, Look.make(root, "zh_CN", factor=1.0), heard, now_ms=lambda: clock.now_ms)
    stage = Stage(root, hand, heard, shown, clock)
    shown.pack(fill="both", expand=True)
    hand.until(lambda: shown.canvas.winfo_width() == WIDTH)
    # No window manager gives the keyboard to a new window here.
    root.focus_force()
    hand.until(lambda: root.focus_displayof() is not None)
    stage.show()
    return stage


@pytest.fixture
def many() -> list[Message]:
    """Two hundred messages, every fifth one mine."""
    return [message(f"message {number}", "me" if number % 5 == 0 else "li") for number in range(200)]
