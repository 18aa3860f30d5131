"""What may be shown as a name, what names a picture, what a password may be: at their limits."""

from collections.abc import Callable

import pytest

from naivechat.domain import names
from naivechat.domain.errors import InvalidRequest

LONE_SURROGATE = "\ud800"


@pytest.mark.parametrize("name", ["a", "ä" * 32, "a b", "\x7e", "\xa0", "🙂", "\ud7ff\ue000"])
def test_a_name_has_one_to_32_characters(name: str) -> None:
    assert names.fault_of_name(name) is None


@pytest.mark.parametrize("name", ["", "a" * 33])
def test_an_empty_name_and_a_longer_one_are_refused(name: str) -> None:
    assert names.fault_of_name(name) == "has 1 to 32 characters"


@pytest.mark.parametrize("character", ["\0", "\n", "\x1f", "\x7f", "\x80", "\x9f"])
def test_a_name_has_no_control_characters(character: str) -> None:
    assert names.fault_of_name(f"a{character}b") == "has no control characters"


@pytest.mark.parametrize("half", [LONE_SURROGATE, "\udfff"])
def test_half_a_character_is_no_text(half: str) -> None:
    assert names.fault_of_name(f"a{half}") == "is no text"
    assert names.fault_of_password(f"long enough {half}") == "is no text"
    assert not names.is_text(half)


def test_an_avatar_has_at_most_64_bytes() -> None:
    assert [names.fault_of_avatar(text) for text in ("", "a" * 64, "ä" * 32)] == [None] * 3
    for text in ("a" * 65, "ä" * 33, LONE_SURROGATE):
        assert names.fault_of_avatar(text) == "has at most 64 bytes"


def test_a_password_has_at_most_1024_bytes() -> None:
    assert [names.fault_of_password(text) for text in ("a", "a" * 1_024, "ä" * 512)] == [None] * 3
    for text in ("a" * 1_025, "ä" * 513):
        assert names.fault_of_password(text) == "has at most 1,024 bytes"


@pytest.mark.parametrize(
    ("require", "good", "bad", "key"),
    [
        (lambda text: names.require_name("nickname", text), "Ann", "", "nickname"),
        (names.require_avatar, "a.png", "a" * 65, "avatar"),
        (names.require_password, "a password", "a" * 1_025, "password"),
        (lambda text: names.require_text("notice", text), "Hello", LONE_SURROGATE, "notice"),
    ],
)
def test_a_refusal_names_the_key(require: Callable[[str], None], good: str, bad: str, key: str) -> None:
    require(good)
    with pytest.raises(InvalidRequest) as refusal:
        require(bad)
    assert refusal.value.key == key
