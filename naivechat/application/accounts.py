"""Accounts: registering, proving who one is, passwords, profiles."""

import attrs

from naivechat.domain.directory import is_operators
from naivechat.domain.errors import (
    AuthFailed,
    Disabled,
    Forbidden,
    InvalidRequest,
    UserExists,
    WeakPassword,
)
from naivechat.domain.events import ProfileChanged, SessionsEnded
from naivechat.domain.ports import Clock, EventBus, FriendRepository, PasswordHasher, UserRepository
from naivechat.domain.session import Actor, EndReason, TokenHash
from naivechat.domain.user import SHORTEST_PASSWORD, Account, User, UserId, is_user_id


@attrs.frozen(kw_only=True)
class Accounts:
    """People's accounts. `registration_open` tells whether strangers may make one by themselves."""

    _users: UserRepository
    _friends: FriendRepository
    _hasher: PasswordHasher
    _bus: EventBus
    _clock: Clock
    _registration_open: bool

    async def register(self, user_id: UserId, password: str, nickname: str, avatar: str) -> User:
        """A person makes an account.

        Raises:
            Forbidden: registration is closed. InvalidRequest, WeakPassword, UserExists: as `add`.
        """
        if not self._registration_open:
            raise Forbidden("This node takes no registrations: ask its operator for an account.")
        return await self.add(user_id, password, nickname, avatar)

    async def add(self, user_id: UserId, password: str, nickname: str, avatar: str) -> User:
        """An operator makes an account, whether registration is open or not.

        Raises:
            InvalidRequest: not the shape of a user id. WeakPassword: under 8 characters. UserExists: the id is taken.
        """
        if is_operators(user_id):
            raise UserExists
        if not is_user_id(user_id):
            raise InvalidRequest("user_id", "1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit")
        _require_strong(password)
        user = User(user_id=user_id, nickname=nickname, avatar=avatar)
        password_hash = await self._hasher.hash(password)
        await self._users.add(Account(user=user, password_hash=password_hash, created_at_ms=self._clock()))
        return user

    async def authenticate(self, user_id: UserId, password: str) -> Account:
        """The account, if the password is right; a hash of older parameters is renewed on the way.

        Raises:
            AuthFailed: no such account or a wrong password, alike in words and in time.
            Disabled: only to whoever knows the password.
        """
        account = await self._users.find_account(user_id)
        known_hash = account.password_hash if account is not None else None
        verified = await self._hasher.verify(known_hash, password)
        if account is None or not verified:
            raise AuthFailed
        if account.disabled:
            raise Disabled
        if not self._hasher.needs_rehash(account.password_hash):
            return account
        password_hash = await self._hasher.hash(password)
        if await self._users.rehash_password(user_id, password_hash, instead_of=account.password_hash):
            return attrs.evolve(account, password_hash=password_hash)
        # Somebody else changed or renewed it at this moment: what was verified is of no worth any more.
        return await self.authenticate(user_id, password)

    async def change_password(self, actor: Actor, old: str, new: str, keep: TokenHash) -> None:
        """A new password; the person's other sessions end, and all tokens but `keep`, this session's.

        Raises:
            AuthFailed: `old` is wrong. WeakPassword: `new` is under 8 characters. Disabled.
        """
        _require_strong(new)
        account = await self.authenticate(actor.user_id, old)
        password_hash = await self._hasher.hash(new)
        await self._users.set_password_hash(
            actor.user_id, password_hash, keep=keep, instead_of=account.password_hash
        )
        self._bus.publish(
            SessionsEnded(user_id=actor.user_id, reason=EndReason.EXPIRED, keep=actor.session_id)
        )

    async def set_password(self, user_id: UserId, password: str) -> None:
        """An operator sets a password; all sessions of that person end, and all tokens.

        Raises:
            WeakPassword, NotFound. Forbidden: the operators' own account has none.
        """
        _require_persons(user_id)
        _require_strong(password)
        password_hash = await self._hasher.hash(password)
        await self._users.set_password_hash(user_id, password_hash, keep=None)
        self._bus.publish(SessionsEnded(user_id=user_id, reason=EndReason.ADMIN))

    async def set_disabled(self, user_id: UserId, disabled: bool) -> None:
        """An operator disables an account, which ends all its sessions and tokens, or enables it again.

        Raises:
            NotFound. Forbidden: the operators' own account stays disabled.
        """
        if not disabled:
            _require_persons(user_id)
        await self._users.set_disabled(user_id, disabled)
        if disabled:
            self._bus.publish(SessionsEnded(user_id=user_id, reason=EndReason.DISABLED))

    async def update_profile(self, actor: Actor, nickname: str | None, avatar: str | None) -> User:
        """Change what is given, None leaves as it is; friends and the person's other devices are told.

        Returns:
            The person as others see them from now on.
        """
        user = await self._users.update_profile(actor.user_id, nickname, avatar)
        friend_ids = await self._friends.list_friend_ids(actor.user_id)
        self._bus.publish(ProfileChanged(user=user, friend_ids=friend_ids, origin=actor.session_id))
        return user

    async def list_accounts(self) -> tuple[Account, ...]:
        """Every account, disabled ones too, by user_id: for operators."""
        return await self._users.list_accounts()


def _require_persons(user_id: UserId) -> None:
    if is_operators(user_id):
        raise Forbidden("Operators write in the name of this account: nobody logs in to it.")


def _require_strong(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword
