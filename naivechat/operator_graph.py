"""Builds what stands behind operators, by hand as `bootstrap` does it with the rest: for the console, and for `naivechat admin`."""

import time

from naivechat.application.api_tokens import ApiTokens
from naivechat.application.audit import AuditTrail
from naivechat.application.login_guard import LoginGuard
from naivechat.application.operator_logins import OperatorLogins
from naivechat.application.operator_services import OperatorServices
from naivechat.application.operators import Operators
from naivechat.application.own_totp import OwnTotp
from naivechat.domain.ports import Clock, PasswordHasher
from naivechat.infrastructure.one_time_codes import TotpCodes
from naivechat.infrastructure.sql.storage import Storage


def steady_clock() -> int:
    """Milliseconds since some moment; changes of the wall clock do not matter to it."""
    return time.monotonic_ns() // 1_000_000


def make_operator_services(
    storage: Storage, hasher: PasswordHasher, *, node_name: str, clock: Clock
) -> OperatorServices:
    """The use cases of operators on a storage.

    Args:
        node_name: how this node, or the host of a command, goes down in the audit log.
    """
    audit = AuditTrail(log=storage.audit, clock=clock, node=node_name)
    codes = TotpCodes()
    logins = OperatorLogins(
        operators=storage.operators,
        sessions=storage.operator_sessions,
        hasher=hasher,
        codes=codes,
        guard=LoginGuard(steady_clock),
        audit=audit,
        clock=clock,
    )
    return OperatorServices(
        operators=Operators(
            operators=storage.operators, hasher=hasher, codes=codes, audit=audit, clock=clock
        ),
        logins=logins,
        own_totp=OwnTotp(operators=storage.operators, logins=logins, codes=codes, audit=audit, clock=clock),
        api_tokens=ApiTokens(
            operators=storage.operators, tokens=storage.api_tokens, audit=audit, clock=clock
        ),
        audit=audit,
    )
