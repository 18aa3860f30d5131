"""Logins by password at an even pace, from a process of their own, while something else is measured."""

import contextlib
import itertools
import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.wire import WireClient

_AT_ONCE = 16


@contextlib.contextmanager
def password_logins(port: int, names: Sequence[str], per_s: float) -> Iterator[None]:
    """These people log in in turns, so many a second, and leave at once; all have the password of the tests.

    Raises:
        LoginsFailed: on leaving: a login was refused, or the process has died.
    """
    context = multiprocessing.get_context("fork")
    over = context.Event()
    process = context.Process(target=_log_in_until, args=(over, port, tuple(names), per_s), daemon=True)
    process.start()
    try:
        yield
    finally:
        over.set()
        process.join()
    if process.exitcode:
        raise LoginsFailed(f"the process of logins ended with {process.exitcode}")


class LoginsFailed(Exception):
    """People could not log in beside the work."""


def _log_in_until(over: Any, port: int, names: tuple[str, ...], per_s: float) -> None:
    failed = threading.Event()

    def log_in(name: str) -> None:
        try:
            with WireClient(port) as client:
                client.login(name)
        except Exception:
            failed.set()
            raise

    start = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number, name in enumerate(itertools.cycle(names)):
            if over.wait(max(0.0, start + number / per_s - time.monotonic())):
                break
            pool.submit(log_in, name)
    if failed.is_set():
        raise SystemExit(1)
