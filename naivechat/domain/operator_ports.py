"""What the application needs for operators; see `domain.ports` for what holds of all ports.

Whatever changes something takes the entry of the audit log that tells of it, and stores both in one transaction: nothing is
done that the log does not know, and nothing is in it that was not done.
"""

from typing import Protocol

from naivechat.domain.audit import AuditEntry
from naivechat.domain.operator import ApiToken, Operator, OperatorId, OperatorRole, OperatorSession
from naivechat.domain.session import TokenHash


class OperatorRepository(Protocol):
    """Operators' accounts. Methods that change one raise NotFound where there is none of that id."""

    async def add(self, operator: Operator, entry: AuditEntry) -> None:
        """Store a new account.

        Raises:
            UserExists: the id is taken.
        """

    async def find(self, operator_id: OperatorId) -> Operator | None:
        """The account, disabled ones too."""

    async def list_operators(self) -> tuple[Operator, ...]:
        """Every account, by operator_id."""

    async def set_password_hash(
        self, operator_id: OperatorId, password_hash: str, entry: AuditEntry, *, instead_of: str | None = None
    ) -> None:
        """Store a new password hash and end all the operator's sessions; API tokens stay.

        Raises:
            NotFound. AuthFailed: `instead_of` is given and is not the account's hash any more.
        """

    async def rehash_password(self, operator_id: OperatorId, password_hash: str, *, instead_of: str) -> bool:
        """Store the same password's hash of newer parameters, if `instead_of` is still the account's; whether it was."""

    async def set_role(self, operator_id: OperatorId, role: OperatorRole, entry: AuditEntry) -> None:
        """Another role, from the next request of the operator's sessions and tokens on."""

    async def set_disabled(self, operator_id: OperatorId, disabled: bool, entry: AuditEntry) -> None:
        """Disable an account, which ends all its sessions and API tokens, or enable it."""

    async def set_totp(
        self, operator_id: OperatorId, secret: str | None, step: int, entry: AuditEntry
    ) -> None:
        """Ask for one-time codes of this secret, or of none, from now on; all the operator's sessions end.

        Args:
            step: the step of the code by which the operator has shown to have the secret: it is used.
        """

    async def use_totp_step(self, operator_id: OperatorId, step: int) -> bool:
        """Note that the code of a step is used; False where it, or that of a later step, was used before, on any node."""


class OperatorSessionRepository(Protocol):
    """Operators' sessions in browsers."""

    async def add(
        self,
        session: OperatorSession,
        entry: AuditEntry,
        *,
        password_hash: str,
        instead_of: TokenHash | None,
        most: int,
    ) -> None:
        """Store a session, at most `most` of one operator: of the others those last used are kept. Sessions that are over go.

        Args:
            password_hash: by which the operator was known. instead_of: the session that this browser had, which ends.

        Raises:
            AuthFailed: `password_hash` is not the account's any more. Disabled.
        """

    async def find(self, session_hash: TokenHash) -> tuple[OperatorSession, Operator] | None:
        """The session, over or not, with whose it is."""

    async def touch(self, session_hash: TokenHash, now_ms: int) -> None:
        """Note that it is used; nothing happens when it is gone, or was used later."""

    async def remove(self, session_hash: TokenHash, entry: AuditEntry) -> None:
        """End a session; where it is gone nothing happens, and `entry` is not stored."""


class ApiTokenRepository(Protocol):
    """Tokens of operators' scripts."""

    async def add(self, token: ApiToken, entry: AuditEntry, *, most: int) -> None:
        """Store a token.

        Raises:
            NotFound: no such operator. Disabled. Conflict: the operator has one of this name. LimitReached: `most` of them.
        """

    async def find(self, token_hash: TokenHash) -> tuple[ApiToken, Operator] | None:
        """The token, over or not, with whose it is."""

    async def list_tokens(self, operator_id: OperatorId | None = None) -> tuple[ApiToken, ...]:
        """An operator's tokens, or everybody's: by operator_id, then name."""

    async def touch(self, token_hash: TokenHash, now_ms: int) -> None:
        """Note that it is used; nothing happens when it is gone, or was used later."""

    async def remove(self, operator_id: OperatorId, name: str, entry: AuditEntry) -> None:
        """Revoke a token. NotFound."""


class OneTimeCodes(Protocol):
    """Time-based one-time codes of six digits, new every 30 s. Source: RFC 6238."""

    def make_secret(self) -> str:
        """A new random secret, base32."""

    def uri(self, operator_id: OperatorId, secret: str) -> str:
        """What an authenticator app reads, `otpauth://totp/…`: it holds the secret."""

    def matching_step(self, secret: str, code: str, now_ms: int) -> int | None:
        """The step, counted in 30 s since 1970, whose code this is: of the present one, the one before or after. None: of none."""
