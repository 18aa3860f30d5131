"""What people are shown first, whoever looks beside them, on every database."""

from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.domain.friend import MOST_OPEN_REQUESTS
from naivechat.domain.user import UserId
from tests.contract.stores import ALICE, BOB, CAROL, StorageContract, account, send
from tests.databases import OnMariaDB, OnSQLite


class FirstViewsContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.talks = self.storage.talks

    async def test_whatever_a_message_says_is_sketched_as_it_was(self) -> None:
        written = await self.befriend(ALICE, BOB)
        texts = [
            '"quoted" \\ back\\slash',
            "new\nline\x01\x7f.",
            "🎉 爱丽丝 שלום",
            "[1, null]",
            "'; DROP",
            "%s %% {rows}",
        ]
        for text in texts:
            await self.append(send(written, ALICE, text))
            (talk,) = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).talks.talks
            self.assertEqual(talk.sketch, text)

    async def test_whoever_looks_alone_is_shown_all_in_the_order_of_one_who_looks_with_others(self) -> None:
        people = [UserId(f"p{number}") for number in range(6)]
        for number, user_id in enumerate(people):
            await self.storage.users.add(account(user_id, f"name {number % 3}"))
            talk = await self.befriend(ALICE, user_id)
            await self.append(send(talk, user_id, sent_at_ms=5_000 + number % 2))
        alone = await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)
        reading = [self.talks.read_snapshot(user_id, since_ms=0, offset=0) for user_id in (BOB, ALICE, CAROL)]
        together = await gatherResults([Deferred.fromCoroutine(one) for one in reading])
        self.assertEqual(together[1], alone)
        later, earlier = people[1::2], people[::2]
        self.assertEqual([talk.address.other_id for talk in alone.talks.talks], [*later, *earlier])

    async def test_of_very_many_open_requests_the_newest_are_shown(self) -> None:
        people = [UserId(f"p{number:03}") for number in range(MOST_OPEN_REQUESTS + 1)]
        for number, user_id in enumerate(people):
            await self.storage.users.add(account(user_id))
            await self.storage.friends.ask(user_id, ALICE, "hello", 1_000 - number // 2)
        for _ in range(2):
            asked = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).requests
            self.assertEqual([request.asker.user_id for request in asked], people[:-1])


class TestFirstViewsOnSQLite(OnSQLite, FirstViewsContract, TestCase):
    pass


class TestFirstViewsOnMariaDB(OnMariaDB, FirstViewsContract, TestCase):
    pass
