"""A long body, sent as fast as the browser takes it."""

from collections.abc import AsyncIterator
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from naivechat.domain.errors import ChatError

_log = Logger()


@implementer(IPushProducer)
class Streamed:
    """Writes pieces; waits while the browser does not read, and stops when it goes. What fails breaks the connection off."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._resumed: Deferred[None] | None = None
        self._gone = False

    def begin(self, request: Any) -> None:
        """Write the first piece as soon as there is one."""
        request.notifyFinish().addErrback(self._lost)
        request.registerProducer(self, True)
        writing = Deferred.fromCoroutine(self._write(request))
        writing.addErrback(self._failed, request)

    def pauseProducing(self) -> None:
        """Write nothing more for now."""
        if self._resumed is None:
            self._resumed = Deferred()

    def resumeProducing(self) -> None:
        """Go on."""
        resumed, self._resumed = self._resumed, None
        if resumed is not None:
            resumed.callback(None)

    def stopProducing(self) -> None:
        """The browser has gone."""
        self._gone = True
        self.resumeProducing()

    async def _write(self, request: Any) -> None:
        async for piece in self._pieces:
            if self._resumed is not None:
                await self._resumed
            if self._gone:
                return
            request.write(piece)
        request.unregisterProducer()
        request.finish()

    def _lost(self, _: Failure) -> None:
        self.stopProducing()

    def _failed(self, failure: Failure, request: Any) -> None:
        # Half a file must not look like a whole one: the missing last chunk says so.
        if failure.check(ChatError):
            _log.warn("an answer broke off: {reason}", reason=str(failure.value))
        else:
            _log.failure("an answer broke off", failure)
        if not self._gone:
            request.unregisterProducer()
            request.loseConnection()
