"""Groups: every change is answered by what happened, and told in the order newcomers need."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from naivechat.application.groups import Groups, make_random_group_id
from naivechat.domain.errors import ChatError, Forbidden, LimitReached, NotFound, NotMember
from naivechat.domain.events import GroupChanged, MessageStored
from naivechat.domain.group import GroupEvent, GroupEventKind, GroupId, GroupUpdate, Role
from naivechat.domain.message import GROUP_EVENT, HistoryRange
from naivechat.domain.session import Actor
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes
from naivechat.domain.user import UserId
from tests.fakes import MemoryGroups, done
from tests.unit.application.conftest import World, in_group


def told(world: World) -> tuple[list[GroupChanged], list[MessageStored]]:
    """What was published: changes, then records, and nothing else or in between."""
    events = world.published()
    changes = [event for event in events if isinstance(event, GroupChanged)]
    records = [event for event in events if isinstance(event, MessageStored)]
    assert events == [*changes, *records]
    return changes, records


def test_a_new_group_is_told_to_its_members_before_its_first_record(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    answer = done(world.groups.create(ann, "Club", "cat", [bob.user_id, cid.user_id]))
    everybody = (ann.user_id, bob.user_id, cid.user_id)
    changes, (record,) = told(world)
    assert changes == [answer]
    assert answer.event == GroupEvent(kind=GroupEventKind.CREATED, user_ids=everybody, by=ann.user_id)
    assert (answer.joined, answer.left, answer.origin) == (everybody, (), ann.session_id)
    assert (answer.group.name, answer.group.avatar, answer.group.owner_id) == ("Club", "cat", "ann")
    assert answer.group.member_count == 3
    assert (record.sender, record.origin) == (ann.user, None)
    assert (record.message.seq, record.message.msg_type) == (1, GROUP_EVENT)
    assert json.loads(record.message.text) == {"event": "created", "user_ids": [*everybody], "name": "Club"}


def test_many_people_are_spread_over_several_records_of_one_event(world: World) -> None:
    ann, *others = world.people("ann " + " ".join(f"u{number}" for number in range(100)))
    done(world.groups.create(ann, "Club", "", [other.user_id for other in others]))
    changes, records = told(world)
    assert len(changes) == 1
    people = [json.loads(record.message.text)["user_ids"] for record in records]
    assert [len(part) for part in people] == [90, 11]
    assert [record.message.seq for record in records] == [1, 2]


def test_a_person_named_twice_belongs_once(world: World) -> None:
    ann, bob = world.people("ann bob")
    answer = done(world.groups.create(ann, "Club", "", [bob.user_id, ann.user_id, bob.user_id]))
    assert answer.joined == (ann.user_id, bob.user_id)


def test_a_group_of_strangers_is_fine_but_not_of_nobody(world: World) -> None:
    ann, bob = world.people("ann bob")
    done(world.accounts.set_disabled(bob.user_id, True))
    world.published()
    for user_id in (UserId("nobody"), bob.user_id):
        with pytest.raises(NotFound):
            done(world.groups.create(ann, "Club", "", [user_id]))
    assert world.published() == []
    assert tuple(done(world.groups.list_heads(ann.user_id))) == ()


def test_a_group_ends_at_two_thousand(world: World) -> None:
    ann = world.person("ann")
    crowd = [UserId(f"u{number}") for number in range(DEFAULT_SIZES.members)]
    for user_id in crowd:
        world.store.accounts[user_id] = world.store.accounts[ann.user_id]
    with pytest.raises(LimitReached):
        done(world.groups.create(ann, "Club", "", crowd))


def test_an_operator_may_choose_how_many_members_a_group_has(world: World) -> None:
    ann, bob, cid = (person.user_id for person in world.people("ann bob cid"))
    groups = Groups(
        groups=MemoryGroups(world.store), bus=world.bus, clock=world.clock, sizes=Sizes(members=2)
    )
    by = Actor(user=world.store.accounts[ann].user)
    with pytest.raises(LimitReached):
        done(groups.create(by, "Club", "", [bob, cid]))
    pair = done(groups.create(by, "Club", "", [bob])).group
    with pytest.raises(LimitReached):
        done(groups.invite(by, pair.group_id, [cid]))


def test_the_part_of_the_log_that_a_member_reads_begins_behind_their_joining(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    group_id = world.group_of(ann)
    done(world.groups.invite(ann, group_id, [bob.user_id]))
    joined = [done(world.groups.find_joined_seq(group_id, one.user_id)) for one in (ann, bob, cid)]
    assert joined == [0, 1, None]


def test_any_member_invites_and_newcomers_read_from_joining_on(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    group_id = world.group_of(ann, bob)
    answer = done(world.groups.invite(bob, group_id, [cid.user_id, ann.user_id]))
    assert answer.event == GroupEvent(kind=GroupEventKind.JOINED, user_ids=(cid.user_id,), by=bob.user_id)
    assert (answer.joined, answer.group.member_count) == ((cid.user_id,), 3)
    page = done(world.messages.history(cid, in_group(group_id), HistoryRange()))
    assert [message.seq for message in page.messages] == [2]
    assert tuple(done(world.groups.list_heads(cid.user_id))) == (group_id,)


def test_inviting_whoever_is_in_changes_nothing_and_is_answered(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    answer = done(world.groups.invite(ann, group_id, [bob.user_id]))
    assert answer.event == GroupEvent(kind=GroupEventKind.JOINED, user_ids=(), by=ann.user_id)
    assert (answer.group.group_id, answer.joined, answer.seq) == (group_id, (), 0)
    assert world.published() == []


def test_an_owner_who_leaves_is_told_of_twice(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    group_id = world.group_of(ann, bob, cid)
    done(world.groups.set_role(ann, group_id, cid.user_id, Role.ADMIN))
    world.published()
    answer = done(world.groups.leave(ann, group_id))
    changes, records = told(world)
    assert [change.event.kind for change in changes] == [GroupEventKind.LEFT, GroupEventKind.ROLE]
    assert [change.left for change in changes] == [(ann.user_id,), ()]
    assert changes[1].event.user_ids == (cid.user_id,)
    assert answer == changes[0]
    assert answer.group.owner_id == cid.user_id
    assert [record.message.seq for record in records] == [3, 4]
    assert tuple(done(world.groups.list_heads(ann.user_id))) == ()


def test_the_last_one_leaving_dissolves_the_group(world: World) -> None:
    ann = world.person("ann")
    group_id = world.group_of(ann)
    answer = done(world.groups.leave(ann, group_id))
    assert answer.event.kind is GroupEventKind.DISSOLVED
    with pytest.raises(NotMember):
        done(world.groups.list_members(ann, group_id))


def test_whoever_is_removed_hears_it_and_is_out(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    answer = done(world.groups.remove(ann, group_id, bob.user_id))
    assert (answer.event.kind, answer.left) == (GroupEventKind.REMOVED, (bob.user_id,))
    with pytest.raises(NotMember):
        done(world.messages.history(bob, in_group(group_id), HistoryRange()))


def test_an_update_changes_what_is_given(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    answer = done(world.groups.update(ann, group_id, GroupUpdate(notice="Friday")))
    assert (answer.event.kind, answer.group.name, answer.group.notice) == ("updated", "Club", "Friday")
    world.published()
    again = done(world.groups.update(ann, group_id, GroupUpdate(notice="Friday")))
    assert again.event == GroupEvent(kind=GroupEventKind.UPDATED, user_ids=(), by=ann.user_id)
    assert world.published() == []


def test_roles_order_the_members(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    group_id = world.group_of(ann, bob, cid)
    answer = done(world.groups.set_role(ann, group_id, cid.user_id, Role.ADMIN))
    assert (answer.event.kind, answer.event.user_ids) == (GroupEventKind.ROLE, (cid.user_id,))
    members = done(world.groups.list_members(bob, group_id))
    assert [(member.user.user_id, member.role) for member in members] == [("ann", 2), ("cid", 1), ("bob", 0)]


def test_a_new_owner_leaves_the_old_one_admin(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    assert done(world.groups.set_role(ann, group_id, bob.user_id, Role.OWNER)).group.owner_id == "bob"
    members = done(world.groups.list_members(ann, group_id))
    assert [(member.user.user_id, member.role) for member in members] == [("bob", 2), ("ann", 1)]


def test_a_dissolved_group_is_told_to_all_who_were_in_it(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    answer = done(world.groups.dissolve(ann, group_id))
    assert (answer.event.kind, answer.left) == ("dissolved", (ann.user_id, bob.user_id))
    assert tuple(done(world.groups.list_heads(bob.user_id))) == ()


def refusal_of(world: World, command: str, actor: Actor, group_id: GroupId, user_id: UserId) -> str:
    """The code that a command is refused with."""
    attempts: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "invite": lambda: world.groups.invite(actor, group_id, [user_id]),
        "leave": lambda: world.groups.leave(actor, group_id),
        "remove": lambda: world.groups.remove(actor, group_id, user_id),
        "update": lambda: world.groups.update(actor, group_id, GroupUpdate(name="New")),
        "set_role": lambda: world.groups.set_role(actor, group_id, user_id, Role.ADMIN),
        "dissolve": lambda: world.groups.dissolve(actor, group_id),
        "list_members": lambda: world.groups.list_members(actor, group_id),
    }
    with pytest.raises(ChatError) as refused:
        done(attempts[command]())
    assert world.published() == []
    return refused.value.code


@pytest.mark.parametrize(
    "command", ["invite", "leave", "remove", "update", "set_role", "dissolve", "list_members"]
)
def test_a_stranger_cannot_tell_whether_a_group_exists(world: World, command: str) -> None:
    ann, bob, eve = world.people("ann bob eve")
    group_id = world.group_of(ann, bob)
    for asked_for in (group_id, GroupId("unknown")):
        assert refusal_of(world, command, eve, asked_for, bob.user_id) == "NOT_MEMBER"


@pytest.mark.parametrize("command", ["remove", "update", "set_role", "dissolve"])
def test_a_plain_member_governs_nothing(world: World, command: str) -> None:
    ann, bob, cid = world.people("ann bob cid")
    group_id = world.group_of(ann, bob, cid)
    assert refusal_of(world, command, bob, group_id, cid.user_id) == "FORBIDDEN"


@pytest.mark.parametrize("command", ["remove", "set_role"])
def test_nobody_is_removed_or_promoted_who_is_not_in(world: World, command: str) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann)
    assert refusal_of(world, command, ann, group_id, bob.user_id) == "NOT_FOUND"


def test_an_official_account_is_not_left(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.official_account(ann)
    with pytest.raises(Forbidden):
        done(world.groups.leave(bob, group_id))


def test_group_ids_are_random_and_have_the_shape_of_ids() -> None:
    made = {make_random_group_id() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"g[a-z2-7]{12}", group_id) for group_id in made)
