"""What operators decide about groups from outside, without storage."""

import pytest

from naivechat.domain import group_administration as rules
from naivechat.domain.errors import Forbidden, NotFound
from naivechat.domain.group import Group, GroupEventKind, GroupId, GroupState, Membership, Role
from naivechat.domain.user import UserId

ANN, BOB, OPERATORS = (UserId(name) for name in ("ann", "bob", "operators"))
CLUB = Group(group_id=GroupId("club"), name="Club", owner_id=ANN, member_count=2)
NOBODY = GroupState(group=None, members={})


def state() -> GroupState:
    """Ann's group, in which Bob is."""
    members = {
        ANN: Membership(role=Role.OWNER, joined_at_ms=0),
        BOB: Membership(role=Role.MEMBER, joined_at_ms=1),
    }
    return GroupState(group=CLUB, members=members)


def test_an_official_account_begins_with_its_owner_alone() -> None:
    account = Group(group_id=GroupId("news"), name="News", owner_id=OPERATORS, member_count=7)
    change = rules.create_official(NOBODY, account)
    assert (change.group.official, change.group.member_count) == (True, 1)
    assert (change.joining, change.roles) == ((OPERATORS,), {OPERATORS: Role.OWNER})
    assert [(event.kind, event.user_ids) for event in change.events] == [
        (GroupEventKind.CREATED, (OPERATORS,))
    ]


def test_no_group_that_is_there_becomes_an_official_account() -> None:
    with pytest.raises(Forbidden):
        rules.create_official(state(), CLUB)


def test_another_name_is_an_event_and_the_same_one_is_none() -> None:
    change = rules.rename(state(), OPERATORS, "Circle")
    assert change.group.name == "Circle"
    assert [(event.kind, event.by) for event in change.events] == [(GroupEventKind.UPDATED, OPERATORS)]
    assert rules.rename(state(), OPERATORS, "Club").events == ()


def test_of_a_group_that_is_ended_everybody_goes() -> None:
    change = rules.dissolve(state(), OPERATORS)
    assert change.dissolved
    assert (change.leaving, change.group.member_count) == ((ANN, BOB), 0)
    assert [(event.kind, event.user_ids, event.by) for event in change.events] == [
        (GroupEventKind.DISSOLVED, (), OPERATORS)
    ]


def test_a_group_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        rules.rename(NOBODY, OPERATORS, "Circle")
    with pytest.raises(NotFound):
        rules.dissolve(NOBODY, OPERATORS)
