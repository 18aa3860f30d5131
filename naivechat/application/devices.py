"""People's devices as operators see them: ending what is logged in there."""

import attrs

from naivechat.domain.directory_ports import AccountDirectory
from naivechat.domain.errors import NotFound
from naivechat.domain.events import SessionsEnded
from naivechat.domain.names import is_text
from naivechat.domain.ports import EventBus, TokenRepository
from naivechat.domain.session import EndReason
from naivechat.domain.user import UserId


@attrs.frozen(kw_only=True)
class Devices:
    """Ends sessions, on whichever node they are; whoever was kicked comes back with the password only."""

    _directory: AccountDirectory
    _tokens: TokenRepository
    _bus: EventBus

    async def kick(self, user_id: UserId, device: str) -> None:
        """End what is logged in on one device. NotFound: there is no such person, or no such device of theirs."""
        if not is_text(device) or not await self._directory.revoke_device(user_id, device):
            raise NotFound(f"{user_id} is not logged in on such a device.")
        self._bus.publish(SessionsEnded(user_id=user_id, reason=EndReason.ADMIN, device=device))

    async def kick_all(self, user_id: UserId) -> None:
        """End all sessions of a person. NotFound."""
        await self._directory.get_account(user_id)
        await self._tokens.revoke_all(user_id)
        self._bus.publish(SessionsEnded(user_id=user_id, reason=EndReason.ADMIN))
