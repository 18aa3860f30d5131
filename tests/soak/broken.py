"""Nodes with a fault of their own, planted on purpose: the checker must find each.

`python -m tests.soak.broken BUG …` is `twistd …` with that bug; `broken(BUG)` gives what makes such nodes for a `Plan`.
"""

import functools
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import pymysql
from twisted.internet.defer import Deferred
from twisted.scripts import twistd

from naivechat import bootstrap
from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.batch import BatchUnit
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.mysql_engine import MySQLEngine
from naivechat.infrastructure.sql.mysql_url import mysql_arguments
from naivechat.sockets.bell import Record
from naivechat.sockets.push_order import PushOrder
from naivechat.sockets.registry import Registry
from naivechat.sockets.repair import Repair, Resync
from tests.servers import NodeProcess

COMMIT_LATE_BY_S = 0.3


class BrokenNode(NodeProcess):
    """A node that has one of `BUGS`."""

    def __init__(self, bug: str, **options: Any) -> None:
        super().__init__(**options)
        self._bug = bug

    def _command(self) -> list[str]:
        python, _, _, *arguments = super()._command()
        return [python, "-m", "tests.soak.broken", self._bug, *arguments]


def broken(bug: str) -> Callable[..., NodeProcess]:
    """What makes nodes with a bug."""
    return functools.partial(BrokenNode, bug)


def ack_before_commit() -> None:
    """Messages are acked, and told on, a moment before their transaction commits."""

    async def commit(self: SqlMessageLog, batch: Sequence[Any]) -> list[Any]:
        if callable(batch[0].work):
            return [await self._database.write(batch[0].work)]
        unit = BatchUnit([queued.work for queued in batch], self._clock(), self._news, look_first=True)
        answered: Deferred[list[Any]] = Deferred()

        def write(txn: Any) -> list[Any]:
            outcomes = unit(txn)
            self._reactor.callFromThread(_fire, answered, outcomes)
            time.sleep(COMMIT_LATE_BY_S)
            return outcomes

        writing = Deferred.fromCoroutine(self._database.write(write))
        writing.addErrback(lambda _: _fire(answered, [Unavailable()] * len(batch)))
        return list(await answered)

    SqlMessageLog._commit = commit  # type: ignore[method-assign]


def no_uniqueness() -> None:
    """A message that is sent again is stored again."""
    prepare, find_named = bootstrap.prepare, records._named

    def prepare_badly(url: str) -> None:
        prepare(url)
        with pymysql.connect(**mysql_arguments(url)) as connection, connection.cursor() as cursor:
            cursor.execute("ALTER TABLE chat_record DROP KEY IF EXISTS chat_record_name")

    def find_none(txn: Any, by: tuple[str, str], pairs: Any, *index: str) -> Any:
        return () if by[1] == "msg_uuid" else find_named(txn, by, pairs, *index)

    bootstrap.prepare = prepare_badly
    records._named = find_none


def no_leaving() -> None:
    """Whoever leaves a group goes on hearing it."""
    Registry.leave_group = lambda *_: None  # type: ignore[method-assign]


def no_push_order() -> None:
    """Records are pushed as the bus brings them."""

    def come(self: PushOrder, audience: Any, record: Record, origin: Any = None) -> None:
        self._push(audience, record, origin)

    PushOrder.come = come  # type: ignore[method-assign]


def no_repair() -> None:
    """Nobody looks for what the bus has lost, and nobody tells clients to."""

    async def look(self: Repair) -> None:
        """Nothing."""

    def come(self: PushOrder, audience: Any, record: Record, origin: Any = None) -> None:
        if record.seq > (audience.pushed(record.talk_id) or 0):
            self._pass_on(audience, record, origin)

    Repair.look = look  # type: ignore[method-assign]
    Resync.begin = lambda self: None  # type: ignore[method-assign]
    PushOrder.come = come  # type: ignore[method-assign]


def forged_senders() -> None:
    """Now and then a message is stored as another one's."""
    insert = records.insert

    def insert_forged(txn: Any, appended: Sequence[Any]) -> None:
        for record in appended:
            if record.message.msg_uuid[0] < 10:
                record.message.sender_id = "person-0"
        insert(txn, appended)

    records.insert = insert_forged
    MySQLEngine.can_number = False


def _fire(answered: "Deferred[list[Any]]", outcomes: list[Any]) -> None:
    if not answered.called:
        answered.callback(outcomes)


BUGS: dict[str, Callable[[], None]] = {
    plant.__name__.replace("_", "-"): plant
    for plant in (
        ack_before_commit,
        no_uniqueness,
        no_leaving,
        no_push_order,
        no_repair,
        forged_senders,
    )
}


def main() -> None:
    """Plant a bug and be twistd."""
    bug, *arguments = sys.argv[1:]
    BUGS[bug]()
    sys.argv = ["twistd", *arguments]
    twistd.run()


if __name__ == "__main__":
    main()
