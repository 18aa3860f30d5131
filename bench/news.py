"""What each node pays for what the others store: it reads their rows of news, every few seconds, to miss nothing."""

import argparse
import json

from bench.cost import CALLED, timed
from bench.readings import Reading
from bench.site import Site
from bench.tables import Tables, tables_of
from naivechat.infrastructure.sql import news_row

WORK = "reading what other nodes have stored"
_ROWS, _PORTION = 20_000, 2_000


def measure(subject: str, site: Site, options: argparse.Namespace) -> list[Reading]:
    """Rows of one message each, read as a node does it, here in the generator: its share is what a node would pay."""
    with tables_of(site) as tables:
        stored = json.dumps([["somebody-1:somebody-2", 1, 1]])
        tables.add("log_news", ("node", "stored"), [("another node", stored)] * _ROWS)
        first = int(tables.value("SELECT MAX(news_id) FROM log_news")) - _ROWS
    with tables_of(site) as tables:
        _, cost = timed(site, lambda: _read(tables, first))
    parts = {"node": cost.cpu_us["generator"], "database": cost.cpu_us.get("database", 0)}
    return [
        Reading(
            work=WORK,
            subject=subject,
            what=f"CPU of {CALLED[name]} for a transaction",
            value=us / _ROWS,
            unit="µs",
        )
        for name, us in parts.items()
    ]


def _read(tables: Tables, cursor: int) -> None:
    statement = "SELECT news_id, stored FROM log_news WHERE news_id > ? ORDER BY news_id LIMIT ?"
    for _ in range(_ROWS // _PORTION):
        rows = tables.rows(statement, cursor, _PORTION)
        for _, stored in rows:
            news_row.decode(stored)
        cursor = rows[-1][0]
