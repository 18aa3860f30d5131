from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.chat.picker_sheet import Cell, Page, Sheet

sheets = st.builds(
    lambda sizes, columns: Sheet(
        pages=tuple(Page(name="", icon="", items=tuple(f"{page}.{n}" for n in range(size))) for page, size in enumerate(sizes)),
        columns=columns,
        cell_width=42,
        cell_height=40,
        margin=6,
        heading=34,
    ),
    st.lists(st.integers(1, 45), min_size=1, max_size=6),
    st.integers(1, 10),
)  # fmt: skip


def cells(sheet):
    return [Cell(page, n) for page, each in enumerate(sheet.pages) for n in range(len(each.items))]


@given(sheets)
def test_each_cell_is_found_where_it_stands(sheet):
    for cell in cells(sheet):
        x, y = sheet.corner(cell)
        assert sheet.cell_at(x, y) == sheet.cell_at(x + 41, y + 39) == cell
        assert sheet.page_at(y) == cell.page


@given(sheets)
def test_no_two_cells_overlap_and_all_lie_within_the_sheet(sheet):
    corners = [sheet.corner(cell) for cell in cells(sheet)]
    assert len(set(corners)) == len(corners)
    assert all(y >= 0 and y + 40 <= sheet.height for _, y in corners)


@given(sheets, st.integers(-50, 2000), st.integers(1, 400))
def test_all_that_is_seen_is_drawn(sheet, top, height):
    drawn = set(sheet.cells_between(top, top + height))
    for cell in cells(sheet):
        _, y = sheet.corner(cell)
        if y + 40 > top and y < top + height:
            assert cell in drawn


@given(sheets, st.integers(0, 10_000), st.integers(0, 200))
def test_little_more_is_drawn_than_is_seen(sheet, top, height):
    rows = height // 40 + 2
    assert len(list(sheet.cells_between(top, top + height))) <= rows * sheet.columns


@given(sheets)
def test_right_goes_through_all_cells_and_left_comes_back(sheet):
    everything = cells(sheet)
    way = [everything[0]]
    while (following := sheet.beside(way[-1], 1, 0)) != way[-1]:
        way.append(following)
    assert way == everything
    for cell in reversed(everything[:-1]):
        assert sheet.beside(everything[everything.index(cell) + 1], -1, 0) == cell


@given(sheets)
def test_down_comes_to_the_last_row_and_up_to_the_first(sheet):
    cell = sheet.beside(None, 0, 0)
    heights = [sheet.corner(cell)[1]]
    while (following := sheet.beside(cell, 0, 1)) != cell:
        cell = following
        heights.append(sheet.corner(cell)[1])
    assert heights == sorted(set(heights))
    assert heights[-1] + 40 == sheet.height
    while (following := sheet.beside(cell, 0, -1)) != cell:
        cell = following
    assert sheet.corner(cell)[1] == 34


def test_between_cells_there_is_nothing():
    sheet = Sheet(
        pages=(Page(name="", icon="", items=("a",)),),
        columns=2,
        cell_width=42,
        cell_height=40,
        margin=6,
        heading=34,
    )
    assert sheet.cell_at(3, 40) is None
    assert sheet.cell_at(10, 10) is None
    assert sheet.cell_at(60, 40) is None
    assert sheet.cell_at(6, 34) == Cell(0, 0)
