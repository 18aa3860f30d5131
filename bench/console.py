"""What the console's pages cost at many accounts: `python -m bench.console --accounts 100000`; tables go to standard output."""

import argparse
import contextlib
import http.client
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import attrs

from bench.usage import CpuClock
from tests.integration.test_cli import Operator
from tests.servers import MariaDBServer, NodeProcess
from tests.wire import WireClient, new_person

PASSWORD = "only for a measurement"
DAY_MS = 86_400_000
SYLLABLES = (
    "an",
    "bo",
    "chen",
    "da",
    "fei",
    "guo",
    "hu",
    "jing",
    "li",
    "mei",
    "na",
    "wei",
    "xin",
    "yan",
    "zhou",
)
PAGES: Mapping[str, str] = {
    "users, first page": "users",
    "users by nickname, downwards": "users?sort=nickname&order=down",
    "users by last seen, far down": "users?sort=last_seen&order=down&page=1000",
    "users by id, last page": "users?page=2000",
    "disabled users": "users?state=disabled",
    "users online": "users?state=online",
    "users: an id": "users?text=u50000",
    "users: what many have": "users?text=an",
    "users: what nobody has": "users?text=nobody+has+this",
    "one user": "users/one?id=u77",
    "one user, refreshed": "users/panel?id=u77",
    "audit log": "audit",
    "nodes": "nodes",
}


@attrs.frozen(kw_only=True)
class Cost:
    """Of one page: milliseconds until the answer, as the browser waits, and of processor time in each process, a request."""

    page: str
    median_ms: float
    slowest_ms: float
    cpu_ms: Mapping[str, float]


class Browser:
    """Somebody who has logged in."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._host)
        form = urlencode({"operator_id": "olga", "password": PASSWORD, "code": ""})
        kind = "application/x-www-form-urlencoded"
        headers = {"Origin": f"http://{self._host}", "Content-Type": kind}
        self._connection.request("POST", "/console/login", form, headers)
        answer = self._connection.getresponse()
        answer.read()
        self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def get(self, page: str) -> None:
        """Read a page whole. RuntimeError: it is refused."""
        self._connection.request("GET", f"/console/{page}", headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{page}: {answer.status}")


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Accounts that are made up, always the same."""
    chance, now_ms = random.Random(count), time.time_ns() // 1_000_000
    for number in range(count):
        nickname = " ".join(chance.choices(SYLLABLES, k=2)).title()
        created_at_ms = now_ms - chance.randrange(900) * DAY_MS
        seen_ms = now_ms - chance.randrange(900) * DAY_MS // 9
        user_id = f"u{number}"
        yield (
            user_id,
            user_id,
            nickname,
            nickname.casefold(),
            "",
            "",
            number % 50 == 0,
            created_at_ms,
            seen_ms,
        )


INSERT = (
    "INSERT INTO user (user_id, user_id_folded, nickname, nickname_folded, avatar, password_hash, disabled, created_at_ms, "
    "last_seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@contextlib.contextmanager
def on_sqlite(accounts: int) -> Iterator[tuple[NodeProcess, dict[str, Sequence[int]]]]:
    """A node on a file with so many accounts, and which processes work."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "naivechat.db"
        Operator(Path(folder)).run(
            "admin", "add", "olga", typed=f"{PASSWORD}\n", environment=_db(f"sqlite:///{file}")
        )
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            connection.executemany(INSERT, rows(accounts))
        with NodeProcess(db=f"sqlite:///{file}", registration="open", limits="off") as node:
            yield node, {"node": (node.pid,)}


@contextlib.contextmanager
def on_mariadb(accounts: int) -> Iterator[tuple[NodeProcess, dict[str, Sequence[int]]]]:
    """As `on_sqlite`, with a MariaDB of its own."""
    with MariaDBServer() as server, tempfile.TemporaryDirectory() as folder:
        url = server.create_database()
        Operator(Path(folder)).run("admin", "add", "olga", typed=f"{PASSWORD}\n", environment=_db(url))
        with server.connection() as connection, connection.cursor() as cursor:
            connection.select_db(url.rpartition("/")[2])
            cursor.executemany(INSERT.replace("?", "%s"), list(rows(accounts)))
            connection.commit()
        with NodeProcess(db=url, registration="open", limits="off") as node:
            yield node, {"node": (node.pid,), "MariaDB": (server.pid,)}


def _db(url: str) -> dict[str, str]:
    return {"NAIVECHAT_DB": url}


def measure(browser: Browser, pids: Mapping[str, Sequence[int]], page: str, times: int) -> Cost:
    """Ask for a page so many times, one after the other, after one that does not count."""
    browser.get(PAGES[page])
    clock, waited_ms = CpuClock(pids), list[float]()
    clock.mark()
    for _ in range(times):
        began = time.perf_counter()
        browser.get(PAGES[page])
        waited_ms.append((time.perf_counter() - began) * 1_000)
    clock.mark()
    return Cost(
        page=page,
        median_ms=statistics.median(waited_ms),
        slowest_ms=max(waited_ms),
        cpu_ms={name: used / times / 1_000 for name, used in clock.between_marks_us().items()},
    )


def as_table(costs: Sequence[Cost]) -> str:
    """Markdown."""
    names = list(costs[0].cpu_ms)
    lines = ["| page | median ms | slowest ms |" + "".join(f" CPU ms, {name} |" for name in names)]
    lines.append("|---|" + "---:|" * (2 + len(names)))
    for cost in costs:
        cells = (cost.median_ms, cost.slowest_ms, *(cost.cpu_ms[name] for name in names))
        lines.append(f"| {cost.page} |" + "".join(f" {value:.1f} |" for value in cells))
    return "\n".join(lines)


def main() -> None:
    """Measure all pages on each database."""
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000, help="how many (%(default)s)")
    parser.add_argument("--times", type=int, default=40, help="requests of each page (%(default)s)")
    options = parser.parse_args()
    for name, site in (("SQLite", on_sqlite), ("MariaDB", on_mariadb)):
        with site(options.accounts) as (node, pids), contextlib.ExitStack() as people:
            for number in range(20):
                client: WireClient = new_person(node.port, f"online{number}")
                people.enter_context(client)
            browser = Browser(node.admin_url)
            costs = [measure(browser, pids, page, options.times) for page in PAGES]
        print(f"{name}, {options.accounts:,} accounts\n\n{as_table(costs)}\n")


if __name__ == "__main__":
    main()
