"""Friends: finding people, becoming friends, ceasing to be."""

import pytest

from naivechat.application.friends import Friends
from naivechat.domain.errors import InvalidRequest, LimitReached, NotFound, NotFriend
from naivechat.domain.events import FriendAdded, FriendAsked, FriendRemoved
from naivechat.domain.friend import Friend, FriendPolicy, FriendRequest, Standing
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.unit.application.conftest import World


@pytest.fixture
def approving(world: World) -> Friends:
    """The service where the other one has to accept."""
    return world.friends_with(FriendPolicy.APPROVE)


def test_a_search_puts_the_best_first_and_never_oneself(world: World) -> None:
    ann, *_ = world.people("ann joann ann2 Annika bob")
    page = done(world.friends.search(ann, " ANN ", 20, 0))
    assert [found.user.user_id for found in page.users] == ["Annika", "ann2", "joann"]
    assert not page.has_more


def test_a_search_has_pages(world: World) -> None:
    ann, *_ = world.people("ann b1 b2 b3")
    first, second = (done(world.friends.search(ann, "b", 2, offset)) for offset in (0, 2))
    assert [len(first.users), first.has_more] == [2, True]
    assert [len(second.users), second.has_more] == [1, False]


@pytest.mark.parametrize("key", ["", " ", "\t \u3000"])
def test_a_blank_key_finds_nobody(world: World, key: str) -> None:
    ann, _ = world.people("ann bob")
    page = done(world.friends.search(ann, key, 20, 0))
    assert (page.users, page.has_more) == ((), False)


@pytest.mark.parametrize("key", ["%", "_", "\\"])
def test_wildcards_mean_themselves(world: World, key: str) -> None:
    ann, _ = world.people("ann bob")
    assert done(world.friends.search(ann, key, 20, 0)).users == ()


@pytest.mark.parametrize("limit", [0, 51])
def test_a_search_is_for_one_to_fifty(world: World, limit: int) -> None:
    ann = world.person("ann")
    with pytest.raises(InvalidRequest) as refused:
        done(world.friends.search(ann, "b", limit, 0))
    assert refused.value.key == "limit"


@pytest.mark.parametrize("limit", [1, 50])
def test_a_search_for_one_and_for_fifty_is_made(world: World, limit: int) -> None:
    ann, *_ = world.people("ann " + " ".join(f"b{number}" for number in range(51)))
    page = done(world.friends.search(ann, "b", limit, 0))
    assert (len(page.users), page.has_more) == (limit, True)


def test_a_search_tells_how_people_stand(world: World, approving: Friends) -> None:
    ann, b1, b2, _b3 = world.people("ann b1 b2 b3")
    world.befriend(ann, b1)
    done(approving.add(ann, b2.user_id, ""))
    page = done(world.friends.search(ann, "b", 50, 0))
    assert [found.standing for found in page.users] == [Standing.FRIEND, Standing.ASKED, Standing.CAN_ADD]


