"""Who is connected to this node, as the others find it should this node die."""

from collections.abc import Iterator, Sequence
from itertools import islice

from naivechat.domain.user import UserId
from naivechat.infrastructure.redis.commands import Command, Commands

KEPT_S = 24 * 60 * 60
USERS_A_COMMAND = 1_000


class OnlineSet:
    """A set in Redis that follows who comes and goes, and is written anew whenever it is not what it should be."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._here: set[UserId] = set()
        self._changed: set[UserId] = set()
        self._is_known = False

    def came(self, user_id: UserId) -> None:
        """Somebody is here."""
        self._here.add(user_id)
        self._changed.add(user_id)

    def went(self, user_id: UserId) -> None:
        """Somebody is not here any more."""
        self._here.discard(user_id)
        self._changed.add(user_id)

    async def note(self, key: str) -> None:
        """Bring the set up to date. It is counted, which shows a Redis that lost it, or nodes that took us for dead. Unavailable."""
        changed, self._changed = self._changed, set()
        expected = len(self._here)
        was_known, self._is_known = self._is_known, False
        if was_known:
            came = [user_id for user_id in changed if user_id in self._here]
            went = [user_id for user_id in changed if user_id not in self._here]
            commands = [*_portions("SADD", key, came), *_portions("SREM", key, went), _keep(key)]
            was_known = (await self._commands.run_all([*commands, ("SCARD", key)]))[-1] == expected
        if not was_known:
            self._changed.clear()
            await self._commands.run_all(
                [("DEL", key), *_portions("SADD", key, list(self._here)), _keep(key)]
            )
        self._is_known = True


def _keep(key: str) -> Command:
    return ("EXPIRE", key, KEPT_S)


def _portions(command: str, key: str, user_ids: Sequence[UserId]) -> Iterator[Command]:
    rest = iter(user_ids)
    while portion := tuple(islice(rest, USERS_A_COMMAND)):
        yield (command, key, *portion)
