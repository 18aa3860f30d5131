"""What made-up people have made of the chat: groups, a talk with trouble in it, and official accounts."""

import itertools
from collections.abc import Iterator
from typing import Any

import attrs

from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.backend import Backend
from naivechat.domain.group import GroupId
from naivechat.domain.message import TEXT
from naivechat.domain.node_account import node_account_id
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import User, UserId

GROUP_NAMES = (
    "Rowing on Sundays",
    "读书会",
    "Flat 12, the neighbours",
    "Backend team",
    "Photo walks",
    "二手交易",
    "Chess by lunch",
    "Parents of 4b",
)
WORDS = (
    ("wang.wei", "Is the red bicycle still for sale?"),
    ("chen.lei", "It is. 300, and it rides well."),
    ("jonas", "Win a prize!!! Send me your password now"),
    ("wang.wei", "That is not about bicycles."),
    ("chen.jing", "Do not answer that. I have told the operators."),
    ("chen.lei", "Back to the bicycle: tomorrow at six?"),
)
TRADE, NEWS = GroupId("g06"), GroupId("news")


@attrs.define
class MadeUpChat:
    """Stores it; `now_ms` is the made-up time, of which everything is earlier."""

    _backend: Backend
    _presence: Any
    _now_ms: int
    _steps: Iterator[int] = attrs.Factory(lambda: itertools.count(1))

    def clock(self) -> int:
        """A later moment each time."""
        return self._now_ms - 9_000_000 + 61_000 * next(self._steps)

    async def add(self) -> None:
        """Groups, then what was said in one, then what operators have announced."""
        storage, bus = self._backend.storage, self._backend.bus
        messages = Messages(log=storage.log, bus=bus, clock=self.clock)
        await self._add_groups()
        for number, (user_id, text) in enumerate(WORDS):
            talk = TalkAddress(talk_type=TalkType.GROUP, other_id=TRADE)
            await messages.send(_actor(user_id), talk, bytes([number]) * 16, TEXT, text)
        officials = OfficialAccounts(
            directory=storage.group_directory,
            voice=OperatorsVoice(users=storage.users, clock=self.clock),
            messages=messages,
            presence=self._presence,
            bus=bus,
            clock=self.clock,
            make_group_id=lambda: NEWS,
        )
        await officials.create("News of the house")
        await officials.require_account(node_account_id("gamma"), "Node gamma")
        await officials.enrol(node_account_id("gamma"), [UserId("li.na"), UserId("sun.wei")])

    async def _add_groups(self) -> None:
        numbers = itertools.count(1)
        groups = Groups(
            groups=self._backend.storage.groups,
            bus=self._backend.bus,
            clock=self.clock,
            make_group_id=lambda: GroupId(f"g{next(numbers):02}"),
        )
        people = [UserId(user_id) for user_id in ("wang.wei", "chen.lei", "chen.jing", "jonas", "li.na")]
        for number, name in enumerate(GROUP_NAMES):
            owner, *others = people[number % 5 :] + people[: number % 5]
            members = tuple(others) if name == "二手交易" else tuple(others[: number % 4 + 1])
            await groups.create(_actor(owner), name, "", members)


def _actor(user_id: str) -> Actor:
    return Actor(user=User(user_id=UserId(user_id), nickname=user_id))
