"""Several nodes on one MariaDB and one Redis, and the people who sit at them."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Self, TypeVar

import attrs

from naivechat.protocol.friend import AddFriendRequest, AddFriendResponse
from naivechat.protocol.message import (
    HistoryRequest,
    MessageRecord,
    MsgAckResponse,
    MsgGroupRequest,
    MsgRequest,
)
from naivechat.protocol.session import HeartbeatRequest
from tests.node_log import complaints
from tests.redis_server import RedisServer, require_redis
from tests.servers import NodeProcess, shared_mariadb
from tests.wire import WireClient

FRIEND, GROUP = 0, 1
EVENT = 4
"""The msg_type of what happened to a group."""

Pushed = TypeVar("Pushed")

_numbers = itertools.count(1)


@attrs.frozen
class Cluster:
    """Nodes that all wished the same name, in the order they are listed, and the Redis between them."""

    nodes: tuple[NodeProcess, ...]
    redis: RedisServer


@contextmanager
def new_cluster(count: int) -> Iterator[Cluster]:
    """Start `count` nodes at one moment on a new database; at the end none may have met an error of its own.

    Raises:
        SkipTest: a server is not installed, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    require_redis()
    database = shared_mariadb().create_database()
    with RedisServer() as redis:
        nodes = tuple(
            NodeProcess(db=database, redis=redis.url, registration="open", limits="off", node_name="twin")
            for _ in range(count)
        )
        with started_at_once(nodes):
            yield Cluster(nodes, redis)


@contextmanager
def started_at_once(nodes: Sequence[NodeProcess]) -> Iterator[None]:
    """Start all nodes at one moment, and end them; none may have met an error of its own by then."""
    # A process dies with the thread that started it: the threads stay as long as the nodes.
    with ThreadPoolExecutor(len(nodes)) as starters, ExitStack() as ending:
        for node in nodes:
            ending.callback(node.close)
        list(starters.map(NodeProcess.start, nodes))
        yield
        for node in nodes:
            assert complaints(node.log_text) == []


class Person(WireClient):
    """Somebody who is logged in, on one device."""

    user_id = ""
    _uuids = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    @classmethod
    def arrives(cls, node: NodeProcess, name: str, *, device: str | None = None) -> Self:
        """Somebody new, whose id begins with `name`."""
        person = cls(node.port, node.host)
        person.user_id = f"{name}-{next(_numbers)}"
        person.register(person.user_id)
        person.login(person.user_id, device=device)
        return person

    def comes_to(self, node: NodeProcess, *, device: str | None = None) -> "Person":
        """The same person, by password, on another connection."""
        other = Person(node.port, node.host)
        other.user_id = self.user_id
        other.login(self.user_id, device=device)
        return other

    def moves_to(self, node: NodeProcess, *, device: str | None = None) -> "Person":
        """The same person by the token they have, on another connection."""
        assert self.login_response is not None
        other = Person(node.port, node.host)
        other.user_id = self.user_id
        other.reconnect(self.user_id, self.login_response.token, device=device)
        return other

    @property
    def node_name(self) -> str:
        """What the node they are at called itself at the login."""
        assert self.login_response is not None
        return self.login_response.node

    @property
    def neighbours(self) -> set[str]:
        """Where the login said that other nodes are."""
        assert self.login_response is not None
        return set(self.login_response.nodes or ())

    def befriends(self, *others: "Person") -> None:
        """Become friends, and wait until the others have heard of it."""
        for other in others:
            self.accepted(AddFriendRequest(rid=0, friend_id=other.user_id))
            other.hears(AddFriendResponse)

    def begins_to_say(self, friend: "Person", text: str) -> int:
        """Send a message to a friend without waiting for the ack; its rid."""
        uuid = next(self._uuids).to_bytes(16, "big")
        return self.send(
            MsgRequest(rid=0, friend_id=friend.user_id, msg_uuid=uuid, msg_type=0, msg_text=text)
        )

    def says(self, friend: "Person", text: str) -> MsgAckResponse:
        """Send a message to a friend; the ack."""
        return self.acked(self.begins_to_say(friend, text))

    def begins_to_say_in(self, group_id: str, text: str) -> int:
        """Send a message to a group without waiting for the ack; its rid."""
        uuid = next(self._uuids).to_bytes(16, "big")
        return self.send(MsgGroupRequest(rid=0, group_id=group_id, msg_uuid=uuid, msg_type=0, msg_text=text))

    def says_in(self, group_id: str, text: str) -> MsgAckResponse:
        """Send a message to a group; the ack."""
        return self.acked(self.begins_to_say_in(group_id, text))

    def hears(self, kind: type[Pushed], **values: Any) -> Pushed:
        """Take the first push of a kind that has these values, waiting until it comes; others stay for later."""
        while not (heard := self._pushes_of(kind, values)):
            self.pushes.append(self.receive())
        self.pushes.remove(heard[0])
        return heard[0]

    def heard(self, kind: type[Pushed], **values: Any) -> list[Pushed]:
        """The pushes of a kind with these values that the node wrote until now, in order."""
        self.accepted(HeartbeatRequest(rid=0))
        return self._pushes_of(kind, values)

    def history(self, talk_type: int, talk_id: str, after_seq: int = 0) -> list[MessageRecord]:
        """What the log holds beyond a seq."""
        found: list[MessageRecord] = []
        while True:
            last = found[-1].seq if found else after_seq
            page = self.accepted(
                HistoryRequest(rid=0, talk_type=talk_type, talk_id=talk_id, after_seq=last, limit=100)
            )
            found += page.messages
            if not page.has_more:
                return found

    def _pushes_of(self, kind: type[Pushed], values: dict[str, Any]) -> list[Pushed]:
        return [push for push in self.pushes if isinstance(push, kind) and _has(push, values)]

    def acked(self, rid: int) -> MsgAckResponse:
        """The ack of a message that was sent."""
        answer = self.answer(rid)
        assert isinstance(answer, MsgAckResponse), answer
        return answer


def _has(push: object, values: dict[str, Any]) -> bool:
    return all(getattr(push, name) == value for name, value in values.items())


Arrive = Callable[..., Person]
"""What makes somebody new, as `Person.arrives` does."""
