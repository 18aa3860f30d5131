"""When people were last there: noted as they come and go, written a little later, many at a time."""

import itertools

import attrs

from naivechat.domain.directory_ports import AccountDirectory
from naivechat.domain.ports import Clock
from naivechat.domain.user import UserId

NOTED_A_PORTION = 500


@attrs.define(kw_only=True)
class Attendance:
    """Notes when somebody's first session on this node comes and the last one goes."""

    _directory: AccountDirectory
    _clock: Clock
    _seen: dict[UserId, int] = attrs.field(factory=dict, init=False)

    def note(self, user_id: UserId) -> None:
        """Somebody came or went just now."""
        self._seen[user_id] = self._clock()

    async def save(self) -> None:
        """Write what was noted; what could not be written is kept for the next time. Unavailable."""
        while self._seen:
            portion = dict(itertools.islice(self._seen.items(), NOTED_A_PORTION))
            await self._directory.note_seen(portion)
            for user_id, at_ms in portion.items():
                if self._seen.get(user_id) == at_ms:
                    del self._seen[user_id]
