"""What the desktop client costs: its widgets in this process, and itself as a program, on screens that nobody sees."""

import argparse
import tkinter
from unittest import SkipTest

from bench.desktop_hour import measure_hour
from bench.desktop_lists import measure_lists
from bench.desktop_messages import measure_messages
from bench.desktop_program import measure_program, place_with_node
from bench.report import Figure
from bench.site import Missing
from tests.ui.screen import shared_screen


def measure(options: argparse.Namespace) -> list[Figure]:
    """Figures of the list of messages, of the other lists, and of the program from its start to an hour later.

    Raises:
        Missing: there is no screen for it, or no window manager.
    """
    try:
        screen, managed = shared_screen(), shared_screen(has_manager=True)
    except SkipTest as reason:
        raise Missing(str(reason)) from reason
    figures = _measure_widgets(screen.name)
    with place_with_node(managed.name) as place:
        figures += measure_program(place, starts=options.starts, rest_s=options.rest_seconds)
        figures += measure_hour(place, minutes=options.minutes)
    return figures


def _measure_widgets(screen_name: str) -> list[Figure]:
    root = tkinter.Tk(screenName=screen_name)
    try:
        return [*measure_messages(root), *measure_lists(root)]
    finally:
        root.destroy()
