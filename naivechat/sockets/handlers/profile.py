"""Oneself: profile and password."""

import attrs

from naivechat.application.accounts import Accounts
from naivechat.protocol.profile import ChangePasswordRequest, UpdateProfileRequest
from naivechat.protocol.session import OkResponse
from naivechat.sockets.session import Session


@attrs.frozen
class UpdateProfile:
    """UpdateProfileRequest: another nickname or avatar."""

    _accounts: Accounts

    async def answer(self, session: Session, request: UpdateProfileRequest) -> OkResponse:
        """As `Accounts.update_profile`."""
        await self._accounts.update_profile(session.actor, request.nickname, request.avatar)
        return OkResponse(rid=request.rid)


@attrs.frozen
class ChangePassword:
    """ChangePasswordRequest: this session's token stays, all others end."""

    _accounts: Accounts

    async def answer(self, session: Session, request: ChangePasswordRequest) -> OkResponse:
        """As `Accounts.change_password`."""
        await self._accounts.change_password(
            session.actor, request.old_password, request.new_password, session.token_hash
        )
        return OkResponse(rid=request.rid)
