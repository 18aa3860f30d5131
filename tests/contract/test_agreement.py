"""The databases do what the ports in memory do, whatever people do in whatever order."""

import functools
import random
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from twisted.trial.unittest import TestCase

from naivechat.domain import group as rules
from naivechat.domain.appending import Appended, Read
from naivechat.domain.errors import ChatError
from naivechat.domain.group import Group, GroupId, GroupUpdate, Role
from naivechat.domain.message import HistoryRange, Message
from naivechat.domain.ports import Snapshot, StoredGroupChange
from naivechat.domain.talk import friend_talk_id, group_talk_id
from naivechat.domain.user import UserId
from tests import fakes
from tests.contract.stores import ALICE, BOB, CAROL, DAVE, StorageContract, account, person, recall, send
from tests.databases import OnMariaDB, OnSQLite

PEOPLE = (ALICE, BOB, CAROL, DAVE)
GROUPS = (GroupId("one"), GroupId("two"))
STEPS = 250


class InMemory:
    """The ports in memory, named as a `Storage` names them."""

    def __init__(self) -> None:
        store = fakes.Store()
        self.users, self.tokens = fakes.MemoryUsers(store), fakes.MemoryTokens(store)
        self.friends, self.groups = fakes.MemoryFriends(store), fakes.MemoryGroups(store)
        self.talks, self.log = fakes.MemoryTalks(store), fakes.MemoryLog(store)


Act = Callable[[Any], Awaitable[Any]]


