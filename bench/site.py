"""What is measured: nodes, alone or several, with their database, and the relay they are compared with."""

import contextlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias
from unittest import SkipTest

import attrs

from bench.frames import ACK, DELIVERY
from tests.processes import wait_until
from tests.redis_server import RedisServer, require_redis
from tests.servers import LISTENS, REPOSITORY, MariaDBServer, NodeProcess, require_mariadb

STORING_RELAY = "storing-relay"
_SEVERAL = re.compile(r"([1-9])-(nodes?|workers)")
_WORKER = re.compile(r"worker \S+ runs as process (\d+)")


class Missing(Exception):
    """What a site needs is not installed."""


class Process(Protocol):
    """Whatever has a process id; a node has another one after a restart."""

    @property
    def pid(self) -> int:
        """The process id now."""


@attrs.frozen(kw_only=True)
class Site:
    """Something that takes message frames and delivers them.

    ports: of 127.0.0.1, one a node. processes: by what they are, `node` first. versions: of the servers behind it.
    nodes: none for a relay. sqlite_file: of a site on SQLite. database, database_url: of one on MariaDB.
    """

    ports: tuple[int, ...]
    processes: Mapping[str, Sequence[Process]]
    versions: tuple[str, ...] = ()
    nodes: tuple[NodeProcess, ...] = ()
    sqlite_file: Path | None = None
    database: MariaDBServer | None = None
    database_url: str = ""

    def pids(self) -> dict[str, tuple[int, ...]]:
        """The process ids at this moment."""
        return {name: tuple(process.pid for process in group) for name, group in self.processes.items()}


@attrs.frozen(kw_only=True)
class _Running:
    """A process that somebody else has started."""

    pid: int


Sites: TypeAlias = Callable[[], AbstractContextManager[Site]]
"""Start a site, and end it."""


def site_of(subject: str) -> Sites:
    """What a subject's name stands for: c-relay, relay, storing-relay, sqlite, mariadb, or so many nodes on MariaDB and Redis as
    `3-nodes`, or `2-workers` behind one port.

    Raises:
        ValueError: it stands for nothing.
    """
    named: dict[str, Sites] = {
        "c-relay": c_relay,
        "relay": relay,
        STORING_RELAY: storing_relay,
        "sqlite": on_sqlite,
        "mariadb": on_mariadb,
    }
    if subject in named:
        return named[subject]
    if not _SEVERAL.fullmatch(subject):
        raise ValueError(f"{subject} is none of {', '.join(named)}, 2-nodes, 2-workers …")
    start = on_workers if subject.endswith("workers") else on_nodes
    return lambda: start(count_nodes(subject))


def count_nodes(subject: str) -> int:
    """How many nodes a subject has, which is no relay."""
    several = _SEVERAL.fullmatch(subject)
    return int(several[1]) if several else 1


@contextlib.contextmanager
def relay() -> Iterator[Site]:
    """The yardstick, see `bench.relay`."""
    with _running_relay(sys.executable, "-m", "bench.relay") as site:
        yield site


@contextlib.contextmanager
def c_relay() -> Iterator[Site]:
    """The same in C, see `bench/relay.c`, compiled here.

    Raises:
        Missing: there is no C compiler.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise Missing("there is no C compiler (cc)")
    with tempfile.TemporaryDirectory(prefix="naivechat-relay-") as folder:
        program = str(Path(folder) / "relay")
        subprocess.run([compiler, "-O2", "-o", program, str(REPOSITORY / "bench" / "relay.c")], check=True)
        with _running_relay(program, str(ACK), str(DELIVERY)) as site:
            yield site


@contextlib.contextmanager
def storing_relay() -> Iterator[Site]:
    """The yardstick that stores, on such a MariaDB as `on_mariadb`; see `bench.storing_relay`."""
    with mariadb_on_disk() as server:
        command = (sys.executable, "-m", "bench.storing_relay", server.create_database())
        with _running_relay(*command) as site:
            processes = {**site.processes, "database": [server]}
            yield attrs.evolve(site, processes=processes, versions=(version_of(server),))


@contextlib.contextmanager
def _running_relay(*command: str) -> Iterator[Site]:
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    with process, contextlib.ExitStack() as stack:
        stack.callback(process.kill)
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield Site(ports=(port,), processes={"node": [process]})


@contextlib.contextmanager
def on_sqlite() -> Iterator[Site]:
    """A node on a SQLite file in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="naivechat-sqlite-") as folder:
        database = Path(folder) / "naivechat.db"
        with NodeProcess(db=f"sqlite:///{database}", registration="open", limits="off") as node:
            yield Site(
                ports=(node.port,),
                processes={"node": [node]},
                versions=(f"SQLite {sqlite3.sqlite_version}",),
                nodes=(node,),
                sqlite_file=database,
            )


