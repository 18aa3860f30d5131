"""Bots: what programs write, for accounts that are nobody's."""

from collections.abc import Coroutine
from typing import Any

import attrs
import pytest

from naivechat.domain.errors import (
    AuthFailed,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotFriend,
    NotMember,
    UserExists,
)
from naivechat.domain.events import FriendAdded, MessageStored
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId
from tests.directory_fakes import AdministrationWorld
from tests.fakes import done
from tests.unit.application.conftest import World, in_group, with_friend

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR, from_address="192.0.2.7")
BOT = UserId("helper")
UUID = bytes(16)


@pytest.fixture
def desk(world: World) -> AdministrationWorld:
    return AdministrationWorld(
        world.store, accounts=world.accounts, bus=world.bus, clock=world.clock, presence=world.directory
    )


def make_bot(desk: AdministrationWorld) -> Actor:
    user = done(desk.bots.create(ROOT, BOT, "Helper", ""))
    desk.entries()
    return Actor(user=user)


def send(
    desk: AdministrationWorld, address: TalkAddress, text: str = "hello", msg_uuid: bytes = UUID
) -> Coroutine[Any, Any, Any]:
    return desk.bots.send(ROOT, BOT, address, text, msg_uuid)


def test_a_bot_is_an_account_to_which_nobody_can_log_in(world: World, desk: AdministrationWorld) -> None:
    make_bot(desk)
    for password in ("", "password", world.store.accounts[BOT].password_hash):
        with pytest.raises(AuthFailed):
            done(world.accounts.authenticate(BOT, password))


def test_a_bot_is_made_once(desk: AdministrationWorld) -> None:
    make_bot(desk)
    with pytest.raises(UserExists):
        make_bot(desk)


