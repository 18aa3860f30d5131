"""The news feed, whatever transactions do in whatever order: on SQLite in memory, with transactions that are made up."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.node_ports import News, StoredRange
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import news as news_module
from naivechat.infrastructure.sql.news import GAP_LIFETIME_S, KEPT_S, SqlNewsFeed
from naivechat.infrastructure.sql.news_row import decode, encode, merge
from naivechat.infrastructure.sql.sqlite_engine import SQLiteEngine
from naivechat.infrastructure.sql.transaction import Transaction
from tests.fakes import done
from tests.servers import REPOSITORY

LONGEST_TRANSACTION_S = 10.0


class InlineDatabase:
    """Runs units at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def read(self, unit: Callable[..., Any], *args: Any) -> Any:
        with self._connection:
            return unit(Transaction(self._connection.cursor(), SQLiteEngine("sqlite:///none")), *args)

    read_snapshot = write = read


class Table:
    """The table of news, a clock, and feeds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        migration = REPOSITORY / "sql" / "sqlite" / "0005_news.sql"
        connection.executescript(migration.read_text())
        self.connection = connection
        self.now_s = 1_000.0

    def feed(self, node: str = "here") -> SqlNewsFeed:
        database: Any = InlineDatabase(self.connection)
        feed = SqlNewsFeed(database, node, clock=lambda: self.now_s)
        done(feed.begin())
        return feed

    def commit(self, number: int, node: str = "there") -> None:
        """A row becomes visible, of the record of this number in one talk."""
        row = (number, node, encode([one(number)]))
        self.connection.execute("INSERT INTO log_news VALUES (?, ?, ?)", row)

    def numbers(self) -> list[int]:
        return [number for (number,) in self.connection.execute("SELECT news_id FROM log_news")]


def one(first: int, last: int | None = None, talk_id: str = "a:b", joined: str = "") -> StoredRange:
    return StoredRange(
        talk_id=TalkId(talk_id),
        first_seq=first,
        last_seq=last or first,
        joined=tuple(map(UserId, joined.split())),
    )


def records(news: News) -> list[int]:
    assert news.complete
    return [seq for stored in news.stored for seq in range(stored.first_seq, stored.last_seq + 1)]


@pytest.fixture
def table() -> Iterator[Table]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Table(connection)


def test_ranges_survive_a_row_and_what_a_newer_node_adds() -> None:
    stored = [one(3, 7), one(1, talk_id=":g", joined="ann bob")]
    assert decode(encode(stored)) == stored
    assert decode('[[":g",1,2,["ann"],{"more":1}]]') == [one(1, 2, ":g", "ann")]


def test_adjacent_ranges_become_one_but_people_join_where_they_did() -> None:
    stored = [one(5, 6), one(8), one(1, 4), one(2, talk_id=":g", joined="ann"), one(1, talk_id=":g")]
    stored += [one(3, 4, talk_id=":g")]
    assert merge(stored) == (one(1, talk_id=":g"), one(2, 4, ":g", "ann"), one(1, 6), one(8))


def test_what_was_there_before_the_beginning_is_no_news(table: Table) -> None:
    table.commit(1)
    feed = table.feed()
    table.commit(2)
    assert [records(done(feed.read())) for _ in range(2)] == [[2], []]


def test_own_rows_are_no_news_but_close_gaps(table: Table) -> None:
    feed = table.feed()
    table.commit(2)
    assert records(done(feed.read())) == [2]
    table.commit(1, "here")
    assert records(done(feed.read())) == []
    assert feed._gaps == {}


def test_a_lower_number_that_is_committed_later_is_news(table: Table) -> None:
    feed = table.feed()
    for number in (4, 1, 3):
        table.commit(number)
        assert records(done(feed.read())) == [number]


def test_a_transaction_under_way_at_the_beginning_is_news_when_it_commits(table: Table) -> None:
    table.commit(1)
    table.commit(3)
    feed = table.feed()
    table.commit(2)
    assert records(done(feed.read())) == [2]


def test_a_missing_number_is_asked_for_as_long_as_any_transaction_may_be_open(table: Table) -> None:
    feed = table.feed()
    table.commit(3)
    done(feed.read())
    for number in (1, 2):
        table.now_s += GAP_LIFETIME_S / 2 - 1
        done(feed.read())
        table.commit(number)
        assert records(done(feed.read())) == [number]


def test_a_number_that_does_not_appear_is_given_up_after_it_was_asked_for_late_enough(table: Table) -> None:
    feed = table.feed()
    table.commit(3)
    done(feed.read())
    table.now_s += 10 * GAP_LIFETIME_S
    table.commit(1)
    assert records(done(feed.read())) == [1]
    assert feed._gaps == {}
    table.commit(2)
    assert records(done(feed.read())) == []


def test_what_is_more_than_a_reading_holds_is_left_for_the_next_one(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "ROWS_A_PORTION", 2)
    monkeypatch.setattr(news_module, "PORTIONS_A_READING", 3)
    feed = table.feed()
    for number in range(1, 9):
        table.commit(number)
    assert [records(done(feed.read())) for _ in range(3)] == [[1, 2, 3, 4, 5, 6], [7, 8], []]


def test_with_too_many_gaps_the_feed_says_once_that_it_is_incomplete_and_goes_on(table: Table) -> None:
    feed = table.feed()
    table.commit(10**9)
    assert done(feed.read()) == News(stored=(), complete=False)
    table.commit(10**9 + 3)
    assert records(done(feed.read())) == [10**9 + 3]
    assert len(feed._gaps) <= news_module.GAPS_AT_START + 2


def test_news_are_kept_for_two_minutes_from_when_this_node_has_read_them(table: Table) -> None:
    feed = table.feed()
    table.commit(1)
    done(feed.forget_old())
    table.now_s += KEPT_S + 1
    done(feed.forget_old())
    assert table.numbers() == [1]
    done(feed.read())
    table.commit(2)
    table.now_s += KEPT_S - 1
    done(feed.read())
    done(feed.forget_old())
    assert table.numbers() == [1, 2]
    table.now_s += 1
    done(feed.forget_old())
    assert table.numbers() == [2]


def test_forgetting_goes_in_portions_and_continues_the_next_time(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "FORGOTTEN_A_PORTION", 2)
    monkeypatch.setattr(news_module, "PORTIONS_A_FORGETTING", 2)
    for number in range(1, 8):
        table.commit(number)
    feed = table.feed()
    table.now_s += KEPT_S
    left = []
    for _ in range(3):
        done(feed.forget_old())
        left.append(len(table.numbers()))
    assert left == [3, 0, 0]


def test_whoever_did_not_read_before_rows_were_forgotten_says_so_once(table: Table) -> None:
    sleeper, other = table.feed("sleeper"), table.feed("other")
    table.commit(1)
    done(other.read())
    table.now_s += KEPT_S
    done(other.forget_old())
    table.commit(2)
    assert done(sleeper.read()) == News(stored=(), complete=False)
    table.commit(3)
    assert records(done(sleeper.read())) == [3]
    assert records(done(other.read())) == [2, 3]


def test_a_gap_that_was_filled_and_forgotten_while_nobody_looked_is_told_of(table: Table) -> None:
    sleeper, other = table.feed("sleeper"), table.feed("other")
    table.commit(2)
    for feed in (sleeper, other):
        assert records(done(feed.read())) == [2]
    table.commit(1)
    assert records(done(other.read())) == [1]
    table.now_s += KEPT_S
    done(other.forget_old())
    assert done(sleeper.read()) == News(stored=(), complete=False)


def test_a_feed_that_begins_among_old_gaps_is_not_disturbed_by_their_forgetting(table: Table) -> None:
    other = table.feed("other")
    table.commit(3)
    done(other.read())
    table.now_s += KEPT_S
    newcomer = table.feed("newcomer")
    done(other.forget_old())
    assert records(done(newcomer.read())) == []


def test_on_a_restored_database_whose_numbers_begin_anew_the_feed_is_incomplete_once(table: Table) -> None:
    for number in (1, 2, 3):
        table.commit(number)
    feed = table.feed()
    table.connection.execute("DELETE FROM log_news WHERE news_id > 1")
    assert done(feed.read()) == News(stored=(), complete=False)
    table.now_s += KEPT_S - 1
    table.commit(2)
    assert records(done(feed.read())) == [2]
    done(feed.forget_old())
    assert table.numbers() == [1, 2]


ACTIONS = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(("one", "two", "three"))),
    st.tuples(st.just("end"), st.tuples(st.integers(0, 1), st.booleans())),
    st.tuples(st.just("wait"), st.sampled_from((3.0, 6.0, 60.0, 121.0))),
    st.tuples(st.just("read"), st.sampled_from(("one", "two"))),
    st.tuples(st.just("forget"), st.sampled_from(("one", "two"))),
)


class Cluster:
    """Nodes one and two read; three only writes. What each is owed and was told of."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.feeds = {node: table.feed(node) for node in ("one", "two")}
        self.open: list[tuple[int, str, float]] = []
        self.taken = 0
        self.owed: dict[str, set[int]] = {node: set() for node in self.feeds}
        self.looked_s = dict.fromkeys(self.feeds, table.now_s)

    def take(self, node: str) -> None:
        self.taken += 1
        self.open.append((self.taken, node, self.table.now_s))

    def end(self, which: tuple[int, bool]) -> None:
        place, is_committed = which
        if place >= len(self.open):
            return
        number, node, _ = self.open.pop(place)
        if is_committed:
            self.table.commit(number, node)
            for reader in self.feeds.keys() - {node}:
                self.owed[reader].add(number)

    def wait(self, time_s: float) -> None:
        self.table.now_s += time_s
        self.open = [it for it in self.open if self.table.now_s - it[2] < LONGEST_TRANSACTION_S]

    def read(self, node: str) -> None:
        news = done(self.feeds[node].read())
        if not news.complete:
            assert self.table.now_s - self.looked_s[node] >= KEPT_S - GAP_LIFETIME_S
            self.owed[node].clear()
        else:
            assert sorted(records(news)) == sorted(self.owed[node])
            self.owed[node].clear()
        self.looked_s[node] = self.table.now_s

    def forget(self, node: str) -> None:
        done(self.feeds[node].forget_old())


@given(st.lists(ACTIONS, max_size=60))
def test_every_committed_row_is_told_once_or_the_feed_says_that_it_is_incomplete(
    actions: list[tuple[str, Any]],
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        cluster = Cluster(Table(connection))
        for name, value in [*actions, ("read", "one"), ("read", "two")]:
            getattr(cluster, name)(value)
