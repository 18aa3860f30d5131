"""Times as people say them."""

from datetime import datetime

import pytest

from tkclient.ui.text.times import is_pause, ms_to_midnight, row_time, separator
from tkclient.ui.text.words import Words

EN, ZH = Words("en"), Words("zh_CN")


def ms(*when: int) -> int:
    """A moment of this computer's time zone."""
    return int(datetime(*when).timestamp() * 1000)  # type: ignore[arg-type]


NOW = ms(2026, 11, 25, 14, 32)  # a Wednesday


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        (ms(2026, 11, 25, 0, 0), "00:00", "00:00"),
        (ms(2026, 11, 25, 14, 32), "14:32", "14:32"),
        (ms(2026, 11, 24, 23, 59), "Yesterday", "昨天"),
        (ms(2026, 11, 23, 8, 0), "Mon", "周一"),
        (ms(2026, 11, 19, 8, 0), "Thu", "周四"),
        (ms(2026, 11, 18, 8, 0), "26/11/18", "26/11/18"),
        (ms(2025, 1, 2, 8, 0), "25/01/02", "25/01/02"),
        (ms(2026, 11, 26, 8, 0), "26/11/26", "26/11/26"),
    ],
)
def test_times_in_rows(when: int, english: str, chinese: str) -> None:
    assert (row_time(EN, when, NOW), row_time(ZH, when, NOW)) == (english, chinese)


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        (ms(2026, 11, 25, 9, 5), "09:05", "09:05"),
        (ms(2026, 11, 24, 18, 20), "Yesterday 18:20", "昨天 18:20"),
        (ms(2026, 11, 22, 18, 20), "Sunday 18:20", "星期日 18:20"),
        (ms(2026, 3, 2, 18, 20), "March 2 18:20", "3月2日 18:20"),
        (ms(2025, 3, 2, 18, 20), "March 2, 2025 18:20", "2025年3月2日 18:20"),
    ],
)
def test_times_between_messages(when: int, english: str, chinese: str) -> None:
    assert (separator(EN, when, NOW), separator(ZH, when, NOW)) == (english, chinese)


def test_a_dialogue_without_a_time_has_none_in_its_row() -> None:
    assert row_time(EN, 0, NOW) == ""


def test_the_time_is_told_after_a_pause_and_on_a_new_day() -> None:
    assert not is_pause(NOW, NOW + 5 * 60_000)
    assert is_pause(NOW, NOW + 5 * 60_000 + 1)
    assert is_pause(ms(2026, 11, 24, 23, 59), ms(2026, 11, 25, 0, 1))
    assert not is_pause(NOW, NOW - 1)


def test_midnight_comes_when_it_should() -> None:
    assert ms_to_midnight(ms(2026, 11, 25, 23, 59)) == 60_000
    assert ms_to_midnight(ms(2026, 11, 25, 0, 0)) == 24 * 3_600_000
