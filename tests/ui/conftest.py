"""What tests of widgets get: a window on a screen of their own, and a hand. A Tk callback that raises fails the test."""

import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING
from unittest import SkipTest

import pytest

from tests.ui.screen import Screen, shared_screen

if TYPE_CHECKING:
    import tkinter

    from tests.ui.hand import Hand

_raised: list[str] = []


def note_callback_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `Tk.report_callback_exception`."""
    _raised.append("".join(traceback.format_exception(kind, error, trace)))


@pytest.fixture(scope="session")
def screen() -> Screen:
    """The screen."""
    try:
        return shared_screen()
    except SkipTest as reason:
        pytest.skip(str(reason))


@pytest.fixture
def hand(screen: Screen) -> "Iterator[Hand]":
    """Mouse and keyboard. Windows of which it should know stand in its `roots`."""
    from tests.ui.hand import Hand

    hand = Hand(screen.name)
    hand.let_go()
    yield hand
    hand.close()


@pytest.fixture
def root(screen: Screen, hand: "Hand") -> "Iterator[tkinter.Tk]":
    """A new main window, 800 × 600, in the upper left corner."""
    import tkinter

    _raised.clear()
    root = tkinter.Tk(screenName=screen.name)
    root.report_callback_exception = note_callback_error
    root.geometry("800x600+0+0")
    hand.roots.append(root)
    yield root
    hand.roots.remove(root)
    hand.let_go()
    root.destroy()
    assert not _raised, "a Tk callback raised:\n" + "\n".join(_raised)
