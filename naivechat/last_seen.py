"""When people were last there, kept by a running node: written every few seconds, and once more before its storage ends."""

from typing import Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from naivechat.application.attendance import Attendance
from naivechat.domain.errors import Unavailable
from naivechat.periodic import Periodic

SAVE_EVERY_S = 5.0

_log = Logger()


class Startable(Protocol):
    """The storage that is written to."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self) -> None:
        """Finish what is under way, then end."""


class LastSeen:
    """A storage that is told who was there while it works; implements `node.Startable`."""

    def __init__(self, storage: Startable, attendance: Attendance, clock: IReactorTime) -> None:
        self._storage = storage
        self._attendance = attendance
        self._saving = Periodic("last seen", attendance.save, lambda: SAVE_EVERY_S, clock)

    async def start(self) -> None:
        """Begin to work. Unavailable when the database is away."""
        await self._storage.start()
        self._saving.start()

    async def stop(self) -> None:
        """Write who went with the node, then end; a database that is away keeps nothing from ending."""
        await self._saving.stop()
        try:
            await self._attendance.save()
        except Unavailable as error:
            _log.warn("when people were last there could not be written: {error}", error=error)
        await self._storage.stop()
