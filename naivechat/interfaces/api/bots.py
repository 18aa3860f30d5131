"""Operations on bots."""

import attrs

from naivechat.application.bot_administration import BotAdministration
from naivechat.domain.operator import ActingOperator
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId
from naivechat.interfaces.api.message_shapes import (
    BotFriendPlace,
    BotMessage,
    BotPlace,
    NewBot,
    SentView,
    msg_uuid_of,
    sent_view,
)
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.shapes import Once
from naivechat.interfaces.api.user_shapes import UserView, user_view


@attrs.frozen(kw_only=True)
class BotOperations:
    """Accounts in whose name programs write: the only ones, beside official accounts."""

    _bots: BotAdministration

    def table(self) -> tuple[Operation, ...]:
        """The lines of the table."""
        bot = "/bots/{user_id}"
        return (
            Operation(
                "create_bot",
                "POST",
                "/bots",
                self.create_bot,
                status=201,
                location="/users/{user_id}",
                refusals=(409,),
            ),
            Operation("send_as_bot", "POST", f"{bot}/messages", self.send, refusals=(409,), for_bots=True),
            Operation(
                "accept_friend",
                "PUT",
                f"{bot}/friends/{{friend_id}}",
                self.accept_friend,
                refusals=(409,),
                for_bots=True,
            ),
        )

    async def create_bot(self, by: ActingOperator, body: NewBot) -> UserView:
        """Make an account in whose name programs write, and to which nobody can log in."""
        user_id = UserId(body.user_id)
        return user_view(await self._bots.create(by, user_id, body.nickname, body.avatar))

    async def send(self, by: ActingOperator, place: BotPlace, headers: Once, body: BotMessage) -> SentView:
        """Write in a bot's name to a friend of it, or in a group of it."""
        address = TalkAddress(talk_type=TalkType[body.to.name], other_id=body.id)
        bot_id, msg_uuid = UserId(place.user_id), msg_uuid_of(headers)
        return sent_view(await self._bots.send(by, bot_id, address, body.text, msg_uuid))

    async def accept_friend(self, by: ActingOperator, place: BotFriendPlace) -> None:
        """Let a bot become the friend of somebody who has asked it."""
        await self._bots.accept_friend(by, UserId(place.user_id), UserId(place.friend_id))
