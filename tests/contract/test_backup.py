"""A backup holds everything and goes into any database; one that is damaged changes nothing."""

import gzip
import hashlib
import itertools
import json
import random
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from naivechat.domain.errors import Unavailable
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.infrastructure.sql.backup import BackupError, check_backup, make_backup, restore_backup
from naivechat.infrastructure.sql.backup.bare import open_bare
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.migrate import MigrationError, apply_migrations, migrate, migration_lock
from naivechat.infrastructure.sql.storage import open_storage
from tests.contract.stores import ALICE, BOB, StorageContract, account, recall, send
from tests.databases import DATABASES, OnMariaDB, OnSQLite

_RESTORE = (
    "import sys; from pathlib import Path; from naivechat.infrastructure.sql.backup import restore_backup; "
    "restore_backup(sys.argv[1], Path(sys.argv[2]))"
)
_DIE_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from naivechat.infrastructure.sql import backup
from naivechat.infrastructure.sql.backup import bare
for kind in (bare._BareSQLite, bare._BareMySQL):
    def insert(self, table, columns, rows, real=kind.insert):
        real(self, table, columns, rows)
        os.kill(os.getpid(), 9)
    kind.insert = insert
backup.restore_backup(sys.argv[1], Path(sys.argv[2]))
"""


def _now() -> int:
    return 1_700_000_000_000


def _lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def _write_lines(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(gzip.compress(b"".join(lines)))
    return path


class BackupContract(StorageContract):
    """Beside `OnSQLite` or `OnMariaDB`."""

    def setUp(self) -> Deferred[None]:
        self.path = self.new_folder() / "made.gz"
        return super().setUp()

    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE)
        await self.storage.users.add(account(BOB, "鲍勃 😀 'quoted' \\ % `"))
        self.talk_id = await self.befriend(ALICE, BOB)
        token = StoredToken(
            token_hash=TokenHash(bytes(range(32))), user_id=ALICE, device="phone", expires_at_ms=2**41
        )
        await self.storage.tokens.add(token, password_hash="hash of alice", most=5)
        for text in ("first", "两行\n😀\t\u202e", "third", "x" * 4_000):
            await self.append(send(self.talk_id, ALICE, text))
        await self.append(recall(self.talk_id, ALICE, 3))

    def new_folder(self) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)  # type: ignore[attr-defined]
        return Path(folder.name)

    def elsewhere(self, kind: str) -> str:
        """The URL of a new, empty database."""
        url = DATABASES[kind].create()
        self.addCleanup(DATABASES[kind].remove, url)  # type: ignore[attr-defined]
        return url

    def moved_to(self, kind: str) -> str:
        """The URL of a database of some kind that was restored from this one."""
        url = self.elsewhere(kind)
        make_backup(self.url, self.path, _now)
        restore_backup(url, self.path)
        return url

    async def _history(self, url: str) -> tuple[Any, ...]:
        clock = itertools.count(10_000)
        storage = open_storage(url, reactor=reactor, clock=lambda: next(clock))
        await storage.start()
        try:
            records = await storage.log.list_between(self.talk_id, 0, 6)
            return await storage.read_epoch(), records, await storage.users.find_account(BOB)
        finally:
            await storage.stop()

    async def test_a_backup_holds_everything_whichever_database_it_goes_into(self) -> None:
        epoch, records, bob = await self._history(self.url)
        for kind in DATABASES:
            restored = self.moved_to(kind)
            again = self.path.with_name("again.gz")
            make_backup(restored, again, _now)
            assert _lines(again) == _lines(self.path)
            other_epoch, other_records, other_bob = await self._history(restored)
            assert (other_records, other_bob) == (records, bob)
            assert other_epoch != epoch

    async def test_what_is_written_during_a_backup_is_not_in_it(self) -> None:
        with open_bare(self.url) as database:
            database.begin_snapshot()
            await self.append(send(self.talk_id, BOB, "late"))
            assert len(list(database.rows("SELECT seq FROM chat_record"))) == 5
        assert make_backup(self.url, self.path, _now).rows["chat_record"] == 6

    async def test_messages_go_on_where_they_were_after_a_restore(self) -> None:
        self.url = self.moved_to("sqlite")
        self.storage = await self._open()
        assert (await self.append(send(self.talk_id, BOB, "on"))).message.seq == 6

    def test_the_file_is_its_owners_alone_and_takes_an_older_ones_place(self) -> None:
        self.path.write_text("old")
        contents = make_backup(self.url, self.path, _now)
        assert stat.S_IMODE(self.path.stat().st_mode) == 0o600
        assert check_backup(self.path) == contents
        assert (contents.rows["user"], contents.rows["chat_record"]) == (2, 5)
        assert contents.head.made_at_ms == _now()
        assert [path.name for path in self.path.parent.glob(".*.part")] == []

    def test_a_database_with_somebody_in_it_is_kept_unless_it_may_be_lost(self) -> None:
        url = self.moved_to("sqlite")
        with pytest.raises(BackupError, match="--replace"):
            restore_backup(url, self.path)
        assert restore_backup(url, self.path, replace=True).rows["user"] == 2

    def test_a_database_in_use_is_left_alone(self) -> None:
        make_backup(self.url, self.path, _now)
        with pytest.raises(BackupError, match="stop all nodes"):
            restore_backup(self.url, self.path, replace=True)

    def test_tables_of_others_are_left_alone(self) -> None:
        make_backup(self.url, self.path, _now)
        url = self.new_migrated_database_url()  # type: ignore[attr-defined]
        with open_bare(url) as database:
            database.run("CREATE TABLE theirs (one INTEGER)")
            database.run("INSERT INTO theirs VALUES (7)")
        restore_backup(url, self.path)
        with open_bare(url) as database:
            assert list(database.rows("SELECT one FROM theirs")) == [(7,)]
        assert make_backup(url, self.path, _now).rows.get("theirs") is None

    def test_after_a_kill_in_the_middle_no_node_takes_the_database_until_it_is_restored(self) -> None:
        make_backup(self.url, self.path, _now)
        url = self.new_migrated_database_url()  # type: ignore[attr-defined]
        command = [sys.executable, "-c", _DIE_IN_THE_MIDDLE, url, str(self.path)]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        with pytest.raises(MigrationError, match="restore it again"):
            migrate(url)
        with pytest.raises(BackupError, match="broken off"):
            restore_backup(url, self.path)
        restore_backup(url, self.path, replace=True)
        assert migrate(url) == ()
        assert make_backup(url, self.path, _now).rows["user"] == 2

    def test_an_older_versions_backup_is_brought_up_to_date(self) -> None:
        old, new = self.new_database_url(), self.elsewhere("sqlite")  # type: ignore[attr-defined]
        migrations = ("0001_people", "0002_talks", "0003_history")
        with migration_lock(old):
            apply_migrations(old, only=migrations)
        with open_bare(old) as database:
            columns = ("user_id", "nickname", "nickname_folded", "user_id_folded", "avatar", "password_hash")
            row = ("ann", "Ann", "ann", "ann", "", "x", 5)
            database.insert("user", (*columns, "created_at_ms"), [row])
        assert make_backup(old, self.path, _now).head.migrations == migrations
        restore_backup(new, self.path)
        with open_bare(new) as database:
            assert list(database.rows("SELECT user_id, logins FROM user")) == [("ann", 0)]
        assert migrate(new) == ()

    def test_a_node_that_starts_meanwhile_waits(self) -> None:
        make_backup(self.url, self.path, _now)
        url = self.elsewhere("sqlite")
        with migration_lock(url):
            restoring = subprocess.Popen([sys.executable, "-c", _RESTORE, url, str(self.path)])
            with pytest.raises(subprocess.TimeoutExpired):
                restoring.wait(timeout=1)
        assert restoring.wait(timeout=60) == 0
        assert migrate(url) == ()


class TestBackupOfSQLite(OnSQLite, BackupContract, TestCase):
    pass


class TestBackupOfMariaDB(OnMariaDB, BackupContract, TestCase):
    pass


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A backup with two accounts."""
    url = f"sqlite:///{tmp_path}/from.db"
    migrate(url)
    with open_bare(url) as database:
        for user_id in ("ann", "bob"):
            database.run(
                "INSERT INTO user (user_id, nickname, nickname_folded, user_id_folded, avatar, password_hash, created_at_ms) "
                f"VALUES ('{user_id}', '', '', '', '', '', 1)"
            )
    path = tmp_path / "whole.gz"
    make_backup(url, path, _now)
    return path


