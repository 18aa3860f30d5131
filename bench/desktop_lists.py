"""What the desktop client's lists cost: 1,000 dialogues, 2,000 contacts."""

import statistics
import time
import tkinter as tk
from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.people import Person
from tkclient.model.talk import FRIEND, Talk, TalkKey
from tkclient.ui.lists.contact_list import ContactList
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.lists.search_results import SearchResults
from tkclient.ui.lists.talk_list import TalkList
from tkclient.ui.look.look import Look

TALKS, CONTACTS = 1_000, 2_000
_FRAMES = 200
_TIMES = 20
_FIRST_DATE_MS = 1_700_000_000_000
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"

Figure: TypeAlias = tuple[str, float, str]
"""What was measured, how much, and of what."""


def measure_lists(root: tk.Tk) -> list[Figure]:
    """Figures of both lists and of the search, in milliseconds, on a list 250 × 640 at the screen's scale."""
    look = Look.make(root)
    model = _model_of(CONTACTS, TALKS)
    figures = [
        *_measure(root, f"{TALKS:,} talks", lambda: TalkList(root, look, model, _Nobody(), _ignore)),  # type: ignore[arg-type]
        *_measure(root, f"{CONTACTS:,} contacts", lambda: ContactList(root, look, model, _ignore)),
        _measure_news(root, look, model),
        _measure_search(root, look, model),
    ]
    return figures


class _Nobody:
    """Hears no events: none are raised by showing and scrolling."""


def _ignore(_chosen: object) -> None:
    pass


def _measure(root: tk.Tk, name: str, make: Callable[[], Any]) -> list[Figure]:
    """How long the first show takes, a refresh without news, and a frame while scrolling."""
    start = time.perf_counter()
    widget = make()
    _show(root, widget)
    first = time.perf_counter() - start
    refresh = statistics.median(_time(root, widget.refresh) for _ in range(_TIMES))
    frames = sorted(_scroll(root, widget.rows))
    widget.destroy()
    return [
        (f"{name}: first show", first * 1000, "ms"),
        (f"{name}: refresh without news, median", refresh * 1000, "ms"),
        (f"{name}: scroll frame, median", statistics.median(frames) * 1000, "ms"),
        (f"{name}: scroll frame, 95 %", frames[int(len(frames) * 0.95)] * 1000, "ms"),
    ]


def _measure_news(root: tk.Tk, look: Look, model: ChatModel) -> Figure:
    """A message in the last of all dialogues: its row goes to the top."""
    widget = TalkList(root, look, model, _Nobody(), _ignore)  # type: ignore[arg-type]
    _show(root, widget)
    times = []
    for number in range(_TIMES):
        last = model.rows[-1]
        model.upsert_talk(attrs.evolve(last, date_ms=model.rows[0].date_ms + 1, unread=number + 1))
        times.append(_time(root, widget.refresh))
    widget.destroy()
    return f"{TALKS:,} talks: a message, median", statistics.median(times) * 1000, "ms"


def _measure_search(root: tk.Tk, look: Look, model: ChatModel) -> Figure:
    """A letter in the search field."""
    widget = SearchResults(root, look, model, _ignore, _ignore)
    _show(root, widget)
    times = [_time(root, lambda sought=sought: widget.show(sought)) for sought in "王李1张n2陈u7赵9"]
    widget.destroy()
    return f"{CONTACTS:,} contacts: a letter in the search, median", statistics.median(times) * 1000, "ms"


def _show(root: tk.Tk, widget: tk.Frame) -> None:
    root.geometry("250x640")
    widget.pack(fill="both", expand=True)
    root.update()


def _time(root: tk.Tk, work: Callable[[], object]) -> float:
    """Seconds until it is done and drawn."""
    start = time.perf_counter()
    work()
    root.update()
    return time.perf_counter() - start


def _scroll(root: tk.Tk, rows: RowList[Any]) -> list[float]:
    """Seconds of each of so many notches of the wheel."""
    return [_time(root, lambda: rows.scroll_by(60)) for _ in range(_FRAMES)]


def _model_of(contacts: int, talks: int) -> ChatModel:
    """So many friends, and dialogues with the first of them."""
    model = ChatModel()
    people = tuple(
        Person(
            user_id=f"u{number:05}",
            nickname=f"{_SURNAMES[number % len(_SURNAMES)]}{number}" if number % 2 else f"Name {number:05}",
            is_online=number % 3 == 0,
        )
        for number in range(contacts)
    )
    model.set_friends(people)
    model.set_talks(
        tuple(
            Talk(
                key=TalkKey(FRIEND, person.user_id),
                name=person.nickname,
                sketch="晚上一起吃火锅？🍲 See you tomorrow at the station",
                date_ms=_FIRST_DATE_MS + number,
                unread=number % 5,
            )
            for number, person in enumerate(people[:talks])
        )
    )
    return model
