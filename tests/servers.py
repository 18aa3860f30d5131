"""Real servers for tests: private MariaDB instances and naivechat nodes, each a child process of its own.

A test that only needs a database asks `tests.databases`; one that stops or kills a server starts its own here.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest import SkipTest

import pymysql

from tests.processes import ServerProcess, free_port, wait_until

REPOSITORY = Path(__file__).resolve().parent.parent
LISTENS = re.compile(
    r"naivechat node (?P<node>\S+) listens on tcp:(?P<interface>\S+):(?P<port>\d+)(?=\s*$|\")", re.M
)
"""What a node logs for each of its endpoints."""
SERVES_OPERATORS = re.compile(r"serves operators at (http://\S+:\d+)/")

_RUN_TWISTD = "from twisted.scripts.twistd import run; run()"
_SERVER_FOLDERS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
_IN_MEMORY_BYTES = 2 << 30


class MariaDBServer(ServerProcess):
    """A private MariaDB: own data folder, Unix socket and port of 127.0.0.1, durable like the default one.

    The first `start` creates the data; after `kill` or `stop`, `start` continues with it on the same port.

    Args:
        in_memory: keep the data on the memory file system where there is room, which spares the disk and its waits.
        below: keep it in this folder instead.
    """

    host = "127.0.0.1"
    user = "naivechat"
    password = "naivechat"

    def __init__(self, *, in_memory: bool = True, below: Path | None = None) -> None:
        folder = _fast_folder() if in_memory else None
        super().__init__("mariadb", below=str(below) if below is not None else folder)
        self.port = free_port()
        self.socket = self.directory / "socket"
        self._data = self.directory / "data"
        # Not /tmp: a server that starts there removes the temporary tables of all others, which die of that.
        self._temporary = self.directory / "tmp"
        self._temporary.mkdir()
        self._numbers = itertools.count(1)

    def start(self, *options: str) -> None:
        """Start with these further options of mariadbd and return when it answers."""
        is_new = not self._data.exists()
        if is_new:
            self._create_data()
        self._process.start(self._command(*options), cwd=self.directory)
        self._wait_for_start(self._answers, timeout_s=60)
        if is_new:
            self._execute(
                f"CREATE USER {self.user}@'127.0.0.1' IDENTIFIED BY '{self.password}'",
                f"GRANT ALL PRIVILEGES ON *.* TO {self.user}@'127.0.0.1'",
            )

    def create_database(self) -> str:
        """A new, empty database; the answer is its `mysql://` URL."""
        name = f"naivechat_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        return f"mysql://{self.user}:{self.password}@{self.host}:{self.port}/{name}"

    def copy_database(self, template_url: str, url: str) -> None:
        """Give an empty database the tables and rows of another one."""
        template, copy = (one.rpartition("/")[2] for one in (template_url, url))
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"SHOW TABLES FROM {template}")
            for (table,) in cursor.fetchall():
                cursor.execute(f"CREATE TABLE {copy}.{table} LIKE {template}.{table}")
                cursor.execute(f"INSERT INTO {copy}.{table} SELECT * FROM {template}.{table}")

    def drop_database(self, url: str) -> None:
        """Drop the database of a URL that `create_database` gave."""
        self._execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]}")

    @contextmanager
    def connection(self) -> "Iterator[pymysql.connections.Connection]":
        """A connection as root, who may see, kill and configure everything; closed on leaving."""
        with pymysql.connect(unix_socket=str(self.socket), user="root", autocommit=True) as connection:
            yield connection

    def _execute(self, *statements: str) -> None:
        with self.connection() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except pymysql.err.OperationalError:
            return False
        return True

    def _create_data(self) -> None:
        command = [
            _program("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={self._data}",
            f"--tmpdir={self._temporary}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            *_as_root(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"mariadb-install-db failed:\n{done.stdout}\n{done.stderr}"

    def _command(self, *options: str) -> list[str]:
        return [
            _program("mariadbd"),
            "--no-defaults",
            f"--datadir={self._data}",
            f"--tmpdir={self._temporary}",
            f"--socket={self.socket}",
            f"--pid-file={self.directory / 'pid'}",
            f"--port={self.port}",
            f"--bind-address={self.host}",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--performance-schema=OFF",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
            "--innodb-flush-method=fsync",
            "--innodb-buffer-pool-size=64M",
            "--max-connections=200",
            *_as_root(),
            *options,
        ]


class NodeProcess(ServerProcess):
    """A `twistd -n naivechat` on 127.0.0.1 with a folder of its own, its working folder.

    Args:
        options: options of `naivechat` by name (`db=url, friend_policy="approve", strict_port=True`). Without `db` the
            node keeps its default, a SQLite file below its folder; without `admin_port` operators are served at a free one.
        environment: variables beside this process's own, whose `NAIVECHAT_…` the node does not get.
        port: where it listens, also after a restart; by default a free one.
    """

    host = "127.0.0.1"

    def __init__(
        self, *, environment: Mapping[str, str] | None = None, port: int | None = None, **options: str | int
    ) -> None:
        super().__init__("node", log="node.log")
        self.port = port or free_port()
        self._options = {"admin_port": 0, **options}
        self._environment = {**_environment_without_settings(), **(environment or {})}
        self._log_before = 0

    def start(self, timeout_s: float = 30) -> None:
        """Start and return when the node has said where it listens; `port` is then what it said."""
        before = self._log_before = len(self.log_text)
        self._process.start(self._command(), cwd=self.directory, environment=self._environment)
        self._wait_for_start(lambda: LISTENS.search(self.log_text, before) is not None, timeout_s)
        said = LISTENS.search(self.log_text, before)
        assert said is not None, self._not_started()
        self.port = int(said["port"])

    def _serves_operators(self) -> re.Match[str] | None:
        return SERVES_OPERATORS.search(self.log_text, self._log_before)

    def add_environment(self, variables: Mapping[str, str]) -> None:
        """Variables for the next start."""
        self._environment |= variables

    @property
    def admin_url(self) -> str:
        """Where the node says that it serves operators, as `http://127.0.0.1:40001`: a moment after it has said where it listens."""
        wait_until(lambda: self._serves_operators() is not None, 10, self._not_started)
        said = self._serves_operators()
        assert said is not None, self._not_started()
        return said[1]

    def close(self) -> None:
        """End the node, in order when it can still be so, and remove its folder."""
        try:
            if self.is_running:
                self.stop()
        finally:
            super().close()

    def _command(self) -> list[str]:
        twistd = [sys.executable, "-c", _RUN_TWISTD, "-n", f"--pidfile={self.directory / 'node.pid'}"]
        return [*twistd, "naivechat", "--port", str(self.port), *_arguments(self._options)]


@cache
def shared_mariadb() -> MariaDBServer:
    """The run's one MariaDB, started when first asked for. Do not stop it: start your own for that.

    Raises:
        SkipTest: MariaDB is not installed, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    require_mariadb()
    server = MariaDBServer()
    server.start()
    return server


