"""Talk ids: one log, one name, whoever asks."""

from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.talk import (
    MOST_TYPING_AUDIENCE,
    MOST_UNREAD,
    SKETCH_CHARACTERS,
    TALKS_A_PAGE,
    TalkAddress,
    TalkType,
    address_for,
    friend_talk_id,
    friends_in,
    group_talk_id,
    is_group_talk,
    talk_id_of,
    talk_type_of,
)
from naivechat.domain.user import UserId, is_user_id

user_ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", fullmatch=True).map(UserId)
addresses = st.builds(TalkAddress, talk_type=st.sampled_from(TalkType), other_id=user_ids)


@given(user_ids, user_ids)
def test_both_friends_name_the_same_log(one: UserId, other: UserId) -> None:
    assert friend_talk_id(one, other) == friend_talk_id(other, one)
    assert set(friends_in(friend_talk_id(one, other))) == {one, other}


@given(user_ids, addresses)
def test_an_address_survives_the_way_to_the_log_and_back(user_id: UserId, address: TalkAddress) -> None:
    talk_id = talk_id_of(user_id, address)
    assert address_for(user_id, talk_id) == address
    assert talk_type_of(talk_id) is address.talk_type
    assert is_group_talk(talk_id) == (address.talk_type is TalkType.GROUP)


@given(user_ids, addresses, addresses)
def test_no_two_talks_of_a_person_share_a_log(user_id: UserId, one: TalkAddress, other: TalkAddress) -> None:
    assert (talk_id_of(user_id, one) == talk_id_of(user_id, other)) == (one == other)


def test_a_group_named_like_two_people_is_another_log() -> None:
    assert group_talk_id("ann") == ":ann"
    assert friend_talk_id(UserId("bob"), UserId("ann")) == "ann:bob"


@given(user_ids)
def test_ids_of_the_shape_are_ids(user_id: UserId) -> None:
    assert is_user_id(user_id)


@given(st.text(max_size=40))
def test_other_texts_are_no_ids(text: str) -> None:
    letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    expected = 1 <= len(text) <= 32 and text[0] in letters and set(text) <= letters | set("_.-")
    assert is_user_id(text) == expected


def test_as_much_is_shown_as_the_protocol_says() -> None:
    assert (SKETCH_CHARACTERS, MOST_UNREAD, TALKS_A_PAGE, MOST_TYPING_AUDIENCE) == (64, 100, 200, 50)
