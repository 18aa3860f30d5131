"""Clicks beside what is open."""

import tkinter as tk
from collections.abc import Callable
from weakref import WeakKeyDictionary

import attrs


@attrs.frozen(eq=False)
class Watch:
    """Calls `on_outside` when a mouse button goes down in none of `inside` and nothing in them."""

    inside: tuple[tk.Misc, ...]
    on_outside: Callable[[], object]


_watches: WeakKeyDictionary[tk.Tk, list[Watch]] = WeakKeyDictionary()


def watch_clicks(watch: Watch) -> None:
    """From now on, until `unwatch_clicks`. Clicks in other programs are not seen: watch the focus for those."""
    root = _root_of(watch)
    if root not in _watches:
        # One binding for good: Tk cannot take back a single one of several.
        root.bind_all("<Button>", _clicked, add="+")
    _watches.setdefault(root, []).append(watch)


def unwatch_clicks(watch: Watch) -> None:
    """No longer; nothing if it was not watched."""
    watches = _watches.get(_root_of(watch), [])
    if watch in watches:
        watches.remove(watch)


def is_within(widget: tk.Misc | str | None, ancestors: tuple[tk.Misc, ...]) -> bool:
    """Whether a widget is one of `ancestors` or in one."""
    name = str(widget)
    return any(name == str(one) or name.startswith(f"{one}.") for one in ancestors if str(one) != ".")


def _root_of(watch: Watch) -> tk.Tk:
    return _root_over(watch.inside[0])


def _root_over(widget: tk.Misc) -> tk.Tk:
    root: tk.Tk = widget.nametowidget(".")
    return root


def _clicked(event: "tk.Event[tk.Misc]") -> None:
    # Of widgets that Tk has made itself, tkinter knows but the name.
    widget: object = event.widget
    if not isinstance(widget, tk.Misc):
        return
    for watch in tuple(_watches.get(_root_over(widget), ())):
        if not is_within(widget, watch.inside):
            watch.on_outside()
