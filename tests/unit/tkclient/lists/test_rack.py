import attrs
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.lists.offsets import Offsets, shift_of
from tkclient.ui.lists.rack import Rack


@attrs.frozen
class Line:
    key: int
    height: int
    can_choose: bool = True


heights = st.lists(st.integers(0, 90), max_size=40)
lines = st.lists(st.builds(Line, st.integers(0, 60), st.integers(1, 90)), max_size=40, unique_by=lambda line: line.key)  # fmt: skip


def rack_of(rows, height=200, top=0):
    rack = Rack(round)
    rack.put(rows)
    rack.resize(height)
    rack.scroll_to(top)
    return rack


@given(heights)
def test_each_row_begins_where_the_one_above_ends(heights):
    offsets = Offsets(heights)
    assert [offsets.top(i + 1) - offsets.top(i) for i in range(len(offsets))] == heights
    assert offsets.total == sum(heights)


@given(heights, st.integers(-10, 4000))
def test_a_row_is_found_by_each_place_of_it_and_none_outside(heights, y):
    offsets = Offsets(heights)
    found = offsets.find(y)
    if 0 <= y < offsets.total:
        assert found is not None
        assert offsets.top(found) <= y < offsets.top(found + 1)
    else:
        assert found is None


@given(heights, st.integers(-50, 4000), st.integers(0, 500))
def test_between_two_places_are_all_rows_with_something_there(heights, top, height):
    offsets = Offsets(heights)
    between = offsets.between(top, top + height)
    for i, row_height in enumerate(heights):
        begin = offsets.top(i)
        is_seen = row_height and height and begin < top + height and begin + row_height > top
        assert (i in between) == bool(is_seen) or not row_height


@given(lines, lines, st.integers(0, 5000))
def test_the_opening_never_leaves_the_rows(before, after, top):
    rack = rack_of(before, top=top)
    rack.put(after)
    assert 0 <= rack.top <= max(rack.total - rack.height, 0)


@given(lines, lines, st.integers(0, 2000))
def test_rows_that_come_above_move_nothing_that_is_seen(come, rows, top):
    rack = rack_of(rows, top=top)
    above = [Line(line.key + 1000, line.height) for line in come]
    seen = {rack.rows[i].key: rack.span(rack.rows[i].key)[0] - rack.top for i in rack.seen}
    was_at_top = not rack.top
    rack.put([*above, *rows])
    if not was_at_top:
        assert {key: rack.span(key)[0] - rack.top for key in seen} == seen


@given(lines, st.integers(0, 2000), st.integers(0, 39))
def test_what_is_brought_into_view_is_seen_whole_and_what_was_seen_does_not_move(rows, top, place):
    rack = rack_of(rows, top=top)
    row = rows[place % len(rows)] if rows else Line(0, 1)
    before = rack.top
    rack.see(row.key)
    begin, end = rack.span(row.key) or (0, 0)
    assert rack.top <= begin
    assert end <= rack.top + rack.height
    if before <= begin and end <= before + rack.height:
        assert rack.top == before


def test_most_rows_decide_how_far_the_reader_moves():
    assert shift_of({1: 0, 2: 10, 3: 20}, {1: 500, 2: 40, 3: 50}) == 30
    assert shift_of({1: 0}, {2: 7}) == 0


def test_neighbours_are_rows_that_can_be_chosen():
    rack = rack_of([Line(0, 10, False), Line(1, 10), Line(2, 10, False), Line(3, 10)])
    assert [rack.neighbour(None, step).key for step in (1, -1)] == [1, 3]
    assert [rack.neighbour(1, step).key for step in (1, -1, 50)] == [3, 1, 3]
    assert rack_of([Line(0, 10, False)]).neighbour(None, 1) is None


def test_a_place_in_the_opening_tells_the_row():
    rack = rack_of([Line(key, 60) for key in range(50)], top=90)
    assert [rack.at(y).key for y in (0, 29, 30, 199)] == [1, 1, 2, 4]
    assert rack.at(-1) is None
    assert rack.at(200) is None


def test_a_row_asked_for_before_there_is_an_opening_is_shown_once_there_is_one():
    rack = Rack(round)
    rack.put([Line(key, 50) for key in range(10)])
    rack.see(2)
    rack.resize(200)
    assert rack.top == 0
    rack = Rack(round)
    rack.put([Line(key, 50) for key in range(10)])
    rack.see(7)
    rack.resize(200)
    assert rack.top == 200
    rack.scroll_to(0)
    rack.resize(210)
    assert rack.top == 0
