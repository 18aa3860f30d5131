"""Texts that are kept for a time only."""

from typing import Protocol

import attrs

from naivechat.domain.talk import TalkId


@attrs.frozen(kw_only=True)
class ExpiredPortion:
    """What one step has done: how many texts are gone, and where the next step goes on; None: all talks have been looked at."""

    count: int
    next_talk_id: TalkId | None


class MessageExpiry(Protocol):
    """Takes the texts of old messages away. The records stay, as if they had been recalled."""

    async def expire(self, before_ms: int, after_talk_id: TalkId) -> ExpiredPortion:
        """One step through the talks whose ids come after `after_talk_id` ("": from the first on), small enough to hold nobody up.

        Only what people wrote before `before_ms` goes; events of groups and recalls stay. Unavailable.
        """
