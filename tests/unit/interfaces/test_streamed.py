"""Long answers: at the browser's pace, whole or broken off."""

from collections.abc import AsyncIterator
from typing import Any

from twisted.internet.task import Clock
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from naivechat.domain.errors import Unavailable
from naivechat.interfaces.site import make_site
from naivechat.interfaces.streamed import Streamed
from tests.logs import logged_errors
from tests.unit.interfaces.browser import Browser


class Reader:
    """A browser that asks for pieces; `taken` lists those that were made."""

    def __init__(self, *, error: Exception | None = None, pauses: bool = False) -> None:
        self.taken: list[int] = []
        self._error = error
        self._pauses = pauses
        reader = self

        class Page(Resource):
            isLeaf = True

            def render_GET(self, request: Any) -> int:
                Streamed(reader._pieces()).begin(request)
                return int(NOT_DONE_YET)

        self.browser = Browser(make_site({"": Page()}, reactor=Clock()))
        self.browser.send(b"GET / HTTP/1.1\r\nHost: node\r\n\r\n")

    async def _pieces(self) -> AsyncIterator[bytes]:
        for number in range(5):
            self.taken.append(number)
            if number == 2 and self._pauses:
                self.browser.channel.pauseProducing()
            if number == 3 and self._error is not None:
                raise self._error
            yield b"piece %d" % number


def test_all_pieces_come_and_then_the_end() -> None:
    received = Reader().browser.received()
    assert received.count(b"piece") == 5
    assert received.endswith(b"0\r\n\r\n")


def test_a_browser_that_does_not_read_is_waited_for() -> None:
    reader = Reader(pauses=True)
    assert reader.taken == [0, 1, 2]
    assert reader.browser.received().count(b"piece") == 2
    reader.browser.channel.resumeProducing()
    assert reader.taken == [0, 1, 2, 3, 4]
    assert reader.browser.received().endswith(b"0\r\n\r\n")


def test_for_a_browser_that_has_gone_nothing_more_is_made() -> None:
    reader = Reader(pauses=True)
    reader.browser.leave()
    assert reader.taken == [0, 1, 2]


def test_what_broke_off_does_not_look_whole() -> None:
    reader = Reader(error=RuntimeError("a mistake"))
    assert not reader.browser.received().endswith(b"0\r\n\r\n")
    assert reader.browser.wire.disconnecting or reader.browser.wire.aborted
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_storage_that_goes_away_meanwhile_is_no_mistake_of_ours() -> None:
    reader = Reader(error=Unavailable())
    assert not reader.browser.received().endswith(b"0\r\n\r\n")
    assert reader.browser.wire.disconnecting or reader.browser.wire.aborted
