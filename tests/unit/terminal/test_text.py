"""What other people write cannot reach the terminal."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.terminal.text import harmless, harmless_lines, time_of_day


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("\x1b[2J\x9b31m", "␛[2J\ufffd31m"),
        ("a\r\nb\rc", "a⏎b␍c"),
        ("tab\there\x7f", "tab    here␡"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("two\u3000wide\xa0", "two wide "),
        ("你好 👩\u200d💻 é", "你好 👩\u200d💻 é"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
    ],
)
def test_control_characters_become_signs_and_letters_stay(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_no_text_leaves_a_control_character(text: str) -> None:
    for line in (harmless(text), *harmless_lines(text)):
        assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") for character in line)


def test_lines_of_a_message_stay_lines() -> None:
    assert harmless_lines("one\r\ntwo\n\x1b") == ("one", "two", "␛")
    assert harmless_lines("") == ("",)


def test_a_time_of_today_has_no_date() -> None:
    noon = int(time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))) * 1000
    assert time_of_day(noon, noon + 3_600_000) == "12:00"
    assert time_of_day(noon, noon + 86_400_000) == "11-23 12:00"
