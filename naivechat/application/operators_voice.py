"""In whose name operators act in talks."""

import contextlib

import attrs

from naivechat.domain.directory import OPERATORS
from naivechat.domain.errors import Forbidden, UserExists
from naivechat.domain.ports import Clock, UserRepository
from naivechat.domain.session import Actor
from naivechat.domain.user import Account

NO_PASSWORD = "!"
"""The hash of no password."""


@attrs.frozen(kw_only=True)
class OperatorsVoice:
    """An account that is disabled from its beginning, so that nobody logs in to it or finds it by searching."""

    _users: UserRepository
    _clock: Clock

    async def get_actor(self) -> Actor:
        """Who acts; the account is made when it is first needed.

        Raises:
            Forbidden: somebody can log in to it.
        """
        account = await self._users.find_account(OPERATORS.user_id)
        if account is None:
            account = Account(
                user=OPERATORS, password_hash=NO_PASSWORD, disabled=True, created_at_ms=self._clock()
            )
            with contextlib.suppress(UserExists):
                await self._users.add(account)
        elif not account.disabled:
            raise Forbidden(
                f"The account {OPERATORS.user_id} is a person's: disable it, for operators write in its name."
            )
        return Actor(user=account.user)
