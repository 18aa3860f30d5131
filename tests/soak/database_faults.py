"""What can go wrong with a database that is there and answers."""

import sqlite3
import time
from contextlib import ExitStack, closing
from typing import Any

import pymysql
from twisted.internet.threads import deferToThread

from naivechat.infrastructure.sql.mysql_engine import mysql_arguments
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from tests.servers import MariaDBServer
from tests.soak.scene import Outcome, Scene, mariadb_of

FEWEST_CONNECTIONS = 10
"""Below this MariaDB's max_connections does not go."""

USUAL_CONNECTIONS = 200
TOO_MANY_CONNECTIONS = 1040
COMMITS = 3
LOCKED_FOR_S = 0.3


async def lose_commits(scene: Scene) -> Outcome | None:
    """The answers to some commits of one node are lost, and with each the connection."""
    proxy = scene.random.choice(scene.system.databases)
    before, proxy.to_lose = proxy.lost, COMMITS
    await scene.seen(lambda: proxy.lost >= before + COMMITS)
    proxy.mend()
    return (True, f"{proxy.lost - before} commits") if proxy.lost > before else None


async def fill_connections(scene: Scene) -> Outcome:
    """The database has no connections left: others have taken all of them."""
    with ExitStack() as ending:
        refused = await deferToThread(_take_all_connections, mariadb_of(scene), scene.system.database, ending)
        away_s = await scene.wait(1, 8)
    return refused, f"for {away_s:.1f} s"


async def deadlock_database(scene: Scene) -> Outcome | None:
    """Somebody else takes the rows that nodes take, in another order; nothing is struck while no node writes."""
    deadlocks = await deferToThread(_deadlock, mariadb_of(scene), scene.system.database)
    return (True, f"{deadlocks} deadlocks") if deadlocks else None


async def fill_disk(scene: Scene) -> Outcome:
    """The disk on which the node keeps its database is full."""
    disk = scene.system.disk
    assert disk is not None, "this node's disk is not ours to fill"
    await deferToThread(disk.fill)
    full = disk.is_full
    away_s = await scene.wait(1, 8)
    await deferToThread(disk.make_room)
    return full, f"for {away_s:.1f} s"


async def lock_file(scene: Scene) -> Outcome:
    """Somebody else writes to the node's database, and takes long."""
    path = str(sqlite_path(scene.system.database))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)) as other:
        await deferToThread(other.execute, "BEGIN IMMEDIATE")
        locked_s = await scene.wait(0.5, 8)
        other.execute("ROLLBACK")
    return True, f"for {locked_s:.1f} s"


def _take_all_connections(server: MariaDBServer, url: str, ending: ExitStack) -> bool:
    """Until `ending` ends. Whether there are none left."""
    cursor = ending.enter_context(ending.enter_context(server.connection()).cursor())
    ending.callback(cursor.execute, f"SET GLOBAL max_connections = {USUAL_CONNECTIONS}")
    cursor.execute(f"SET GLOBAL max_connections = {FEWEST_CONNECTIONS}")
    # Those of the nodes end: else they would go on with what they have.
    cursor.execute("KILL USER naivechat")
    for _ in range(2 * FEWEST_CONNECTIONS):
        try:
            taken: Any = pymysql.connect(**mysql_arguments(url))
        except pymysql.err.OperationalError as error:
            return bool(error.args[0] == TOO_MANY_CONNECTIONS)
        ending.callback(taken.close)
    return False


def _deadlock(server: MariaDBServer, url: str) -> int:
    """Take all members' rows, then all talks', until somebody had to give way; how often somebody had."""
    before = _count_deadlocks(server)
    for _ in range(20):
        with pymysql.connect(**mysql_arguments(url)) as connection, connection.cursor() as cursor:
            try:
                cursor.execute("SELECT * FROM talk_member FOR UPDATE")
                time.sleep(LOCKED_FOR_S)
                cursor.execute("SELECT * FROM talk FOR UPDATE")
            except pymysql.err.OperationalError:
                pass  # it is we who had to give way
            connection.rollback()
        if (found := _count_deadlocks(server) - before) > 0:
            return found
    return 0


def _count_deadlocks(server: MariaDBServer) -> int:
    with server.connection() as connection, connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
        row = cursor.fetchone()
    assert row is not None, "this MariaDB does not count deadlocks"
    return int(row[1])
