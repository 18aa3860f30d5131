"""The demo data: everything is there afterwards, and a second time changes nothing."""

import pytest

from naivechat.application.accounts import Accounts
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.demo_data import GROUP_ID, HIKERS, MESSAGES, PEOPLE, DemoData
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.message import TEXT, HistoryRange
from naivechat.domain.session import Actor
from naivechat.domain.talk import group_talk_id
from naivechat.domain.user import User, UserId
from tests.fakes import (
    MemoryBus,
    MemoryFriends,
    MemoryGroups,
    MemoryLog,
    MemoryUsers,
    PlainHasher,
    SetClock,
    Store,
    done,
)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def demo(store: Store) -> DemoData:
    bus, clock, users, friends = MemoryBus(), SetClock(), MemoryUsers(store), MemoryFriends(store)
    return DemoData(
        accounts=Accounts(
            users=users, friends=friends, hasher=PlainHasher(), bus=bus, clock=clock, registration_open=False
        ),
        friends=Friends(users=users, friends=friends, bus=bus, clock=clock, policy=FriendPolicy.OPEN),
        groups=Groups(groups=MemoryGroups(store), bus=bus, clock=clock, make_group_id=lambda: GROUP_ID),
        messages=Messages(log=MemoryLog(store), bus=bus, clock=clock),
    )


def texts(store: Store) -> list[str]:
    page = done(MemoryLog(store).history(group_talk_id(GROUP_ID), UserId(HIKERS[0]), HistoryRange(limit=100)))
    return [message.text for message in page.messages if message.msg_type == TEXT]


def test_twelve_people_with_latin_and_chinese_names_get_a_password_each(demo: DemoData, store: Store) -> None:
    passwords = iter(f"password {number}" for number in range(12))
    made = done(demo.add(lambda: next(passwords)))
    assert made.keys() == PEOPLE.keys()
    assert len(set(made.values())) == len(PEOPLE) == 12
    assert any(name.isascii() for name in PEOPLE.values())
    assert any("\u4e00" <= name[0] <= "\u9fff" for name in PEOPLE.values())


def test_the_first_person_is_everybodys_friend(demo: DemoData, store: Store) -> None:
    done(demo.add(lambda: "long enough"))
    first, *others = PEOPLE
    assert set(done(MemoryFriends(store).list_friend_ids(UserId(first)))) == set(others)


def test_the_group_holds_its_first_messages(demo: DemoData, store: Store) -> None:
    done(demo.add(lambda: "long enough"))
    assert texts(store) == [text for _, text in MESSAGES]


def test_a_second_time_changes_nothing(demo: DemoData, store: Store) -> None:
    done(demo.add(lambda: "long enough"))
    assert done(demo.add(lambda: "another one")) == {}
    assert texts(store) == [text for _, text in MESSAGES]


def test_whoever_has_left_the_group_does_not_come_back(demo: DemoData, store: Store) -> None:
    done(demo.add(lambda: "long enough"))
    done(demo.groups.leave(Actor(user=User(user_id=UserId("lina"), nickname="李娜")), GROUP_ID))
    done(demo.add(lambda: "long enough"))
    assert GROUP_ID not in done(MemoryGroups(store).list_heads(UserId("lina")))
    assert texts(store) == [text for _, text in MESSAGES]
