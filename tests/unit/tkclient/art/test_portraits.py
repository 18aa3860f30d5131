from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.art.avatars import PICTURES, AvatarSpec, Portrait, portrait_of
from tkclient.ui.art.portraits import draw_group, draw_portrait, tiles
from tkclient.ui.look import palette


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Alice", "A"),
        ("bob", "B"),
        ("王磊（后端）", "王"),
        ("~ 李娜", "李"),
        ("ßen", "ß"),
        ("7up", "7"),
        ("...", "."),
    ],
)
def test_a_portrait_shows_the_first_letter_of_the_name(name, sign):
    assert portrait_of(AvatarSpec("", "id", name)).sign == sign


@pytest.mark.parametrize(
    ("name", "sign"), [("👋 Bob", "👋"), ("🇨🇳队", "🇨🇳"), ("“👨‍👩‍👧”", "👨‍👩‍👧"), ("1️⃣st", "1️⃣")]
)
def test_a_name_that_begins_with_an_emoji_is_shown_by_it(name, sign):
    assert portrait_of(AvatarSpec("", "id", name)) == Portrait(
        sign, portrait_of(AvatarSpec("", "id", "")).ground, True
    )


def test_without_a_name_the_id_is_shown():
    assert portrait_of(AvatarSpec("", "lina", " ")).sign == "L"
    assert portrait_of(AvatarSpec("", "", "")).sign == ""


def test_the_ground_follows_the_id_and_not_the_name():
    grounds = {portrait_of(AvatarSpec("", "lina", name)).ground for name in ("Li Na", "李娜", "")}
    assert len(grounds) == 1
    assert {portrait_of(AvatarSpec("", f"user{n}", "")).ground for n in range(200)} == set(palette.AVATARS)


def test_a_built_in_picture_is_shown_and_an_unknown_one_is_drawn_from_the_name():
    assert portrait_of(AvatarSpec("fox", "lina", "Li Na")) == PICTURES["fox"]
    assert portrait_of(AvatarSpec("gone", "lina", "Li Na")).sign == "L"


def test_there_are_two_dozen_different_pictures():
    assert len(PICTURES) == 24
    assert len({draw_portrait(portrait, 42, 5).tobytes() for portrait in PICTURES.values()}) == 24


@given(name=st.text(max_size=5), seed=st.text(max_size=5))
def test_any_name_can_be_drawn(name, seed):
    picture = draw_portrait(portrait_of(AvatarSpec("", seed, name)), 36, 5)
    assert picture.size == (36, 36)
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.getpixel((18, 1))[3] == 255


def test_the_ground_is_lighter_at_the_top():
    picture = draw_portrait(Portrait("", palette.AVATARS[0]), 42, 5)
    assert sum(picture.getpixel((21, 0))[:3]) > sum(picture.getpixel((21, 41))[:3])


@given(count=st.integers(min_value=1, max_value=9), pixels=st.integers(min_value=24, max_value=200))
def test_tiles_lie_within_the_square_and_apart(count, pixels):
    placed = list(tiles(count, pixels))
    assert len(placed) == count
    for x, y, side in placed:
        assert side > 0
        assert 0 < x <= x + side < pixels
        assert 0 < y <= y + side < pixels
    for (x, y, side), (other_x, other_y, _) in combinations(placed, 2):
        assert abs(x - other_x) > side or abs(y - other_y) > side


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        (1, [1]),
        (2, [2]),
        (3, [1, 2]),
        (4, [2, 2]),
        (5, [2, 3]),
        (6, [3, 3]),
        (7, [1, 3, 3]),
        (8, [2, 3, 3]),
        (9, [3, 3, 3]),
    ],
)
def test_rows_of_tiles_are_full_but_for_the_first(count, rows):
    tops = [y for _, y, _ in tiles(count, 42)]
    assert [tops.count(y) for y in sorted(set(tops))] == rows


@pytest.mark.parametrize("count", range(12))
def test_a_group_of_any_size_has_a_portrait(count):
    picture = draw_group(tuple(PICTURES.values())[:count], 42, 5)
    assert picture.size == (42, 42)
    assert picture.getpixel((21, 0)) == (0xDC, 0xDC, 0xDC, 255)
