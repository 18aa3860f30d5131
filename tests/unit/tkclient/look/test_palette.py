import pytest
from PIL import ImageColor

from tkclient.ui.look import palette

LEAST_CONTRAST = 4.5
LEAST_CONTRAST_OF_SIGNS = 3

ROWS = ("LIST", "PINNED", "HOVER", "SELECTED")
TEXTS = {
    "TEXT": (*ROWS, "WHITE", "CHAT", "HEAD", "SEARCH", "BUBBLE", "OWN_BUBBLE", "PILL", "PILL_HOVER", "FIELD"),
    "LIST_NOTE": (*ROWS, "HEAD", "SEARCH"),
    "DRAFT": ROWS,
    "CHAT_NOTE": ("CHAT", "WHITE", "FIELD"),
    "LINK": ("WHITE", "CHAT", "BUBBLE", "OWN_BUBBLE"),
    "SEND": ("PILL", "PILL_HOVER", "WHITE"),
    "DANGER": ("WHITE", "CHAT", "FIELD", "PILL"),
    "WHITE": ("PRIMARY", "PRIMARY_HOVER", "DANGER", "BADGE"),
}
SIGNS = {
    "BAR_ICON": ("BAR",),
    "ACCENT": ("BAR",),
    "ICON": ("CHAT", "LIST", "HEAD", "SEARCH", "PILL", "WHITE"),
}


def pairs(table):
    return [(text, ground) for text, grounds in table.items() for ground in grounds]


def luminance(colour):
    """As WCAG 2 defines it: 0 black, 1 white."""
    parts = [value / 255 for value in ImageColor.getrgb(colour)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted(luminance(getattr(palette, name)) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), pairs(TEXTS))
def test_a_text_can_be_read_on_each_of_its_grounds(text, ground):
    assert contrast(text, ground) >= LEAST_CONTRAST


@pytest.mark.parametrize(("sign", "ground"), pairs(SIGNS))
def test_an_icon_can_be_seen_on_each_of_its_grounds(sign, ground):
    assert contrast(sign, ground) >= LEAST_CONTRAST_OF_SIGNS
