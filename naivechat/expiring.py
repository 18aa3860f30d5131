"""Messages that are kept for some days only, on a running node: looked through once an hour."""

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat.application.retention import Retention
from naivechat.last_seen import Startable
from naivechat.periodic import Periodic

EVERY_S = 3_600.0

_log = Logger()


class Expiring:
    """A storage whose old messages lose their texts while it works; implements `node.Startable`."""

    def __init__(self, storage: Startable, retention: Retention, clock: IReactorTime) -> None:
        self._storage = storage
        self._retention = retention
        self._looking = Periodic("old messages", self._look, lambda: EVERY_S, clock)

    async def start(self) -> None:
        """Begin to work. Unavailable when the database is away."""
        await self._storage.start()
        self._looking.start()

    async def stop(self) -> None:
        """End; what is under way is left where it is, and the next look goes on there."""
        self._retention.leave_off()
        await self._looking.stop()
        await self._storage.stop()

    async def _look(self) -> None:
        count = await self._retention.run()
        if count:
            _log.info("the texts of {count} messages were too old and are gone", count=count)
