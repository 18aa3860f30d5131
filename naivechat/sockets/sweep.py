"""Ends sessions that ended elsewhere and nobody could say so: the bus was away, or an operator worked on the database itself."""

from collections.abc import Iterator, Sequence

from naivechat.application.sessions import Sessions
from naivechat.domain.session import EndReason
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session

SWEEP_EVERY_S = 30.0
PORTION = 500


class Sweep:
    """Compares the sessions of this node with the tokens in the database."""

    def __init__(self, registry: Registry, sessions: Sessions) -> None:
        self._registry = registry
        self._sessions = sessions

    async def look(self) -> None:
        """End every session whose token is revoked. Unavailable."""
        for portion in _portions(self._registry.sessions):
            await self.look_at(portion)

    async def look_at(self, sessions: Sequence[Session], why: EndReason = EndReason.EXPIRED) -> None:
        """End those of some sessions whose token is revoked. Unavailable."""
        revoked = await self._sessions.revoked_among([session.token_hash for session in sessions])
        for session in sessions:
            if session.token_hash in revoked and session.topics:
                self._registry.end(session, why)


def _portions(sessions: Sequence[Session]) -> Iterator[Sequence[Session]]:
    for start in range(0, len(sessions), PORTION):
        yield sessions[start : start + PORTION]
