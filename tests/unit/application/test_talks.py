"""Talks: what stands on a person's list, and who hears of it."""

import pytest

from naivechat.domain.errors import NotFriend, NotMember
from naivechat.domain.events import TalkOpened, Typed
from naivechat.domain.group import GroupId
from naivechat.domain.message import TEXT
from naivechat.domain.session import Actor
from naivechat.domain.talk import MOST_TYPING_AUDIENCE, MOST_UNREAD, Talk, TalkAddress, TalkId
from tests.fakes import done
from tests.unit.application.conftest import World, in_group, with_friend


@pytest.fixture
def pair(world: World) -> list[Actor]:
    """Ann and Bob, friends."""
    ann, bob = pair = world.people("ann bob")
    world.befriend(ann, bob)
    return pair


def listed(world: World, actor: Actor) -> tuple[Talk, ...]:
    return done(world.talks.snapshot(actor.user_id)).talks.talks


def say(world: World, actor: Actor, address: TalkAddress, number: int, text: str = "hi") -> None:
    world.clock.now_ms += 1
    done(world.messages.send(actor, address, number.to_bytes(16, "big"), TEXT, text))


def test_a_dialogue_opened_appears_on_both_lists_as_each_sees_it(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    assert listed(world, ann) == ()
    talk = done(world.talks.open(ann, with_friend(bob)))
    assert (talk.address, talk.name, talk.last_seq) == (with_friend(bob), "Bob", 0)
    assert talk.date_ms == world.clock.now_ms
    (theirs,) = listed(world, bob)
    assert (theirs.address, theirs.name) == (with_friend(ann), "Ann")
    assert world.published() == [
        TalkOpened(user_id=bob.user_id, talk=theirs),
        TalkOpened(user_id=ann.user_id, talk=talk, origin=ann.session_id),
    ]
    assert listed(world, ann) == (talk,)


def test_a_groups_dialogue_opens_for_oneself_alone(world: World) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    for actor in (ann, bob):
        done(world.talks.hide(actor, in_group(group_id)))
    talk = done(world.talks.open(ann, in_group(group_id)))
    assert (talk.address, talk.name) == (in_group(group_id), "Club")
    assert world.published() == [TalkOpened(user_id=ann.user_id, talk=talk, origin=ann.session_id)]
    assert listed(world, bob) == ()


def test_a_hidden_dialogue_comes_back_with_its_next_message(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    say(world, ann, with_friend(bob), 1)
    done(world.talks.hide(bob, with_friend(ann)))
    assert (len(listed(world, ann)), len(listed(world, bob))) == (1, 0)
    say(world, ann, with_friend(bob), 2, "still there?")
    (talk,) = listed(world, bob)
    assert (talk.sketch, talk.last_seq, talk.unread) == ("still there?", 2, 2)


def test_flags_change_where_given(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    done(world.talks.open(ann, with_friend(bob)))
    done(world.talks.set_flags(ann, with_friend(bob), pinned=True, muted=None))
    done(world.talks.set_flags(ann, with_friend(bob), pinned=None, muted=True))
    (talk,) = listed(world, ann)
    assert (talk.pinned, talk.muted) == (True, True)
    done(world.talks.set_flags(ann, with_friend(bob), pinned=False, muted=None))
    (talk,) = listed(world, ann)
    assert (talk.pinned, talk.muted) == (False, True)
    (theirs,) = listed(world, bob)
    assert (theirs.pinned, theirs.muted) == (False, False)


def test_writing_reads_and_unread_ends_at_a_hundred(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    for number in range(MOST_UNREAD + 5):
        say(world, ann, with_friend(bob), number)
    (mine,), (theirs,) = listed(world, ann), listed(world, bob)
    assert (mine.unread, mine.read_seq) == (0, MOST_UNREAD + 5)
    assert (theirs.unread, theirs.read_seq) == (MOST_UNREAD, 0)


def test_typing_is_told_to_the_friend(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    done(world.talks.typing(ann, with_friend(bob)))
    assert world.published() == [
        Typed(talk_id=TalkId("ann:bob"), user_id=ann.user_id, audience=(bob.user_id,))
    ]


@pytest.mark.parametrize(("members", "heard_by"), [(1, 0), (50, 49), (51, 0)])
def test_typing_is_heard_in_groups_of_two_to_fifty(world: World, members: int, heard_by: int) -> None:
    ann, *others = world.people("ann " + " ".join(f"u{number}" for number in range(members - 1)))
    done(world.talks.typing(ann, in_group(world.group_of(ann, *others))))
    audiences = [event.audience for event in world.published() if isinstance(event, Typed)]
    assert [len(audience) for audience in audiences] == [heard_by] * (heard_by > 0)
    assert MOST_TYPING_AUDIENCE == 50


def test_strangers_cannot_touch_a_talk(world: World, pair: list[Actor]) -> None:
    ann, _ = pair
    eve = world.person("eve")
    addresses = {
        with_friend(ann): NotFriend,
        with_friend(eve): NotFriend,
        in_group(world.group_of(ann)): NotMember,
        in_group(GroupId("unknown")): NotMember,
    }
    for address, refusal in addresses.items():
        for attempt in (
            world.talks.open(eve, address),
            world.talks.hide(eve, address),
            world.talks.set_flags(eve, address, pinned=True, muted=None),
            world.talks.typing(eve, address),
        ):
            with pytest.raises(refusal):
                done(attempt)
    assert world.published() == []


def test_a_snapshot_begins_with_the_first_page_of_all_time(world: World) -> None:
    world.clock.now_ms = 0
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    done(world.messages.send(ann, with_friend(bob), bytes(16), TEXT, "hi"))
    assert [talk.date_ms for talk in listed(world, ann)] == [0]


def test_a_snapshot_holds_what_a_client_shows_first(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    group_id = world.group_of(ann)
    say(world, bob, with_friend(ann), 1)
    snapshot = done(world.talks.snapshot(ann.user_id))
    assert [talk.address for talk in snapshot.talks.talks] == [with_friend(bob), in_group(group_id)]
    assert [group.group_id for group in snapshot.groups] == [group_id]
    assert [friend.user for friend in snapshot.friends] == [bob.user]
    assert snapshot.requests == ()


def test_a_snapshot_leaves_out_older_dialogues_and_has_pages(world: World, pair: list[Actor]) -> None:
    ann, bob = pair
    world.group_of(ann)
    say(world, bob, with_friend(ann), 1)
    recent = done(world.talks.snapshot(ann.user_id, since_ms=world.clock.now_ms))
    assert [talk.address for talk in recent.talks.talks] == [with_friend(bob)]
    assert len(done(world.talks.snapshot(ann.user_id, offset=1)).talks.talks) == 1
