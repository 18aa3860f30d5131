"""The servers that tests start: they answer, survive what they must, and leave nothing behind."""

import sys
import unittest
from pathlib import Path

import pymysql
import pytest

from tests.processes import LOWEST_PORT, ChildProcess, free_port, wait_until
from tests.servers import MariaDBServer, require_mariadb, shared_mariadb


def rows(url: str, statement: str) -> tuple[tuple[object, ...], ...]:
    user, _, rest = url.removeprefix("mysql://").partition(":")
    password, _, rest = rest.partition("@")
    address, _, database = rest.partition("/")
    host, _, port = address.partition(":")
    connection = pymysql.connect(
        host=host, port=int(port), user=user, password=password, database=database, autocommit=True
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchall())


def test_the_shared_mariadb_gives_new_case_sensitive_databases_that_commit_durably() -> None:
    server = shared_mariadb()
    first, second = server.create_database(), server.create_database()

    assert first != second
    assert rows(first, "SELECT @@collation_database, @@innodb_flush_log_at_trx_commit") == (
        ("utf8mb4_bin", 1),
    )
    assert rows(second, "SHOW TABLES") == ()

    server.drop_database(first)
    with pytest.raises(pymysql.err.OperationalError):
        rows(first, "SELECT 1")


def test_a_killed_mariadb_continues_with_what_was_committed() -> None:
    require_mariadb()
    with MariaDBServer() as server:
        url = server.create_database()
        assert rows(url, "SELECT @@tmpdir") == ((str(server.directory / "tmp"),),)
        rows(url, "CREATE TABLE kept (n INT)")
        rows(url, "INSERT INTO kept VALUES (7)")

        server.kill()
        with pytest.raises(pymysql.err.OperationalError):
            rows(url, "SELECT 1")
        server.start()

        assert rows(url, "SELECT n FROM kept") == ((7,),)
        server.pause()
        server.resume()
        assert server.stop() == 0
    assert not server.directory.exists()


@pytest.mark.parametrize(("required", "outcome"), [("1", AssertionError), ("", unittest.SkipTest)])
def test_a_missing_mariadb_skips_a_test_unless_servers_are_required(
    monkeypatch: pytest.MonkeyPatch, required: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("NAIVECHAT_REQUIRE_SERVERS", required)
    monkeypatch.setattr("tests.servers._SERVER_FOLDERS", "/nowhere")
    with pytest.raises(outcome, match="mariadb-server-core"):
        require_mariadb()


@pytest.mark.parametrize("worker", [0, 1, 2])
def test_no_port_is_given_to_two_workers_or_twice(monkeypatch: pytest.MonkeyPatch, worker: int) -> None:
    monkeypatch.setattr("tests.processes._WORKERS", 3)
    monkeypatch.setattr("tests.processes._WORKER", worker)
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == len(ports)
    assert len({port % 3 for port in ports}) == 1
    assert (ports[0] - LOWEST_PORT) % 3 == worker


def test_a_child_process_keeps_its_log_and_ends_when_killed(tmp_path: Path) -> None:
    child = ChildProcess(tmp_path / "log")
    program = "import time; print('started', flush=True); time.sleep(600)"

    child.start([sys.executable, "-c", program], cwd=tmp_path)
    wait_until(lambda: "started" in child.log_text, 30, lambda: child.log_text)
    with pytest.raises(AssertionError, match="still running after 0 s:\nstarted"):
        child.wait(timeout_s=0)

    child.kill()
    child.kill()
    assert not child.is_running
