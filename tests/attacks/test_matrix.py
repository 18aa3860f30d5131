"""Everybody tries every command: the answer is the matrix's, and whoever is refused has changed nothing and told nobody."""

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pymysql
import pytest

from naivechat.infrastructure.sql.mysql_engine import mysql_arguments
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from naivechat.protocol.command import REQUESTS
from naivechat.protocol.session import ErrorResponse
from tests.attacks.matrix import ROWS
from tests.attacks.row import Row
from tests.attacks.scene import MemoryStage, NodeStage, Scene, Who, set_up
from tests.databases import DATABASES
from tests.figures import note
from tests.servers import NodeProcess

CELLS = [
    pytest.param(row, who, id=f"{row.command.name}-{row.case}-{who.value}") for row in ROWS for who in Who
]


def outcome_of(scene: Scene, row: Row, who: Who) -> str:
    answer = scene.client(who).request(row.make(scene, who))
    return answer.code if isinstance(answer, ErrorResponse) else type(answer).__name__


def is_refusal(outcome: str) -> bool:
    return outcome.isupper()


def test_every_command_that_clients_have_has_its_row() -> None:
    assert {row.command for row in ROWS} == REQUESTS


def test_every_row_is_about_its_command_and_has_everybody() -> None:
    scene = set_up(MemoryStage())
    for row in ROWS:
        assert set(row.outcomes) == set(Who)
        assert {row.make(scene, who).command for who in Who} == {row.command}


@pytest.mark.parametrize(("row", "who"), CELLS)
def test_everybody_is_answered_as_the_matrix_says(row: Row, who: Who) -> None:
    stage = MemoryStage()
    scene = set_up(stage, [who])
    before = copy.deepcopy(stage.node.store)
    outcome = outcome_of(scene, row, who)
    assert outcome == row.outcomes[who]
    if is_refusal(outcome):
        assert stage.node.store == before
        assert scene.told() == []


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    databases = DATABASES[request.param]
    url = databases.create_migrated()
    yield url
    databases.remove(url)


def everything_in(url: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for when people were last seen, which a node notes by itself."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            return _everything(connection.cursor(), tables)
    with pymysql.connect(**mysql_arguments(url)) as connection, connection.cursor() as cursor:
        return _everything(cursor, "SHOW TABLES")


def _everything(cursor: Any, tables: str) -> dict[str, list[dict[str, Any]]]:
    cursor.execute(tables)
    return {name: _rows(cursor, name) for (name,) in cursor.fetchall()}


def _rows(cursor: Any, name: str) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [{column: row[column] for column in columns if column != "last_seen_ms"} for row in rows]


def test_whoever_is_refused_changes_nothing_in_a_database(database_url: str) -> None:
    with NodeProcess(db=database_url, registration="open", limits="off") as node:
        scene = set_up(NodeStage(node, database_url))
        before = everything_in(database_url)
        for row in ROWS:
            for who in Who:
                if is_refusal(row.outcomes[who]):
                    assert outcome_of(scene, row, who) == row.outcomes[who], (row.command, row.case, who)
        assert everything_in(database_url) == before
        assert scene.told() == []
    refusals = sum(is_refusal(outcome) for row in ROWS for outcome in row.outcomes.values())
    note("attack", kind=f"forbidden commands on {database_url.partition(':')[0]}", tried=refusals, got_in=0)
