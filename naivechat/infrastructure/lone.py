"""The bus and the directory of a node that is alone."""

from collections.abc import Collection, Sequence

from naivechat.domain.directory import LiveSessions, OnlineIds, OnlineQuery
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_ports import BusReceiver
from naivechat.domain.user import UserId


class LoneBus:
    """Reaches nobody, for there is nobody; implements `domain.node_ports.NodeBus`."""

    is_connected = True
    is_full = False
    is_shared = False
    published = received = dropped = 0

    def subscribe(self, receiver: BusReceiver) -> None:
        """Nothing will ever be received."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Nobody listens."""

    def listen(self, topic: str) -> None:
        """Nobody publishes."""

    def unlisten(self, topic: str) -> None:
        """Nobody publishes."""

    async def confirmed(self, topics: Collection[str]) -> bool:
        """There is nothing to wait for."""
        return True

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        """Of other nodes nothing is known."""
        return None


class LoneDirectory:
    """Knows nobody; implements `domain.node_ports.NodeDirectory`."""

    async def announce(self, status: NodeStatus) -> str:
        """Every name is free."""
        return status.name

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        """There are none to be found here."""
        return ()

    async def leave(self) -> None:
        """Nobody notices."""

    def user_came(self, user_id: UserId) -> None:
        """Nobody asks."""

    def user_went(self, user_id: UserId) -> None:
        """Nobody asks."""

    async def take_orphans(self) -> tuple[UserId, ...]:
        """Without other nodes there are none."""
        return ()


class LonePresence:
    """Sees nobody; implements `domain.ports.PresenceDirectory` and `domain.directory_ports.SessionDirectory` where there is no node to ask."""

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Of sessions nothing is known."""
        return frozenset()

    def reachable_among(self, user_ids: Collection[UserId]) -> tuple[UserId, ...]:
        """Of sessions nothing is known."""
        return tuple(user_ids)

    async def list_sessions(self, user_ids: Sequence[UserId]) -> LiveSessions:
        """Of sessions nothing is known."""
        return LiveSessions(is_whole=False)

    async def list_online(self, query: OnlineQuery) -> OnlineIds:
        """Of sessions nothing is known."""
        return OnlineIds(user_ids=(), has_more=False, is_whole=False)
