"""A process without context for log lines does all that it did with one."""

from collections.abc import Iterator

import pytest
from twisted.python import context, log
from twisted.python.threadpool import ThreadPool

from naivechat.log_context import leave_out_log_context


@pytest.fixture(autouse=True)
def tracker() -> Iterator[None]:
    """No context in a test, and Twisted's again afterwards."""
    before = context.theContextTracker
    leave_out_log_context()
    yield
    context.installContextTracker(before)


class Selectable:
    def logPrefix(self) -> str:
        return "somebody"


def system() -> str:
    return str(context.get(log.ILogContext)["system"])


def test_what_the_reactor_calls_is_called_and_there_is_only_the_default_context() -> None:
    assert log.callWithLogger(Selectable(), lambda *given, **named: (given, named), 1, two=2) == (
        (1,),
        {"two": 2},
    )
    assert log.callWithLogger(Selectable(), system) == "-"
    assert context.call({log.ILogContext: {"system": "other"}}, system) == "-"


def test_what_nobody_has_set_is_the_default_that_is_asked_for() -> None:
    assert context.get("nothing") is None
    assert context.get("nothing", 3) == 3


def test_a_pool_of_threads_works() -> None:
    seen: list[str] = []
    pool = ThreadPool(0, 1)
    pool.start()
    pool.callInThread(lambda: seen.append(system()))
    pool.stop()
    assert seen == ["-"]
