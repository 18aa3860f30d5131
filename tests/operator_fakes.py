"""The ports of operators and the audit log in memory, see `tests.fakes`; and the services on them."""

import itertools

import attrs

from naivechat.application.api_tokens import ApiTokens
from naivechat.application.audit import AuditTrail
from naivechat.application.login_guard import LoginGuard
from naivechat.application.operator_logins import OperatorLogins, Seat
from naivechat.application.operator_services import OperatorServices
from naivechat.application.operators import Operators
from naivechat.application.own_totp import OwnTotp
from naivechat.domain.audit import AuditEntry, AuditFilter, AuditPage
from naivechat.domain.errors import AuthFailed, Conflict, Disabled, LimitReached, NotFound, UserExists
from naivechat.domain.operator import ApiToken, Operator, OperatorId, OperatorRole, OperatorSession
from naivechat.domain.operator_ports import OperatorRepository, OperatorSessionRepository
from naivechat.domain.session import TokenHash
from tests.fakes import PlainHasher, SetClock, done

PASSWORD = "a long password"
ADDRESS = "192.0.2.7"


@attrs.define
class OperatorStore:
    """All tables. entries: the audit log, oldest first."""

    operators: dict[OperatorId, Operator] = attrs.Factory(dict)
    sessions: dict[TokenHash, OperatorSession] = attrs.Factory(dict)
    tokens: dict[TokenHash, ApiToken] = attrs.Factory(dict)
    entries: list[AuditEntry] = attrs.Factory(list)

    def operator(self, operator_id: OperatorId) -> Operator:
        if operator_id not in self.operators:
            raise NotFound(f"There is no operator {operator_id}.")
        return self.operators[operator_id]

    def evolve(self, operator_id: OperatorId, **changes: object) -> None:
        self.operators[operator_id] = attrs.evolve(self.operator(operator_id), **changes)  # type: ignore[arg-type]

    def end_sessions(self, operator_id: OperatorId) -> None:
        self.sessions = {k: s for k, s in self.sessions.items() if s.operator_id != operator_id}

    def write_down(self, entry: AuditEntry) -> None:
        self.entries.append(attrs.evolve(entry, entry_id=len(self.entries) + 1))


@attrs.frozen
class MemoryAuditLog:
    """AuditLog."""

    store: OperatorStore

    async def append(self, entry: AuditEntry) -> None:
        self.store.write_down(entry)

    async def read_page(self, wanted: AuditFilter, *, before_id: int | None, limit: int) -> AuditPage:
        found = [
            entry
            for entry in reversed(self.store.entries)
            if _is_wanted(entry, wanted) and (before_id is None or entry.entry_id < before_id)
        ]
        return AuditPage(entries=tuple(found[:limit]), has_more=len(found) > limit)


def _is_wanted(entry: AuditEntry, wanted: AuditFilter) -> bool:
    action = wanted.action
    return (
        wanted.operator_id in (None, entry.operator_id)
        and (
            action is None
            or entry.action == action
            or (action[-1:] == "." and entry.action.startswith(action))
        )
        and wanted.subject in (None, entry.subject)
        and (wanted.since_ms is None or entry.at_ms >= wanted.since_ms)
        and (wanted.before_ms is None or entry.at_ms < wanted.before_ms)
    )


