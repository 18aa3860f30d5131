"""The link for commands and for publishing."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeAlias

import txredisapi
from twisted.internet.defer import FirstError, TimeoutError, gatherResults

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.redis.connection import Link, Site, within
from naivechat.infrastructure.redis.journal import SparseWarning
from naivechat.infrastructure.redis.protocol import RedisProtocol, Waiting

DEADLINE_S = 5.0
REFUSED_S = 3.0
"""A node writes every second: a Redis that has refused nothing for this long takes what is written again."""
_TAKES_NOTHING = ("OOM ", "MISCONF ", "READONLY ")
"""How refusals begin of a Redis without memory, one that cannot save to its disk, and a replica."""

Command: TypeAlias = Sequence[str | int | bytes]

_AWAY = "The node cannot reach Redis: try again."


class Commands:
    """Runs commands while the link is up.

    Args:
        came, went: called when it has come up and when it is lost. `up_since_s`, `refused_at_s` are by the site's clock.
        probe_channel: a channel that nobody listens to; who may not publish there is not served.
    """

    def __init__(self, site: Site, came: Callable[[], None], went: Callable[[], None]) -> None:
        self.clock = site.clock
        self.probe_channel = ""
        self.up_since_s: float | None = None
        self.refused_at_s: float | None = None
        self._came = came
        self._went = went
        self._protocol: RedisProtocol | None = None
        self._warn = SparseWarning(site.clock, "Redis refuses a command: {reason} ({count} times)")
        self._link: Link[RedisProtocol] = Link(site, self)
        self.start, self.stop = self._link.start, self._link.stop

    @property
    def is_up(self) -> bool:
        """Whether commands can be run."""
        return self._protocol is not None

    @property
    def is_refused(self) -> bool:
        """Whether Redis takes nothing that is to be kept."""
        return self.refused_at_s is not None and self.clock.seconds() - self.refused_at_s < REFUSED_S

    async def run(self, *command: str | int | bytes) -> Any:
        """Run one command: its answer. Unavailable."""
        return (await self.run_all([command]))[0]

    async def run_all(self, commands: Sequence[Command]) -> list[Any]:
        """Send commands together: their answers.

        Raises:
            Unavailable: Redis is away, takes longer than 5 s, or refuses one of them.
        """
        return await self._in_time(self._run_all(commands))

    async def run_at_once(self, commands: Sequence[Command]) -> list[Any] | None:
        """Run commands as a transaction: their answers, or None when a key that is watched has changed. Unavailable."""
        replies = (await self.run_all([("MULTI",), *commands, ("EXEC",)]))[-1]
        for reply in replies or ():
            if isinstance(reply, Exception):
                self._note_refusal(str(reply))
                raise Unavailable(_AWAY) from reply
        return replies  # type: ignore[no-any-return]

    def write(self, packed: Iterable[bytes], waiting: Iterable[Waiting]) -> None:
        """Send packed commands, with who waits for the answers. Only while the link is up."""
        assert self._protocol is not None
        self._protocol.write(packed, waiting)

    def abort(self, reason: str) -> None:
        """Close the connection, to try again."""
        if self._protocol is not None:
            self._protocol.abort(reason)

    async def _in_time(self, work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
        try:
            return await within(self.clock, DEADLINE_S, work)
        except TimeoutError as error:
            raise Unavailable(_AWAY) from error

    async def _run_all(self, commands: Sequence[Command]) -> list[Any]:
        protocol = self._protocol
        if protocol is None:
            raise Unavailable(_AWAY)
        running = [protocol.execute_command(*command) for command in commands]
        try:
            return await gatherResults(running, consumeErrors=True)
        except FirstError as error:
            cause = error.subFailure.value
            if isinstance(cause, txredisapi.ResponseError):
                self._note_refusal(str(cause))
            raise Unavailable(_AWAY) from cause

    def _note_refusal(self, reason: str) -> None:
        if reason.startswith(_TAKES_NOTHING):
            self.refused_at_s = self.clock.seconds()
        self._warn(reason)

    def build(self) -> RedisProtocol:
        """A protocol for the next connection."""
        return RedisProtocol()

    async def probe(self, protocol: RedisProtocol) -> None:
        """See whether publishing is allowed."""
        await protocol.execute_command("PUBLISH", self.probe_channel, b"")

    def came(self, protocol: RedisProtocol) -> None:
        """The link is up."""
        self._protocol = protocol
        self.up_since_s = self.clock.seconds()
        self._came()

    def went(self) -> None:
        """The link is lost."""
        self._protocol = None
        self.up_since_s = None
        self._went()
