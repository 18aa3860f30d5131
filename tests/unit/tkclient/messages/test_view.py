"""Which rows are in view: nothing overlaps or is left empty, and a reader keeps the place."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tkclient.messages.samples import layout, message
from tkclient.model.talk import Message
from tkclient.ui.messages.rows import Rows
from tkclient.ui.messages.view import View

PADDING = 16


def rows_of(messages: list[Message], width: int = 700) -> Rows:
    rows = Rows(layout(width=width, names=True), lambda sent_at_ms: "12:00")
    rows.update(messages)
    return rows


def some(count: int) -> list[Message]:
    """Messages of one, two, … five lines, by turns."""
    return [
        message("\n".join(["line"] * (1 + number % 5)), "li" if number % 3 else "me")
        for number in range(count)
    ]


def view_of(rows: Rows, height: int = 600) -> View:
    view = View(rows, PADDING)
    view.height = height
    view.settle()
    return view


def seen(view: View, rows: Rows) -> dict[bytes, tuple[int, int]]:
    """The upper and lower edges of what is in view, by message."""
    return {
        rows.message(placed.place).msg_uuid: (placed.y, placed.y + rows.row(placed.place).box.height)
        for placed in view.in_view
    }


def check(view: View, rows: Rows) -> None:
    """Rows follow upon each other and fill the view, unless there are too few."""
    edges = list(seen(view, rows).values())
    for (_, lower), (upper, _) in pairwise(edges):
        assert lower == upper
    places = [placed.place for placed in view.in_view]
    assert places == list(range(places[0], places[-1] + 1))
    assert edges[0][0] <= 0 or (places[0] == 0 and edges[0][0] <= PADDING)
    if places[0] > 0 or edges[0][0] < PADDING:
        assert edges[-1][1] >= view.height
    if places[-1] == len(rows) - 1 and view.at_end:
        assert edges[-1][1] <= view.height


MOVES = st.lists(
    st.one_of(
        st.integers(-2000, 2000),
        st.floats(0, 1),
        st.sampled_from(["end", "start", "append", "prepend", "recall", "discard", "narrow", "high"]),
    ),
    max_size=15,
)


@settings(deadline=None)
@given(st.integers(1, 40), MOVES)
def test_rows_fill_the_view_whatever_happens(count: int, moves: list[int | float | str]) -> None:
    messages = some(count)
    rows = rows_of(messages)
    view = view_of(rows)
    check(view, rows)
    for move in moves:
        grip = view.grip()
        if isinstance(move, int):
            view.scroll(move)
        elif isinstance(move, float):
            view.scroll_to_share(move)
        elif move == "end":
            view.scroll_to_end()
        elif move == "start":
            view.scroll_to_start()
        elif move in ("narrow", "high"):
            view.height = 300 if move == "high" else 600
            rows.lay_out_anew(layout(width=400 if move == "narrow" else 700, names=True))
            view.hold(grip)
        else:
            messages = changed(messages, move)
            view.hold(grip, rows.update(messages))
        view.settle()
        check(view, rows)


def changed(messages: list[Message], how: str) -> list[Message]:
    if how == "append":
        return [*messages, message("new\nnew")]
    if how == "prepend":
        return [*some(7), *messages]
    if how == "discard" and len(messages) > 1:
        return messages[:-1]
    return [message("", is_recalled=True), *messages[1:]]


def test_it_begins_at_the_end() -> None:
    rows = rows_of(some(100))
    view = view_of(rows)
    assert view.at_end
    assert view.in_view[-1].place == 99


def test_a_short_talk_begins_at_the_top() -> None:
    view = view_of(rows_of(some(2)))
    assert (view.in_view[0].place, view.in_view[0].y) == (0, PADDING)
    assert view.at_end


def test_at_the_end_what_comes_is_in_view() -> None:
    messages = some(100)
    rows = rows_of(messages)
    view = view_of(rows)
    grip = view.grip()
    view.hold(grip, rows.update([*messages, message("new")]))
    view.settle()
    assert view.in_view[-1].place == 100


def test_a_reader_who_has_scrolled_up_keeps_the_place_when_others_come() -> None:
    messages = some(100)
    rows = rows_of(messages)
    view = view_of(rows)
    view.scroll(-700)
    before, grip = seen(view, rows), view.grip()
    for newer in ([*messages, message("new")], [*some(30), *messages]):
        view.hold(grip, rows.update(newer))
        view.settle()
        now = seen(view, rows)
        for msg_uuid, edges in list(before.items())[1:]:
            assert now[msg_uuid] == edges
        assert not view.at_end


def test_a_reader_at_the_first_message_keeps_the_place_when_older_ones_come() -> None:
    messages = some(20)
    rows = rows_of(messages)
    view = view_of(rows)
    view.scroll_to_start()
    lower_edges = {msg_uuid: edges[1] for msg_uuid, edges in seen(view, rows).items()}
    grip = view.grip()
    # The first message loses the time above it.
    view.hold(grip, rows.update([*some(50), *messages]))
    view.settle()
    now = seen(view, rows)
    assert all(now[msg_uuid][1] == lower for msg_uuid, lower in lower_edges.items())


def test_another_width_keeps_what_is_read_in_view() -> None:
    messages = [message("words of a long message " * 20) for _ in range(50)]
    rows = rows_of(messages)
    view = view_of(rows)
    view.scroll_to_share(0.5)
    first = view.in_view[0]
    share = -first.y / rows.row(first.place).box.height
    grip = view.grip()
    rows.lay_out_anew(layout(width=400, names=True))
    view.hold(grip)
    view.settle()
    again = view.in_view[0]
    assert again.place == first.place
    assert abs(-again.y / rows.row(again.place).box.height - share) < 0.02


def test_guesses_of_heights_are_near() -> None:
    messages = [message(("words and words " * (1 + number % 9)).strip()) for number in range(200)]
    rows = rows_of(messages)
    guessed = rows.extents.total
    assert abs(guessed - sum(rows.row(place).box.height for place in range(200))) < guessed * 0.15


def test_only_what_is_in_view_is_laid_out() -> None:
    asked = []
    rows = Rows(layout(), lambda sent_at_ms: asked.append(sent_at_ms) or "12:00")  # type: ignore[func-returns-value]
    rows.update([message(sent_at_ms=number * 10**6) for number in range(5000)])
    view = View(rows, PADDING)
    view.height = 600
    view.settle()
    assert len(asked) < 100
