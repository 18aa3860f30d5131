"""Questions that are asked together, and what is written before and after them, on every database."""

from typing import Any

from twisted.trial.unittest import TestCase

from naivechat.infrastructure.sql.dialect import Question, Rows
from naivechat.infrastructure.sql.transaction import Transaction
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract
from tests.databases import OnMariaDB, OnSQLite

_RENAME = "UPDATE user SET nickname = %s WHERE user_id = %s"
_NICKNAMES = Question(columns="nickname", rest="FROM user WHERE user_id = %s", values=(ALICE,))


def _people(*values: Any) -> Question:
    return Question(
        columns="user_id, disabled, %s, NULL", rest="FROM user WHERE user_id <> %s", values=values
    )


class QuestionsContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.database = self.storage._database

    async def nickname(self) -> str:
        ((nickname,),) = await self.database.read(lambda txn: txn.ask(_NICKNAMES)[0])
        return str(nickname)

    async def test_each_question_has_its_own_rows(self) -> None:
        odd = 'it\'s \\ "100 %" %s'

        def ask(txn: Transaction) -> list[Rows]:
            nobody = Question(columns="user_id", rest="FROM user WHERE user_id = %s", values=("nobody",))
            return txn.ask(_people(odd, ALICE), nobody, _people(7, BOB), is_last=True)

        for asking in (self.database.read_login, self.database.read):
            answers = await asking(ask)
            found = [sorted(map(tuple, rows)) for rows in answers]
            self.assertEqual(found[0], [(BOB, 0, odd, None), (CAROL, 0, odd, None)])
            self.assertEqual(found[1:], [[], [(ALICE, 0, 7, None), (CAROL, 0, 7, None)]])

    async def test_a_question_sees_what_was_written_before_it(self) -> None:
        def rename(txn: Transaction) -> Rows:
            txn.write(_RENAME, ("seen", ALICE))
            return txn.ask(_NICKNAMES)[0]

        self.assertEqual([tuple(row) for row in await self.database.write_login(rename)], [("seen",)])
        self.assertEqual(await self.nickname(), "seen")

    async def test_what_is_written_before_and_after_a_last_question_is_stored(self) -> None:
        def rename(txn: Transaction) -> None:
            txn.write(_RENAME, ("before", ALICE))
            txn.ask(_NICKNAMES, is_last=True)

        def rename_again(txn: Transaction) -> None:
            rename(txn)
            txn.write(_RENAME, ("after", ALICE))

        def rename_at_once(txn: Transaction) -> None:
            rename(txn)
            txn.execute(_RENAME, ("at once", ALICE))

        for unit, name in ((rename, "before"), (rename_again, "after"), (rename_at_once, "at once")):
            await self.database.write_login(unit)
            self.assertEqual(await self.nickname(), name)

    async def test_what_failed_before_its_last_question_has_changed_nothing(self) -> None:
        def fail(txn: Transaction) -> None:
            txn.write(_RENAME, ("seen", ALICE))
            txn.ask(_NICKNAMES)
            raise ZeroDivisionError

        before = await self.nickname()
        await self.assertFailure(self.database.write_login(fail), ZeroDivisionError)
        self.assertEqual(await self.nickname(), before)


class TestQuestionsOnSQLite(OnSQLite, QuestionsContract, TestCase):
    pass


class TestQuestionsOnMariaDB(OnMariaDB, QuestionsContract, TestCase):
    pass
