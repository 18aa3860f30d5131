"""Ends sessions that ended elsewhere and nobody could say so: the bus was away, or an operator worked on the database itself."""

from collections.abc import Iterator, Sequence

from naivechat.application.sessions import Sessions
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
        """End every session whose token is revoked or was used by a later login. Unavailable."""
        for portion in _portions(self._registry.sessions):
            held = {session.token_hash: session.login_no for session in portion}
            ended = await self._sessions.find_ended(held)
            for session in portion:
                reason = ended.get(session.token_hash)
                if reason is not None and session.topics:
                    self._registry.end(session, reason)


def _portions(sessions: Sequence[Session]) -> Iterator[Sequence[Session]]:
    for start in range(0, len(sessions), PORTION):
        yield sessions[start : start + PORTION]
