"""What a node needs to be one of many: the bus, the directory of nodes, and the news of what others have stored."""

from collections.abc import Collection, Sequence
from typing import Protocol

import attrs

from naivechat.domain.node import NodeStatus
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId


@attrs.frozen(kw_only=True)
class StoredRange:
    """Records first_seq … last_seq of a talk that another node has stored together; `joined` came into the group by them."""

    talk_id: TalkId
    first_seq: int
    last_seq: int
    joined: tuple[UserId, ...] = ()


@attrs.frozen(kw_only=True)
class News:
    """What other nodes have stored since the last look, of each talk in rising seq. Not `complete`: some of it is not known any more."""

    stored: tuple[StoredRange, ...]
    complete: bool = True


class NewsFeed(Protocol):
    """What other nodes have stored, read from the database: it misses nothing, whatever becomes of the bus."""

    async def begin(self) -> None:
        """Look from here on: what is stored by now is no news. Unavailable."""

    async def read(self) -> News:
        """What was stored since the last look, or since `begin`; what this node has stored is left out. Unavailable."""

    async def forget_old(self) -> None:
        """Remove news that every node has had time to read. Unavailable."""


class BusReceiver(Protocol):
    """Who hears what other nodes publish."""

    def received(self, topic: str, payload: bytes) -> None:
        """Another node has published on a topic that is listened to."""

    def restored(self) -> None:
        """The bus works again and all topics are listened to; what was published while it was away is lost."""


class NodeBus(Protocol):
    """Carries payloads between nodes, to those that listen to the topic at that moment.

    A hint: it may be away, and lose what it carries. Topics are short ASCII names; payloads are bytes it does not look at.
    """

    @property
    def is_connected(self) -> bool:
        """Whether what is published now is carried."""

    @property
    def is_full(self) -> bool:
        """Whether it keeps nothing of what nodes say of themselves, though it carries: they do not find each other."""

    @property
    def published(self) -> int:
        """Payloads given to the bus so far."""

    @property
    def received(self) -> int:
        """Payloads of other nodes taken from it so far."""

    @property
    def dropped(self) -> int:
        """Payloads not given to it, because it was away or did not follow."""

    @property
    def is_shared(self) -> bool:
        """Whether there may be other nodes at all."""

    def subscribe(self, receiver: BusReceiver) -> None:
        """Tell `receiver`, the only one, what other nodes publish; never what this node does."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to the other nodes that listen; never raises, never waits, in order within a topic. Dropped while the bus is away."""

    def listen(self, topic: str) -> None:
        """Receive a topic from now on, also after the bus was away."""

    def unlisten(self, topic: str) -> None:
        """Receive a topic no more."""

    async def confirmed(self, topics: Collection[str]) -> bool:
        """Wait until all of `topics`, which are listened to, are really received. False, within 5 s, when the bus is away."""

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        """How many nodes listen to each topic, this one included; None when the bus is away."""


class NodeDirectory(Protocol):
    """The nodes that are there now, and who is connected to each. What needs it goes on without it: Unavailable when it is away."""

    async def announce(self, status: NodeStatus) -> str:
        """Say that this node is there; to be called every second. A node not heard of for 8 s is dead.

        Returns:
            The name it has: the wished one, or with -2, -3 … behind it where another living node has that.
        """

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        """The living nodes by name, this one included."""

    async def leave(self) -> None:
        """This node goes, in order: it disappears at once, and who is noted to be on it is an orphan from now on."""

    def user_came(self, user_id: UserId) -> None:
        """Somebody's first session on this node has begun: noted soon."""

    def user_went(self, user_id: UserId) -> None:
        """Somebody's last session on this node has ended: noted soon."""

    async def take_orphans(self) -> tuple[UserId, ...]:
        """People who were connected to a node that has died, at most 500, each given to one node only; () when there are none."""
