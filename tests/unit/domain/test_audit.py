"""Entries of the audit log: short, whatever they are about."""

from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.audit import (
    LONGEST_ADDRESS,
    LONGEST_DETAIL,
    LONGEST_SUBJECT,
    MOST_DETAILS,
    AuditAction,
    AuditEntry,
    AuditFilter,
    shortened,
)
from tests.servers import REPOSITORY

ANY_TEXT = st.text(st.characters(), max_size=600)


@given(
    ANY_TEXT,
    ANY_TEXT,
    st.dictionaries(st.text(max_size=9), ANY_TEXT | st.integers() | st.none(), max_size=40),
)
def test_an_entry_can_be_stored_whatever_it_is_about(
    subject: str, address: str, detail: dict[str, str | int | None]
) -> None:
    entry = AuditEntry(
        at_ms=1, action=AuditAction.USER_KICK, subject=subject, from_address=address, detail=detail
    )
    assert len(entry.subject) <= LONGEST_SUBJECT
    assert len(entry.from_address) <= LONGEST_ADDRESS
    assert len(entry.detail) <= MOST_DETAILS
    texts = [value for value in entry.detail.values() if isinstance(value, str)]
    assert all(len(text) <= LONGEST_DETAIL for text in texts)
    "".join([entry.subject, entry.from_address, *texts]).encode("utf-8")


def test_what_is_cut_shows_it() -> None:
    assert shortened("abcd", 4) == "abcd"
    assert shortened("abcde", 4) == "abc…"


def test_numbers_stay_as_they_are_and_texts_that_fit_too() -> None:
    entry = AuditEntry(
        at_ms=1, action="user.kick", subject="ann", detail={"sessions": 3, "all": True, "reason": None}
    )
    assert dict(entry.detail) == {"sessions": 3, "all": True, "reason": None}
    assert (entry.subject, entry.operator_id, entry.entry_id) == ("ann", "", 0)


def test_a_filter_takes_what_a_database_cannot_compare() -> None:
    wanted = AuditFilter(subject="\ud800" * 500, action="\udfff")
    assert len(wanted.subject or "") == LONGEST_SUBJECT
    assert (wanted.subject or "").encode()
    assert wanted.action == "?"
    assert AuditFilter() == AuditFilter(operator_id=None, action=None, subject=None)


def test_codes_of_actions_begin_with_what_they_are_about() -> None:
    assert all(action.value.count(".") == 1 and action.value.islower() for action in AuditAction)


def test_the_guide_tells_of_every_action() -> None:
    guide = (REPOSITORY / "docs" / "console.md").read_text(encoding="utf-8")
    assert [action.value for action in AuditAction if f"`{action.value}`" not in guide] == []
