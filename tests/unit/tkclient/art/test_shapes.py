import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.art import shapes

GREEN = (0x95, 0xEC, 0x69)
LENGTHS = st.integers(min_value=1, max_value=200)


def alpha(picture, x, y):
    return picture.getpixel((x, y))[3]


@given(width=LENGTHS, height=LENGTHS, radius=st.floats(min_value=0, max_value=60))
def test_a_rectangle_of_any_size_is_full_in_its_middle_and_alike_on_all_sides(width, height, radius):
    mask = shapes.rounded_mask(width, height, radius)
    assert mask.size == (width, height)
    if min(width, height) > 2:
        assert mask.getpixel((width // 2, height // 2)) == 255
    corners = {mask.getpixel((x, y)) for x in (0, width - 1) for y in (0, height - 1)}
    assert max(corners) - min(corners) <= 1


@pytest.mark.parametrize("size", [(40, 40), (300, 40), (40, 300), (300, 300)])
def test_corners_look_the_same_whatever_the_size(size):
    small = shapes.rounded_mask(30, 30, 8).crop((0, 0, 10, 10))
    assert shapes.rounded_mask(*size, 8).crop((0, 0, 10, 10)).tobytes() == small.tobytes()


def test_edges_are_smooth_and_outside_there_is_nothing():
    picture = shapes.rounded(40, 40, 10, "#95ec69")
    levels = {alpha(picture, x, y) for x in range(10) for y in range(10)}
    assert len(levels) > 6
    assert alpha(picture, 0, 0) == 0
    assert picture.getpixel((20, 20)) == (*GREEN, 255)


def test_an_edge_line_runs_inside_the_rectangle():
    picture = shapes.rounded(40, 20, 4, "#ffffff", border="#95ec69")
    assert picture.getpixel((0, 10)) == (*GREEN, 255)
    assert picture.getpixel((20, 0)) == (*GREEN, 255)
    assert picture.getpixel((20, 10)) == (255, 255, 255, 255)


def test_four_corners_make_a_disc():
    whole = shapes.disc(20, "#95ec69")
    parts = {"nw": (0, 0), "ne": (10, 0), "sw": (0, 10), "se": (10, 10)}
    for which, (x, y) in parts.items():
        part = shapes.corner(10, "#95ec69", which)
        assert part.tobytes() == whole.crop((x, y, x + 10, y + 10)).tobytes(), which


def test_a_tail_points_to_its_side():
    left, right = (shapes.tail(6, 12, "#ffffff", side) for side in ("left", "right"))
    assert alpha(left, 5, 1) > alpha(left, 0, 1) == 0
    assert alpha(right, 0, 1) > alpha(right, 5, 1) == 0
    assert alpha(left, 5, 6) == alpha(right, 0, 6) == 255


def test_on_a_ground_nothing_shines_through():
    picture = shapes.on(shapes.disc(20, "#95ec69"), "#ffffff")
    assert picture.mode == "RGB"
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert picture.getpixel((10, 10)) == GREEN


@pytest.mark.parametrize("line", [1, 2])
def test_an_edge_line_is_as_wide_as_asked_for(line):
    picture = shapes.rounded(40, 20, 4, "#ffffff", border="#95ec69", line=line)
    colours = [picture.getpixel((x, 10))[:3] for x in range(4)]
    assert colours == [GREEN] * line + [(255, 255, 255)] * (4 - line)
