"""The overview: how all nodes are doing, now and over the last hour, and what operators did last."""

import json
from collections.abc import Sequence
from typing import Any, Final

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.cluster import Cluster, ClusterFigures
from naivechat.domain.audit import AuditFilter
from naivechat.domain.errors import Unavailable
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.audit import detail_of
from naivechat.interfaces.console.live import Event
from naivechat.interfaces.console.rendering import render, render_part
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.console.words import Words

ENTRIES_SHOWN: Final = 8


@attrs.frozen(kw_only=True)
class Overview:
    """The first page."""

    _cluster: Cluster
    _audit: AuditTrail

    async def show(self, visit: Visit) -> Answer:
        """All of it, as it is now."""
        return page(render("overview.html", visit, **await self._seen(visit.words)))

    async def history(self, visit: Visit) -> Answer:
        """The last hour as columns of numbers, for the chart."""
        columns = columns_of(self._cluster.list_since())
        return Answer(headers={"Content-Type": "application/json"}, body=json.dumps(columns).encode())

    async def draw(self, words: Words) -> tuple[Event, ...]:
        """What changes on it: its parts, and the chart's last point."""
        parts = render_part("overview_parts.html", words, **await self._seen(words))
        points = self._cluster.list_since()[-1:]
        return (
            Event(name="parts", data=parts),
            *(Event(name="point", data=json.dumps(columns_of((point,)))) for point in points),
        )

    async def _seen(self, words: Words) -> dict[str, Any]:
        try:
            found = await self._audit.read_page(AuditFilter(), limit=ENTRIES_SHOWN)
            entries, database_up = found.entries, self._cluster.own_figures().database_up
        except Unavailable:
            entries, database_up = (), False
        return {
            "figures": self._cluster.sum_up(),
            "own_name": self._cluster.own_name,
            "own": self._cluster.own_figures(),
            "database_up": database_up,
            "nodes": self._cluster.list_nodes(),
            "entries": entries,
            "detail_of": detail_of,
        }


def columns_of(points: Sequence[ClusterFigures]) -> dict[str, list[float | None]]:
    """Points as the chart takes them: a column a figure, times in seconds since 1970."""
    return {
        "time": [point.at_ms / 1000 for point in points],
        "messages": [point.messages_per_s for point in points],
        "delivery": [point.delivery_p99_ms for point in points],
    }
