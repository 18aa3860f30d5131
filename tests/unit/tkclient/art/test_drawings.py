"""Emoji, faces, icons, letters and badges: drawn into pictures, without a screen."""

import subprocess
from pathlib import Path

import pytest

from tkclient.ui.art import lettering
from tkclient.ui.art.assets import read_asset
from tkclient.ui.art.badges import draw_badge
from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.art.faces import FACES, draw_face
from tkclient.ui.art.icons import draw_icon, icon_characters
from tkclient.ui.art.sprites import draw_emoji

ROOT = Path(__file__).parents[4]
MOST_BYTES_OF_EMOJI = 3_500_000


def ink(picture):
    """Where there is something: left, top, right, bottom."""
    return picture.getchannel("A").getbbox()


@pytest.fixture
def no_fontconfig(monkeypatch):
    def fail(*args, **kwargs):
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.setattr(lettering, "_FILES", {False: ("none.ttf",), True: ("none.ttf",)})
    caches = (lettering._font, lettering._candidates)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_every_emoji_has_a_picture():
    for group in Catalogue.load().groups:
        for sequence in group.sequences:
            for form in (sequence, *Catalogue.load().skin_tones(sequence)):
                assert ink(draw_emoji(form, 16)), form


@pytest.mark.parametrize("pixels", [20, 26, 72, 144])
def test_an_emoji_fills_its_square(pixels):
    left, top, right, bottom = ink(draw_emoji("😀", pixels))
    assert min(left, top, pixels - right, pixels - bottom) <= pixels * 0.1


def test_an_emoji_with_and_without_its_mark_is_the_same_picture():
    assert draw_emoji("❤", 26).tobytes() == draw_emoji("❤\ufe0f", 26).tobytes()


def test_the_file_of_emoji_is_small():
    assert len(read_asset("emoji.pack")) < MOST_BYTES_OF_EMOJI


def test_there_are_fifteen_different_faces():
    assert [*FACES] == [f"f_{row}{column}" for row in (0, 1, 2) for column in (1, 2, 3, 4, 5)]
    assert len({draw_face(face_id, 30).tobytes() for face_id in FACES}) == len(set(FACES.values())) == 15
    with pytest.raises(KeyError):
        draw_face("f_99", 30)


def test_every_icon_that_is_listed_is_in_the_font():
    listed = (ROOT / "tools" / "assets" / "icons.txt").read_text(encoding="utf-8").split()
    assert set(listed) == set(icon_characters())
    assert listed == sorted(set(listed))
    blank = {name for name in listed if not ink(draw_icon(name, 22, "#2e2e2e"))}
    assert blank == set()


@pytest.mark.parametrize("name", ["person", "plus-lg", "x-lg", "circle", "gear"])
def test_an_icon_stands_in_the_middle_of_its_square(name):
    left, top, right, bottom = ink(draw_icon(name, 64, "#2e2e2e"))
    assert abs(left - (64 - right)) <= 1
    assert abs(top - (64 - bottom)) <= 1


@pytest.mark.parametrize("text", ["王", "A", "Ж", "देव", "ش", "99+", "𠮷"])
def test_letters_of_any_script_stand_in_the_middle(text):
    left, top, right, bottom = lettering.centred(text, 80, 80, 30, bold=True).getbbox()
    assert abs(left - (80 - right)) <= 1
    assert abs(top - (80 - bottom)) <= 1


def test_there_are_letters_on_a_system_without_fonts(no_fontconfig):
    assert lettering.centred("A", 40, 40, 20).getbbox()
    assert lettering.length("17", 11) > 0


def test_a_badge_is_a_disc_for_one_digit_and_a_pill_for_more():
    widths = [draw_badge(text, 18).width for text in ("1", "17", "99+")]
    assert widths[0] == 18
    assert widths == sorted(set(widths))
    assert {draw_badge(text, 18).height for text in ("1", "99+")} == {18}
