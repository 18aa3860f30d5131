import attrs
import pytest

from tests.ui.lists.seen import texts, top_of_text
from tkclient.ui.lists.row import Zone
from tkclient.ui.lists.row_list import RowList


@attrs.frozen
class Line:
    key: int
    text: str
    height: int = 60
    can_choose: bool = True


class Painter:
    """Writes a row's text; the zone "x" is at the right."""

    def __init__(self):
        self.painted = []

    def paint(self, canvas, row, area):
        self.painted.append(row.key)
        colour = "red" if area.is_selected else "blue" if area.is_hovered else "black"
        canvas.create_text(
            10, area.y + area.height / 2, text=row.text, fill=colour, anchor="w", tags=area.tag
        )

    def zones(self, row, width):
        return (Zone(name="x", left=width - 40, top=0, right=width - 20, bottom=60),)


def lines(keys):
    return [Line(key, f"row {key}") for key in keys]


@pytest.fixture
def painter():
    return Painter()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def rows(root, look, painter, heard, place):
    rows = RowList(
        root,
        look,
        painter,
        on_click=lambda row, zone: heard.append((row.key, zone)),
        on_menu=lambda row, x, y: heard.append(("menu", row.key, x, y)),
    )
    return place(rows)


def colour_of(rows, text):
    (item,) = [
        item for item in rows.find_all() if rows.type(item) == "text" and rows.itemcget(item, "text") == text
    ]
    return rows.itemcget(item, "fill")


def test_of_many_rows_only_those_that_are_seen_are_drawn(rows):
    rows.set_rows(lines(range(2000)))
    assert texts(rows) == [f"row {key}" for key in range(10)]
    rows.scroll_to(60 * 1000 + 30)
    assert texts(rows) == [f"row {key}" for key in range(1000, 1011)]


def test_only_rows_that_differ_are_painted_again(rows, painter):
    rows.set_rows(lines(range(5)))
    painter.painted.clear()
    rows.set_rows([Line(9, "new"), *lines(range(2)), Line(2, "other"), *lines(range(3, 5))])
    assert painter.painted == [9, 2]
    assert texts(rows) == ["new", "row 0", "row 1", "other", "row 3", "row 4"]


def test_a_reader_who_has_scrolled_keeps_the_place_when_a_row_comes_above(rows):
    rows.set_rows(lines(range(100)))
    rows.scroll_to(1234)
    before = top_of_text(rows, "row 25")
    rows.set_rows([Line(200, "new"), *lines(range(100))])
    assert top_of_text(rows, "row 25") == before


def test_a_reader_who_has_scrolled_keeps_the_place_when_a_row_in_sight_goes_to_the_top(rows):
    rows.set_rows(lines(range(100)))
    rows.scroll_to(1234)
    before = top_of_text(rows, "row 25")
    rows.set_rows(lines([21, *range(21), *range(22, 100)]))
    assert top_of_text(rows, "row 25") == before


def test_a_list_at_its_top_shows_what_comes_there(rows):
    rows.set_rows(lines(range(100)))
    rows.set_rows([Line(200, "new"), *lines(range(100))])
    assert texts(rows)[0] == "new"


def test_nothing_is_left_when_all_rows_go(rows):
    rows.set_rows(lines(range(100)))
    rows.scroll_to(2000)
    rows.set_rows([])
    assert texts(rows) == []


def test_the_wheel_scrolls_and_stops_at_the_ends(rows, hand):
    rows.set_rows(lines(range(20)))
    hand.turn_wheel(rows, -2)
    assert texts(rows)[0] == "row 2"
    hand.turn_wheel(rows, -50)
    assert texts(rows)[-1] == "row 19"
    hand.turn_wheel(rows, 50)
    assert texts(rows)[0] == "row 0"


