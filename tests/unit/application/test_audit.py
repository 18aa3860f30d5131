"""The audit log: written by use cases, read in pages, exported whole, as CSV too."""

import csv
import io

import pytest

from naivechat.application.audit_csv import COLUMNS, csv_head, csv_lines, detail_text, utc_time
from naivechat.domain.audit import ENTRIES_A_PAGE, AuditAction, AuditEntry, AuditFilter
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from tests.fakes import done
from tests.operator_fakes import ADDRESS, OperatorWorld

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR, from_address=ADDRESS)


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def record(world: OperatorWorld, times: int) -> None:
    for n in range(times):
        done(world.audit.record(ROOT, AuditAction.USER_DISABLE, f"user{n}"))


def exported(world: OperatorWorld, wanted: AuditFilter) -> list[tuple[AuditEntry, ...]]:
    async def collect() -> list[tuple[AuditEntry, ...]]:
        return [entries async for entries in world.audit.export(wanted)]

    return done(collect())


def test_an_entry_says_who_what_when_where_and_by_which_node(world: OperatorWorld) -> None:
    done(world.audit.record(ROOT, AuditAction.USER_KICK, "ann", device="phone", sessions=2))
    (entry,) = done(world.audit.read_page(AuditFilter())).entries
    assert entry == AuditEntry(
        entry_id=1,
        at_ms=world.clock.now_ms,
        operator_id=OperatorId("root"),
        action="user.kick",
        subject="ann",
        detail={"device": "phone", "sessions": 2},
        from_address=ADDRESS,
        node="n1",
    )


def test_the_command_line_has_no_name_and_no_address(world: OperatorWorld) -> None:
    entry = world.audit.entry(COMMAND_LINE, AuditAction.USER_CREATE, "ann")
    assert (entry.operator_id, entry.from_address) == ("", "")
    assert world.store.entries == []


def test_pages_are_newest_first_and_end(world: OperatorWorld) -> None:
    record(world, 5)
    first = done(world.audit.read_page(AuditFilter(), limit=3))
    assert [entry.entry_id for entry in first.entries] == [5, 4, 3]
    assert first.has_more
    rest = done(world.audit.read_page(AuditFilter(), before_id=3, limit=3))
    assert [entry.entry_id for entry in rest.entries] == [2, 1]
    assert not rest.has_more


@pytest.mark.parametrize(("limit", "given"), [(10**9, ENTRIES_A_PAGE), (0, 1), (-5, 1)])
def test_a_page_has_a_bound_whatever_is_asked_for(world: OperatorWorld, limit: int, given: int) -> None:
    record(world, ENTRIES_A_PAGE + 1)
    assert len(done(world.audit.read_page(AuditFilter(), limit=limit)).entries) == given


def test_an_export_is_everything_in_pieces(world: OperatorWorld) -> None:
    record(world, 2 * ENTRIES_A_PAGE + 1)
    pieces = exported(world, AuditFilter())
    assert [len(piece) for piece in pieces] == [ENTRIES_A_PAGE, ENTRIES_A_PAGE, 1]
    ids = [entry.entry_id for piece in pieces for entry in piece]
    assert ids == list(range(2 * ENTRIES_A_PAGE + 1, 0, -1))


def test_an_export_of_nothing_has_no_pieces(world: OperatorWorld) -> None:
    record(world, 3)
    assert exported(world, AuditFilter(subject="nobody")) == []


def test_what_is_wanted_may_be_narrowed(world: OperatorWorld) -> None:
    record(world, 2)
    done(world.audit.record(COMMAND_LINE, AuditAction.GROUP_RENAME, "g1"))
    for wanted, subjects in (
        (AuditFilter(action="user."), ["user1", "user0"]),
        (AuditFilter(action="user.disable", subject="user0"), ["user0"]),
        (AuditFilter(operator_id=OperatorId("")), ["g1"]),
        (AuditFilter(before_ms=world.clock.now_ms), []),
    ):
        assert [entry.subject for entry in done(world.audit.read_page(wanted)).entries] == subjects


def test_the_csv_is_read_back_as_it_was_written() -> None:
    entries = [
        AuditEntry(
            entry_id=7,
            at_ms=1_700_000_000_042,
            operator_id=OperatorId("root"),
            action="user.kick",
            subject='a "b",\n安',
            detail={"reason": "多 words"},
            from_address=ADDRESS,
            node="n1",
        ),
        AuditEntry(at_ms=0, action="x.y"),
    ]
    head, first, second = csv.reader(io.StringIO(csv_head() + csv_lines(entries), newline=""))
    assert tuple(head) == COLUMNS
    assert first == [
        "7",
        "2023-11-14T22:13:20.042Z",
        "root",
        "user.kick",
        'a "b",\n安',
        '{"reason": "多 words"}',
        ADDRESS,
        "n1",
    ]
    assert second == ["0", "1970-01-01T00:00:00.000Z", "", "x.y", "", "", "", ""]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_gets_no_formula(formula: str) -> None:
    entry = AuditEntry(at_ms=0, action="x.y", subject=formula, operator_id=OperatorId(formula))
    (row,) = csv.reader(io.StringIO(csv_lines([entry]), newline=""))
    assert row[2] == row[4] == f"'{formula}"


def test_times_and_details_are_told_plainly() -> None:
    assert utc_time(1_764_100_273_009) == "2025-11-25T19:51:13.009Z"
    assert detail_text(AuditEntry(at_ms=0, action="x.y", detail={"n": 1})) == '{"n": 1}'