def require_mariadb() -> None:
    """Skip the calling test where MariaDB is not installed; fail it with NAIVECHAT_REQUIRE_SERVERS=1."""
    if shutil.which("mariadbd", path=_SERVER_FOLDERS) is not None:
        return
    reason = "mariadbd is not installed (Debian: apt install mariadb-server-core mariadb-client-core)"
    if os.environ.get("NAIVECHAT_REQUIRE_SERVERS") == "1":
        raise AssertionError(reason)
    raise SkipTest(reason)


def _program(name: str) -> str:
    path = shutil.which(name, path=_SERVER_FOLDERS)
    assert path is not None, f"{name} is not installed"
    return path


def _arguments(options: Mapping[str, str | int]) -> Iterator[str]:
    """Options of a command line: `strict_port=True` is a flag."""
    for name, value in options.items():
        yield f"--{name.replace('_', '-')}"
        if value is not True:
            yield str(value)


def _environment_without_settings() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NAIVECHAT_")}
    return {**inherited, "PYTHONPATH": str(REPOSITORY)}


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _fast_folder() -> str | None:
    """The memory file system where there is room: a killed server loses nothing there, and fsync is free."""
    memory = Path("/dev/shm")
    has_room = (
        memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _IN_MEMORY_BYTES
    )
    return str(memory) if has_room else None
