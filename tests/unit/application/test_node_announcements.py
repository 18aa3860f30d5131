"""What is announced to one node's people: who reads it, now and later."""

import pytest

from naivechat.domain.directory import OPERATORS, LiveSession, OnlineQuery
from naivechat.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, TooLarge, Unavailable
from naivechat.domain.events import PeopleEnrolled
from naivechat.domain.group import GroupId
from naivechat.domain.message import HistoryRange
from naivechat.domain.node_account import is_node_account, node_account_id
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.session import Actor
from naivechat.domain.user import UserId, is_user_id
from tests.directory_fakes import AdministrationWorld
from tests.fakes import done
from tests.unit.application.conftest import World, in_group

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR)
VIEWER = ActingOperator(operator_id=OperatorId("guest"), role=OperatorRole.VIEWER)
FIRST, SECOND = bytes(16), bytes([1]) * 16


@pytest.fixture
def desk(world: World) -> AdministrationWorld:
    return AdministrationWorld(
        world.store, accounts=world.accounts, bus=world.bus, clock=world.clock, presence=world.directory
    )


def connect(world: World, desk: AdministrationWorld, node: str, *user_ids: str) -> None:
    for user_id in user_ids:
        world.directory.online.add(UserId(user_id))
        desk.sessions.sessions.append(
            LiveSession(user_id=UserId(user_id), device="desktop", node=node, address="", began_at_ms=0)
        )


def read_by(world: World, person: Actor, group_id: str = "node.alpha") -> list[str]:
    page = done(world.messages.history(person, in_group(GroupId(group_id)), HistoryRange()))
    return [message.text for message in page.messages if message.msg_type == 0]


def belongs(world: World, person: Actor) -> bool:
    return person.user_id in world.store.members.get(GroupId("node.alpha"), {})


