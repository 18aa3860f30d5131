"""Comparing every talk with the node, when it says that it may have missed pushes for us.

A node says so to all its people at once, so each client compares after a random moment of its own, and once, however often
it was told meanwhile. What is told while a comparison is under way leads to another one: its pages may be older.

The next comparison begins where the last *whole* one began, less a minute because nodes' clocks may differ:
a page read is no promise that the pages behind it were read, too.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from naivechat.client.errors import NotConnected, RequestRefused
from naivechat.client.tasks import Tasks, sleep
from naivechat.protocol.session import LoginResponse
from naivechat.protocol.talk import SyncRequest, SyncResponse

CLOCK_TOLERANCE_MS: Final = 60_000
"""How far the clocks of nodes may be apart."""
_RETRY_S: Final = 1.0


class ReadPage(Protocol):
    """Asks the node for a page of talks; raises RequestRefused or NotConnected."""

    def __call__(self, request: SyncRequest, /) -> Awaitable[SyncResponse]: ...


class TalkSync:
    """Compares talks.

    on_page: takes each page of talks, and may refuse it by NotConnected. on_synced: hears that all pages were taken.
    """

    def __init__(
        self,
        clock: IReactorTime,
        read_page: ReadPage,
        *,
        on_page: Callable[[SyncResponse], None],
        on_synced: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._read_page = read_page
        self._on_page = on_page
        self._on_synced = on_synced
        self._synced_ms = 0
        self._timer: IDelayedCall | None = None
        self._is_running = False
        self._is_wanted_again = False
        self._tasks = Tasks()

    def went_online(self, response: LoginResponse) -> None:
        """A login has told the newest talks; those it left out are read at once."""
        self._synced_ms = response.server_time
        if response.has_more:
            self._tasks.start(self._until_done(None, len(response.talks)))

    def went_offline(self) -> None:
        """Requests cannot be made; the next login tells what a comparison would."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._is_wanted_again = False
        self._tasks.cancel_all()

    def within(self, delay_s: float) -> None:
        """Compare in `delay_s` seconds at the latest."""
        if self._is_running:
            self._is_wanted_again = True
        elif self._timer is None:
            self._timer = self._clock.callLater(delay_s, self._compare)
        elif delay_s < self._timer.getTime() - self._clock.seconds():
            self._timer.reset(delay_s)

    async def now(self) -> None:
        """Compare at once.

        Raises:
            RequestRefused, NotConnected: the comparison is not whole.
        """
        await self._read_pages(self._since_ms, 0)

    @property
    def _since_ms(self) -> int:
        return max(self._synced_ms - CLOCK_TOLERANCE_MS, 0)

    def _compare(self) -> None:
        self._timer = None
        self._is_running = True
        self._tasks.start(self._compare_until_done())

    async def _compare_until_done(self) -> None:
        try:
            await self._until_done(self._since_ms, 0)
            while self._is_wanted_again:
                self._is_wanted_again = False
                await self._until_done(self._since_ms, 0)
        finally:
            self._is_running = False

    async def _until_done(self, since_ms: int | None, offset: int) -> None:
        """Read all pages, however often that fails; the connection's end cancels it."""
        while True:
            try:
                return await self._read_pages(since_ms, offset)
            except RequestRefused as refusal:
                await sleep(self._clock, refusal.pause_s(_RETRY_S))
            except NotConnected:
                await sleep(self._clock, _RETRY_S)

    async def _read_pages(self, since_ms: int | None, offset: int) -> None:
        page = await self._read_page(SyncRequest(rid=0, since=since_ms, offset=offset))
        began_ms = page.server_time
        self._on_page(page)
        while page.has_more and page.talks:
            offset += len(page.talks)
            page = await self._read_page(SyncRequest(rid=0, since=since_ms, offset=offset))
            self._on_page(page)
        if since_ms is not None:
            self._synced_ms = max(self._synced_ms, began_ms)
        self._on_synced()
