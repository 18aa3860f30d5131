import attrs
import pytest

from tests.unit.tkclient.model.test_conversation import message
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Member, Person
from tkclient.model.talk import FRIEND, GROUP, MOST_UNREAD, Talk, TalkKey

LI, WANG = TalkKey(FRIEND, "li"), TalkKey(FRIEND, "wang")
HIKERS = TalkKey(GROUP, "hikers")


def talk(key: TalkKey, **changes: object) -> Talk:
    return attrs.evolve(Talk(key=key, name=key.talk_id), **changes)  # type: ignore[arg-type]


def person(user_id: str, nickname: str = "") -> Person:
    return Person(user_id=user_id, nickname=nickname or user_id)


def group(group_id: str, **changes: object) -> Group:
    return attrs.evolve(Group(group_id=group_id, name=group_id, owner_id="li"), **changes)  # type: ignore[arg-type]


@pytest.fixture
def model() -> ChatModel:
    return ChatModel()


def test_rows_are_the_pinned_ones_first_then_the_newest(model: ChatModel) -> None:
    model.set_talks((talk(LI, date_ms=2), talk(WANG, date_ms=3), talk(HIKERS, date_ms=1, is_pinned=True)))
    assert [row.key for row in model.rows] == [HIKERS, WANG, LI]


def test_a_talk_told_twice_is_one_row(model: ChatModel) -> None:
    model.upsert_talk(talk(LI, unread=1))
    model.upsert_talk(talk(LI, unread=2))
    assert [row.unread for row in model.rows] == [2]


def test_a_talk_that_goes_is_on_the_screen_no_more(model: ChatModel) -> None:
    model.set_talks((talk(LI), talk(WANG)))
    model.selected = LI
    model.remove_talk(WANG)
    assert model.selected == LI
    model.remove_talk(LI)
    assert model.selected is None


def test_muted_talks_do_not_count_as_unread(model: ChatModel) -> None:
    model.set_talks((talk(LI, unread=3), talk(HIKERS, unread=50, is_muted=True)))
    assert model.unread == 3


def test_unread_ones_are_counted_up_to_a_bound(model: ChatModel) -> None:
    model.set_talks((talk(LI, unread=99), talk(WANG, unread=99)))
    assert model.unread == MOST_UNREAD


def test_an_empty_draft_is_none(model: ChatModel) -> None:
    model.set_draft(LI, "half a sent")
    model.set_draft(WANG, "x")
    model.set_draft(WANG, "")
    assert model.drafts == {LI: "half a sent"}


def test_members_that_were_asked_for_are_kept_when_a_group_changes(model: ChatModel) -> None:
    members = (Member(person=person("li")),)
    model.upsert_group(group("hikers", members=members))
    model.upsert_group(group("hikers", name="Hikers"))
    model.set_groups((group("hikers", name="Weekend hikers"),))
    assert model.groups["hikers"].members == members
    assert model.groups["hikers"].name == "Weekend hikers"


def test_official_accounts_are_apart_from_groups(model: ChatModel) -> None:
    model.set_groups((group("b"), group("a"), group("news", is_official=True)))
    assert [each.group_id for each in model.own_groups] == ["a", "b"]
    assert [each.group_id for each in model.official_accounts] == ["news"]


def test_friends_stand_by_the_name_one_has_for_them(model: ChatModel) -> None:
    model.set_friends(
        (person("li", "Zoe"), attrs.evolve(person("wang", "Anna"), remark="bob"), person("x", "Clara"))
    )
    assert [friend.user_id for friend in model.friend_list] == ["wang", "x", "li"]


def test_presence_of_strangers_is_nothing(model: ChatModel) -> None:
    model.upsert_friend(person("li"))
    model.set_presence("li", True)
    model.set_presence("stranger", True)
    assert [(friend.user_id, friend.is_online) for friend in model.friends.values()] == [("li", True)]


def test_a_message_of_another_talk_changes_only_that_one(model: ChatModel) -> None:
    model.set_messages(LI, (message(1),), has_older=True)
    model.append_message(WANG, message(2))
    assert len(model.messages(LI).messages) == 1
    assert len(model.messages(WANG).messages) == 1
    assert model.messages(HIKERS).messages == []


def test_typing_ends(model: ChatModel) -> None:
    model.set_typing(LI, "Li")
    assert model.typing == {LI: "Li"}
    model.set_typing(LI, "")
    assert model.typing == {}