def test_who_is_connected_to_the_node_reads_it_and_nobody_else_does(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob, cid = world.people("ann bob cid")
    connect(world, desk, "alpha", "ann", "bob")
    connect(world, desk, "beta", "cid")
    appended = done(desk.administration.announce_to_node(ROOT, "alpha", "down at six", FIRST))
    assert (appended.message.sender_id, appended.duplicate) == (OPERATORS.user_id, False)
    assert read_by(world, ann) == read_by(world, bob) == ["down at six"]
    assert not belongs(world, cid)
    (enrolled,) = [event for event in world.published() if isinstance(event, PeopleEnrolled)]
    assert (enrolled.user_ids, enrolled.group.official) == (("ann", "bob"), True)
    assert desk.entries() == [
        ("root", "official.announce", "node.alpha", {"node": "alpha", "characters": 11})
    ]


def test_who_is_away_by_now_reads_the_next_one_later_and_who_comes_reads_from_then_on(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob = world.people("ann bob")
    connect(world, desk, "alpha", "ann")
    done(desk.administration.announce_to_node(ROOT, "alpha", "first", FIRST))
    desk.sessions.sessions.clear()
    connect(world, desk, "alpha", "bob")
    done(desk.administration.announce_to_node(ROOT, "alpha", "second", SECOND))
    assert read_by(world, ann) == ["first", "second"]
    assert read_by(world, bob) == ["second"]


def test_the_same_announcement_twice_is_stored_once(world: World, desk: AdministrationWorld) -> None:
    (ann,) = world.people("ann")
    connect(world, desk, "alpha", "ann")
    done(desk.administration.announce_to_node(ROOT, "alpha", "once", FIRST))
    assert done(desk.administration.announce_to_node(ROOT, "alpha", "once", FIRST)).duplicate
    assert read_by(world, ann) == ["once"]
    with pytest.raises(Conflict):
        done(desk.administration.announce_to_node(ROOT, "alpha", "something else", FIRST))


def test_many_people_are_taken_in_a_portion_at_a_time(world: World, desk: AdministrationWorld) -> None:
    people = world.people(" ".join(f"u{number:04}" for number in range(5_600)))
    connect(world, desk, "alpha", *(person.user_id for person in people))
    done(desk.administration.announce_to_node(ROOT, "alpha", "hello", FIRST))
    portions = [len(event.user_ids) for event in world.published() if isinstance(event, PeopleEnrolled)]
    assert (sum(portions), max(portions)) == (5_600, 500)
    assert all(
        read_by(world, person) == ["hello"]
        for person in (people[0], people[501], people[5_000], people[5_599])
    )


def test_who_registers_later_does_not_belong_to_it(world: World, desk: AdministrationWorld) -> None:
    world.people("ann")
    connect(world, desk, "alpha", "ann")
    done(desk.administration.announce_to_node(ROOT, "alpha", "hello", FIRST))
    assert not belongs(world, world.person("eve"))
    with pytest.raises(NotFound):
        done(desk.administration.enrol_everybody(ROOT, GroupId("node.alpha")))


def test_what_was_dissolved_begins_anew(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    connect(world, desk, "alpha", "ann")
    done(desk.administration.announce_to_node(ROOT, "alpha", "first", FIRST))
    done(desk.administration.dissolve_group(ROOT, GroupId("node.alpha")))
    desk.sessions.sessions.clear()
    connect(world, desk, "alpha", "bob")
    done(desk.administration.announce_to_node(ROOT, "alpha", "second", SECOND))
    assert not belongs(world, ann)
    assert read_by(world, bob) == ["second"]


@pytest.mark.parametrize(
    ("by", "node", "text", "error"),
    [
        (VIEWER, "alpha", "hello", Forbidden),
        (ROOT, "gamma", "hello", NotFound),
        (ROOT, "", "hello", NotFound),
        (ROOT, "alpha", " ", InvalidRequest),
        (ROOT, "alpha", "\ud800", InvalidRequest),
        (ROOT, "alpha", "x" * 4_001, TooLarge),
    ],
)
def test_what_is_refused_leaves_no_account_behind(
    world: World, desk: AdministrationWorld, by: ActingOperator, node: str, text: str, error: type[Exception]
) -> None:
    world.people("ann")
    connect(world, desk, "alpha", "ann")
    with pytest.raises(error):
        done(desk.administration.announce_to_node(by, node, text))
    assert not any(is_node_account(group_id) for group_id in world.store.groups)
    ((_, action, _, detail),) = desk.entries()
    assert action == "official.announce"
    assert detail["refused"]


def test_nothing_is_announced_while_a_node_does_not_say_who_is_there(
    world: World, desk: AdministrationWorld
) -> None:
    world.people("ann")
    connect(world, desk, "alpha", "ann")
    desk.sessions.silent = True
    with pytest.raises(Unavailable):
        done(desk.administration.announce_to_node(ROOT, "alpha", "hello", FIRST))
    assert not any(is_node_account(group_id) for group_id in world.store.groups)


@pytest.mark.parametrize("name", ["a", "alpha", "a" * 27, "a" * 28, "A-1.b_" * 10, "9" * 64])
def test_each_nodes_account_has_an_id_of_its_own(name: str) -> None:
    group_id = node_account_id(name)
    assert is_user_id(group_id)
    assert is_node_account(group_id)
    assert group_id not in (node_account_id(name + "b"), node_account_id(name[:-1]))


def test_other_official_accounts_are_no_nodes() -> None:
    assert not is_node_account("gabcdefghijkl")


@pytest.mark.parametrize("limit", [0, 5_001])
def test_a_question_about_who_is_there_has_bounds(limit: int) -> None:
    with pytest.raises(InvalidRequest):
        OnlineQuery(limit=limit)


def test_a_list_of_people_who_are_there_has_those_of_all_lists(desk: AdministrationWorld) -> None:
    with pytest.raises(InvalidRequest):
        done(desk.people.list_online(OnlineQuery(limit=201)))
