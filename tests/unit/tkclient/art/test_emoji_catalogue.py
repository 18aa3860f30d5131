import emoji
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.art.emoji_catalogue import Catalogue

CATALOGUE = Catalogue.load()
OURS_UNTIL = 16
COMPONENT, UNQUALIFIED = emoji.STATUS["component"], emoji.STATUS["unqualified"]


def is_sign_of_text(sequence):
    return len(sequence) == 1 and not ("\u2600" <= sequence <= "\u27bf" or sequence > "\uffff")


KNOWN_ELSEWHERE = sorted(
    sequence
    for sequence, entry in emoji.EMOJI_DATA.items()
    if entry["E"] <= OURS_UNTIL
    and entry["status"] != COMPONENT
    and not (entry["status"] == UNQUALIFIED and is_sign_of_text(sequence))
)
NEWER = sorted(sequence for sequence, entry in emoji.EMOJI_DATA.items() if entry["E"] > OURS_UNTIL)


def test_every_emoji_of_the_list_of_others_is_found_whole():
    missed = [s for s in KNOWN_ELSEWHERE if CATALOGUE.find(f"a{s}b", 1) != len(s)]
    assert missed == []
    assert len(KNOWN_ELSEWHERE) > 4000


def test_every_emoji_of_ours_is_on_the_list_of_others():
    ours = [s for group in CATALOGUE.groups for s in group.sequences]
    toned = [tone for s in ours for tone in CATALOGUE.skin_tones(s)]
    assert [s for s in ours + toned if s not in emoji.EMOJI_DATA] == []


def test_what_is_newer_than_our_pictures_falls_into_parts_that_are_known():
    for sequence in NEWER:
        length = CATALOGUE.find(sequence)
        assert 0 <= length < len(sequence)
        assert not length or CATALOGUE.is_emoji(sequence[:length])


@given(
    st.lists(st.one_of(st.sampled_from(KNOWN_ELSEWHERE), st.sampled_from(["a", "语", "7", " "])), max_size=20)
)
def test_emoji_between_other_characters_are_found_where_they_are(parts):
    text = "x".join(parts)
    start = 0
    for part in parts:
        length = CATALOGUE.find(text, start)
        assert length == (len(part) if part in emoji.EMOJI_DATA else 0)
        start += len(part) + 1


@given(st.text(alphabet=st.sampled_from("\u200d\ufe0f\ufe0e\u20e31#❤👩🏽🇨🇳🏴\U000e0067ab"), max_size=12))
def test_any_mixture_of_parts_is_taken_as_a_whole_number_of_characters(text):
    start = 0
    while start < len(text):
        length = CATALOGUE.find(text, start)
        assert 0 <= length <= len(text) - start
        if length:
            CATALOGUE.sprite_of(text[start : start + length])
        start += length or 1
    assert CATALOGUE.find(text, len(text)) == 0


@pytest.mark.parametrize(
    "text", ["1", "#", "©", "®", "™", "↔", "a", "王", " ", "", "❤\ufe0e", "⌚\ufe0e", "1\ufe0f"]
)
def test_text_is_no_emoji(text):
    assert CATALOGUE.find(text) == 0
    assert not CATALOGUE.is_emoji(text)


@pytest.mark.parametrize(
    "text", ["©\ufe0f", "❤", "❤\ufe0f", "1\ufe0f\u20e3", "☀", "🌡", "🌡\ufe0e", "🇨🇳", "👍🏽", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]
)
def test_one_emoji_is_one(text):
    assert CATALOGUE.is_emoji(text)
    assert CATALOGUE.find(text + "a") == len(text)


def test_two_emoji_are_not_one():
    assert not CATALOGUE.is_emoji("😀😀")
    assert CATALOGUE.find("🇨🇳🇨🇳") == 2


def test_skin_tones_go_from_light_to_dark():
    tones = CATALOGUE.skin_tones("👍")
    assert tones == tuple("👍" + tone for tone in "🏻🏼🏽🏾🏿")
    assert CATALOGUE.skin_tones("😀") == ()
    assert len(CATALOGUE.skin_tones("✌️")) == 5


def test_an_emoji_has_a_name_with_any_skin_tone():
    assert CATALOGUE.name_of("😂") == "face with tears of joy"
    assert CATALOGUE.name_of("👍🏽") == CATALOGUE.name_of("👍") != ""
    assert CATALOGUE.name_of("nothing") == ""


def test_groups_come_in_the_order_of_unicode():
    assert CATALOGUE.groups[0].name == "Smileys & Emotion"
    assert CATALOGUE.groups[0].sequences[:3] == ("😀", "😃", "😄")
    assert [group.name for group in CATALOGUE.groups][-1] == "Flags"
    assert len({s for group in CATALOGUE.groups for s in group.sequences}) > 1800
