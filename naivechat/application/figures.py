"""A node's figures of the last seconds."""

from collections.abc import Awaitable, Callable

import attrs

from naivechat.domain.figures import Figures, Totals, figures_between

EVERY_S = 5.0


@attrs.define(kw_only=True)
class LatestFigures:
    """What a node did since it was last looked at, every `EVERY_S` seconds; an hour of all nodes is kept by `cluster.Cluster`.

    count: what the node has counted by now. look: looks at the database, so that `count` knows whether it is up; never raises.
    """

    _count: Callable[[], Totals]
    _look: Callable[[], Awaitable[object]]
    _before: Totals = attrs.field(init=False)
    _latest: Figures = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._before = self._count()
        self._latest = figures_between(self._before, self._before)

    @property
    def latest(self) -> Figures:
        """Those taken last; before the first time, what can be said without."""
        return self._latest

    async def take(self) -> None:
        """Look again: what happened since the last time."""
        await self._look()
        now = self._count()
        self._latest = figures_between(self._before, now)
        self._before = now
