"""Whom a name means, and how talks are listed."""

import attrs
import pytest

from naivechat.protocol.friend import FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.protocol.talk import TalkRecord
from naivechat.terminal.commands import CommandError
from naivechat.terminal.roster import FRIEND, GROUP, Roster


def friend(user_id: str, nickname: str, remark: str = "") -> FriendRecord:
    return FriendRecord(user_id=user_id, nickname=nickname, avatar="", remark=remark, online=False)


def group(group_id: str, name: str) -> GroupRecord:
    return GroupRecord(group_id=group_id, name=name, avatar="", notice="", owner_id="li", member_count=2)


def talk(talk_id: str, date: int, *, pinned: bool = False) -> TalkRecord:
    return TalkRecord(
        talk_type=FRIEND,
        talk_id=talk_id,
        talk_name=talk_id,
        talk_head="",
        talk_sketch="",
        talk_date=date,
        last_seq=0,
        read_seq=0,
        unread=0,
        pinned=pinned,
        muted=False,
    )


@pytest.fixture
def roster() -> Roster:
    roster = Roster(me="me", nickname="Myself")
    friends = [
        friend("li", "李雷"),
        friend("han", "韩梅梅", "Mei"),
        friend("anna", "Anna B"),
        friend("annc", "Anna C"),
    ]
    roster.replace(
        [talk("li", 1), talk("han", 2), talk("anna", 0, pinned=True)], friends, [group("g1", "Li")], []
    )
    return roster


def test_people_are_called_by_remark_then_nickname_then_id(roster: Roster) -> None:
    assert [roster.person(one) for one in ("han", "li", "stranger", "me")] == [
        "Mei",
        "李雷",
        "stranger",
        "Myself",
    ]


def test_talks_are_called_after_the_friend_or_the_group(roster: Roster) -> None:
    assert roster.title((FRIEND, "li")) == "李雷"
    assert roster.title((GROUP, "g1")) == "Li"
    assert roster.title((GROUP, "gone")) == "gone"


def test_pinned_talks_come_first_then_the_newest(roster: Roster) -> None:
    assert [one.talk_id for one in roster.list_talks()] == ["anna", "han", "li"]


@pytest.mark.parametrize(("name", "address"), [("李雷", (FRIEND, "li")), ("mei", (FRIEND, "han")), ("ANNA B", (FRIEND, "anna")), ("g1", (GROUP, "g1")), ("M", (FRIEND, "han"))])  # fmt: skip
def test_a_talk_is_found_by_id_by_name_or_by_the_beginning_of_a_name(
    roster: Roster, name: str, address: tuple[int, str]
) -> None:
    assert roster.find_talk(name) == address


def test_an_exact_id_wins_over_the_same_name_of_another(roster: Roster) -> None:
    assert roster.find_talk("li") == (FRIEND, "li")


def test_an_ambiguous_name_lists_whom_it_may_mean(roster: Roster) -> None:
    with pytest.raises(CommandError, match=r"Anna B \(anna\), Anna C \(annc\)"):
        roster.find_talk("Ann")
    with pytest.raises(CommandError, match="Several are called so"):
        roster.find_talk("LI")


def test_an_unknown_name_says_where_to_look(roster: Roster) -> None:
    with pytest.raises(CommandError, match="No friend or group is called Zoe"):
        roster.find_talk("Zoe")


def test_names_to_complete_are_names_and_ids_without_doubles(roster: Roster) -> None:
    names = roster.list_names()
    assert len(set(names)) == len(names)
    assert {"李雷", "li", "Mei", "g1"} <= set(names)


def test_only_listed_talks_are_updated(roster: Roster) -> None:
    roster.update_talk((FRIEND, "li"), unread=3)
    roster.update_talk((FRIEND, "annc"), unread=3)
    assert roster.talks[FRIEND, "li"] == attrs.evolve(talk("li", 1), unread=3)
    assert (FRIEND, "annc") not in roster.talks
