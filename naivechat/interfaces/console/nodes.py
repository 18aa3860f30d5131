"""The nodes: what each is and does, and its switches."""

from typing import Any

import attrs

from naivechat.application.cluster import Cluster
from naivechat.application.node_control import NodeControl
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.node_order import LogLevel
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit


@attrs.frozen(kw_only=True)
class NodesPage:
    """All living nodes. What an operator does to one shows there with the node's next heartbeat."""

    _cluster: Cluster
    _control: NodeControl

    async def show(self, visit: Visit) -> Answer:
        """The page."""
        return page(render("nodes.html", visit, **self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The nodes as they are now, to be put into the page."""
        return page(render("node_cards.html", visit, **self._seen(visit)))

    async def drain(self, visit: Visit) -> Answer:
        """Let a node take no more connections."""
        name = visit.arrival.form.get("node", "")
        await self._control.drain(visit.acting, name)
        return done(visit, visit.words("{node} was told to drain: its people go to other nodes.", node=name))

    async def resume(self, visit: Visit) -> Answer:
        """Let it take connections again."""
        name = visit.arrival.form.get("node", "")
        await self._control.resume(visit.acting, name)
        return done(visit, visit.words("{node} was told to take connections again.", node=name))

    async def set_log_level(self, visit: Visit) -> Answer:
        """From which level on it logs."""
        name = visit.arrival.form.get("node", "")
        level = _level(visit.arrival.form.get("level", ""))
        await self._control.set_log_level(visit.acting, name, level)
        sentence = visit.words("{node} was told to log from {level} on.", node=name, level=level.value)
        return done(visit, sentence)

    def _seen(self, visit: Visit) -> dict[str, Any]:
        return {
            "nodes": self._cluster.list_nodes(),
            "own_name": self._cluster.own_name,
            "levels": [level.value for level in LogLevel],
            "may_change": visit.acting.may_change,
        }


def _level(text: str) -> LogLevel:
    try:
        return LogLevel(text)
    except ValueError:
        raise InvalidRequest("level", "warn, info or debug") from None
