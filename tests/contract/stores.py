"""A storage on a new database for each test, and words to fill it."""

import itertools
import uuid
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred

from naivechat.domain.appending import Appended, Recall, Send
from naivechat.domain.errors import ChatError
from naivechat.domain.user import Account, User, UserId
from naivechat.infrastructure.sql.storage import Storage, open_storage

ALICE, BOB, CAROL, DAVE = map(UserId, ("alice", "bob", "carol", "dave"))


def person(user_id: UserId, nickname: str = "") -> User:
    return User(user_id=user_id, nickname=nickname or user_id.title())


def account(user_id: UserId, nickname: str = "", **values: Any) -> Account:
    values = {"password_hash": f"hash of {user_id}", "created_at_ms": 1} | values
    return Account(user=person(user_id, nickname), **values)


def send(talk_id: str, sender_id: UserId, text: str = "hello", **values: Any) -> Send:
    values = {"msg_uuid": uuid.uuid4().bytes, "msg_type": 0, "sent_at_ms": 1_000} | values
    return Send(talk_id=talk_id, sender_id=sender_id, text=text, **values)  # type: ignore[arg-type]


def recall(talk_id: str, sender_id: UserId, target_seq: int, **values: Any) -> Recall:
    values = {"msg_uuid": uuid.uuid4().bytes, "sent_at_ms": 2_000} | values
    return Recall(talk_id=talk_id, sender_id=sender_id, target_seq=target_seq, **values)  # type: ignore[arg-type]


class StorageContract:
    """Mixin of a test case beside `OnSQLite` or `OnMariaDB`: `self.storage` is started on a migrated database."""

    storage: Storage
    url: str

    async def _open(self, node_instance: str | None = None) -> Storage:
        clock = itertools.count(10_000)
        storage = open_storage(
            self.url, reactor=reactor, clock=lambda: next(clock), node_instance=node_instance
        )
        await storage.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(storage.stop()))  # type: ignore[attr-defined]
        return storage

    def setUp(self) -> Deferred[None]:
        self.url = self.new_migrated_database_url()  # type: ignore[attr-defined]
        return Deferred.fromCoroutine(self._set_up())

    async def _set_up(self) -> None:
        self.storage = await self._open()

    async def add(self, *user_ids: UserId) -> None:
        for user_id in user_ids:
            await self.storage.users.add(account(user_id))

    async def befriend(self, one: UserId, other: UserId) -> str:
        await self.storage.friends.befriend(one, other, 5)
        return ":".join(sorted((one, other)))

    async def append(self, entry: Send | Recall) -> Appended:
        return await self.storage.log.append(entry)

    async def refused(self, error: type[ChatError], coroutine: Any) -> None:
        await self.assertFailure(Deferred.fromCoroutine(coroutine), error)  # type: ignore[attr-defined]