@contextlib.contextmanager
def on_mariadb() -> Iterator[Site]:
    """A node on a private MariaDB with its data on disk, which syncs every commit (innodb_flush_log_at_trx_commit=1)."""
    with mariadb_on_disk() as server:
        url = server.create_database()
        with NodeProcess(db=url, registration="open", limits="off") as node:
            yield Site(
                ports=(node.port,),
                processes={"node": [node], "database": [server]},
                versions=(version_of(server),),
                nodes=(node,),
                database=server,
                database_url=url,
            )


@contextlib.contextmanager
def on_nodes(count: int) -> Iterator[Site]:
    """So many nodes on one such MariaDB and one private Redis."""
    with mariadb_on_disk() as server, _redis() as redis, contextlib.ExitStack() as stack:
        url = server.create_database()
        nodes = tuple(
            stack.enter_context(
                NodeProcess(
                    db=url, redis=redis.url, node_name=f"node{number}", registration="open", limits="off"
                )
            )
            for number in range(1, count + 1)
        )
        yield Site(
            ports=tuple(node.port for node in nodes),
            processes={"node": nodes, "database": [server], "redis": [redis]},
            versions=(version_of(server), f"Redis {redis_version(redis)}"),
            nodes=nodes,
            database=server,
            database_url=url,
        )


@contextlib.contextmanager
def on_workers(count: int) -> Iterator[Site]:
    """So many workers of one machine behind one port, on one such MariaDB and one private Redis."""
    with mariadb_on_disk() as server, _redis() as redis:
        url = server.create_database()
        with NodeProcess(db=url, redis=redis.url, workers=count, registration="open", limits="off") as parent:
            wait_until(lambda: len(LISTENS.findall(parent.log_text)) >= count, 60, lambda: parent.log_text)
            workers = [_Running(pid=int(pid)) for pid in _WORKER.findall(parent.log_text)]
            yield Site(
                ports=(parent.port,),
                processes={"node": [parent, *workers], "database": [server], "redis": [redis]},
                versions=(version_of(server), f"Redis {redis_version(redis)}"),
                nodes=(parent,),
                database=server,
                database_url=url,
            )


def redis_version(redis: RedisServer) -> str:
    """What a running Redis says of itself."""
    said = re.search(r"(?:Redis|Valkey) version=([0-9.]+)", redis.log_text)
    return said[1] if said else "of unknown version"


def mariadb_on_disk() -> MariaDBServer:
    """A private MariaDB whose data is on disk; not started. Missing when it is not installed."""
    with _missing_instead_of_skipped():
        require_mariadb()
    return MariaDBServer(in_memory=False)


def _redis() -> RedisServer:
    with _missing_instead_of_skipped():
        require_redis()
    return RedisServer()


@contextlib.contextmanager
def _missing_instead_of_skipped() -> Iterator[None]:
    try:
        yield
    except (SkipTest, AssertionError) as reason:
        raise Missing(str(reason)) from None


def version_of(server: MariaDBServer) -> str:
    """What a running MariaDB says of itself, once it was seen that it syncs every commit."""
    with server.connection() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@innodb_flush_log_at_trx_commit")
        row = cursor.fetchone()
    assert row is not None
    version, flush = row
    assert flush == 1, "commits are not durable"
    return f"MariaDB {version}"
