import gc
import tkinter

import pytest

from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.art.pictures import Pictures
from tkclient.ui.art.shapes import disc
from tkclient.ui.look.look import Look

LINA = AvatarSpec("", "lina", "李娜")
WANG = AvatarSpec("fox", "wang", "王伟")


@pytest.fixture
def look(root):
    return Look.make(root)


def every_picture(look):
    art = look.art
    return {
        "rounded": art.rounded(98, 32, 4, "#e9e9e9"),
        "rounded on a ground": art.rounded(98, 32, 4, "#e9e9e9", "#f5f5f5"),
        "corner": art.corner(5, "#95ec69", "nw"),
        "tail": art.tail("#95ec69", "right"),
        "icon": art.icon("chat", 22, "#979797"),
        "avatar": art.avatar(LINA, 42),
        "group avatar": art.group_avatar((LINA, WANG), 42),
        "emoji": art.emoji("👍🏽", 26),
        "face": art.face("f_12", 30),
        "badge": art.badge("17"),
        "dot": art.dot(10, "#fa5151"),
    }


def pixel_of(picture, x, y):
    return picture.get(x, y)


def test_a_screen_of_96_dots_an_inch_has_scale_1(look):
    assert look.scale.factor == pytest.approx(1, abs=0.01)
    assert look.px(66) == 66


def test_a_picture_is_made_once(look):
    first, again = every_picture(look), every_picture(look)
    assert [name for name in first if first[name] is not again[name]] == []
    assert len({str(picture) for picture in first.values()}) == len(first)


def test_people_with_the_same_letter_on_the_same_ground_share_a_picture(look):
    assert look.art.avatar(LINA, 42) is look.art.avatar(AvatarSpec("", "lina", "李雷"), 42)


@pytest.mark.parametrize(("factor", "side"), [(1.0, 42), (1.25, 52), (1.5, 63), (2.0, 84)])
def test_pictures_grow_with_the_screen(root, factor, side):
    art = Look.make(root, factor=factor).art
    for picture in (
        art.avatar(LINA, 42),
        art.group_avatar((LINA,), 42),
        art.emoji("😀", 42),
        art.icon("gear", 42, "#000000"),
    ):
        assert (picture.width(), picture.height()) == (side, side)
    assert art.badge("5").height() == round(18 * factor)
    assert art.rounded(98, 32, 4, "#e9e9e9").width() == 98


def test_a_picture_shows_what_is_behind_its_corners_only(look):
    picture = look.art.rounded(40, 20, 8, "#95ec69")
    assert picture.transparency_get(0, 0)
    assert not picture.transparency_get(20, 10)
    assert pixel_of(picture, 20, 10) == (0x95, 0xEC, 0x69)
    assert pixel_of(look.art.rounded(40, 20, 8, "#95ec69", "#f5f5f5"), 0, 0) == (0xF5, 0xF5, 0xF5)


def test_what_does_not_exist_is_refused(look):
    for ask in (look.art.face, look.art.emoji):
        with pytest.raises(KeyError):
            ask("f_99", 30)
    with pytest.raises(KeyError):
        look.art.icon("no-such-icon", 30, "#000000")


def test_texts_are_measured_in_pixels_of_the_screen(root, look):
    width = look.measure("发送(S)", 14)
    assert width == look.measure("发送(S)", 14) == look.font(14).measure("发送(S)") > 30
    assert look.measure("发送(S)", 28) > width
    assert Look.make(root, factor=2.0).measure("发送(S)", 14) > 1.8 * width
    assert Look.make(root, text_size=150).measure("发送(S)", 14) > 1.4 * width


def test_measuring_endless_different_texts_takes_no_endless_memory(look):
    for number in range(9000):
        look.measure(str(number), 12)
    assert len(look._measured) <= 8192
    assert look.measure("8999", 12) == look.font(12).measure("8999")


def test_pictures_that_are_not_shown_make_room_and_those_that_are_stay(root):
    pictures = Pictures(root, most_bytes=50_000)
    canvas = tkinter.Canvas(root)
    name = str(pictures.get("shown", lambda: disc(20, "#ff0000")))
    canvas.create_image(0, 0, image=name)
    canvas.pack()
    root.update()
    for number in range(100):
        pictures.get(number, lambda: disc(20, "#00ff00"))
    gc.collect()
    images = root.image_names()
    assert name in images
    assert len(images) < 20
    assert root.tk.call(name, "get", 10, 10) == (255, 0, 0)


def test_a_picture_keeps_no_file_beside_its_pixels(root):
    picture = Pictures(root).get("red", lambda: disc(20, "#ff0000"))
    assert not picture.cget("data")
    assert root.tk.call(str(picture), "get", 10, 10) == (255, 0, 0)


def test_the_picture_asked_for_last_stays_even_if_it_is_larger_than_all_room(root):
    pictures = Pictures(root, most_bytes=100)
    picture = pictures.get("large", lambda: disc(50, "#ff0000"))
    assert pictures.get("large", lambda: disc(50, "#ff0000")) is picture


def test_a_font_stays_loaded_between_two_measurements(root, look):
    look.font(14)
    canvases = [child for child in root.winfo_children() if isinstance(child, tkinter.Canvas)]
    assert [canvas.itemcget(item, "font") for canvas in canvases for item in canvas.find_all()] == [
        str(look.font(14))
    ]
