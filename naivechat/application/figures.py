"""One hour of a node's figures, kept in memory."""

from collections import deque
from collections.abc import Awaitable, Callable

import attrs

from naivechat.domain.figures import Figures, Totals, figures_between

EVERY_S = 5.0
KEPT = 720
"""Points of one hour."""


@attrs.define(kw_only=True)
class FigureHistory:
    """A node's figures, one point every `EVERY_S` seconds.

    count: what the node has counted by now. look: looks at the database, so that `count` knows whether it is up; never raises.
    """

    _count: Callable[[], Totals]
    _look: Callable[[], Awaitable[object]]
    _before: Totals = attrs.field(init=False)
    _points: deque[Figures] = attrs.field(init=False, factory=lambda: deque(maxlen=KEPT))

    def __attrs_post_init__(self) -> None:
        self._before = self._count()

    @property
    def latest(self) -> Figures:
        """The last point; before the first one, what can be said without it."""
        return self._points[-1] if self._points else figures_between(self._before, self._before)

    async def take(self) -> None:
        """Add a point: what happened since the last one."""
        await self._look()
        now = self._count()
        self._points.append(figures_between(self._before, now))
        self._before = now

    def list_since(self, at_ms: int = 0) -> tuple[Figures, ...]:
        """The points later than `at_ms`, the oldest first; at most those of an hour."""
        return tuple(point for point in self._points if point.at_ms > at_ms)
