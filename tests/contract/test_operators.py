"""Operators, their sessions and tokens, the audit log: what their repositories promise, on every database."""

from typing import Any
from unittest import mock

import attrs
from twisted.internet.defer import Deferred, DeferredList
from twisted.trial.unittest import TestCase

from naivechat.domain.audit import AuditEntry, AuditFilter
from naivechat.domain.audit_ports import AuditLog
from naivechat.domain.errors import AuthFailed, Conflict, Disabled, LimitReached, NotFound, UserExists
from naivechat.domain.operator import ApiToken, Operator, OperatorId, OperatorRole, OperatorSession
from naivechat.domain.operator_ports import (
    ApiTokenRepository,
    OperatorRepository,
    OperatorSessionRepository,
)
from naivechat.domain.session import TokenHash
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.transaction import RunAgain
from tests.contract.stores import StorageContract
from tests.databases import OnMariaDB, OnSQLite
from tests.operator_fakes import (
    MemoryApiTokens,
    MemoryAuditLog,
    MemoryOperators,
    MemoryOperatorSessions,
    OperatorStore,
)

ANN, BOB, NOBODY = map(OperatorId, ("ann", "bob", "nobody"))
ENTRY = AuditEntry(at_ms=5, action="test.write", subject="something")
ODD = OperatorId("安")


def operator(operator_id: OperatorId = ANN, **values: Any) -> Operator:
    values = {"role": OperatorRole.OPERATOR, "password_hash": f"hash of {operator_id}"} | values
    return Operator(operator_id=operator_id, created_at_ms=7, **values)


def session(number: int, operator_id: OperatorId = ANN, at_ms: int = 1_000) -> OperatorSession:
    session_hash = TokenHash(bytes([number]) * 32)
    return OperatorSession.beginning(session_hash, operator_id, "192.0.2.7", at_ms)


def token(name: str, operator_id: OperatorId = ANN, **values: Any) -> ApiToken:
    values = {"role": OperatorRole.VIEWER, "created_at_ms": 1, "expires_at_ms": 99} | values
    token_hash = TokenHash(f"{operator_id}.{name}".encode().ljust(32, b"."))
    return ApiToken(token_hash=token_hash, name=name, operator_id=operator_id, **values)


class OperatorStorageContract(StorageContract):
    operators: OperatorRepository
    sessions: OperatorSessionRepository
    tokens: ApiTokenRepository
    audit: AuditLog

    async def _set_up(self) -> None:
        await super()._set_up()
        self.operators, self.sessions = self.storage.operators, self.storage.operator_sessions
        self.tokens, self.audit = self.storage.api_tokens, self.storage.audit

    async def have(self, *operators: Operator) -> None:
        for one in operators or (operator(),):
            await self.operators.add(one, ENTRY)

    async def begin(self, one: OperatorSession, *, most: int = 9, **given: Any) -> None:
        given = {"password_hash": f"hash of {one.operator_id}", "instead_of": None} | given
        await self.sessions.add(one, ENTRY, most=most, **given)

    async def sessions_of(self, *numbers: int) -> list[bool]:
        return [await self.sessions.find(session(n).session_hash) is not None for n in numbers]

    async def count_entries(self) -> int:
        return len((await self.audit.read_page(AuditFilter(), before_id=None, limit=100)).entries)


class InMemory:
    """Mixin of a test case: what `tests.operator_fakes` gives to other tests promises the same."""

    def setUp(self) -> None:
        store = OperatorStore()
        self.operators, self.sessions = MemoryOperators(store), MemoryOperatorSessions(store)
        self.tokens, self.audit = MemoryApiTokens(store), MemoryAuditLog(store)