@pytest.mark.parametrize(
    ("user_id", "nickname", "avatar", "key"),
    [
        ("a b", "Bot", "", "user_id"),
        ("bot", "", "", "nickname"),
        ("bot", "Bot", "a" * 65, "avatar"),
    ],
)
def test_a_bot_has_an_id_and_a_name_as_people_have(
    world: World, desk: AdministrationWorld, user_id: str, nickname: str, avatar: str, key: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        done(desk.bots.create(ROOT, UserId(user_id), nickname, avatar))
    assert refused.value.key == key
    assert not world.store.accounts


def test_no_bot_is_made_in_the_operators_name(world: World, desk: AdministrationWorld) -> None:
    with pytest.raises(UserExists):
        done(desk.bots.create(ROOT, UserId("naivechat.operators"), "Operators"))
    assert not world.store.accounts


def test_that_a_bot_is_made_and_whose_friend_it_becomes_is_written_down(
    world: World, desk: AdministrationWorld
) -> None:
    done(desk.bots.create(ROOT, BOT, "Helper"))
    ann = world.person("ann")
    done(world.friends_with(FriendPolicy.APPROVE).add(ann, BOT, "hello"))
    done(desk.bots.accept_friend(ROOT, BOT, ann.user_id))
    assert [entry[1:] for entry in desk.entries()] == [
        ("bot.create", BOT, {}),
        ("bot.friend", BOT, {"friend": "ann"}),
    ]


def test_what_a_bot_writes_goes_through_the_log_once_and_is_told(
    world: World, desk: AdministrationWorld
) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    world.published()
    first, again = done(send(desk, with_friend(ann))), done(send(desk, with_friend(ann)))
    assert (first.message.seq, first.duplicate, again.message.seq, again.duplicate) == (1, False, 1, True)
    (stored,) = world.published()
    assert isinstance(stored, MessageStored)
    assert (stored.message.sender_id, stored.message.text, stored.origin) == (BOT, "hello", None)


def test_the_audit_log_says_who_let_a_bot_write_and_where_but_not_what(
    world: World, desk: AdministrationWorld
) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    done(send(desk, with_friend(ann)))
    assert desk.entries() == [("root", "bot.send", BOT, {"talk": "ann:helper", "characters": 5})]


def test_a_bot_writes_only_to_friends_and_in_its_groups(world: World, desk: AdministrationWorld) -> None:
    make_bot(desk)
    ann, bob = world.people("ann bob")
    club = world.group_of(ann, bob)
    with pytest.raises(NotFriend):
        done(send(desk, with_friend(ann)))
    with pytest.raises(NotMember):
        done(send(desk, in_group(club)))
    assert [entry[3]["refused"] for entry in desk.entries()] == ["NOT_FRIEND", "NOT_MEMBER"]


def test_a_bot_writes_in_groups_that_it_was_invited_to(world: World, desk: AdministrationWorld) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    club = world.group_of(ann, bot)
    assert done(send(desk, in_group(club))).message.talk_id == f":{club}"


def test_no_program_writes_in_a_persons_name(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    with pytest.raises(Forbidden):
        done(desk.bots.send(ROOT, ann.user_id, with_friend(bob), "hello", UUID))
    assert ("ann", 1) not in world.store.log.records
    assert desk.entries()[0][3]["refused"] == "FORBIDDEN"


def test_a_bot_that_is_given_a_password_is_a_person(world: World, desk: AdministrationWorld) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    done(desk.administration.set_password(ROOT, BOT, "password"))
    with pytest.raises(Forbidden):
        done(send(desk, with_friend(ann)))


def test_a_bot_that_is_disabled_writes_nothing_until_it_is_enabled(
    world: World, desk: AdministrationWorld
) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    done(desk.administration.set_disabled(ROOT, BOT, True))
    with pytest.raises(Forbidden):
        done(send(desk, with_friend(ann)))
    done(desk.administration.set_disabled(ROOT, BOT, False))
    assert done(send(desk, with_friend(ann))).message.seq == 1


def test_what_is_nobody_or_says_nothing_is_refused(world: World, desk: AdministrationWorld) -> None:
    nobody = TalkAddress(talk_type=TalkType.FRIEND, other_id="ann")
    with pytest.raises(NotFound):
        done(send(desk, nobody))
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    for text in ("", " \n", "\ud800"):
        with pytest.raises(InvalidRequest) as refused:
            done(send(desk, with_friend(ann), text))
        assert refused.value.key == "text"
    done(send(desk, with_friend(ann)))
    with pytest.raises(Conflict):
        done(send(desk, with_friend(ann), "something else"))


@pytest.mark.parametrize(
    "by",
    [
        attrs.evolve(ROOT, role=OperatorRole.VIEWER),
        attrs.evolve(ROOT, role=OperatorRole.VIEWER, bot_id=BOT),
        attrs.evolve(ROOT, bot_id=UserId("another")),
    ],
)
def test_who_may_not_write_for_a_bot_is_refused_and_written_down(
    world: World, desk: AdministrationWorld, by: ActingOperator
) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    with pytest.raises(Forbidden):
        done(desk.bots.send(by, BOT, with_friend(ann), "hello", UUID))
    with pytest.raises(Forbidden):
        done(desk.bots.accept_friend(by, BOT, ann.user_id))
    with pytest.raises(Forbidden):
        done(desk.bots.create(by, UserId("more"), "More"))
    assert [(entry[1], entry[3]["refused"]) for entry in desk.entries()] == [
        ("bot.send", "FORBIDDEN"),
        ("bot.friend", "FORBIDDEN"),
        ("bot.create", "FORBIDDEN"),
    ]


def test_a_token_of_a_bot_writes_for_it_and_does_nothing_else(
    world: World, desk: AdministrationWorld
) -> None:
    bot, ann = make_bot(desk), world.person("ann")
    world.befriend(bot, ann)
    by = attrs.evolve(ROOT, bot_id=BOT)
    assert done(desk.bots.send(by, BOT, with_friend(ann), "hello", UUID)).message.seq == 1
    with pytest.raises(Forbidden):
        done(desk.bots.create(by, UserId("more"), "More"))
    with pytest.raises(Forbidden):
        done(desk.administration.set_password(by, ann.user_id, "another one"))


def test_a_bot_accepts_who_has_asked_it(world: World, desk: AdministrationWorld) -> None:
    make_bot(desk)
    ann = world.person("ann")
    with pytest.raises(NotFound):
        done(desk.bots.accept_friend(ROOT, BOT, ann.user_id))
    done(world.friends_with(FriendPolicy.APPROVE).add(ann, BOT, "hello"))
    world.published()
    done(desk.bots.accept_friend(ROOT, BOT, ann.user_id))
    assert {event.user_id for event in world.published() if isinstance(event, FriendAdded)} == {"ann", BOT}
    assert done(send(desk, with_friend(ann))).message.seq == 1
