"""What operators, and tokens of single bots, do with bots; what is done is written down, and what was refused."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import attrs

from naivechat.application.audit import AuditTrail
from naivechat.application.bots import Bots
from naivechat.application.supervision import Supervision
from naivechat.domain.appending import Appended
from naivechat.domain.audit import AuditAction, DetailValue
from naivechat.domain.operator import ActingOperator
from naivechat.domain.talk import TalkAddress, talk_id_of
from naivechat.domain.user import User, UserId

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class BotAdministration:
    """Every method takes who asks for it. Forbidden for viewers, and for the tokens of other bots, beside what each refuses itself."""

    _bots: Bots
    _audit: AuditTrail

    async def create(self, by: ActingOperator, user_id: UserId, nickname: str, avatar: str = "") -> User:
        """Make an account for which programs write. InvalidRequest, UserExists."""

        async def work() -> User:
            return await self._bots.create(user_id, nickname, avatar)

        action = AuditAction.BOT_CREATE
        made = await Supervision(self._audit).permitted(by, action, user_id, work)
        await self._audit.record(by, action, user_id)
        return made

    async def accept_friend(self, by: ActingOperator, bot_id: UserId, asker_id: UserId) -> None:
        """Let a bot become the friend of somebody who has asked it. NotFound, Forbidden: a person's account."""

        async def work() -> None:
            await self._bots.accept_friend(bot_id, asker_id)

        await self._do(by, AuditAction.BOT_FRIEND, bot_id, work, friend=asker_id)

    async def send(
        self, by: ActingOperator, bot_id: UserId, address: TalkAddress, text: str, msg_uuid: bytes
    ) -> Appended:
        """Write in a bot's name; see `Bots.send` for `msg_uuid` and what is refused."""

        async def work() -> Appended:
            return await self._bots.send(bot_id, address, text, msg_uuid)

        talk_id = talk_id_of(bot_id, address)
        return await self._do(by, AuditAction.BOT_SEND, bot_id, work, talk=talk_id, characters=len(text))

    async def _do(
        self,
        by: ActingOperator,
        action: AuditAction,
        bot_id: UserId,
        work: Callable[[], Awaitable[T]],
        **detail: DetailValue,
    ) -> T:
        is_allowed = by.may_write_for(bot_id)
        result = await Supervision(self._audit).allowed(is_allowed, by, action, bot_id, work, **detail)
        await self._audit.record(by, action, bot_id, **detail)
        return result
