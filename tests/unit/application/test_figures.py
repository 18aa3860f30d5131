"""The history of a node's figures."""

import attrs

from naivechat.application.figures import EVERY_S, KEPT, FigureHistory
from naivechat.domain.figures import Totals
from tests.fakes import done


@attrs.define
class _Node:
    totals: Totals = attrs.Factory(lambda: Totals(at_ms=0))
    looks: int = 0

    def count(self) -> Totals:
        return self.totals

    async def look(self) -> None:
        self.looks += 1

    def pass_time(self, stored: int = 0) -> None:
        at_ms = self.totals.at_ms + int(EVERY_S * 1000)
        self.totals = attrs.evolve(self.totals, at_ms=at_ms, stored=self.totals.stored + stored)


def _history(node: _Node) -> FigureHistory:
    return FigureHistory(count=node.count, look=node.look)


def test_before_the_first_point_there_is_something_to_show() -> None:
    node = _Node(Totals(at_ms=7, connections=3))
    history = _history(node)
    assert history.list_since() == ()
    assert (history.latest.connections, history.latest.messages_per_s) == (3, 0)


def test_each_point_tells_of_the_time_since_the_last_one() -> None:
    node = _Node()
    history = _history(node)
    for stored in (10, 0, 50):
        node.pass_time(stored)
        done(history.take())
    assert [point.messages_per_s for point in history.list_since()] == [2, 0, 10]
    assert [point.at_ms for point in history.list_since(5_000)] == [10_000, 15_000]
    assert history.latest.messages_per_s == 10
    assert node.looks == 3


def test_it_is_bounded() -> None:
    node = _Node()
    history = _history(node)
    for _ in range(KEPT + 5):
        node.pass_time()
        done(history.take())
    points = history.list_since()
    assert len(points) == KEPT
    assert points[0].at_ms == 6 * 5_000
    assert KEPT * EVERY_S == 3_600
