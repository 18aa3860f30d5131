"""Migrations: at four nodes' start at once, after a kill in the middle, and on databases that refuse."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.migrate import MigrationError, migrate
from naivechat.infrastructure.sql.mysql_url import mysql_arguments
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from naivechat.infrastructure.sql.storage import engine_for
from tests.servers import REPOSITORY, MariaDBServer
from tests.small_disk import small_disk

NUMBERS = sorted(path.name.split("_")[0] for path in (REPOSITORY / "sql" / "sqlite").iterdir())
_MIGRATE = (
    "import sys; from naivechat.infrastructure.sql.migrate import migrate; print(len(migrate(sys.argv[1])))"
)
_DIE_IN = """
import os, sys
from yoyo import backends
from naivechat.infrastructure.sql.migrate import migrate
left = [int(sys.argv[2])]
real = backends.DatabaseBackend.execute
def execute(self, sql, params=None):
    done = real(self, sql, params)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), 9)
    return done
backends.DatabaseBackend.execute = execute
migrate(sys.argv[1])
"""


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)


def test_the_second_time_there_is_nothing_to_do(database_url: str) -> None:
    assert [name.split("_")[0] for name in migrate(database_url)] == NUMBERS
    assert migrate(database_url) == ()


def test_of_four_at_once_one_migrates(database_url: str) -> None:
    nodes = [_start(_MIGRATE, database_url) for _ in range(4)]
    assert sorted(int(node.communicate(timeout=60)[0]) for node in nodes) == [0, 0, 0, len(NUMBERS)]


def test_a_full_disk_may_have_room_a_moment_later() -> None:
    with small_disk(8) as disk:
        url = f"sqlite:///{disk.path / 'chat.db'}"
        migrate(url)
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        disk.fill()
        with pytest.raises(Unavailable, match=r"full|I/O"):
            migrate(url)
        disk.make_room()
        assert migrate(url) == ()


@pytest.mark.parametrize("statement", [1, 8, 12, 20, 24])
def test_after_a_kill_in_the_middle_the_next_one_goes_on(database_url: str, statement: int) -> None:
    with _start(_DIE_IN, database_url, str(statement)) as killed:
        assert killed.wait(timeout=60) == -9
    migrate(database_url)
    assert migrate(database_url) == ()


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "50% 聊天.db"
    migrate(f"sqlite:///{path.parent}/50%25 聊天.db")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_any_name_of_a_file_is_taken_at_its_word(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/a%2541%23%3F%20%25.db")
    assert (tmp_path / "a%41#? %.db").stat().st_size > 0
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, not a database. " * 99)
    with pytest.raises(MigrationError, match="not a database"):
        migrate(f"sqlite:///{path}")


def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        migrate("mysql://somebody:secret@127.0.0.1:1/nothing")


@pytest.mark.parametrize(
    "error",
    [
        pymysql.err.InterfaceError(0, ""),
        pymysql.err.OperationalError(1927, "Connection was killed"),
        pymysql.err.OperationalError(2013, "Lost connection to MySQL server during query"),
    ],
    ids=lambda error: str(error.args[0]),
)
def test_a_server_that_goes_away_in_the_middle_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, error: Exception, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("naivechat.infrastructure.sql.migrate._apply_missing", fail)
    with pytest.raises(Unavailable):
        migrate(f"sqlite:///{tmp_path}/chat.db")


def test_a_wrong_password_is_refused_without_showing_it(mariadb: MariaDBServer) -> None:
    with pytest.raises(MigrationError) as refused:
        migrate(f"mysql://{mariadb.user}:s3cret@127.0.0.1:{mariadb.port}/nothing")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgres://a:b@c/d",
        "sqlite://",
        "sqlite:///",
        "sqlite:///a.db?mode=ro",
        "mysql://host/database",
        "mysql://user@host",
        "mysql://user:secret@host:port/database",
        "mysql://user:secret@host/database?ssl=1",
    ],
)
def test_wrong_urls_are_refused_without_showing_the_password(url: str) -> None:
    for use in (engine_for, migrate):
        with pytest.raises(StorageUrlError) as refused:
            use(url)
        assert "secret" not in str(refused.value)


def test_urls_are_percent_decoded() -> None:
    wanted = {
        "host": "h",
        "port": 3306,
        "user": "a@b",
        "password": "p:/?",
        "database": "d",
        "unix_socket": "/run/s",
    }
    assert mysql_arguments("mysql://a%40b:p%3A%2F%3F@h/d?unix_socket=%2Frun%2Fs") == wanted
    assert sqlite_path("sqlite:////var/my%20db") == Path("/var/my db")