def test_what_comes_under_a_resting_pointer_by_the_wheel_is_shown_as_pointed_at(rows, hand):
    rows.set_rows(lines(range(20)))
    hand.move(rows, 50, 30)
    assert colour_of(rows, "row 0") == "blue"
    hand.turn_wheel(rows, -2, 50, 30)
    assert colour_of(rows, "row 2") == "blue"
    hand.move(rows, 50, 90)
    assert (colour_of(rows, "row 2"), colour_of(rows, "row 3")) == ("black", "blue")


def test_a_click_tells_the_row_and_the_zone(rows, hand, heard):
    rows.set_rows(lines(range(20)))
    hand.click(rows, 50, 90)
    hand.click(rows, *rows.place_of(3, "x"))
    assert heard == [(1, ""), (3, "x")]


def test_no_row_is_clicked_when_the_button_is_let_go_elsewhere(rows, hand, heard):
    rows.set_rows(lines(range(20)))
    hand.drag(rows, (50, 90), (50, 300))
    assert heard == []


def test_heads_cannot_be_clicked_or_reached_by_keys(rows, hand, heard):
    rows.set_rows([Line(0, "head", can_choose=False), *lines([1, 2])])
    hand.click(rows, 50, 30)
    hand.press("Down")
    hand.press("Return")
    assert heard == [(1, "")]


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["Down"], 5),
        (["Up"], 3),
        (["End"], 19),
        (["Home"], 0),
        (["Next"], 13),
        (["End", "Prior"], 10),
        (["Down", "Down", "Up"], 5),
        (["Home", "Up"], 0),
    ],
)
def test_keys_go_through_the_rows_from_the_selected_one(rows, hand, heard, keys, row):
    rows.set_rows(lines(range(20)))
    rows.select(4)
    rows.focus_set()
    for key in [*keys, "Return"]:
        hand.press(key)
    assert heard == [(row, "")]
    assert f"row {row}" in texts(rows)


def test_the_last_key_home_shows_the_very_top(rows, hand):
    rows.set_rows([Line(0, "head", can_choose=False), *lines(range(1, 30))])
    rows.focus_set()
    hand.press("End")
    hand.press("Home")
    assert texts(rows)[0] == "head"


def test_a_right_click_asks_for_the_menu_there(rows, hand, heard):
    rows.set_rows(lines(range(20)))
    hand.click(rows, 50, 90, button=3)
    assert heard == [("menu", 1, rows.winfo_rootx() + 50, rows.winfo_rooty() + 90)]


def test_the_menu_key_asks_for_the_menu_of_the_row_with_the_keyboards_mark(rows, hand, heard):
    rows.set_rows(lines(range(20)))
    rows.focus_set()
    hand.press("Down")
    hand.press("Shift+F10")
    assert [told[:2] for told in heard] == [("menu", 0)]


def test_the_keyboards_mark_goes_with_the_keyboard(rows, root, hand, heard):
    rows.set_rows(lines(range(20)))
    rows.focus_set()
    hand.press("Down")
    assert rows.cursor.key == 0
    root.focus_set()
    hand.until(lambda: rows.cursor is None)


def test_the_selected_row_is_shown_wherever_it_goes(rows):
    rows.select(7)
    rows.set_rows(lines(range(5)))
    rows.set_rows(lines(range(9)))
    assert colour_of(rows, "row 7") == "red"


def test_the_scrollbar_is_seen_while_the_pointer_is_over_the_list_and_can_be_dragged(rows, hand):
    rows.set_rows(lines(range(100)))
    thumb = rows.winfo_children()[0]
    hand.move(rows, 50, 300)
    hand.until(thumb.winfo_ismapped)
    hand.drag(thumb, (3, 10), (3, 590))
    assert texts(rows)[-1] == "row 99"
    rows.hover(-1, 300)
    hand.until(lambda: not thumb.winfo_ismapped())


def test_rows_follow_the_width_of_the_list(rows, root, hand):
    widths = []
    rows._on_width = widths.append
    rows.set_rows(lines(range(3)))
    root.geometry("300x600")
    hand.until(lambda: widths == [300])