def _changed(path: Path, change: Any) -> Path:
    lines = _lines(path)
    change(lines)
    return _write_lines(path.with_name("changed.gz"), lines)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: lines.pop(), "broken off"),
        (lambda lines: lines.pop(-2), "damaged"),
        (lambda lines: lines.insert(3, b"nonsense\n"), "damaged"),
        (lambda lines: lines.__setitem__(0, lines[0].replace(b"_000,", b"_001,")), None),
        (lambda lines: lines.__setitem__(0, lines[0].replace(b'"version":1', b'"version":2')), "form 2"),
        (lambda lines: lines.__setitem__(0, b"[]\n"), "no backup"),
        (lambda lines: lines.clear(), "broken off"),
    ],
)
def test_a_damaged_backup_changes_nothing(whole: Path, change: Any, reason: str | None) -> None:
    damaged = _changed(whole, change)
    url = f"sqlite:///{whole.parent}/to.db"
    if reason is None:
        assert _lines(damaged) == _lines(whole)
        return
    with pytest.raises(BackupError, match=reason):
        restore_backup(url, damaged)
    assert not (whole.parent / "to.db").exists()


def test_any_changed_byte_is_noticed(whole: Path) -> None:
    text = whole.read_bytes()
    for place in range(0, len(text), 37):
        damaged = whole.with_name("changed.gz")
        damaged.write_bytes(text[:place] + bytes([text[place] ^ 0x40]) + text[place + 1 :])
        if place in range(3, 10):
            continue  # gzip's own flags and time: no word of ours
        with pytest.raises(BackupError):
            check_backup(damaged)


