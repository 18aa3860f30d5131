"""People as a table for spreadsheets: what is given out, and what is taken in."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import attrs

from naivechat.domain.directory import ListedAccount
from naivechat.domain.names import fault_of_avatar, fault_of_name, fault_of_password
from naivechat.domain.user import SHORTEST_PASSWORD, UserId, is_user_id

MOST_IMPORTED = 1_000
"""People in one file: their passwords are hashed one after the other, and all are stored in one transaction."""
MOST_CHARACTERS = 1_000_000
MOST_FAULTS = 100

WRITTEN = ("user_id", "nickname", "avatar", "disabled", "created", "last_seen")
NEEDED = ("user_id", "nickname", "password")
KNOWN = (*NEEDED, "avatar")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@attrs.frozen(kw_only=True)
class NewPerson:
    """A person as a line of a file has it."""

    line: int
    user_id: UserId
    nickname: str
    password: str = attrs.field(repr=False)
    avatar: str


@attrs.frozen(kw_only=True)
class LineFault:
    """Why a line cannot be taken; line 1 has the columns' names. sentence: in English, with the names of `values` in braces."""

    line: int
    sentence: str
    values: Mapping[str, object] = attrs.field(factory=dict)

    @property
    def reason(self) -> str:
        """The sentence with its values."""
        return self.sentence.format_map(self.values) if self.values else self.sentence


@attrs.frozen(kw_only=True)
class ReadPeople:
    """What a file has: people in its order, and what is wrong with it, of many faults the first 100."""

    people: tuple[NewPerson, ...]
    faults: tuple[LineFault, ...]


def csv_head() -> str:
    """The first line of what is given out: the columns' names."""
    return _lines([WRITTEN])


def csv_lines(accounts: Iterable[ListedAccount]) -> str:
    """One line an account. Times are UTC; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return _lines(map(_row, accounts))


def _row(account: ListedAccount) -> tuple[str, ...]:
    user = account.user
    times = (account.created_at_ms, account.last_seen_ms)
    return (
        user.user_id,
        _plain(user.nickname),
        _plain(user.avatar),
        "yes" if account.disabled else "no",
        *map(_time, times),
    )


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1_000, UTC):%Y-%m-%dT%H:%M:%SZ}" if at_ms else ""


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def read_people(text: str) -> ReadPeople:
    """Read a file whole: UTF-8 text, its first line the columns' names, in any order; of those `avatar` may be left out."""
    try:
        people, faults = _read(text.removeprefix("\ufeff"))
    except csv.Error as error:
        fault = LineFault(line=1, sentence="this is no table: {error}", values={"error": str(error)})
        return ReadPeople(people=(), faults=(fault,))
    faults += _twice(people)
    return ReadPeople(people=tuple(people), faults=tuple(sorted(faults, key=lambda f: f.line)[:MOST_FAULTS]))


def _read(text: str) -> tuple[list[NewPerson], list[LineFault]]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = [name.strip() for name in next(rows, [])]
    fault = _fault_of_file(text, columns)
    if fault is not None:
        return [], [fault]
    people: list[NewPerson] = []
    faults: list[LineFault] = []
    for values in rows:
        if not values:
            continue
        if len(people) + len(faults) == MOST_IMPORTED:
            return [], [_too_many(rows.line_num)]
        person, found = _person(rows.line_num, columns, values)
        if person is not None:
            people.append(person)
        faults += found
    return people, faults


def _too_many(line: int) -> LineFault:
    return LineFault(line=line, sentence="a file has at most {n} people", values={"n": f"{MOST_IMPORTED:,}"})


def _fault_of_file(text: str, columns: list[str]) -> LineFault | None:
    if len(text) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        return LineFault(line=1, sentence="a file has at most {n} characters", values={"n": most})
    if missing := [name for name in NEEDED if name not in columns]:
        return LineFault(line=1, sentence="there is no column {name}", values={"name": missing[0]})
    if unknown := [name for name in columns if name not in KNOWN]:
        values = {"name": repr(unknown[0]), "names": ", ".join(KNOWN)}
        return LineFault(line=1, sentence="{name} is no column: known are {names}", values=values)
    if len(set(columns)) < len(columns):
        return LineFault(line=1, sentence="a column is there twice")
    return None


def _person(line: int, columns: list[str], values: list[str]) -> tuple[NewPerson | None, list[LineFault]]:
    if len(values) != len(columns):
        counts = {"n": len(values), "wanted": len(columns)}
        return None, [LineFault(line=line, sentence="has {n} values, not {wanted}", values=counts)]
    row = {"avatar": ""} | dict(zip(columns, values, strict=True))
    faults = [LineFault(line=line, sentence=sentence) for sentence in _faults_of(row)]
    if faults:
        return None, faults
    person = NewPerson(
        line=line,
        user_id=UserId(row["user_id"]),
        nickname=row["nickname"],
        password=row["password"],
        avatar=row["avatar"],
    )
    return person, []


def _faults_of(row: dict[str, str]) -> Iterator[str]:
    if not is_user_id(row["user_id"]):
        yield "user_id: 1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit"
    if fault := fault_of_name(row["nickname"]):
        yield f"nickname {fault}"
    if fault := fault_of_avatar(row["avatar"]):
        yield f"avatar {fault}"
    password = row["password"]
    if len(password) < SHORTEST_PASSWORD:
        yield f"password has at least {SHORTEST_PASSWORD} characters"
    if fault := fault_of_password(password):
        yield f"password {fault}"


def _twice(people: list[NewPerson]) -> list[LineFault]:
    first: dict[str, int] = {}
    faults = []
    for person in people:
        line = first.setdefault(person.user_id, person.line)
        if line != person.line:
            sentence = "user_id is that of line {n}"
            faults.append(LineFault(line=person.line, sentence=sentence, values={"n": line}))
    return faults