class Chance:
    """Makes up what somebody does next: a function of a storage, and its name and values for a failing test to show."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._now_ms = 100_000

    def act(self) -> tuple[str, Act]:
        self._now_ms += self._random.choice((1, 1_000, 90_000))
        name = self._random.choice(
            ["message"] * 6
            + ["reading"] * 3
            + ["recalling"] * 2
            + ["listing"] * 3
            + ["friendship"] * 3
            + ["group"] * 4
        )
        method, values = getattr(self, f"_{name}")()
        return f"{method} {values}", lambda storage: _call(storage, method, values)

    def _one(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def _talk(self) -> tuple[str, UserId]:
        one, other = self._random.sample(PEOPLE, 2)
        talk = self._one(friend_talk_id(one, other), group_talk_id(self._one(*GROUPS)))
        return talk, self._one(one, one, one, self._one(*PEOPLE))

    def _message(self) -> tuple[str, tuple[Any, ...]]:
        name = bytes([self._random.randrange(250)]) * 16
        text, msg_type = self._one("hi", "你好" * 50), self._one(0, 0, 0, 2, 9)
        return "log.append", (
            send(*self._talk(), text, msg_uuid=name, msg_type=msg_type, sent_at_ms=self._now_ms),
        )

    def _reading(self) -> tuple[str, tuple[Any, ...]]:
        talk, reader = self._talk()
        wanted = HistoryRange(
            after_seq=self._one(None, self._random.randrange(9)),
            before_seq=self._one(None, self._random.randrange(9)),
            limit=self._one(1, 5, 100),
        )
        if self._one(True, False):
            return "log.history", (talk, reader, wanted)
        return "log.read", (Read(talk_id=talk, reader_id=reader, seq=self._random.randrange(12)),)  # type: ignore[arg-type]

    def _recalling(self) -> tuple[str, tuple[Any, ...]]:
        name = bytes([self._random.randrange(250)]) * 16
        entry = recall(*self._talk(), self._random.randrange(12), msg_uuid=name, sent_at_ms=self._now_ms)
        return "log.append", (entry,)

    def _listing(self) -> tuple[str, tuple[Any, ...]]:
        talk, user_id = self._talk()
        method = self._one("open", "hide", "set_flags", "get_talk", "list_audience")
        if method == "get_talk":
            return "talks.get_talk", (talk, user_id)
        if method == "list_audience":
            return "talks.list_audience", (talk, user_id, {"most": self._one(1, 2, 9)})
        flags = {name: self._one(None, True, False) for name in ("pinned", "muted")}
        if method == "set_flags":
            return "talks.set_flags", (talk, user_id, {**flags, "now_ms": self._now_ms})
        return f"talks.{method}", (talk, user_id, self._now_ms)

    def _friendship(self) -> tuple[str, tuple[Any, ...]]:
        one, other = self._random.sample([*PEOPLE, UserId("nobody")], 2)
        if one == "nobody":
            one, other = other, one
        method = self._one("befriend", "befriend", "ask", "answer", "remove", "set_remark")
        values = {
            "befriend": (self._now_ms,),
            "ask": (self._one("", "hello"), self._now_ms),
            "answer": (self._one(True, False), self._now_ms),
            "remove": (),
            "set_remark": (self._one("", "dear"),),
        }
        return f"friends.{method}", (one, other, *values[method])

    def _group(self) -> tuple[str, tuple[Any, ...]]:
        group_id, (actor, other) = self._one(*GROUPS), self._random.sample(PEOPLE, 2)
        others = tuple(self._random.sample(PEOPLE, 2))
        group = Group(
            group_id=group_id, name="New", owner_id=actor, member_count=0, official=group_id == "two"
        )
        decide, about = self._one(
            (functools.partial(_create, group=group, others=others), (actor, *others)),
            (functools.partial(rules.invite, actor_id=actor, user_ids=others), others),
            (functools.partial(rules.leave, actor_id=actor), ()),
            (functools.partial(rules.remove, actor_id=actor, user_id=other), ()),
            (
                functools.partial(rules.update, actor_id=actor, values=GroupUpdate(name=self._one("A", "B"))),
                (),
            ),
            (functools.partial(rules.set_role, actor_id=actor, user_id=other, role=self._one(*Role)), ()),
        )
        return "groups.change", (group_id, about, decide, person(actor), self._now_ms)


def _create(state: rules.GroupState, group: Group, others: tuple[UserId, ...]) -> rules.GroupChange:
    """As `rules.create`, of a group that is not there: the node never uses an id twice."""
    return rules.GroupChange(group=state.group) if state.group else rules.create(state, group, others)


async def _call(storage: Any, method: str, values: tuple[Any, ...]) -> Any:
    repository, name = method.split(".")
    named = values[-1] if isinstance(values[-1], dict) else {}
    plain = values[:-1] if named else values
    try:
        return _comparable(await getattr(getattr(storage, repository), name)(*plain, **named))
    except ChatError as refusal:
        return type(refusal)


def _comparable(result: Any) -> Any:
    """What has to agree: not the ids of events, nor orders that nobody promised."""
    if isinstance(result, StoredGroupChange):
        return set(result.change.leaving), [_without_id(m) for m in result.messages], result.change.group
    if isinstance(result, Snapshot):
        return result.talks, set(result.groups), result.friends, set(result.requests)
    if isinstance(result, Appended):
        return _without_id(result.message), result.duplicate
    if hasattr(result, "messages"):
        return [_without_id(m) for m in result.messages], result.has_more
    return set(result) if isinstance(result, tuple) else result


def _without_id(message: Message) -> Message:
    return attrs.evolve(message, msg_uuid=b"") if message.msg_type == 4 else message


class AgreementContract(StorageContract):
    async def _agree(self, seed: int) -> None:
        memory, chance, done = InMemory(), Chance(seed), []
        for storage in (memory, self.storage):
            for user_id in PEOPLE:
                await storage.users.add(account(user_id))
        for _ in range(STEPS):
            said, act = chance.act()
            done.append(said)
            self.assertEqual(await act(self.storage), await act(memory), "\n".join(done[-12:]))
        for user_id in PEOPLE:
            values = (user_id, {"since_ms": 0, "offset": 0})
            lists = [await _call(each, "talks.read_snapshot", values) for each in (self.storage, memory)]
            self.assertEqual(*lists, "\n".join(done[-12:]))

    async def test_chance_finds_no_difference(self) -> None:
        await self._agree(seed=1)

    async def test_another_chance_finds_none_either(self) -> None:
        await self._agree(seed=2)


class TestAgreementOnSQLite(OnSQLite, AgreementContract, TestCase):
    pass


class TestAgreementOnMariaDB(OnMariaDB, AgreementContract, TestCase):
    pass
