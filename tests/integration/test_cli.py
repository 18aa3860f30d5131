"""The operator's commands, each a process of its own on a database of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from naivechat import __version__
from naivechat.demo_data import PEOPLE
from tests.servers import REPOSITORY

_RUN = "from naivechat.cli import main; main()"


class Operator:
    """Runs `naivechat …` in a folder; `before`: what is executed first, in the same process."""

    def __init__(self, folder: Path, *, before: str = "") -> None:
        self._folder = folder
        self._program = f"{before}{_RUN}"

    def run(
        self, *arguments: str, typed: str = "", environment: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """The exit status, and what was written."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NAIVECHAT_")}
        done = subprocess.run(
            [sys.executable, "-c", self._program, *arguments],
            input=typed,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            env=kept | {"PYTHONPATH": str(REPOSITORY)} | (environment or {}),
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout

    def succeeds(self, *arguments: str, typed: str = "") -> str:
        """What was written by a command that must succeed."""
        status, written = self.run(*arguments, typed=typed)
        assert status == 0, written
        return written

    def fails(self, *arguments: str, typed: str = "") -> str:
        """The one line of a command that must fail."""
        status, written = self.run(*arguments, typed=typed)
        assert status == 1, written
        assert re.fullmatch(r"Error: [^\n]+\n", written), written
        return written.removeprefix("Error: ").strip()


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    return Operator(tmp_path)


def test_the_version_is_told(operator: Operator) -> None:
    assert operator.succeeds("--version") == f"naivechat {__version__}\n"


def test_migrating_twice_does_nothing_the_second_time(operator: Operator) -> None:
    assert operator.succeeds("migrate").startswith("applied 0001_")
    assert operator.succeeds("migrate") == "The database is up to date.\n"


def test_demo_data_shows_its_passwords_once(operator: Operator) -> None:
    first = operator.succeeds("demo-data")
    assert all(f" {user_id} " in first for user_id in PEOPLE)
    assert "naivechat chat alice@127.0.0.1:7397" in first
    assert operator.succeeds("demo-data").startswith("The demo data is there already.")
    assert len(operator.succeeds("user", "list").splitlines()) == len(PEOPLE)


def test_demo_data_takes_a_password(operator: Operator) -> None:
    assert operator.succeeds("demo-data", "--password", "the same for all").count("the same for all") == len(
        PEOPLE
    )
    assert operator.fails("user", "add", "alice", typed="long enough\n") == "This account name is taken."


def test_an_account_goes_through_its_life(operator: Operator) -> None:
    assert (
        operator.succeeds("user", "add", "li", "--nickname", "李雷", typed="long enough\n")
        == "li can log in now.\n"
    )
    assert re.search(r"Password: \S{12}\n", operator.succeeds("user", "passwd", "li", "--generate"))
    assert operator.succeeds("user", "disable", "li") == "li can no longer log in.\n"
    assert operator.succeeds("user", "list").split() == ["li", "李雷", "(disabled)"]
    assert operator.succeeds("user", "enable", "li") == "li can log in again.\n"
    assert operator.succeeds("user", "list").split() == ["li", "李雷"]


def test_what_is_wrong_is_one_line(operator: Operator) -> None:
    assert operator.fails("user", "add", "li", typed="short\n") == "A password needs at least 8 characters."
    assert operator.fails("user", "add", "a b", "--generate").startswith("user_id: ")
    assert operator.fails("user", "add", "li", "--nickname", "\t", typed="long enough\n").startswith(
        "A nickname has"
    )
    assert operator.fails("user", "passwd", "nobody", "--generate") == "There is no user nobody."
    assert operator.fails("--db", "postgres://x", "migrate").startswith("db: wanted is sqlite:///path")
    assert (
        operator.fails("--config", "absent.toml", "migrate")
        == "config absent.toml: No such file or directory"
    )


def test_a_database_that_is_away_is_one_line_without_the_password(operator: Operator) -> None:
    line = operator.fails("--db", "mysql://chat:secret@127.0.0.1:1/chat", "user", "list")
    assert line.startswith("mysql://chat:***@127.0.0.1:1/chat: ")
    assert "secret" not in line


def test_nodes_are_asked_for_where_they_meet(operator: Operator) -> None:
    assert operator.fails("nodes").startswith("redis: ")
    line = operator.fails("nodes", "--redis", "redis://:secret@127.0.0.1:1")
    assert line == "--redis needs a MySQL or MariaDB database: SQLite belongs to one node"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nobody.example",), "nobody.example: wanted is user@host:port"),
        (("li@host:many",), "li@host:many: a port is a number from 1 to 65535"),
    ],
)
def test_an_address_that_cannot_be_read_is_one_line(
    operator: Operator, arguments: tuple[str, ...], line: str
) -> None:
    assert operator.fails("chat", *arguments) == line


def test_a_file_without_certificates_is_one_line(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    assert "holds no certificate" in operator.fails("chat", "li@localhost", "--ca", "ca.pem")
