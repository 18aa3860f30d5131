import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.model.people import Group, Member, Person, Role
from tkclient.ui.windows.create_group import MOST_NAME, joined_names
from tkclient.ui.windows.group_roles import can_edit, can_remove, role_in
from tkclient.ui.windows.people_rows import matching

NAMES = st.lists(st.text(min_size=1, max_size=MOST_NAME), min_size=1, max_size=20)


def member(user_id, role=Role.MEMBER):
    return Member(person=Person(user_id=user_id, nickname=user_id), role=role)


@given(NAMES, st.sampled_from([", ", "、"]))
def test_a_group_named_after_people_has_a_name_of_whole_names(names, separator):
    name = joined_names(names, separator)
    assert 1 <= len(name) <= MOST_NAME
    assert any(separator.join(names[:count]) == name for count in range(1, len(names) + 1))


def test_who_is_not_among_the_members_is_the_owner_by_the_group_alone():
    group = Group(group_id="g", name="g", owner_id="fox")
    assert role_in(group, "fox") is Role.OWNER
    assert role_in(group, "panda") is Role.MEMBER


def test_a_members_role_is_what_the_members_say():
    group = Group(group_id="g", name="g", owner_id="fox", members=(member("panda", Role.ADMIN),))
    assert role_in(group, "panda") is Role.ADMIN


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        (Role.OWNER, Role.ADMIN, True),
        (Role.OWNER, Role.OWNER, False),
        (Role.ADMIN, Role.MEMBER, True),
        (Role.ADMIN, Role.ADMIN, False),
        (Role.MEMBER, Role.MEMBER, False),
    ],
)
def test_one_takes_out_only_whoever_is_below_as_admin_or_owner(own, other, may):
    assert can_remove(own, member("x", other)) is may


def test_names_and_notices_are_for_owner_and_admins():
    assert [can_edit(role) for role in Role] == [False, True, True]


def test_people_are_found_by_remark_nickname_and_id_whatever_the_case():
    people = (
        Person(user_id="alice", nickname="Alice Johnson", remark="同事"),
        Person(user_id="panda", nickname="李大熊"),
    )
    for key in ("ALI", "johnson", "同事", " alice "):
        assert [person.user_id for person in matching(people, key)] == ["alice"]
    assert matching(people, "") == people
    assert matching(people, "nobody") == ()
