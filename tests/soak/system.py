"""The system that is put to the test: nodes, their MariaDB, and their Redis behind a proxy."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

from twisted.internet.defer import gatherResults
from twisted.internet.threads import deferToThread

from tests.node_log import complaints
from tests.redis_server import RedisServer
from tests.servers import MariaDBServer, NodeProcess
from tests.soak.bus_proxy import HOST, BusProxy
from tests.soak.stored import StoredLogs, read_records


class System:
    """Everything that runs in processes of its own. What blocks is done in the reactor's threads.

    Args:
        nodes: how many. database: URL of an empty one elsewhere; "" starts a MariaDB here.
        make_node: a NodeProcess from its options; another function makes nodes that are broken on purpose.
    """

    def __init__(
        self,
        reactor: Any,
        *,
        nodes: int,
        database: str,
        random: Random,
        make_node: Callable[..., NodeProcess] = NodeProcess,
    ) -> None:
        self.mariadb = None if database else MariaDBServer()
        self.redis = RedisServer()
        self.bus = BusProxy(reactor, self.redis.port, random)
        self.nodes: tuple[NodeProcess, ...] = ()
        self.database = database
        self._count = nodes
        self._make_node = make_node

    async def start(self) -> None:
        """Start servers, then nodes; returns when all answer."""
        await _at_once([self.redis.start, self._start_database])
        await self.bus.start()
        self.nodes = tuple(self._new_node(number) for number in range(self._count))
        await _at_once(node.start for node in self.nodes)

    async def stop(self) -> None:
        """End all of it, whatever state it is in."""
        await self.bus.stop()
        await deferToThread(self._kill_all)

    async def read_logs(self) -> StoredLogs:
        """Read all messages in the database. pymysql's errors when it does not answer."""
        return StoredLogs.of(await deferToThread(read_records, self.database))

    def complaints(self) -> list[str]:
        """What the nodes' logs say that a healthy node never says."""
        return [line for node in self.nodes for line in complaints(node.log_text)]

    def save_logs(self, folder: Path) -> None:
        """Keep the nodes' logs."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, node in enumerate(self.nodes):
            (folder / f"node-{number}.log").write_text(node.log_text)

    def _start_database(self) -> None:
        if self.mariadb is not None:
            self.mariadb.start()
            self.database = self.mariadb.create_database()

    def _new_node(self, number: int) -> NodeProcess:
        return self._make_node(
            db=self.database,
            redis=f"redis://{HOST}:{self.bus.port}",
            node_name=f"node-{number}",
            registration="open",
            limits="off",
            strict_port=True,
        )

    def _kill_all(self) -> None:
        for node in self.nodes:
            node.kill()
            node.close()
        self.redis.close()
        if self.mariadb is not None:
            self.mariadb.close()


async def _at_once(functions: Iterable[Callable[[], None]]) -> None:
    # The reactor's threads stay, as those that start processes must: a child dies with the thread that started it.
    await gatherResults([deferToThread(function) for function in functions], consumeErrors=True)
