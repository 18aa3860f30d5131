"""Whom a name means, and how talks are listed."""

import pytest

from naivechat.client.state import ChatState
from naivechat.client.talk import FRIEND, GROUP, TalkKey
from naivechat.protocol.friend import FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.terminal.commands import CommandError
from naivechat.terminal.names import find_talk, list_names, title


def friend(user_id: str, nickname: str, remark: str = "") -> FriendRecord:
    return FriendRecord(user_id=user_id, nickname=nickname, avatar="", remark=remark, online=False)


def group(group_id: str, name: str) -> GroupRecord:
    return GroupRecord(group_id=group_id, name=name, avatar="", notice="", owner_id="li", member_count=2)


@pytest.fixture
def state() -> ChatState:
    state = ChatState()
    friends = (
        friend("li", "李雷"),
        friend("han", "韩梅梅", "Mei"),
        friend("anna", "Anna B"),
        friend("annc", "Anna C"),
    )
    state.friends = {one.user_id: one for one in friends}
    state.groups = {"g1": group("g1", "Li")}
    return state


def test_talks_are_called_after_the_friend_or_the_group(state: ChatState) -> None:
    assert title(state, TalkKey(FRIEND, "li")) == "李雷"
    assert title(state, TalkKey(GROUP, "g1")) == "Li"
    assert title(state, TalkKey(GROUP, "gone")) == "gone"


@pytest.mark.parametrize(("name", "address"), [("李雷", (FRIEND, "li")), ("mei", (FRIEND, "han")), ("ANNA B", (FRIEND, "anna")), ("g1", (GROUP, "g1")), ("M", (FRIEND, "han"))])  # fmt: skip
def test_a_talk_is_found_by_id_by_name_or_by_the_beginning_of_a_name(
    state: ChatState, name: str, address: tuple[int, str]
) -> None:
    assert find_talk(state, name) == address


def test_an_exact_id_wins_over_the_same_name_of_another(state: ChatState) -> None:
    assert find_talk(state, "li") == (FRIEND, "li")


def test_an_ambiguous_name_lists_whom_it_may_mean(state: ChatState) -> None:
    with pytest.raises(CommandError, match=r"Anna B \(anna\), Anna C \(annc\)"):
        find_talk(state, "Ann")
    with pytest.raises(CommandError, match="Several are called so"):
        find_talk(state, "lI")


def test_an_unknown_name_says_where_to_look(state: ChatState) -> None:
    with pytest.raises(CommandError, match="No friend or group is called Zoe"):
        find_talk(state, "Zoe")


def test_names_to_complete_are_names_and_ids_without_doubles(state: ChatState) -> None:
    names = list_names(state)
    assert len(set(names)) == len(names)
    assert {"李雷", "li", "Mei", "g1"} <= set(names)
