"""Argon2id in threads of its own: a hash takes 25 ms and 19 MiB, and lets other threads run meanwhile.

Where all cores are busy the threads step back, so that who chats does not wait for who logs in.
"""

import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from naivechat.domain.errors import Unavailable

T = TypeVar("T")

THREADS = 2
MOST_WAITING = 200
NICENESS = 10


class Argon2Hasher:
    """Hashes and verifies passwords off the reactor; implements `domain.ports.PasswordHasher`.

    Parameters are OWASP's for argon2id: 19 MiB, two passes, one lane.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._nobodys_hash = self._argon2.hash("a password that nobody has")
        self._threads = ThreadPool(0, THREADS, "passwords")
        self._waiting = 0
        self._of_thread = threading.local()

    def start(self) -> None:
        """Start the threads."""
        self._threads.start()

    def stop(self) -> None:
        """End the threads, after what they are at."""
        self._threads.stop()

    async def hash(self, password: str) -> str:
        """A new hash in PHC form."""
        return await self._in_thread(lambda: self._argon2.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the hash's; None, the account that is not there, takes as long and is False."""
        known_hash = self._nobodys_hash if password_hash is None else password_hash
        verified = await self._in_thread(lambda: self._verify(known_hash, password))
        return verified and password_hash is not None

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _stepping_back(self, work: Callable[[], T]) -> T:
        # Niceness is each thread's own on Linux; elsewhere it would be the whole process's.
        if sys.platform == "linux" and not hasattr(self._of_thread, "is_nice"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
            self._of_thread.is_nice = True
        return work()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many people are logging in: try again.")
        self._waiting += 1
        try:
            return await deferToThreadPool(self._reactor, self._threads, self._stepping_back, work)
        finally:
            self._waiting -= 1
