"""Twelve people, friendships, and a group with a few messages: something to look at on a new node.

Doing it again changes nothing: ids, the group's name and the messages' ids are fixed.
"""

import contextlib
import itertools
import uuid
from collections.abc import Callable

import attrs

from naivechat.application.accounts import Accounts
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.domain.errors import NotMember, UserExists
from naivechat.domain.group import GroupId
from naivechat.domain.message import TEXT
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import User, UserId

PEOPLE = {
    "alice": "Alice Martin",
    "zhangwei": "张伟",
    "bob": "Bob Fischer",
    "wangfang": "王芳",
    "clara": "Clara Rossi",
    "lina": "李娜",
    "david": "David Novák",
    "liuyang": "刘洋",
    "emma": "Emma Larsen",
    "chenjing": "陈静",
    "frank": "Frank Moreau",
    "yangmin": "杨敏",
}
"""Nicknames by user id. The first one is a friend of all others; neighbours are friends too."""

GROUP_ID = GroupId("weekend-hikers")
GROUP_NAME = "周末徒步 Weekend hikers"
HIKERS = ("zhangwei", "alice", "lina", "bob", "chenjing", "emma", "yangmin")
"""Members of the group, its owner first."""

MESSAGES = (
    ("zhangwei", "大家好!这个周末去爬山怎么样?"),
    ("alice", "Hello everybody! Sunday would be fine for me 🙂"),
    ("lina", "星期天我也可以,几点出发?"),
    ("bob", "Eight o'clock at the station?"),
    ("chenjing", "好的,我带水果 🍎"),
)
"""What stands in the group: who said what."""

_NAMESPACE = uuid.UUID("6b1f1f0e-6b3e-5c39-9d0a-5a4f0d0f7397")


@attrs.frozen(kw_only=True)
class DemoData:
    """Puts the demo data into a node's storage by the same use cases that people have. `groups` names a new group GROUP_ID."""

    accounts: Accounts
    friends: Friends
    groups: Groups
    messages: Messages

    async def add(self, make_password: Callable[[], str]) -> dict[str, str]:
        """Add what is missing; the passwords of the people made now, by user id."""
        passwords = {}
        for user_id, nickname in PEOPLE.items():
            password = make_password()
            if await self._add_person(user_id, nickname, password):
                passwords[user_id] = password
        await self._add_friendships()
        await self._add_group()
        await self._add_messages()
        return passwords

    async def _add_person(self, user_id: str, nickname: str, password: str) -> bool:
        try:
            await self.accounts.add(UserId(user_id), password, nickname, "")
        except UserExists:
            return False
        return True

    async def _add_friendships(self) -> None:
        first, *others = PEOPLE
        pairs = [(first, other) for other in others] + list(itertools.pairwise(others))
        for user_id, friend_id in pairs:
            await self.friends.add(_actor(user_id), UserId(friend_id), "")

    async def _add_group(self) -> None:
        owner, *others = HIKERS
        if GROUP_ID not in await self.groups.list_heads(UserId(owner)):
            await self.groups.create(_actor(owner), GROUP_NAME, "", [UserId(other) for other in others])

    async def _add_messages(self) -> None:
        address = TalkAddress(talk_type=TalkType.GROUP, other_id=GROUP_ID)
        for sender, text in MESSAGES:
            msg_uuid = uuid.uuid5(_NAMESPACE, f"{sender} {text}").bytes
            with contextlib.suppress(NotMember):  # who has left the group since
                await self.messages.send(_actor(sender), address, msg_uuid, TEXT, text)


def _actor(user_id: str) -> Actor:
    return Actor(user=User(user_id=UserId(user_id), nickname=PEOPLE[user_id]))