class AccountsContract(OperatorStorageContract):
    async def test_an_operator_comes_back_as_it_was_added(self) -> None:
        ann = operator(totp_secret="JBSWY3DP", totp_step=9, disabled=True)
        bob = operator(BOB, role=OperatorRole.VIEWER)
        await self.have(bob, ann)
        self.assertEqual(await self.operators.find(ANN), ann)
        self.assertEqual(await self.operators.list_operators(), (ann, bob))
        for unknown in (NOBODY, OperatorId("ANN"), OperatorId(""), ODD, OperatorId("\ud800")):
            self.assertIsNone(await self.operators.find(unknown))

    async def test_an_id_belongs_to_one_operator(self) -> None:
        await self.have()
        another = operator(password_hash="another")
        await self.refused(UserExists, self.operators.add(another, ENTRY))
        self.assertEqual(await self.operators.find(ANN), operator())
        self.assertEqual(await self.count_entries(), 1)

    async def test_two_who_add_one_id_at_once_add_one(self) -> None:
        operators = [operator(password_hash=f"hash {n}") for n in range(6)]
        adding = [Deferred.fromCoroutine(self.operators.add(one, ENTRY)) for one in operators]
        results = await DeferredList(adding, consumeErrors=True)
        self.assertEqual(sorted(ok for ok, _ in results), [False] * 5 + [True])
        for ok, failure in results:
            if not ok:
                failure.trap(UserExists)
        self.assertEqual(await self.count_entries(), 1)

    async def test_a_change_and_what_tells_of_it_are_stored_together_or_not_at_all(self) -> None:
        for change in (
            self.operators.set_password_hash(NOBODY, "x", ENTRY),
            self.operators.set_role(NOBODY, OperatorRole.VIEWER, ENTRY),
            self.operators.set_disabled(NOBODY, True, ENTRY),
            self.operators.set_totp(NOBODY, None, 0, ENTRY),
            self.operators.set_role(ODD, OperatorRole.VIEWER, ENTRY),
            self.tokens.add(token("bot"), ENTRY, most=9),
            self.tokens.remove(ANN, "bot", ENTRY),
            self.tokens.remove(ODD, "安", ENTRY),
        ):
            await self.refused(NotFound, change)
        self.assertEqual(await self.count_entries(), 0)

    async def test_each_change_changes_what_it_says(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.operators.set_role(ANN, OperatorRole.VIEWER, ENTRY)
        await self.operators.set_password_hash(ANN, "new", ENTRY)
        await self.operators.set_disabled(ANN, True, ENTRY)
        await self.operators.set_totp(ANN, "JBSWY3DP", 5, ENTRY)
        wanted = operator(
            role=OperatorRole.VIEWER, password_hash="new", disabled=True, totp_secret="JBSWY3DP", totp_step=5
        )
        self.assertEqual(await self.operators.list_operators(), (wanted, operator(BOB)))
        await self.operators.set_disabled(ANN, False, ENTRY)
        await self.operators.set_totp(ANN, None, 0, ENTRY)
        plain = attrs.evolve(wanted, disabled=False, totp_secret=None, totp_step=0)
        self.assertEqual(await self.operators.find(ANN), plain)
        self.assertEqual(await self.count_entries(), 8)

    async def test_a_password_undoes_no_newer_one(self) -> None:
        await self.have()
        change = self.operators.set_password_hash
        await self.refused(AuthFailed, change(ANN, "new", ENTRY, instead_of="another"))
        await change(ANN, "new", ENTRY, instead_of="hash of ann")
        self.assertEqual(await self.operators.find(ANN), operator(password_hash="new"))

    async def test_rehashing_keeps_sessions_and_undoes_no_new_password(self) -> None:
        await self.have()
        await self.begin(session(1))
        self.assertTrue(await self.operators.rehash_password(ANN, "better", instead_of="hash of ann"))
        self.assertTrue(await self.operators.rehash_password(ANN, "better", instead_of="hash of ann"))
        self.assertFalse(await self.operators.rehash_password(ANN, "best", instead_of="hash of ann"))
        self.assertEqual(await self.operators.find(ANN), operator(password_hash="better"))
        self.assertEqual(await self.sessions_of(1), [True])

    async def test_a_step_is_used_once_by_whoever_comes_first(self) -> None:
        await self.have(operator(totp_secret="JBSWY3DP", totp_step=5))
        using = [Deferred.fromCoroutine(self.operators.use_totp_step(ANN, 6)) for _ in range(6)]
        results = await DeferredList(using)
        self.assertEqual(sorted(used for _, used in results), [False] * 5 + [True])
        self.assertFalse(await self.operators.use_totp_step(ANN, 5))
        self.assertTrue(await self.operators.use_totp_step(ANN, 8))

    async def test_what_changes_how_one_logs_in_ends_the_own_sessions(self) -> None:
        await self.have(operator(), operator(BOB))
        for n, change in enumerate(
            (
                lambda: self.operators.set_password_hash(ANN, "hash of ann", ENTRY),
                lambda: self.operators.set_totp(ANN, None, 0, ENTRY),
                lambda: self.operators.set_disabled(ANN, True, ENTRY),
            )
        ):
            await self.begin(session(1))
            await self.begin(session(10 + n, BOB))
            await change()
            self.assertEqual(await self.sessions_of(1, 10 + n), [False, True])

    async def test_disabling_ends_tokens_and_a_new_password_does_not(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.tokens.add(token("bot"), ENTRY, most=9)
        await self.tokens.add(token("bot", BOB), ENTRY, most=9)
        await self.operators.set_password_hash(ANN, "new", ENTRY)
        self.assertEqual(await self.tokens.list_tokens(), (token("bot"), token("bot", BOB)))
        await self.operators.set_disabled(ANN, True, ENTRY)
        await self.operators.set_disabled(ANN, False, ENTRY)
        self.assertEqual(await self.tokens.list_tokens(), (token("bot", BOB),))


class SessionsContract(OperatorStorageContract):
    async def test_a_session_comes_back_with_its_operator(self) -> None:
        await self.have()
        await self.begin(session(1))
        self.assertEqual(await self.sessions.find(session(1).session_hash), (session(1), operator()))
        self.assertIsNone(await self.sessions.find(session(2).session_hash))
        self.assertIsNone(await self.sessions.find(TokenHash(b"")))

    async def test_a_session_begins_only_by_the_password_of_now(self) -> None:
        await self.have(operator(), operator(BOB, disabled=True))
        await self.refused(AuthFailed, self.begin(session(1), password_hash="another"))
        await self.refused(AuthFailed, self.begin(session(1, NOBODY)))
        await self.refused(Disabled, self.begin(session(1, BOB)))
        self.assertEqual(await self.sessions_of(1), [False])
        self.assertEqual(await self.count_entries(), 2)

    async def test_a_session_takes_the_place_of_the_one_it_is_told(self) -> None:
        await self.have()
        await self.begin(session(1))
        await self.begin(session(2), instead_of=session(1).session_hash)
        await self.begin(session(3), instead_of=session(9).session_hash)
        self.assertEqual(await self.sessions_of(1, 2, 3), [False, True, True])

    async def test_of_too_many_those_last_used_stay(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.begin(session(9, BOB), most=3)
        for number in (1, 2, 3):
            await self.begin(session(number, at_ms=1_000 + number), most=3)
        await self.sessions.touch(session(1).session_hash, 2_000)
        await self.begin(session(4, at_ms=3_000), most=3)
        self.assertEqual(await self.sessions_of(1, 2, 3, 4, 9), [True, False, True, True, True])

    async def test_sessions_that_are_over_go_with_the_next_login(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.begin(session(1))
        await self.begin(session(2, BOB, at_ms=session(1).expires_at_ms - 1))
        self.assertEqual(await self.sessions_of(1, 2), [True, True])
        await self.begin(session(3, BOB, at_ms=session(1).expires_at_ms))
        self.assertEqual(await self.sessions_of(1, 2, 3), [False, True, True])

    async def test_a_use_is_noted_and_never_goes_back(self) -> None:
        await self.have()
        await self.begin(session(1))
        for now_ms, noted_ms in ((1_500, 1_500), (1_400, 1_500), (1_600, 1_600)):
            await self.sessions.touch(session(1).session_hash, now_ms)
            found = await self.sessions.find(session(1).session_hash)
            self.assertEqual(found, (attrs.evolve(session(1), last_used_at_ms=noted_ms), operator()))
        await self.sessions.touch(session(2).session_hash, 1_700)

    async def test_a_logout_is_written_down_once(self) -> None:
        await self.have()
        await self.begin(session(1))
        await self.sessions.remove(session(1).session_hash, ENTRY)
        await self.sessions.remove(session(1).session_hash, ENTRY)
        self.assertEqual(await self.sessions_of(1), [False])
        self.assertEqual(await self.count_entries(), 3)


class TokensContract(OperatorStorageContract):
    async def test_a_token_comes_back_with_its_operator(self) -> None:
        await self.have()
        bot = token("bot", last_used_at_ms=8, role=OperatorRole.OPERATOR, bot_id=UserId("helper"))
        await self.tokens.add(bot, ENTRY, most=9)
        self.assertEqual(await self.tokens.find(bot.token_hash), (bot, operator()))
        self.assertIsNone(await self.tokens.find(token("other").token_hash))

    async def test_names_are_an_operators_own(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.tokens.add(token("b"), ENTRY, most=9)
        await self.tokens.add(token("a"), ENTRY, most=9)
        await self.tokens.add(token("b", BOB), ENTRY, most=9)
        again = attrs.evolve(token("b"), token_hash=TokenHash(b"2" * 32))
        await self.refused(Conflict, self.tokens.add(again, ENTRY, most=9))
        self.assertEqual(await self.tokens.list_tokens(), (token("a"), token("b"), token("b", BOB)))
        self.assertEqual(await self.tokens.list_tokens(BOB), (token("b", BOB),))
        self.assertEqual(await self.tokens.list_tokens(ODD), ())

    async def test_nobody_has_too_many_and_no_disabled_one_any(self) -> None:
        await self.have(operator(), operator(BOB, disabled=True))
        await self.tokens.add(token("a"), ENTRY, most=2)
        await self.tokens.add(token("b"), ENTRY, most=2)
        await self.refused(LimitReached, self.tokens.add(token("c"), ENTRY, most=2))
        await self.refused(Disabled, self.tokens.add(token("a", BOB), ENTRY, most=2))

    async def test_a_use_is_noted_and_never_goes_back(self) -> None:
        await self.have()
        bot = token("bot")
        await self.tokens.add(bot, ENTRY, most=9)
        for now_ms, noted_ms in ((50, 50), (40, 50), (60, 60)):
            await self.tokens.touch(bot.token_hash, now_ms)
            self.assertEqual(await self.tokens.list_tokens(), (attrs.evolve(bot, last_used_at_ms=noted_ms),))

    async def test_a_token_is_revoked_by_its_name(self) -> None:
        await self.have(operator(), operator(BOB))
        await self.tokens.add(token("bot"), ENTRY, most=9)
        await self.tokens.add(token("bot", BOB), ENTRY, most=9)
        await self.tokens.remove(ANN, "bot", ENTRY)
        self.assertEqual(await self.tokens.list_tokens(), (token("bot", BOB),))
        await self.refused(NotFound, self.tokens.remove(ANN, "bot", ENTRY))


class AuditContract(OperatorStorageContract):
    async def ids(self, before_id: int | None = None, limit: int = 100, **wanted: Any) -> list[int]:
        page = await self.audit.read_page(AuditFilter(**wanted), before_id=before_id, limit=limit)
        return [entry.entry_id for entry in page.entries]

    async def test_an_entry_comes_back_as_it_was_written(self) -> None:
        entry = AuditEntry(
            at_ms=77,
            operator_id=ANN,
            action="user.kick",
            subject="爱丽丝 👋 ' \" \\ % _",
            detail={"text": "多 👋", "number": 2**53, "yes": True, "nothing": None},
            from_address="2001:db8::1",
            node="node-1",
        )
        await self.audit.append(entry)
        page = await self.audit.read_page(AuditFilter(), before_id=None, limit=10)
        (stored,) = page.entries
        self.assertEqual(stored, attrs.evolve(entry, entry_id=stored.entry_id))
        self.assertFalse(page.has_more)

    async def test_the_longest_entry_fits(self) -> None:
        long = "👋" * 999
        entry = AuditEntry(
            at_ms=2**53,
            operator_id=OperatorId("a" * 32),
            action="a" * 64,
            subject=long,
            detail={f"name{n}": long for n in range(99)},
            from_address=long,
            node="n" * 80,
        )
        await self.audit.append(entry)
        (stored,) = (await self.audit.read_page(AuditFilter(), before_id=None, limit=1)).entries
        self.assertEqual(stored, attrs.evolve(entry, entry_id=stored.entry_id))

    async def test_pages_go_from_the_newest_to_the_oldest(self) -> None:
        for n in range(7):
            await self.audit.append(attrs.evolve(ENTRY, at_ms=n))
        first = await self.audit.read_page(AuditFilter(), before_id=None, limit=3)
        self.assertEqual([entry.at_ms for entry in first.entries], [6, 5, 4])
        self.assertTrue(first.has_more)
        rest = await self.audit.read_page(AuditFilter(), before_id=first.entries[-1].entry_id, limit=4)
        self.assertEqual([entry.at_ms for entry in rest.entries], [3, 2, 1, 0])
        self.assertFalse(rest.has_more)

    async def test_each_filter_leaves_out_what_is_not_wanted(self) -> None:
        actions = ("user.create", "user.disable", "users.x", "user", "operator.login")
        for n, action in enumerate(actions):
            who, subject = (ANN, BOB)[n % 2], ("x", "X", "安", "x%", "x_")[n]
            await self.audit.append(AuditEntry(at_ms=n * 10, operator_id=who, action=action, subject=subject))
        newest, *_ = await self.ids()
        one, two, three, four, five = (newest - 4 + n for n in range(5))
        for wanted, found in (
            ({}, [five, four, three, two, one]),
            ({"operator_id": ANN}, [five, three, one]),
            ({"operator_id": ""}, []),
            ({"operator_id": ODD}, []),
            ({"action": "user."}, [two, one]),
            ({"action": "user"}, [four]),
            ({"action": "user.%"}, []),
            ({"subject": "x"}, [one]),
            ({"subject": "安"}, [three]),
            ({"subject": "%"}, []),
            ({"since_ms": 10, "before_ms": 30}, [three, two]),
            ({"operator_id": ANN, "action": "user.", "subject": "x", "since_ms": 0}, [one]),
        ):
            self.assertEqual(await self.ids(**wanted), found, wanted)
        self.assertEqual(await self.ids(before_id=four, limit=1, operator_id=ANN), [three])


class SecondRunContract(OperatorStorageContract):
    async def test_a_second_run_after_a_lost_answer_writes_nothing_twice(self) -> None:
        """The unit is run, committed, and run again as after a connection lost in the commit."""
        database, real = self.storage.audit._database, type(self.storage.audit._database).write

        async def twice(_: Any, unit: Any, *args: Any) -> Any:
            assert isinstance(unit, RunAgain)
            await real(database, unit, *args)
            return await real(database, unit, *args)

        with mock.patch.object(type(database), "write", twice):
            await self.operators.add(operator(), ENTRY)
            await self.tokens.add(token("bot"), ENTRY, most=9)
            await self.tokens.remove(ANN, "bot", ENTRY)
            await self.begin(session(1))
            await self.sessions.remove(session(1).session_hash, ENTRY)
            await self.operators.set_password_hash(ANN, "new", ENTRY, instead_of="hash of ann")
            await self.audit.append(ENTRY)
        self.assertEqual(await self.count_entries(), 7)


class TestAccountsInMemory(InMemory, AccountsContract, TestCase): ...


class TestAccountsOnSQLite(OnSQLite, AccountsContract, TestCase): ...


class TestAccountsOnMariaDB(OnMariaDB, AccountsContract, TestCase): ...


class TestSessionsInMemory(InMemory, SessionsContract, TestCase): ...


class TestSessionsOnSQLite(OnSQLite, SessionsContract, TestCase): ...


class TestSessionsOnMariaDB(OnMariaDB, SessionsContract, TestCase): ...


class TestTokensInMemory(InMemory, TokensContract, TestCase): ...


class TestTokensOnSQLite(OnSQLite, TokensContract, TestCase): ...


class TestTokensOnMariaDB(OnMariaDB, TokensContract, TestCase): ...


class TestAuditInMemory(InMemory, AuditContract, TestCase): ...


class TestAuditOnSQLite(OnSQLite, AuditContract, TestCase): ...


class TestAuditOnMariaDB(OnMariaDB, AuditContract, TestCase): ...


class TestSecondRunOnSQLite(OnSQLite, SecondRunContract, TestCase): ...


class TestSecondRunOnMariaDB(OnMariaDB, SecondRunContract, TestCase): ...
