"""Real servers for tests: private MariaDB instances and naivechat nodes, each a child process of its own.

A test that only needs a database asks `tests.databases`; one that stops or kills a server starts its own here.
"""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Self
from unittest import SkipTest

import pymysql

from tests.processes import ChildProcess, free_port, wait_until

REPOSITORY = Path(__file__).resolve().parent.parent
LISTENS = re.compile(
    r"naivechat node (?P<node>\S+) listens on tcp:(?P<interface>\S+):(?P<port>\d+)\s*$", re.M
)
"""What a node logs for each of its endpoints."""

_RUN_TWISTD = "from twisted.scripts.twistd import run; run()"
_SERVER_FOLDERS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
_IN_MEMORY_BYTES = 2 << 30


class MariaDBServer:
    """A private MariaDB: own data folder, Unix socket and port of 127.0.0.1, durable like the default one.

    The first `start` creates the data; after `kill` or `stop`, `start` continues with it on the same port.

    Args:
        in_memory: keep the data on the memory file system where there is room, which spares the disk and its waits.
    """

    host = "127.0.0.1"
    user = "naivechat"
    password = "naivechat"

    def __init__(self, *, in_memory: bool = True) -> None:
        self.port = free_port()
        self.directory = _folder_of(self, "mariadb", _fast_folder() if in_memory else None)
        self.socket = self.directory / "socket"
        self._data = self.directory / "data"
        self._process = ChildProcess(self.directory / "log")
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def log_text(self) -> str:
        return self._process.log_text

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, *options: str) -> None:
        """Start with these further options of mariadbd and return when it answers."""
        is_new = not self._data.exists()
        if is_new:
            self._create_data()
        self._process.start(self._command(*options), cwd=self.directory)
        wait_until(lambda: self._answers() or not self._process.is_running, 60, self._not_started)
        assert self._process.is_running, self._not_started()
        if is_new:
            self._execute(
                f"CREATE USER {self.user}@'127.0.0.1' IDENTIFIED BY '{self.password}'",
                f"GRANT ALL PRIVILEGES ON *.* TO {self.user}@'127.0.0.1'",
            )

    def kill(self) -> None:
        """SIGKILL: what was not yet on disk is lost."""
        self._process.kill()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, and nothing answers on them."""
        self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: undo `pause`."""
        self._process.signal(signal.SIGCONT)

    def stop(self) -> int:
        """Shut down in order; the exit status."""
        self.resume()
        self._process.signal(signal.SIGTERM)
        return self._process.wait(timeout_s=60)

    def close(self) -> None:
        """End the server and remove its files."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

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

    def _not_started(self) -> str:
        return f"mariadbd did not start:\n{self.log_text}"

    def _create_data(self) -> None:
        command = [
            _program("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={self._data}",
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


class NodeProcess:
    """A `twistd -n naivechat` on 127.0.0.1 with a folder of its own, its working folder.

    Args:
        options: options of `naivechat` by name (`db=url, friend_policy="approve", strict_port=True`). Without `db` the
            node keeps its default, a SQLite file below its folder.
        environment: variables beside this process's own, whose `NAIVECHAT_…` the node does not get.
        port: where it listens, also after a restart; by default a free one.
    """

    host = "127.0.0.1"

    def __init__(
        self, *, environment: Mapping[str, str] | None = None, port: int | None = None, **options: str | int
    ) -> None:
        self.directory = _folder_of(self, "node")
        self.port = port or free_port()
        self._options = options
        self._environment = {**_environment_without_settings(), **(environment or {})}
        self._process = ChildProcess(self.directory / "node.log")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def log_text(self) -> str:
        return self._process.log_text

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def start(self, timeout_s: float = 30) -> None:
        """Start and return when the node has said where it listens; `port` is then what it said."""
        before = len(self.log_text)
        self._process.start(self._command(), cwd=self.directory, environment=self._environment)
        wait_until(
            lambda: LISTENS.search(self.log_text, before) is not None or not self.is_running,
            timeout_s,
            self._not_started,
        )
        said = LISTENS.search(self.log_text, before)
        assert said is not None, self._not_started()
        self.port = int(said["port"])

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def pause(self) -> None:
        """SIGSTOP."""
        self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: undo `pause`."""
        self._process.signal(signal.SIGCONT)

    def terminate(self) -> None:
        """SIGTERM: ask the node to drain and leave; `wait` tells how it ended."""
        self._process.signal(signal.SIGTERM)

    def wait(self, timeout_s: float = 30) -> int:
        """The exit status. AssertionError, with the log, when it still runs after `timeout_s`."""
        return self._process.wait(timeout_s)

    def stop(self) -> int:
        """SIGTERM, and wait: the exit status."""
        self.resume()
        self.terminate()
        return self.wait()

    def close(self) -> None:
        """End the node, in order when it can still be so, and remove its folder."""
        try:
            if self.is_running:
                self.stop()
        finally:
            self.kill()
            shutil.rmtree(self.directory, ignore_errors=True)

    def _command(self) -> list[str]:
        twistd = [sys.executable, "-c", _RUN_TWISTD, "-n", f"--pidfile={self.directory / 'node.pid'}"]
        return [*twistd, "naivechat", "--port", str(self.port), *_arguments(self._options)]

    def _not_started(self) -> str:
        return f"the node did not start:\n{self.log_text}"


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


def _folder_of(owner: object, kind: str, below: str | None = None) -> Path:
    """A new folder with a short path (a Unix socket's is limited) that goes with its owner at the latest."""
    folder = Path(tempfile.mkdtemp(prefix=f"naivechat-{kind}-", dir=below))
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return folder


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _fast_folder() -> str | None:
    """The memory file system where there is room: a killed server loses nothing there, and fsync is free."""
    memory = Path("/dev/shm")
    has_room = (
        memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _IN_MEMORY_BYTES
    )
    return str(memory) if has_room else None
