"""Nodes: being known to the others, and knowing them."""

from collections.abc import Callable

import attrs

from naivechat.application.presence import Presence
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_ports import NodeDirectory


@attrs.frozen(kw_only=True)
class Neighbourhood:
    """What one heartbeat has found: the name this node has, and the other nodes by name."""

    name: str
    others: tuple[NodeStatus, ...]


@attrs.define(kw_only=True)
class Nodes:
    """This node among the others.

    `describe` gives its present state; `own` is what it was at the last heartbeat, `now` what that has found.
    """

    _directory: NodeDirectory
    _presence: Presence
    _describe: Callable[[], NodeStatus]
    own: NodeStatus = attrs.field(init=False)
    now: Neighbourhood = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.own = self._describe()
        self.now = Neighbourhood(name=self.own.name, others=())

    async def beat(self) -> Neighbourhood:
        """Say that this node is there, and look who else is.

        Raises:
            Unavailable: the directory is away; what was found before stands.
        """
        status = self._describe()
        self.own = attrs.evolve(status, name=self.now.name)
        name = await self._directory.announce(status)
        self.own = attrs.evolve(status, name=name)
        nodes = await self._directory.list_nodes()
        others = tuple(node for node in nodes if node.instance != status.instance)
        self.now = Neighbourhood(name=name, others=others)
        return self.now

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        """All living nodes, by name. Unavailable."""
        return await self._directory.list_nodes()

    async def leave(self) -> None:
        """This node is going. Unavailable."""
        await self._directory.leave()

    async def tell_of_orphans(self) -> int:
        """Tell the friends of people whose node has died, where they are on no other one; how many were looked at. Unavailable."""
        count = 0
        while orphans := await self._directory.take_orphans():
            await self._presence.correct(orphans)
            count += len(orphans)
        return count
