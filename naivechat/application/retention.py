"""How long messages are kept."""

from typing import Final

import attrs

from naivechat.domain.expiry import MessageExpiry
from naivechat.domain.ports import Clock
from naivechat.domain.talk import TalkId

DAY_MS: Final = 24 * 60 * 60 * 1000


@attrs.define(kw_only=True)
class Retention:
    """Takes away what was written more than `keep_days` days ago. Any number of nodes may do it at once."""

    _expiry: MessageExpiry
    _keep_days: int
    _clock: Clock
    _is_leaving: bool = attrs.field(default=False, init=False)

    async def run(self) -> int:
        """Go through all talks once: how many texts have expired. Unavailable; what was done until then is done."""
        before_ms, count = self._clock() - self._keep_days * DAY_MS, 0
        place: TalkId | None = TalkId("")
        while place is not None and not self._is_leaving:
            portion = await self._expiry.expire(before_ms, place)
            count += portion.count
            place = portion.next_talk_id
        return count

    def leave_off(self) -> None:
        """Do no more steps: the node leaves."""
        self._is_leaving = True
