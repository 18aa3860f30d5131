"""What the desktop client's widgets cost, on a screen of their own that nobody sees."""

import tkinter
from unittest import SkipTest

from bench.desktop_lists import measure_lists
from bench.desktop_messages import measure_messages
from bench.report import Figure
from bench.site import Missing
from tests.ui.screen import shared_screen


def measure_widgets() -> list[Figure]:
    """Figures of the list of messages and of the other lists.

    Raises:
        Missing: there is no screen for it.
    """
    try:
        screen = shared_screen()
    except SkipTest as reason:
        raise Missing(str(reason)) from reason
    root = tkinter.Tk(screenName=screen.name)
    try:
        return [*measure_messages(root), *measure_lists(root)]
    finally:
        root.destroy()
