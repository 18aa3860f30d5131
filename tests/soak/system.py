"""The system that is put to the test: nodes, their database and their Redis, with proxies before all of them."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from twisted.internet.defer import gatherResults
from twisted.internet.threads import deferToThread

from tests.node_log import complaints
from tests.processes import free_port
from tests.redis_server import RedisServer
from tests.servers import MariaDBServer, NodeProcess
from tests.small_disk import SmallDisk, small_disk
from tests.soak.bus_proxy import BusProxy
from tests.soak.database_proxy import DatabaseProxy
from tests.soak.door_proxy import DoorProxy
from tests.soak.stored import StoredLogs, read_heads, read_records
from tests.soak.tcp_proxy import HOST, TcpProxy

SQLITE = "sqlite"
DISK_MEGABYTES = 96


class System:
    """Everything that runs in processes of its own. What blocks is done in the reactor's threads.

    Args:
        nodes: how many; on SQLite there is one. database: URL of an empty one elsewhere; "" starts a MariaDB here, "sqlite"
            keeps a file on a small disk, without Redis.
        make_node: a NodeProcess from its options; another function makes nodes that are broken on purpose.
        environment: what a node is started with, for the folder that is its own.

    Attributes:
        database: the database's URL, past all proxies. doors: proxies before the nodes, where clients connect.
        databases: proxies between each node and its database, where that is a server of ours.
    """

    def __init__(
        self,
        reactor: Any,
        *,
        nodes: int,
        database: str,
        random: Random,
        make_node: Callable[..., NodeProcess] = NodeProcess,
        environment: Callable[[Path], dict[str, str]] | None = None,
    ) -> None:
        is_alone = database == SQLITE
        self.mariadb = None if database else MariaDBServer()
        self.redis = None if is_alone else RedisServer()
        self.bus = BusProxy(reactor, self.redis.port, random) if self.redis is not None else None
        self.disk: SmallDisk | None = None
        self.nodes: tuple[NodeProcess, ...] = ()
        self.database = "" if is_alone else database
        ports = [free_port() for _ in range(1 if is_alone else nodes)]
        self.doors = tuple(DoorProxy(reactor, port, random) for port in ports)
        self.databases: tuple[DatabaseProxy, ...] = ()
        if self.mariadb is not None:
            self.databases = tuple(DatabaseProxy(reactor, self.mariadb.port, random) for _ in ports)
        self._ports = ports
        self._make_node = make_node
        self._environment = environment
        self._ending = ExitStack()

    async def start(self) -> None:
        """Start servers, then nodes; returns when all answer."""
        await _at_once(
            [server.start for server in (self.redis,) if server is not None] + [self._start_database]
        )
        for proxy in self._proxies:
            await proxy.start()
        self.nodes = tuple(self._new_node(number) for number in range(len(self._ports)))
        await _at_once(node.start for node in self.nodes)

    async def stop(self) -> None:
        """End all of it, whatever state it is in."""
        for proxy in self._proxies:
            await proxy.stop()
        await deferToThread(self._kill_all)

    async def read_logs(self) -> StoredLogs:
        """Read all messages in the database. The driver's errors when it does not answer."""
        return StoredLogs.of(await deferToThread(read_records, self.database))

    async def read_heads(self) -> dict[str, int]:
        """Where each talk ends in the database, which is quickly read. The driver's errors when it does not answer."""
        return await deferToThread(read_heads, self.database)

    def complaints(self) -> list[str]:
        """What the nodes' logs say that a healthy node never says, and which nodes have ended by themselves."""
        said = [line for node in self.nodes for line in complaints(node.log_text)]
        ended = [f"node {number} has ended" for number, node in enumerate(self.nodes) if not node.is_running]
        return said + ended

    def save_logs(self, folder: Path) -> None:
        """Keep the nodes' logs."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, node in enumerate(self.nodes):
            (folder / f"node-{number}.log").write_text(node.log_text)

    @property
    def _proxies(self) -> tuple[TcpProxy, ...]:
        bus = () if self.bus is None else (self.bus,)
        return (*bus, *self.databases, *self.doors)

    def _start_database(self) -> None:
        if self.mariadb is not None:
            self.mariadb.start()
            self.database = self.mariadb.create_database()
        elif not self.database:
            self.disk = self._ending.enter_context(small_disk(DISK_MEGABYTES))
            self.database = f"sqlite:///{self.disk.path / 'chat.db'}"

    def _new_node(self, number: int) -> NodeProcess:
        options: dict[str, Any] = {
            "db": self._database_for(number),
            "node_name": f"node-{number}",
            "registration": "open",
            "limits": "off",
            "strict_port": True,
            "advertise": f"{HOST}:{self.doors[number].port}",
            "port": self._ports[number],
        }
        if self.bus is not None:
            options["redis"] = f"redis://{HOST}:{self.bus.port}"
        node = self._make_node(**options)
        if self._environment is not None:
            node.add_environment(self._environment(node.directory))
        return node

    def _database_for(self, number: int) -> str:
        if self.mariadb is None:
            return self.database
        return self.database.replace(f":{self.mariadb.port}/", f":{self.databases[number].port}/")

    def _kill_all(self) -> None:
        for node in self.nodes:
            node.kill()
            node.close()
        for server in (self.redis, self.mariadb):
            if server is not None:
                server.close()
        self._ending.close()


async def _at_once(functions: Iterable[Callable[[], None]]) -> None:
    # The reactor's threads stay, as those that start processes must: a child dies with the thread that started it.
    await gatherResults([deferToThread(function) for function in functions], consumeErrors=True)
