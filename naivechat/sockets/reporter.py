"""Tells a person's friends of coming and going, the last state always last."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.application.presence import Presence
from naivechat.domain.errors import ChatError
from naivechat.domain.node_ports import NodeDirectory
from naivechat.domain.user import UserId

MOVING_S = 1.0
"""Who moves to another node is there within this time, and the bus knows by then that they are gone from here."""

_log = Logger()


class PresenceReporter:
    """Calls `Presence` once for each change, one call at a time for each person. Of a coming when `introduce` names the friends.

    Who goes and comes back while friends are being told is looked at again afterwards, so however quickly somebody
    reconnects, friends end up with what is true. Where there are other nodes, a going is told a moment later, and only when
    the person is on none of them.

    Args:
        seen: notes who came or went here just now, also while the node leaves.
    """

    def __init__(
        self,
        presence: Presence,
        is_online: Callable[[UserId], bool],
        directory: NodeDirectory,
        clock: IReactorTime,
        *,
        may_move: bool = False,
        seen: Callable[[UserId], None] | None = None,
    ) -> None:
        self._presence = presence
        self._is_online = is_online
        self._directory = directory
        self._clock = clock
        self._may_move = may_move
        self._seen = seen
        self._told_online: set[UserId] = set()
        self._unintroduced: set[UserId] = set()
        self._going: set[UserId] = set()
        self._stopped = False

    def changed(self, user_id: UserId) -> None:
        """Somebody's first session here came, or the last one went."""
        if self._seen is not None:
            self._seen(user_id)
        if self._stopped:
            return
        note = self._directory.user_came if self._is_online(user_id) else self._directory.user_went
        note(user_id)
        self._unintroduced.discard(user_id)
        if user_id not in self._going:
            self._tell(user_id)

    def introduce(self, user_id: UserId, friend_ids: tuple[UserId, ...]) -> None:
        """The friends of somebody who has come: they are told now, if they are to be told."""
        if user_id in self._unintroduced:
            self._unintroduced.discard(user_id)
            self._presence.came_online(user_id, friend_ids)

    def stop(self) -> None:
        """The node leaves: of whoever does not come to another one the others tell."""
        self._stopped = True

    def _tell(self, user_id: UserId) -> None:
        """See whether friends know what is true. What a person is shown first names the friends, soon, to tell them of a coming.

        Who goes before that comes and goes unnoticed but for the going.
        """
        online = self._is_online(user_id)
        if online == (user_id in self._told_online):
            return
        if online:
            self._told_online.add(user_id)
            self._unintroduced.add(user_id)
        else:
            self._told_online.discard(user_id)
            self._going.add(user_id)
            Deferred.fromCoroutine(self._tell_gone(user_id)).addErrback(self._failed, user_id)

    async def _tell_gone(self, user_id: UserId) -> None:
        try:
            if self._may_move:
                await deferLater(self._clock, MOVING_S)
            if not self._stopped:
                await self._presence.correct((user_id,))
        finally:
            self._going.discard(user_id)
        self._tell(user_id)

    def _failed(self, failure: Failure, user_id: UserId) -> None:
        if failure.check(ChatError):
            _log.warn(
                "friends of {user_id} were not told of coming or going: {error}",
                user_id=user_id,
                error=failure.value,
            )
        else:
            _log.failure("friends of {user_id} were not told of coming or going", failure, user_id=user_id)