def test_a_newer_versions_backup_is_refused(whole: Path) -> None:
    newer = _changed(
        whole, lambda lines: lines.__setitem__(0, lines[0].replace(b'"0001_people"', b'"9999_magic"'))
    )
    _resum(newer)
    with pytest.raises(BackupError, match=r"newer version.*9999_magic"):
        restore_backup(f"sqlite:///{whole.parent}/to.db", newer)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (b'{"table":"user",', b'{"table":"user` (one INTEGER); --",', "table that is not known"),
        (b'"columns":["user_id",', b'"columns":["user_id`) --",', "column that is not known"),
    ],
)
def test_names_that_are_no_tables_reach_no_statement(
    whole: Path, before: bytes, after: bytes, reason: str
) -> None:
    forged = _changed(
        whole, lambda lines: lines.__setitem__(slice(None), [x.replace(before, after) for x in lines])
    )
    _resum(forged)
    with pytest.raises(BackupError, match=reason):
        restore_backup(f"sqlite:///{whole.parent}/to.db", forged)


def test_what_is_no_backup_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("these are notes")
    for name, reason in (("notes", "no backup"), ("absent", "No such file")):
        with pytest.raises(BackupError, match=reason):
            check_backup(tmp_path / name)


def test_where_there_is_nothing_to_back_up_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        make_backup(f"sqlite:///{tmp_path}/absent.db", tmp_path / "b.gz", _now)
    with pytest.raises(StorageUrlError):
        make_backup("postgres://a/b", tmp_path / "b.gz", _now)
    (tmp_path / "empty.db").touch()
    with pytest.raises(BackupError, match="nothing of naivechat"):
        make_backup(f"sqlite:///{tmp_path}/empty.db", tmp_path / "b.gz", _now)
    assert list(tmp_path.glob("*.gz")) == []


def test_a_folder_that_is_not_there_is_told(whole: Path) -> None:
    with pytest.raises(BackupError, match="No such file"):
        make_backup(f"sqlite:///{whole.parent}/from.db", whole.parent / "absent" / "b.gz", _now)


def test_a_disk_that_is_full_leaves_nothing_behind(whole: Path) -> None:
    url = f"sqlite:///{whole.parent}/from.db"
    with open_bare(url) as database:
        database.run(f"UPDATE user SET avatar = '{random.Random(7).randbytes(200_000).hex()}'")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(BackupError, match="File too large"):
            make_backup(url, whole.parent / "full.gz", _now)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(path.name for path in whole.parent.glob("*full*")) == []


def _resum(path: Path) -> None:
    """Give a file that was changed the sum that it has now."""
    *lines, last = _lines(path)
    end = json.loads(last)
    names = [json.loads(line)["table"] for line in lines[1:] if line.startswith(b'{"table"')]
    end["rows"] = dict(zip(names, end["rows"].values(), strict=True))
    end["sha256"] = hashlib.sha256(b"".join(lines)).hexdigest()
    _write_lines(path, [*lines, json.dumps(end).encode() + b"\n"])