@attrs.frozen
class MemoryOperators:
    """OperatorRepository."""

    store: OperatorStore

    async def add(self, operator: Operator, entry: AuditEntry) -> None:
        if operator.operator_id in self.store.operators:
            raise UserExists
        self.store.operators[operator.operator_id] = operator
        self.store.write_down(entry)

    async def find(self, operator_id: OperatorId) -> Operator | None:
        return self.store.operators.get(operator_id)

    async def list_operators(self) -> tuple[Operator, ...]:
        return tuple(self.store.operators[operator_id] for operator_id in sorted(self.store.operators))

    async def set_password_hash(
        self, operator_id: OperatorId, password_hash: str, entry: AuditEntry, *, instead_of: str | None = None
    ) -> None:
        if instead_of not in (None, self.store.operator(operator_id).password_hash):
            raise AuthFailed
        self.store.evolve(operator_id, password_hash=password_hash)
        self.store.end_sessions(operator_id)
        self.store.write_down(entry)

    async def rehash_password(self, operator_id: OperatorId, password_hash: str, *, instead_of: str) -> bool:
        if self.store.operator(operator_id).password_hash not in (instead_of, password_hash):
            return False
        self.store.evolve(operator_id, password_hash=password_hash)
        return True

    async def set_role(self, operator_id: OperatorId, role: OperatorRole, entry: AuditEntry) -> None:
        self.store.evolve(operator_id, role=role)
        self.store.write_down(entry)

    async def set_disabled(self, operator_id: OperatorId, disabled: bool, entry: AuditEntry) -> None:
        self.store.evolve(operator_id, disabled=disabled)
        if disabled:
            self.store.end_sessions(operator_id)
            tokens = self.store.tokens
            self.store.tokens = {k: t for k, t in tokens.items() if t.operator_id != operator_id}
        self.store.write_down(entry)

    async def set_totp(
        self, operator_id: OperatorId, secret: str | None, step: int, entry: AuditEntry
    ) -> None:
        self.store.evolve(operator_id, totp_secret=secret, totp_step=step)
        self.store.end_sessions(operator_id)
        self.store.write_down(entry)

    async def use_totp_step(self, operator_id: OperatorId, step: int) -> bool:
        if self.store.operator(operator_id).totp_step >= step:
            return False
        self.store.evolve(operator_id, totp_step=step)
        return True


@attrs.frozen
class MemoryOperatorSessions:
    """OperatorSessionRepository."""

    store: OperatorStore

    async def add(
        self,
        session: OperatorSession,
        entry: AuditEntry,
        *,
        password_hash: str,
        instead_of: TokenHash | None,
        most: int,
    ) -> None:
        operator = self.store.operators.get(session.operator_id)
        if operator is None or operator.password_hash != password_hash:
            raise AuthFailed
        if operator.disabled:
            raise Disabled
        sessions = self.store.sessions
        for known in tuple(sessions.values()):
            if known.expires_at_ms <= session.created_at_ms or known.session_hash == instead_of:
                del sessions[known.session_hash]
        mine = [s for s in sessions.values() if s.operator_id == session.operator_id]
        mine.sort(key=lambda s: (-s.last_used_at_ms, s.session_hash))
        for dropped in mine[most - 1 :]:
            del sessions[dropped.session_hash]
        sessions[session.session_hash] = session
        self.store.write_down(entry)

    async def find(self, session_hash: TokenHash) -> tuple[OperatorSession, Operator] | None:
        session = self.store.sessions.get(session_hash)
        return None if session is None else (session, self.store.operators[session.operator_id])

    async def touch(self, session_hash: TokenHash, now_ms: int) -> None:
        session = self.store.sessions.get(session_hash)
        if session is not None and session.last_used_at_ms < now_ms:
            self.store.sessions[session_hash] = attrs.evolve(session, last_used_at_ms=now_ms)

    async def remove(self, session_hash: TokenHash, entry: AuditEntry) -> None:
        if self.store.sessions.pop(session_hash, None) is not None:
            self.store.write_down(entry)


@attrs.frozen
class MemoryApiTokens:
    """ApiTokenRepository."""

    store: OperatorStore

    async def add(self, token: ApiToken, entry: AuditEntry, *, most: int) -> None:
        if self.store.operator(token.operator_id).disabled:
            raise Disabled
        names = {t.name for t in self.store.tokens.values() if t.operator_id == token.operator_id}
        if token.name in names:
            raise Conflict
        if len(names) >= most:
            raise LimitReached
        self.store.tokens[token.token_hash] = token
        self.store.write_down(entry)

    async def find(self, token_hash: TokenHash) -> tuple[ApiToken, Operator] | None:
        token = self.store.tokens.get(token_hash)
        return None if token is None else (token, self.store.operators[token.operator_id])

    async def list_tokens(self, operator_id: OperatorId | None = None) -> tuple[ApiToken, ...]:
        found = [t for t in self.store.tokens.values() if operator_id in (None, t.operator_id)]
        return tuple(sorted(found, key=lambda t: (t.operator_id, t.name)))

    async def touch(self, token_hash: TokenHash, now_ms: int) -> None:
        token = self.store.tokens.get(token_hash)
        if token is not None and (token.last_used_at_ms is None or token.last_used_at_ms < now_ms):
            self.store.tokens[token_hash] = attrs.evolve(token, last_used_at_ms=now_ms)

    async def remove(self, operator_id: OperatorId, name: str, entry: AuditEntry) -> None:
        for token in tuple(self.store.tokens.values()):
            if (token.operator_id, token.name) == (operator_id, name):
                del self.store.tokens[token.token_hash]
                self.store.write_down(entry)
                return
        raise NotFound


