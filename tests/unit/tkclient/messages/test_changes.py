"""What has changed between two lists of messages, and heights of rows."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tkclient.messages.samples import message
from tkclient.ui.messages.changes import Change, change_between
from tkclient.ui.messages.extents import Extents

POOL = [message(str(number)) for number in range(6)]
LISTS = st.lists(st.sampled_from(POOL), max_size=12)


@given(LISTS, LISTS)
def test_a_change_leads_from_one_list_to_the_other(old: list, new: list) -> None:  # type: ignore[type-arg]
    change = change_between(old, new)
    assert (
        old[: change.start]
        + new[change.start : change.start + change.added]
        + old[change.start + change.removed :]
        == new
    )
    assert bool(change) == (old != new)


@given(LISTS, LISTS)
def test_what_is_added_in_front_or_behind_is_found_as_such(old: list, more: list) -> None:  # type: ignore[type-arg]
    others = [message("other") for _ in more]
    assert change_between(old, old + others) == Change(len(old), 0, len(others))
    assert change_between(old, others + old).removed == 0


def test_places_move_with_what_is_added_before_them() -> None:
    change = Change(2, 1, 4)
    assert [change.moved(place) for place in range(5)] == [0, 1, 2, 6, 7]


class TestExtents:
    @given(
        st.lists(st.integers(0, 100)),
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.lists(st.integers(0, 100), max_size=5))),
    )
    def test_tops_are_sums_of_heights(
        self, heights: list[int], splices: list[tuple[int, int, list[int]]]
    ) -> None:
        extents, known = Extents(), list(heights)
        extents.splice(0, 0, heights)
        for place, removed, added in splices:
            start = min(place, len(known))
            extents.splice(start, removed, added)
            known[start : start + removed] = added
            if known:
                extents.set_height(start % len(known), 7)
                known[start % len(known)] = 7
            assert extents.total == sum(known)
            assert [extents.top(row) for row in range(len(known))] == [
                sum(known[:row]) for row in range(len(known))
            ]

    def test_a_row_is_found_by_its_height(self) -> None:
        extents = Extents()
        extents.splice(0, 0, [10, 20, 30])
        assert [extents.row_at(y) for y in (-5, 0, 9, 10, 29, 30, 59, 60, 99)] == [0, 0, 0, 1, 1, 2, 2, 2, 2]
