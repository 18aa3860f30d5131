"""The rules of groups, decided without storage."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain import group as rules
from naivechat.domain.errors import ChatError, Forbidden, LimitReached, NotFound, NotMember
from naivechat.domain.group import (
    Group,
    GroupChange,
    GroupEventKind,
    GroupId,
    GroupState,
    GroupUpdate,
    Membership,
    Role,
)
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes
from naivechat.domain.user import UserId

OWNER, ADMIN, MEMBER, OTHER = (UserId(name) for name in ("owner", "admin", "member", "other"))
CLUB = Group(group_id=GroupId("club"), name="Club", owner_id=OWNER, member_count=3)
ROLES = {OWNER: Role.OWNER, ADMIN: Role.ADMIN, MEMBER: Role.MEMBER}


def state_of(roles: dict[UserId, Role] = ROLES, *, official: bool = False) -> GroupState:
    """A group whose members joined in the order given; everybody exists and belongs to nothing else."""
    members = {u: Membership(role=role, joined_at_ms=when) for when, (u, role) in enumerate(roles.items())}
    group = Group(
        group_id=CLUB.group_id, name="Club", owner_id=OWNER, member_count=len(roles), official=official
    )
    return GroupState(group=group, members=members, group_counts={OTHER: 0, OWNER: 0, MEMBER: 0})


def kinds(change: GroupChange) -> list[GroupEventKind]:
    return [event.kind for event in change.events]


def test_a_new_group_counts_its_people_once() -> None:
    empty = GroupState(group=None, members={}, group_counts={OWNER: 0, OTHER: 0})
    change = rules.create(empty, CLUB, (OTHER, OWNER, OTHER))
    assert (change.group.member_count, change.joining) == (2, (OWNER, OTHER))
    assert change.roles == {OWNER: Role.OWNER}


def test_nobody_belongs_to_more_than_five_hundred_groups() -> None:
    full = GroupState(
        group=None, members={}, group_counts={OWNER: DEFAULT_SIZES.groups, OTHER: DEFAULT_SIZES.groups - 1}
    )
    with pytest.raises(LimitReached):
        rules.create(full, CLUB, ())
    assert rules.create(full, attrs.evolve(CLUB, owner_id=OTHER), ()).joining == (OTHER,)


def test_a_group_takes_its_two_thousandth_member_and_no_more() -> None:
    crowd = {UserId(f"u{n}"): Role.MEMBER for n in range(DEFAULT_SIZES.members - 2)}
    state = state_of({OWNER: Role.OWNER, **crowd})
    assert rules.invite(state, OWNER, (OTHER,)).group.member_count == DEFAULT_SIZES.members
    with pytest.raises(LimitReached):
        rules.invite(state, OWNER, (OTHER, MEMBER))


def test_an_operator_may_choose_other_sizes_and_a_refusal_names_the_limit() -> None:
    empty = GroupState(group=None, members={}, group_counts={OWNER: 2, OTHER: 0})
    for sizes, limit in ((Sizes(groups=2), "groups"), (Sizes(members=1), "members")):
        with pytest.raises(LimitReached) as caught:
            rules.create(empty, CLUB, (OTHER,), sizes)
        assert caught.value.limit == limit
    with pytest.raises(LimitReached, match="at most 3 members"):
        rules.invite(state_of(), OWNER, (OTHER,), Sizes(members=3))


def test_inviting_strangers_to_the_node_is_not_found() -> None:
    with pytest.raises(NotFound):
        rules.invite(state_of(), MEMBER, (UserId("nobody"),))


def test_inviting_whoever_is_in_changes_nothing() -> None:
    assert rules.invite(state_of(), MEMBER, (OWNER, ADMIN)) == GroupChange(group=CLUB)


def test_an_owner_who_leaves_passes_the_group_on() -> None:
    change = rules.leave(state_of(), OWNER)
    assert kinds(change) == [GroupEventKind.LEFT, GroupEventKind.ROLE]
    assert (change.group.owner_id, change.roles) == (ADMIN, {ADMIN: Role.OWNER})


def test_a_member_who_leaves_changes_nothing_else() -> None:
    change = rules.leave(state_of(), MEMBER)
    assert (kinds(change), change.leaving, change.roles) == ([GroupEventKind.LEFT], (MEMBER,), {})
    assert (change.group.owner_id, change.group.member_count) == (OWNER, 2)


def test_the_last_one_leaving_dissolves_the_group() -> None:
    change = rules.leave(state_of({OWNER: Role.OWNER}), OWNER)
    assert (kinds(change), change.dissolved, change.leaving) == ([GroupEventKind.DISSOLVED], True, (OWNER,))


@given(
    st.dictionaries(
        st.sampled_from("abcdef").map(UserId), st.sampled_from([Role.ADMIN, Role.MEMBER]), min_size=1
    )
)
def test_the_heir_is_the_longest_standing_of_the_highest_role(others: dict[UserId, Role]) -> None:
    heir = rules.successor(state_of({OWNER: Role.OWNER, **others}), OWNER)
    best = max(others.values())
    assert heir == next(user_id for user_id, role in others.items() if role is best)


def test_of_equals_the_first_by_id_inherits() -> None:
    same_moment = Membership(role=Role.MEMBER, joined_at_ms=0)
    state = GroupState(group=CLUB, members={OTHER: same_moment, MEMBER: same_moment, OWNER: same_moment})
    assert rules.successor(state, OWNER) == MEMBER


@pytest.mark.parametrize(
    ("actor_id", "user_id", "refusal"),
    [
        (OWNER, ADMIN, None),
        (OWNER, MEMBER, None),
        (ADMIN, MEMBER, None),
        (ADMIN, OWNER, Forbidden),
        (ADMIN, ADMIN, Forbidden),
        (MEMBER, MEMBER, Forbidden),
        (OWNER, OWNER, Forbidden),
        (OWNER, OTHER, NotFound),
        (MEMBER, OTHER, Forbidden),
        (OTHER, MEMBER, NotMember),
    ],
)
def test_members_are_removed_by_those_above_them(
    actor_id: UserId, user_id: UserId, refusal: type[ChatError] | None
) -> None:
    if refusal is not None:
        with pytest.raises(refusal):
            rules.remove(state_of(), actor_id, user_id)
        return
    change = rules.remove(state_of(), actor_id, user_id)
    assert (change.leaving, change.group.member_count) == ((user_id,), 2)


def test_an_update_changes_what_is_given_and_may_empty_it() -> None:
    change = rules.update(state_of(), ADMIN, GroupUpdate(name="New", avatar=""))
    assert (change.group.name, change.group.notice, kinds(change)) == ("New", "", [GroupEventKind.UPDATED])
    assert rules.update(state_of(), ADMIN, GroupUpdate(name="Club")).events == ()


def test_only_the_owner_sets_roles_and_dissolves() -> None:
    for actor_id in (ADMIN, MEMBER):
        with pytest.raises(Forbidden):
            rules.set_role(state_of(), actor_id, MEMBER, Role.ADMIN)
        with pytest.raises(Forbidden):
            rules.dissolve(state_of(), actor_id)


def test_a_role_that_is_had_already_changes_nothing() -> None:
    assert rules.set_role(state_of(), OWNER, ADMIN, Role.ADMIN) == GroupChange(group=CLUB)
    assert rules.set_role(state_of(), OWNER, OWNER, Role.OWNER).events == ()


def test_passing_the_group_on_leaves_the_owner_admin() -> None:
    change = rules.set_role(state_of(), OWNER, MEMBER, Role.OWNER)
    assert change.group.owner_id == MEMBER
    assert change.roles == {MEMBER: Role.OWNER, OWNER: Role.ADMIN}


def test_an_owner_does_not_step_down_without_an_heir() -> None:
    with pytest.raises(Forbidden):
        rules.set_role(state_of(), OWNER, OWNER, Role.MEMBER)
    with pytest.raises(NotFound):
        rules.set_role(state_of(), OWNER, OTHER, Role.ADMIN)


def test_dissolving_sends_everybody_away() -> None:
    change = rules.dissolve(state_of(), OWNER)
    assert (change.leaving, change.group.member_count, change.dissolved) == ((OWNER, ADMIN, MEMBER), 0, True)


def test_an_official_account_is_neither_left_nor_invited_to() -> None:
    state = state_of(official=True)
    with pytest.raises(Forbidden):
        rules.leave(state, MEMBER)
    with pytest.raises(Forbidden):
        rules.invite(state, OWNER, (OTHER,))


def test_a_group_that_is_gone_has_no_members() -> None:
    with pytest.raises(NotMember):
        rules.leave(GroupState(group=None, members={}), OWNER)
    with pytest.raises(NotMember):
        rules.dissolve(attrs.evolve(state_of(), group=None), OWNER)
