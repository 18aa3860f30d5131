import time
from threading import Thread

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.protocol import event

from tkclient.ui.chat.clipboard import get_text, put_text


class OtherProgram:
    """A program of its own, as far as the X server knows."""

    def __init__(self, screen, hand):
        self._hand = hand
        self.display = Display(screen.name)
        self._window = self.display.screen().root.create_window(0, 0, 1, 1, 0, 0)
        self._clipboard, self._utf8, self._place = map(
            self.display.intern_atom, ("CLIPBOARD", "UTF8_STRING", "PLACE")
        )

    def read(self):
        self._window.convert_selection(self._clipboard, self._utf8, self._place, X.CurrentTime)
        self.display.flush()
        self._hand.until(self.display.pending_events)
        return bytes(self._window.get_full_property(self._place, 0).value).decode()

    def own(self):
        self._window.set_selection_owner(self._clipboard, X.CurrentTime)
        self.display.sync()

    def answer_until(self, text, condition):
        """Answer all that ask for the clipboard."""
        while not condition():
            if not self.display.pending_events():
                time.sleep(0.002)
                continue
            asked = self.display.next_event()
            if asked.type == X.SelectionRequest:
                place = asked.property if asked.target == self._utf8 else X.NONE
                if place:
                    asked.requestor.change_property(place, self._utf8, 8, text.encode())
                answer = {name: getattr(asked, name) for name in ("time", "requestor", "selection", "target")}
                asked.requestor.send_event(event.SelectionNotify(property=place, **answer))
            self.display.flush()


@pytest.fixture
def other(screen, hand):
    other = OtherProgram(screen, hand)
    yield other
    other.display.close()


@pytest.mark.parametrize(
    "text", ["plain", "é 中 😀 👩‍👩‍👧‍👦 𠮷\nnext", "\\n stays", "很长的" * 20_000, "a😀" * 9_000]
)
def test_what_was_put_is_got(root, hand, text):
    put_text(root, text)
    hand.work()
    assert get_text(root) == text


def test_another_program_gets_what_was_put(root, hand, other):
    put_text(root, "é 中 😀 👩‍👩‍👧‍👦 𠮷")
    assert other.read() == "é 中 😀 👩‍👩‍👧‍👦 𠮷"


def test_what_another_program_has_put_is_got(root, hand, other):
    put_text(root, "ours")
    other.own()
    got = []
    hand.work()
    answering = Thread(target=other.answer_until, args=("é 中 😀 𠮷", lambda: got))
    answering.start()
    try:
        got.append(get_text(root))
    finally:
        got.append("")
        answering.join()
    assert got[0] == "é 中 😀 𠮷"


def test_an_empty_clipboard_has_no_text(root):
    root.clipboard_clear()
    assert get_text(root) == ""
