"""What people write, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.text.segments import SegmentKind, lone_emoji, segments

PLAIN, EMOJI, LINK = SegmentKind.PLAIN, SegmentKind.EMOJI, SegmentKind.LINK


def parts(text: str) -> list[tuple[SegmentKind, str]]:
    return [(segment.kind, segment.text) for segment in segments(text)]


@given(
    st.lists(
        st.one_of(st.characters(), st.sampled_from(["https://a.b/c", "www.", "😀", "👍🏽", "1️⃣", ")"]))
    ).map("".join)
)
def test_segments_together_are_the_text(text: str) -> None:
    assert "".join(segment.text for segment in segments(text)) == text
    assert all(segment.text for segment in segments(text))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("看https://a.com/x吧", "https://a.com/x"),
        ("(see http://x.y/z).", "http://x.y/z"),
        ("http://x.y/a_(b)", "http://x.y/a_(b)"),
        ("go to WWW.x.org, now", "WWW.x.org"),
        ("https://x.y/?q=1&r=%20#top!", "https://x.y/?q=1&r=%20#top"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
    ],
)
def test_a_link_ends_where_a_reader_thinks_it_does(text: str, link: str) -> None:
    assert [part for part in parts(text) if part[0] is LINK] == [(LINK, link)]


@pytest.mark.parametrize("text", ["", "www.", "https://", "awww.x.y", "ftp://x.y", "a@www.x.y", "httpx"])
def test_what_is_no_link_stays_plain(text: str) -> None:
    assert all(kind is PLAIN for kind, _ in parts(text))


def test_a_link_without_a_scheme_leads_to_the_safe_one() -> None:
    assert segments("www.x.y")[0].target == "https://www.x.y"


def test_emoji_are_whole_sequences() -> None:
    assert parts("好😊👍🏽x") == [(PLAIN, "好"), (EMOJI, "😊"), (EMOJI, "👍🏽"), (PLAIN, "x")]
    assert parts("👩‍👩‍👧‍👦🇨🇳1️⃣❤️") == [(EMOJI, "👩‍👩‍👧‍👦"), (EMOJI, "🇨🇳"), (EMOJI, "1️⃣"), (EMOJI, "❤️")]


def test_digits_and_signs_of_text_are_no_emoji() -> None:
    assert parts("1 # * © ™ 2") == [(PLAIN, "1 # * © ™ 2")]


@pytest.mark.parametrize(
    ("text", "emoji"),
    [("🎉", "🎉"), (" 🎉\n", "🎉"), ("🎉🎉", ""), ("🎉!", ""), ("", ""), ("x", ""), ("👍🏽", "👍🏽")],
)
def test_a_lone_emoji_is_known(text: str, emoji: str) -> None:
    assert lone_emoji(text) == emoji
