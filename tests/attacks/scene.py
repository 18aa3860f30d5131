"""Somebody who is attacked, a group, and everybody who may try something, on a node in memory or a real one."""

import enum
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, Protocol

import attrs

from naivechat.domain.user import UserId
from naivechat.protocol.friend import AddFriendRequest, DelFriendRequest, PresenceNotice
from naivechat.protocol.group import CreateGroupRequest, RemoveMemberRequest, SetRoleRequest
from naivechat.protocol.message import MsgGroupRequest, MsgRequest
from tests.fakes import done
from tests.servers import REPOSITORY, NodeProcess
from tests.unit.sockets.node import PASSWORD as MEMORY_PASSWORD
from tests.unit.sockets.node import MemoryNode
from tests.wire import PASSWORD, WireClient, new_person

TARGET, BOSS, OUTSIDER = "target", "boss", "outsider"
ADMIN = 1


class Who(enum.Enum):
    """What somebody is to the target, who is in the group too, and to the group."""

    ANONYMOUS = "anonymous"
    SELF = "self"  # names oneself where others name the target; a plain member
    FRIEND = "friend"  # not in the group
    STRANGER = "stranger"
    MEMBER = "member"
    EX_MEMBER = "ex-member"  # removed from the group, and a friend no more
    DISABLED = "disabled"  # was a friend and a member, and comes to the door again
    ADMIN = "admin"
    OWNER = "owner"


FRIENDS = {Who.FRIEND, Who.EX_MEMBER, Who.DISABLED}
MEMBERS = {Who.SELF, Who.MEMBER, Who.EX_MEMBER, Who.DISABLED, Who.ADMIN}
OUTSIDE = {Who.ANONYMOUS, Who.DISABLED}


class Stage(Protocol):
    """A node and its storage."""

    password: str

    def connect(self) -> Any:
        """Somebody at the door; whoever stood there before may have gone."""

    def arrive(self, user_id: str) -> Any:
        """Somebody new, logged in."""

    def token_of(self, client: Any) -> bytes:
        """The token that somebody was given at the login."""

    def disable(self, user_id: str) -> None:
        """An operator disables an account."""

    def hear(self, client: Any) -> list[Any]:
        """What somebody was told since the last time."""


class MemoryStage:
    """A node in memory."""

    password = MEMORY_PASSWORD

    def __init__(self) -> None:
        self.node = MemoryNode()
        self._tokens: dict[Any, bytes] = {}

    def connect(self) -> Any:
        return self.node.connect()

    def arrive(self, user_id: str) -> Any:
        self.node.register(user_id)
        client = self.node.connect()
        self._tokens[client] = client.login(user_id).token
        return client

    def token_of(self, client: Any) -> bytes:
        return self._tokens[client]

    def disable(self, user_id: str) -> None:
        done(self.node.users.set_disabled(UserId(user_id), True))

    def hear(self, client: Any) -> list[Any]:
        return client.take()  # type: ignore[no-any-return]


class NodeStage:
    """A real node on a database of its own."""

    password = PASSWORD

    def __init__(self, node: NodeProcess, url: str) -> None:
        self._node = node
        self._url = url
        self._at_the_door: WireClient | None = None

    def connect(self) -> WireClient:
        if self._at_the_door is not None:
            self._at_the_door.close()
        self._at_the_door = WireClient(self._node.port)
        return self._at_the_door

    def arrive(self, user_id: str) -> WireClient:
        return new_person(self._node.port, user_id)

    def token_of(self, client: WireClient) -> bytes:
        assert client.login_response is not None
        return client.login_response.token

    def disable(self, user_id: str) -> None:
        command = [sys.executable, "-c", "from naivechat.cli import main; main()", "user", "disable", user_id]
        environment = {**os.environ, "NAIVECHAT_DB": self._url, "PYTHONPATH": str(REPOSITORY)}
        subprocess.run(command, env=environment, check=True, capture_output=True)

    def hear(self, client: WireClient) -> list[Any]:
        return client.take_pushes()


@attrs.frozen(kw_only=True)
class Scene:
    """All is set. `clients` has whoever is logged in, `tokens` what each one was once given."""

    stage: Stage
    group_id: str
    target: Any
    clients: dict[Who, Any]
    tokens: dict[Who, bytes]

    def client(self, who: Who) -> Any:
        """Where this one makes requests: those who are not logged in on a new connection each time."""
        return self.clients.get(who) or self.stage.connect()

    def named(self, who: Who) -> str:
        """Whom this one names in a request."""
        return who.value if who is Who.SELF else TARGET

    def me(self, who: Who) -> str:
        """The own account."""
        return BOSS if who is Who.OWNER else who.value

    def told(self) -> list[Any]:
        """What the target hears, but for who comes and goes."""
        pushes = self.stage.hear(self.target)
        return [push for push in pushes if not isinstance(push, PresenceNotice)]


def set_up(stage: Stage, cast: Iterable[Who] = Who) -> Scene:
    """Everybody arrives, becomes what they are, and the target has written to the friends and to the group."""
    accounts = [who for who in cast if who not in (Who.ANONYMOUS, Who.OWNER)]
    target, boss, _ = (stage.arrive(name) for name in (TARGET, BOSS, OUTSIDER))
    clients = {who: stage.arrive(who.value) for who in accounts}
    tokens = {who: stage.token_of(clients[who]) for who in accounts}
    for who in accounts:
        if who in FRIENDS:
            _befriend(target, who)
    members = [TARGET, *(who.value for who in accounts if who in MEMBERS)]
    made = boss.request(CreateGroupRequest(rid=0, name="group", member_ids=tuple(members)))
    group_id = made.group.group_id
    content: Any = {"rid": 0, "msg_uuid": b"g" * 16, "msg_type": 0, "msg_text": "to the group"}
    target.request(MsgGroupRequest(group_id=group_id, **content))
    for who in accounts:
        _fall_out_or_rise(boss, target, group_id, who)
    if Who.DISABLED in accounts:
        stage.disable(Who.DISABLED.value)
    tokens[Who.ANONYMOUS] = b"made up, made up, made up, made "
    tokens[Who.OWNER] = stage.token_of(boss)
    inside = {Who.OWNER: boss} | {who: clients[who] for who in accounts if who not in OUTSIDE}
    scene = Scene(stage=stage, group_id=group_id, target=target, clients=inside, tokens=tokens)
    scene.told()
    return scene


def _befriend(target: Any, who: Who) -> None:
    target.request(AddFriendRequest(rid=0, friend_id=who.value))
    uuid = who.value.encode().rjust(16, b".")
    content: Any = {"rid": 0, "msg_uuid": uuid, "msg_type": 0, "msg_text": "to a friend"}
    target.request(MsgRequest(friend_id=who.value, **content))


def _fall_out_or_rise(boss: Any, target: Any, group_id: str, who: Who) -> None:
    if who is Who.EX_MEMBER:
        boss.request(RemoveMemberRequest(rid=0, group_id=group_id, user_id=who.value))
        target.request(DelFriendRequest(rid=0, friend_id=who.value))
    if who is Who.ADMIN:
        boss.request(SetRoleRequest(rid=0, group_id=group_id, user_id=who.value, role=ADMIN))
