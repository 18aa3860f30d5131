"""What is measured: nodes on one kind of database each, and the relay they are compared with."""

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

import attrs

from bench import people
from tests.servers import REPOSITORY, MariaDBServer, NodeProcess


@attrs.frozen(kw_only=True)
class Subject:
    """Something that takes message frames and delivers them.

    sockets: connections in pairs, ready for messages. pids: its processes by what they are, `node` first.
    version: of the database, "" without one.
    """

    sockets: Sequence[socket.socket]
    pids: dict[str, int]
    version: str = ""


Subjects: TypeAlias = Callable[[Sequence[str]], AbstractContextManager[Subject]]
"""Start a subject for people of these names, and end it."""


@contextlib.contextmanager
def relay(names: Sequence[str]) -> Iterator[Subject]:
    """The yardstick, see `bench.relay`."""
    command = [sys.executable, "-m", "bench.relay"]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    with process, contextlib.ExitStack() as stack:
        stack.callback(process.kill)
        assert process.stdout is not None
        port = int(process.stdout.readline())
        sockets = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in names]
        yield Subject(sockets=sockets, pids={"node": process.pid})


@contextlib.contextmanager
def on_sqlite(names: Sequence[str]) -> Iterator[Subject]:
    """A node on a SQLite file below its own folder."""
    version = f"SQLite {sqlite3.sqlite_version}"
    with (
        NodeProcess(registration="open", limits="off") as node,
        people.connected(node.port, names) as sockets,
    ):
        yield Subject(sockets=sockets, pids={"node": node.pid}, version=version)


@contextlib.contextmanager
def on_mariadb(names: Sequence[str]) -> Iterator[Subject]:
    """A node on a private MariaDB with its data on disk, which syncs every commit (innodb_flush_log_at_trx_commit=1)."""
    with MariaDBServer(in_memory=False) as server:
        url = server.create_database()
        node = NodeProcess(db=url, registration="open", limits="off")
        with node, people.connected(node.port, names) as sockets:
            pids = {"node": node.pid, "database": server.pid}
            yield Subject(sockets=sockets, pids=pids, version=_version_of(server))


def _version_of(server: MariaDBServer) -> str:
    with server.connection() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@innodb_flush_log_at_trx_commit")
        row = cursor.fetchone()
    assert row is not None
    version, flush = row
    assert flush == 1, "commits are not durable"
    return f"MariaDB {version}"


SUBJECTS: dict[str, Subjects] = {"relay": relay, "sqlite": on_sqlite, "mariadb": on_mariadb}


def has_mariadb() -> bool:
    """Whether a MariaDB server is installed."""
    return any(shutil.which(name) or Path(f"/usr/sbin/{name}").exists() for name in ("mariadbd", "mysqld"))
