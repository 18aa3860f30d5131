"""Somebody's hand on mouse and keyboard: events as a real device makes them, by the X server's XTEST."""

import time
import tkinter
from collections.abc import Callable, Iterable, Sequence

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import xtest
from Xlib.xobject.drawable import Window

_NAMES = {" ": "space", "\n": "Return", "\t": "Tab"}
_KEYS = {
    "-": "minus", ".": "period", ",": "comma", "/": "slash", ":": "colon", "_": "underscore", "@": "at",
    "!": "exclam", "?": "question", "'": "apostrophe", '"': "quotedbl", "(": "parenleft", ")": "parenright",
    "+": "plus", "=": "equal", "#": "numbersign", "%": "percent", "&": "ampersand", "*": "asterisk", ";": "semicolon",
}  # fmt: skip
_WHEEL_UP, _WHEEL_DOWN = 4, 5


class Hand:
    """Clicks and types into the windows of `roots`, and lets them work meanwhile, and with them what is called `beside`.

    Places are pixels from a widget's upper left corner; without a place it is the widget's middle.
    """

    def __init__(self, screen_name: str) -> None:
        self.roots: list[tkinter.Tk] = []
        self.beside: list[Callable[[], object]] = []
        self.screen_name = screen_name
        self._display = Display(screen_name)

    def close(self) -> None:
        """Let go of everything."""
        self._display.close()

    def work(self) -> None:
        """Let the programs do what they have to."""
        for root in tuple(self.roots):
            root.update()
        for work in tuple(self.beside):
            work()

    def let_go(self) -> None:
        """Nobody has the keyboard before he asks for it.

        Without a window manager it belongs at first to what is under the pointer. Tk follows that, and forgets to let go of it:
        the next interpreter that forces a focus reads what the last one has freed, and the process dies.
        """
        self._display.set_input_focus(X.NONE, X.RevertToNone, X.CurrentTime)
        self._display.sync()

    def until(self, condition: Callable[[], object], what: str = "", timeout_s: float = 10) -> None:
        """Let the programs work until `condition()` holds; AssertionError after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        self.work()
        while not condition():
            assert time.monotonic() < deadline, f"did not happen within {timeout_s} s: {what or condition}"
            time.sleep(0.005)
            self.work()

    def wait(self, seconds: float) -> None:
        """Let the programs work for a while: only where nothing is to happen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.work()
            time.sleep(0.005)

    def has_window(self, title: str) -> bool:
        """Whether the window that has the keyboard, of whichever program, has this title."""
        window = self._display.get_input_focus().focus
        try:
            name = self._property(window, "_NET_WM_NAME") if isinstance(window, Window) else None
        except BadWindow:  # it has gone meanwhile
            return False
        return bool(name) and bytes(name).decode() == title

    def _property(self, window: Window, name: str) -> Sequence[int] | bytes | None:
        found = window.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
        return found and found.value

    def move(self, widget: tkinter.Misc, x: float | None = None, y: float | None = None) -> None:
        """Point at a place."""
        self.work()
        x = widget.winfo_width() / 2 if x is None else x
        y = widget.winfo_height() / 2 if y is None else y
        at = (round(widget.winfo_rootx() + x), round(widget.winfo_rooty() + y))
        xtest.fake_input(self._display, X.MotionNotify, x=at[0], y=at[1])
        self._display.sync()
        self._settle()

    def click(
        self,
        widget: tkinter.Misc,
        x: float | None = None,
        y: float | None = None,
        *,
        button: int = 1,
        times: int = 1,
    ) -> None:
        """Click at a place."""
        self.move(widget, x, y)
        for _ in range(times):
            self._press_button(button)
        self._settle()

    def drag(self, widget: tkinter.Misc, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at `start`, move to `end`, let go."""
        self.move(widget, *start)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        for place in (middle, end):
            self.move(widget, *place)
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()
        self._settle()

    def turn_wheel(
        self, widget: tkinter.Misc, steps: int, x: float | None = None, y: float | None = None
    ) -> None:
        """Turn the wheel so many steps, up if positive."""
        self.move(widget, x, y)
        for _ in range(abs(steps)):
            self._press_button(_WHEEL_UP if steps > 0 else _WHEEL_DOWN)
        self._settle()

    def press(self, keys: str) -> None:
        """Press keys together, as "Return" or "Control+Shift+a": the last one with the others held."""
        *held, last = keys.split("+") if keys != "+" else ["plus"]
        codes = [self._code(_MODIFIERS[name])[0] for name in held]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        self._press_key(_KEYS.get(last, last))
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()
        self._settle()

    def type(self, text: str) -> None:
        """Type what a keyboard of this screen has keys for: ASCII. Anything else is pasted, see `paste`."""
        for character in text:
            self._press_key(_NAMES.get(character) or _KEYS.get(character) or character)
            self._display.sync()
            self.work()
        self._settle()

    def paste(self, text: str) -> None:
        """Have `text` in the clipboard, as from another program, and press Control+v."""
        root = self.roots[0]
        root.clipboard_clear()
        root.clipboard_append(text)
        self.work()
        self.press("Control+v")

    def write(self, parts: Iterable[str]) -> None:
        """Type the parts that are ASCII, paste the others."""
        for part in parts:
            (self.type if part.isascii() else self.paste)(part)

    def _press_button(self, button: int) -> None:
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()
        self.work()

    def _press_key(self, name: str) -> None:
        code, shifted = self._code(name)
        shift = self._code("Shift_L")[0]
        if shifted:
            xtest.fake_input(self._display, X.KeyPress, shift)
        xtest.fake_input(self._display, X.KeyPress, code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        if shifted:
            xtest.fake_input(self._display, X.KeyRelease, shift)

    def _code(self, name: str) -> tuple[int, bool]:
        """The key that makes a keysym, and whether with Shift."""
        keysym = XK.string_to_keysym(name)
        code = self._display.keysym_to_keycode(keysym)
        assert code, f"no key of this screen makes {name!r}"
        return code, self._display.keycode_to_keysym(code, 0) != keysym

    def _settle(self) -> None:
        """Let the events just made arrive."""
        self._display.sync()
        for _ in range(3):
            self.work()
            time.sleep(0.002)


_MODIFIERS = {"Control": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L"}