def test_a_disabled_person_is_not_found_nor_befriended(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(world.accounts.set_disabled(bob.user_id, True))
    world.published()
    assert done(world.friends.search(ann, "bob", 20, 0)).users == ()
    for friends in (world.friends, approving):
        with pytest.raises(NotFound):
            done(friends.add(ann, bob.user_id, ""))
    assert world.published() == []


def test_openly_both_are_friends_at_once_and_both_hear_it(world: World) -> None:
    ann, bob = world.people("ann bob")
    friend = done(world.friends.add(ann, bob.user_id, "hi"))
    assert friend == Friend(user=bob.user)
    assert world.published() == [
        FriendAdded(user_id=bob.user_id, friend=Friend(user=ann.user)),
        FriendAdded(user_id=ann.user_id, friend=Friend(user=bob.user), origin=ann.session_id),
    ]


@pytest.mark.parametrize("policy", FriendPolicy)
def test_adding_a_friend_again_answers_the_friend_and_tells_nobody(
    world: World, policy: FriendPolicy
) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    done(world.friends.set_remark(ann, bob.user_id, "Bobby"))
    friend = done(world.friends_with(policy).add(ann, bob.user_id, ""))
    assert friend == Friend(user=bob.user, remark="Bobby")
    assert world.published() == []


@pytest.mark.parametrize("policy", FriendPolicy)
def test_nobody_befriends_oneself(world: World, policy: FriendPolicy) -> None:
    ann = world.person("ann")
    with pytest.raises(InvalidRequest) as refused:
        done(world.friends_with(policy).add(ann, ann.user_id, ""))
    assert refused.value.key == "friend_id"


def test_with_approval_the_other_one_is_asked(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    assert done(approving.add(ann, bob.user_id, "hi")) is None
    request = FriendRequest(asker=ann.user, greeting="hi", asked_at_ms=world.clock.now_ms)
    assert world.published() == [FriendAsked(user_id=bob.user_id, request=request)]
    with pytest.raises(NotFriend):
        done(approving.set_remark(ann, bob.user_id, "Bobby"))


def test_asking_again_is_heard_only_with_other_words(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(approving.add(ann, bob.user_id, "hi"))
    world.published()
    assert done(approving.add(ann, bob.user_id, "hi")) is None
    assert world.published() == []
    assert done(approving.add(ann, bob.user_id, "please")) is None
    (event,) = world.published()
    assert isinstance(event, FriendAsked)
    assert event.request.greeting == "please"


def test_asking_whoever_has_asked_makes_friends(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(approving.add(ann, bob.user_id, ""))
    world.published()
    assert done(approving.add(bob, ann.user_id, "")) == Friend(user=ann.user)
    assert [type(event) for event in world.published()] == [FriendAdded, FriendAdded]
    assert not world.store.requests


def test_accepting_makes_friends_and_both_hear_it(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(approving.add(ann, bob.user_id, ""))
    world.published()
    assert done(approving.answer(bob, ann.user_id, True)) == Friend(user=ann.user)
    assert world.published() == [
        FriendAdded(user_id=ann.user_id, friend=Friend(user=bob.user)),
        FriendAdded(user_id=bob.user_id, friend=Friend(user=ann.user), origin=bob.session_id),
    ]


def test_of_a_refusal_the_asker_hears_nothing(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(approving.add(ann, bob.user_id, ""))
    world.published()
    assert done(approving.answer(bob, ann.user_id, False)) is None
    assert world.published() == []
    with pytest.raises(NotFound):
        done(approving.answer(bob, ann.user_id, True))


def test_nobody_accepts_for_another(world: World, approving: Friends) -> None:
    ann, bob = world.people("ann bob")
    done(approving.add(ann, bob.user_id, ""))
    with pytest.raises(NotFound):
        done(approving.answer(ann, bob.user_id, True))


def test_a_friendship_ends_both_ways_and_both_hear_it(world: World) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    done(world.friends.remove(ann, bob.user_id))
    assert world.published() == [
        FriendRemoved(user_id=bob.user_id, friend_id=ann.user_id),
        FriendRemoved(user_id=ann.user_id, friend_id=bob.user_id, origin=ann.session_id),
    ]
    for one, other in ((ann, bob), (bob, ann)):
        with pytest.raises(NotFriend):
            done(world.friends.remove(one, other.user_id))
    assert world.published() == []


def test_a_remark_is_seen_by_its_author_alone(world: World) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    done(world.friends.set_remark(ann, bob.user_id, "Bobby"))
    (mine,) = done(world.talks.snapshot(ann.user_id)).friends
    (theirs,) = done(world.talks.snapshot(bob.user_id)).friends
    assert (mine.remark, theirs.remark) == ("Bobby", "")


def test_a_stranger_gets_no_remark(world: World) -> None:
    ann = world.person("ann")
    with pytest.raises(NotFriend):
        done(world.friends.set_remark(ann, UserId("nobody"), "x"))


def test_an_operator_may_choose_how_many_friends_a_person_has(world: World) -> None:
    friends = world.friends_with(FriendPolicy.OPEN, most_friends=1)
    ann, bob, cid = world.people("ann bob cid")
    done(friends.add(ann, bob.user_id, ""))
    with pytest.raises(LimitReached) as caught:
        done(friends.add(cid, ann.user_id, ""))
    assert caught.value.limit == "friends"


def test_who_has_so_many_friends_cannot_ask_back_whoever_has_asked(world: World) -> None:
    friends = world.friends_with(FriendPolicy.APPROVE, most_friends=1)
    ann, bob, cid = world.people("ann bob cid")
    world.befriend(ann, bob)
    assert done(friends.add(cid, ann.user_id, "")) is None
    with pytest.raises(LimitReached):
        done(friends.add(ann, cid.user_id, ""))


def test_a_request_cannot_be_accepted_by_who_has_so_many_friends(world: World) -> None:
    friends = world.friends_with(FriendPolicy.APPROVE, most_friends=1)
    ann, bob, cid = world.people("ann bob cid")
    for asker in (ann, cid):
        done(friends.add(asker, bob.user_id, ""))
    done(friends.answer(bob, ann.user_id, True))
    with pytest.raises(LimitReached):
        done(friends.answer(bob, cid.user_id, True))


def test_standings_are_numbered_as_the_protocol_has_them() -> None:
    assert [(standing.name, int(standing)) for standing in Standing] == [
        ("CAN_ADD", 0),
        ("ASKED", 1),
        ("FRIEND", 2),
    ]
