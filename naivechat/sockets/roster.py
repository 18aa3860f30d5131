"""Who is connected to this node, for its operators."""

import heapq
from collections.abc import Callable, Iterator, Sequence

import attrs

from naivechat.domain.directory import LiveSession, OnlineQuery
from naivechat.domain.user import UserId
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session


@attrs.frozen
class Roster:
    """Reads the registry; `node_name` says how the node is called at the moment."""

    _registry: Registry
    _node_name: Callable[[], str]

    def list_sessions(self, user_ids: Sequence[UserId]) -> tuple[LiveSession, ...]:
        """The sessions of these people, the oldest of each first."""
        return tuple(self._shown(session) for user_id in user_ids for session in self._registry.of(user_id))

    def list_online(self, query: OnlineQuery) -> tuple[UserId, ...]:
        """The first people by id who are meant, as many as the query's limit and one more."""
        return tuple(heapq.nsmallest(query.limit + 1, set(self._matching(query))))

    def _matching(self, query: OnlineQuery) -> Iterator[UserId]:
        if query.node not in ("", self._node_name()):
            return
        wanted = query.text.casefold()
        for session in self._registry.sessions:
            if session.user_id > query.after and (not wanted or _contains(session, wanted)):
                yield session.user_id

    def _shown(self, session: Session) -> LiveSession:
        return LiveSession(
            user_id=session.user_id,
            device=session.device,
            node=self._node_name(),
            address=session.line.address,
            began_at_ms=session.began_at_ms,
        )


def _contains(session: Session, text: str) -> bool:
    return text in session.user_id.casefold() or text in session.actor.user.nickname.casefold()
