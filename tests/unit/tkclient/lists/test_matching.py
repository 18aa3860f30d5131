import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Person
from tkclient.model.talk import FRIEND, GROUP, Talk, TalkKey
from tkclient.ui.lists.matching import By, Found, search, span_of
from tkclient.ui.lists.search_rows import FIND_PEOPLE, search_rows


@pytest.fixture
def model():
    model = ChatModel()
    model.set_friends(
        (
            Person(user_id="zhang3", nickname="张伟", remark="房东"),
            Person(user_id="alice", nickname="Alice"),
            Person(user_id="mal", nickname="Malice"),
        )
    )
    model.set_groups(
        (
            Group(group_id="g1", name="Alice's friends", owner_id="alice"),
            Group(group_id="o1", name="Alice daily", owner_id="x", is_official=True),
        )
    )
    model.set_talks(
        (
            Talk(key=TalkKey(FRIEND, "alice"), name="Alice"),
            Talk(key=TalkKey(FRIEND, "gone"), name="Former alice"),
        )
    )
    return model


def test_all_sections_are_searched_and_a_friends_dialogue_is_not_found_twice(model):
    found = [(match.section, match.name) for match in search(model, "ALICE")]
    assert found == [
        (Found.FRIENDS, "Alice"),
        (Found.FRIENDS, "Malice"),
        (Found.GROUPS, "Alice's friends"),
        (Found.OFFICIAL, "Alice daily"),
        (Found.TALKS, "Former alice"),
    ]


@pytest.mark.parametrize(
    ("key", "by", "matched"),
    [("房", By.NAME, "房东"), ("张", By.NICKNAME, "张伟"), ("zhang", By.ID, "zhang3")],
)
def test_a_friend_is_found_by_remark_nickname_and_the_beginning_of_the_id(model, key, by, matched):
    (match,) = search(model, key)
    assert (match.by, match.matched, match.name) == (by, matched, "房东")
    assert matched[slice(*match.span)] == key


def test_nothing_is_found_by_a_part_of_an_id(model):
    assert search(model, "hang3") == ()


def test_blanks_find_nothing(model):
    assert search(model, "  ") == ()
    assert list(search_rows(model, " ")) == []


def test_what_is_not_found_can_be_sought_among_all_people(model):
    (row,) = search_rows(model, " bob ")
    assert (row.key, row.sought) == (FIND_PEOPLE, "bob")


def test_the_dialogue_of_a_group_is_that_of_a_group(model):
    talks = {match.section: match.talk for match in search(model, "alice")}
    assert talks[Found.GROUPS] == TalkKey(GROUP, "g1")


@given(st.text(), st.text(min_size=1), st.text())
def test_a_part_of_a_name_is_always_found(before, part, after):
    span = span_of(part, before + part + after)
    assert span is not None or part.casefold() == ""


@given(st.text(), st.text())
def test_a_span_is_within_the_name(key, text):
    start, end = span_of(key, text) or (0, 0)
    assert 0 <= start <= end <= len(text)
