"""Messages: which types count and may be sent, and how long, how late and how many they may be."""

import pytest

from naivechat.domain import message as rules
from naivechat.domain.message import HistoryRange


@pytest.mark.parametrize(
    ("msg_type", "is_counted", "is_sendable"),
    [
        (rules.TEXT, True, True),
        (rules.FACE, True, True),
        (rules.IMAGE, True, True),
        (rules.FILE, True, True),
        (rules.GROUP_EVENT, False, False),
        (rules.RECALL, False, False),
        (6, False, True),
        (127, False, True),
    ],
)
def test_what_people_send_counts_as_unread_and_what_nodes_write_does_not(
    msg_type: int, is_counted: bool, is_sendable: bool
) -> None:
    assert rules.is_counted(msg_type) is is_counted
    assert rules.is_sendable(msg_type) is is_sendable


def test_the_limits_are_those_of_the_protocol() -> None:
    assert (rules.MOST_TEXT_CHARACTERS, rules.RECALL_WINDOW_MS) == (4_000, 2 * 60_000)
    assert (rules.MOST_HISTORY, HistoryRange().limit) == (100, 20)
