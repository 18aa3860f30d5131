"""Bots: accounts for which programs write, and to which nobody can log in.

A bot is made as such and has no password. So whoever may write for bots can write in no person's name; and an account that is
given a password is a person's from then on, for which no program writes any more.
"""

import secrets
from collections.abc import Callable

import attrs

from naivechat.application.friends import Friends
from naivechat.application.messages import Messages
from naivechat.domain.appending import Appended
from naivechat.domain.directory import is_operators
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFound, UserExists
from naivechat.domain.message import TEXT
from naivechat.domain.names import require_avatar, require_name, require_text
from naivechat.domain.ports import Clock, UserRepository
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress
from naivechat.domain.user import BOT_MARK, Account, User, UserId, is_user_id


@attrs.frozen(kw_only=True)
class Bots:
    """What is done with bots. Whoever calls it asks who wants it, and writes that down.

    `make_salt` gives a random text: as in the hash of a password, it tells two runs apart.
    """

    _users: UserRepository
    _friends: Friends
    _messages: Messages
    _clock: Clock
    _make_salt: Callable[[], str] = secrets.token_hex

    async def create(self, user_id: UserId, nickname: str, avatar: str = "") -> User:
        """A new bot. InvalidRequest: not the shape of an id, no name, no picture. UserExists: the id is taken."""
        if is_operators(user_id):
            raise UserExists
        if not is_user_id(user_id):
            raise InvalidRequest("user_id", "1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit")
        require_name("nickname", nickname)
        require_avatar(avatar)
        user = User(user_id=user_id, nickname=nickname, avatar=avatar)
        account = Account(
            user=user, password_hash=f"{BOT_MARK}{self._make_salt()}", created_at_ms=self._clock()
        )
        await self._users.add(account)
        return user

    async def send(self, bot_id: UserId, address: TalkAddress, text: str, msg_uuid: bytes) -> Appended:
        """Write where the bot may: to its friends, and in groups to which it belongs. The same `msg_uuid` again changes nothing.

        Raises:
            NotFound, Forbidden: as `_actor`. InvalidRequest: nothing is said. NotFriend, NotMember, TooLarge, Conflict,
            Unavailable: as `Messages.send`.
        """
        if not text.strip():
            raise InvalidRequest("text", "is empty")
        require_text("text", text)
        actor = await self._actor(bot_id)
        return await self._messages.send(actor, address, msg_uuid, TEXT, text)

    async def accept_friend(self, bot_id: UserId, asker_id: UserId) -> None:
        """Become the friend of somebody who has asked for it. NotFound: nobody of that id has. LimitReached."""
        await self._friends.answer(await self._actor(bot_id), asker_id, True)

    async def _actor(self, bot_id: UserId) -> Actor:
        """Who writes. NotFound: nobody. Forbidden: a person, or a bot that is disabled."""
        account = await self._users.find_account(bot_id)
        if account is None:
            raise NotFound("There is no such bot.")
        if not account.is_bot:
            raise Forbidden("This account is a person's: nobody writes in a person's name.")
        if account.disabled:
            raise Forbidden("This bot is disabled.")
        return Actor(user=account.user)
