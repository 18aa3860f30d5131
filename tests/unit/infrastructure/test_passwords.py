import os
import sys
import threading
from typing import Any
from unittest import SkipTest, mock

from argon2 import PasswordHasher
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.passwords import NICENESS, Argon2Hasher


def begun(coroutine: Any) -> Deferred[Any]:
    return Deferred.fromCoroutine(coroutine)


class TestArgon2Hasher(TestCase):
    def setUp(self) -> None:
        self.hasher = Argon2Hasher(reactor)
        self.hasher.start()
        self.addCleanup(self.hasher.stop)

    async def test_a_password_is_known_by_its_hash(self) -> None:
        hashed = await self.hasher.hash("correct horse")
        self.assertTrue(hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$"))
        self.assertTrue(await self.hasher.verify(hashed, "correct horse"))
        self.assertFalse(await self.hasher.verify(hashed, "wrong horse"))
        self.assertNotEqual(hashed, await self.hasher.hash("correct horse"))

    async def test_nobody_has_no_password_and_broken_hashes_neither(self) -> None:
        for password_hash in (None, "", "not a hash"):
            self.assertFalse(await self.hasher.verify(password_hash, "a password that nobody has"))

    async def test_hashes_of_older_parameters_are_renewed(self) -> None:
        self.assertFalse(self.hasher.needs_rehash(await self.hasher.hash("correct horse")))
        self.assertTrue(self.hasher.needs_rehash(PasswordHasher(time_cost=1, memory_cost=64).hash("x")))

    async def test_hashing_steps_back_behind_the_threads_that_chat(self) -> None:
        if sys.platform != "linux":
            raise SkipTest("niceness is a thread's own on Linux alone")
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        theirs: list[int] = []

        def look(*_: object) -> bool:
            theirs.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return True

        self.patch(self.hasher, "_verify", look)
        await self.hasher.verify("a hash", "a password")
        self.assertEqual(theirs, [NICENESS])
        self.assertEqual(os.getpriority(os.PRIO_PROCESS, 0), mine)

    async def test_too_many_at_once_are_refused_and_the_rest_served(self) -> None:
        with mock.patch("naivechat.infrastructure.passwords.MOST_WAITING", 2):
            served = [begun(self.hasher.hash("x")) for _ in range(2)]
            await self.assertFailure(begun(self.hasher.hash("x")), Unavailable)
            await gatherResults(served)
            await self.hasher.hash("x")
