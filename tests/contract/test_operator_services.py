"""Operators as a node has them: services, a database and real password hashes together."""

from typing import Any

import pyotp
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from naivechat.domain.audit import AuditFilter
from naivechat.domain.errors import AuthFailed, RateLimited, TokenExpired
from naivechat.domain.operator import COMMAND_LINE, OperatorId, OperatorRole
from naivechat.infrastructure.passwords import Argon2Hasher
from naivechat.operator_graph import make_operator_services
from tests.contract.stores import StorageContract
from tests.databases import OnMariaDB, OnSQLite

ROOT, PASSWORD, ADDRESS = OperatorId("root"), "a long password", "192.0.2.7"


class ServicesContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        hasher = Argon2Hasher(reactor)
        hasher.start()
        self.addCleanup(hasher.stop)  # type: ignore[attr-defined]
        self.now_ms = 1_800_000_000_000
        self.services: Any = make_operator_services(
            self.storage, hasher, node_name="n1", clock=lambda: self.now_ms
        )
        await self.services.operators.add(COMMAND_LINE, ROOT, PASSWORD, OperatorRole.OPERATOR)

    async def actions(self) -> list[str]:
        page = await self.services.audit.read_page(AuditFilter())
        return [entry.action for entry in reversed(page.entries)]

    async def test_an_operator_comes_in_and_goes(self) -> None:
        logins = self.services.logins
        await self.refused(AuthFailed, logins.log_in("root", "another password", "", ADDRESS))
        seat = await logins.log_in("root", PASSWORD, "", ADDRESS)
        found = await logins.find_seat(seat.session_token, ADDRESS)
        self.assertEqual((found.acting, found.csrf_token), (seat.acting, seat.csrf_token))
        await logins.log_out(seat)
        await self.refused(TokenExpired, logins.find_seat(seat.session_token, ADDRESS))
        told = ["create", "login_failed", "login", "logout"]
        self.assertEqual(await self.actions(), [f"operator.{code}" for code in told])

    async def test_a_code_is_asked_for_and_good_once(self) -> None:
        secret, logins = pyotp.random_base32(), self.services.logins
        codes = [pyotp.TOTP(secret).at(self.now_ms // 1_000 + 30 * n) for n in range(2)]
        await self.services.operators.confirm_totp(COMMAND_LINE, ROOT, secret, codes[0])
        await self.refused(AuthFailed, logins.log_in("root", PASSWORD, "", ADDRESS))
        await self.refused(AuthFailed, logins.log_in("root", PASSWORD, codes[0], ADDRESS))
        self.now_ms += 30_000
        self.assertTrue(await logins.log_in("root", PASSWORD, codes[1], ADDRESS))
        await self.refused(AuthFailed, logins.log_in("root", PASSWORD, codes[1], ADDRESS))

    async def test_guessing_is_made_to_wait(self) -> None:
        for _ in range(5):
            await self.refused(AuthFailed, self.services.logins.log_in("root", "guess", "", ADDRESS))
        await self.refused(RateLimited, self.services.logins.log_in("root", PASSWORD, "", ADDRESS))
        self.assertEqual((await self.actions())[-1], "operator.locked_out")

    async def test_a_script_comes_in_by_its_token(self) -> None:
        tokens = self.services.api_tokens
        made = await tokens.create(COMMAND_LINE, ROOT, "bot", OperatorRole.VIEWER, lifetime_ms=1_000)
        acting = await tokens.find_bearer(made.text, ADDRESS)
        self.assertEqual((acting.operator_id, acting.may_change), (ROOT, False))
        await tokens.revoke(COMMAND_LINE, ROOT, "bot")
        await self.refused(TokenExpired, tokens.find_bearer(made.text, ADDRESS))


class TestServicesOnSQLite(OnSQLite, ServicesContract, TestCase): ...


class TestServicesOnMariaDB(OnMariaDB, ServicesContract, TestCase): ...
