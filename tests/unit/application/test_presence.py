"""Presence: friends hear who comes and goes."""

from naivechat.domain.events import PresenceChanged
from tests.fakes import done
from tests.unit.application.conftest import World


def test_friends_hear_who_comes_and_goes(world: World) -> None:
    ann, bob, cid, _ = world.people("ann bob cid dan")
    world.befriend(ann, bob)
    world.befriend(cid, ann)
    friend_ids = (bob.user_id, cid.user_id)
    world.presence.came_online(ann.user_id, friend_ids)
    done(world.presence.correct((ann.user_id,)))
    assert world.published() == [
        PresenceChanged(user_id=ann.user_id, online=True, friend_ids=friend_ids),
        PresenceChanged(user_id=ann.user_id, online=False, friend_ids=friend_ids),
    ]


def test_friends_of_whom_it_is_known_that_they_are_not_there_are_told_nothing(world: World) -> None:
    ann, bob, cid = world.people("ann bob cid")
    world.befriend(ann, bob)
    world.befriend(ann, cid)
    world.directory.unreachable = {bob.user_id}
    world.presence.came_online(ann.user_id, (bob.user_id, cid.user_id))
    world.directory.unreachable |= {cid.user_id}
    done(world.presence.correct((ann.user_id,)))
    assert world.published() == [
        PresenceChanged(user_id=ann.user_id, online=True, friend_ids=(cid.user_id,)),
    ]


def test_who_is_still_there_on_another_node_has_not_gone(world: World) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    world.directory.online = {ann.user_id}
    done(world.presence.correct((ann.user_id, bob.user_id)))
    assert [(event.user_id, event.online) for event in world.published()] == [(bob.user_id, False)]


def test_who_comes_to_another_node_while_friends_are_told_ends_up_online(world: World) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    world.bus.receivers.append(lambda _: world.directory.online.add(ann.user_id))
    done(world.presence.correct((ann.user_id,)))
    assert [event.online for event in world.published()] == [False, True]


def test_presence_is_what_the_directory_says(world: World) -> None:
    ann, bob, cid = (actor.user_id for actor in world.people("ann bob cid"))
    world.directory.online = {ann, cid}
    assert done(world.presence.online_among([ann, bob])) == {ann}