class PlainCodes:
    """OneTimeCodes whose code of a step is the secret, a colon and the step's number."""

    def make_secret(self) -> str:
        return "SECRET"

    def uri(self, operator_id: OperatorId, secret: str) -> str:
        return f"otpauth://totp/{operator_id}?secret={secret}"

    def matching_step(self, secret: str, code: str, now_ms: int) -> int | None:
        present = now_ms // 30_000
        codes = {f"{secret}:{step}": step for step in (present - 1, present, present + 1)}
        return codes.get(code)


class OperatorWorld:
    """All services of operators over one store, and the time that they see. Tokens are bytes 1, 2, 3 … 32 times over."""

    def __init__(self) -> None:
        self.store, self.clock, self.hasher = OperatorStore(), SetClock(), PlainHasher()
        self.guard = LoginGuard(self.clock)
        self.codes = PlainCodes()
        self._numbers = itertools.count(1)
        self.audit = AuditTrail(log=MemoryAuditLog(self.store), clock=self.clock, node="n1")
        self.operators = Operators(
            operators=MemoryOperators(self.store),
            hasher=self.hasher,
            codes=self.codes,
            audit=self.audit,
            clock=self.clock,
        )
        self.logins = self.logins_with(MemoryOperators(self.store), MemoryOperatorSessions(self.store))
        self.own_totp = OwnTotp(
            operators=MemoryOperators(self.store),
            logins=self.logins,
            codes=self.codes,
            audit=self.audit,
            clock=self.clock,
        )
        self.api_tokens = ApiTokens(
            operators=MemoryOperators(self.store),
            tokens=MemoryApiTokens(self.store),
            audit=self.audit,
            clock=self.clock,
            make_token=self.make_token,
        )

    @property
    def services(self) -> OperatorServices:
        return OperatorServices(
            operators=self.operators,
            logins=self.logins,
            own_totp=self.own_totp,
            api_tokens=self.api_tokens,
            audit=self.audit,
        )

    def logins_with(
        self, operators: OperatorRepository, sessions: OperatorSessionRepository
    ) -> OperatorLogins:
        return OperatorLogins(
            operators=operators,
            sessions=sessions,
            hasher=self.hasher,
            codes=self.codes,
            guard=self.guard,
            audit=self.audit,
            clock=self.clock,
            make_token=self.make_token,
        )

    def make_token(self, size: int) -> bytes:
        return bytes([next(self._numbers)]) * size

    def operator(self, operator_id: str, role: OperatorRole = OperatorRole.OPERATOR) -> OperatorId:
        """Somebody new, whose password is PASSWORD; the audit log does not know of it."""
        known = OperatorId(operator_id)
        self.store.operators[known] = Operator(
            operator_id=known, role=role, password_hash=f"new:{PASSWORD}", created_at_ms=self.clock()
        )
        return known

    def with_code(self, operator_id: OperatorId) -> None:
        """Ask for a code from now on: `code()`."""
        self.store.evolve(operator_id, totp_secret="SECRET")

    def code(self) -> str:
        return f"SECRET:{self.clock() // 30_000}"

    def log_in(self, operator_id: str, password: str = PASSWORD, code: str = "", **given: str) -> Seat:
        return done(self.logins.log_in(operator_id, password, code, ADDRESS, **given))

    def written(self) -> list[tuple[str, str, str]]:
        """The audit log: who, what, to whom."""
        return [(entry.operator_id, entry.action, entry.subject) for entry in self.store.entries]
