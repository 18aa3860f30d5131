"""A node's figures of the last seconds."""

import attrs

from naivechat.application.figures import EVERY_S, LatestFigures
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


def test_before_the_first_time_there_is_something_to_show() -> None:
    node = _Node(Totals(at_ms=7, connections=3))
    figures = LatestFigures(count=node.count, look=node.look)
    assert (figures.latest.connections, figures.latest.messages_per_s) == (3, 0)


def test_figures_tell_of_the_time_since_the_last_ones() -> None:
    node = _Node()
    figures, rates = LatestFigures(count=node.count, look=node.look), []
    for stored in (10, 0, 50):
        node.pass_time(stored)
        done(figures.take())
        rates.append((figures.latest.at_ms, figures.latest.messages_per_s))
    assert rates == [(5_000, 2), (10_000, 0), (15_000, 10)]
    assert node.looks == 3
