"""People from a file: all of them or none, and every fault with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.application import people_csv
from naivechat.application.people_csv import LineFault, csv_head, csv_lines, read_people
from naivechat.domain.directory import ListedAccount
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.user import User, UserId
from tests.directory_fakes import AdministrationWorld
from tests.fakes import done
from tests.unit.application.conftest import World

HEAD = "user_id,nickname,password\n"
ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR)


@pytest.fixture
def desk(world: World) -> AdministrationWorld:
    return AdministrationWorld(
        world.store, accounts=world.accounts, bus=world.bus, clock=world.clock, presence=world.directory
    )


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in read_people(text).faults]


def taken(line: int, user_id: str) -> LineFault:
    return LineFault(line=line, sentence="user_id {id} is taken", values={"id": user_id})


def test_people_are_added_and_can_log_in(world: World, desk: AdministrationWorld) -> None:
    text = (
        '\ufeffnickname,avatar,user_id,password\r\n"王, 芳",cat,wang,password1\r\n\r\n李,,li,"pass""word"\r\n'
    )
    outcome = done(desk.administration.import_people(ROOT, text))
    assert (outcome.added, outcome.faults) == (("wang", "li"), ())
    account = done(world.accounts.authenticate(UserId("wang"), "password1"))
    assert (account.user.nickname, account.user.avatar) == ("王, 芳", "cat")
    assert done(world.accounts.authenticate(UserId("li"), 'pass"word')).created_at_ms == world.clock.now_ms
    assert desk.entries() == [("root", "user.import", "", {"added": 2, "faults": 0})]


def test_with_one_fault_nobody_is_added(world: World, desk: AdministrationWorld) -> None:
    world.person("ann")
    text = HEAD + "bob,Bob,password\nann,Ann,password\nNAIVECHAT.operators,O,password\n"
    outcome = done(desk.administration.import_people(ROOT, text))
    assert outcome.added == ()
    assert outcome.faults == (
        taken(3, "ann"),
        taken(4, "NAIVECHAT.operators"),
    )
    assert set(world.store.accounts) == {"ann"}
    assert desk.entries() == [("root", "user.import", "", {"added": 0, "faults": 2})]


def test_a_file_is_looked_at_without_adding_anybody(world: World, desk: AdministrationWorld) -> None:
    outcome = done(desk.people_import.check(HEAD + "bob,Bob,password\n"))
    assert (outcome.added, outcome.faults) == (("bob",), ())
    assert world.store.accounts == {}


def test_every_fault_is_told_with_its_line() -> None:
    text = HEAD + "a:b,,short\nann,Ann\nbob,a\tb,password\ncid,Cid,password\ncid,Cid,password\n"
    assert faults(text) == [
        (2, "user_id: 1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit"),
        (2, "nickname has 1 to 32 characters"),
        (2, "password has at least 8 characters"),
        (3, "has 2 values, not 3"),
        (4, "nickname has no control characters"),
        (6, "user_id is that of line 5"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no column user_id"),
        ("user_id,nickname\n", "there is no column password"),
        (
            "user_id,nickname,password,role\n",
            "'role' is no column: known are user_id, nickname, password, avatar",
        ),
        ("user_id,nickname,password,user_id\n", "a column is there twice"),
        (HEAD + '"', "this is no table: unexpected end of data"),
        (HEAD + "x" * 200_000, "this is no table: field larger than field limit (131072)"),
        (HEAD + "x" * 1_000_000, "a file has at most 1,000,000 characters"),
    ],
)
def test_what_is_no_list_of_people_is_refused(text: str, reason: str) -> None:
    assert faults(text) == [(1, reason)]


def test_an_empty_list_adds_nobody(desk: AdministrationWorld) -> None:
    outcome = done(desk.people_import.run(HEAD))
    assert outcome.faults == (LineFault(line=1, sentence="there is nobody in this file"),)


def test_too_many_people_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_csv, "MOST_IMPORTED", 2)
    lines = [f"u{number},U,password\n" for number in range(3)]
    assert len(read_people(HEAD + "".join(lines[:2])).people) == 2
    assert faults(HEAD + "".join(lines)) == [(4, "a file has at most 2 people")]


def test_of_many_faults_the_first_hundred_are_told() -> None:
    told = faults(HEAD + ",,\n" * 200)
    assert len(told) == 100
    assert told[-1][0] < 40


def test_long_values_are_refused() -> None:
    text = f"{HEAD[:-1]},avatar\nann,Ann,{'x' * 1_025},{'y' * 65}\n"
    assert [reason for _, reason in faults(text)] == [
        "avatar has at most 64 bytes",
        "password has at most 1,024 bytes",
    ]


def test_half_a_character_is_refused() -> None:
    assert [reason for _, reason in faults(HEAD + "ann,\udc00,password\ud800\n")] == [
        "nickname is no text",
        "password is no text",
    ]


@given(st.text(max_size=200))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    for content in (text, HEAD + text):
        read = read_people(content)
        assert all(person.line >= 2 for person in read.people)
        assert len(read.faults) <= people_csv.MOST_FAULTS


@given(st.text(max_size=32))
def test_a_spreadsheet_finds_no_formula_in_what_is_given_out(nickname: str) -> None:
    account = ListedAccount(
        user=User(user_id=UserId("ann"), nickname=nickname), disabled=True, created_at_ms=1, last_seen_ms=0
    )
    assert csv_head().startswith("user_id,")
    second = csv_lines([account]).removeprefix("ann,").removeprefix('"')
    assert not second.startswith(("=", "+", "-", "@", "\t"))
