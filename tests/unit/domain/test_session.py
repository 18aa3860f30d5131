"""Coming back by a token: until when it is good, and for whom."""

import pytest

from naivechat.domain.errors import Disabled, TokenExpired
from naivechat.domain.session import DEFAULT_DEVICE, EndReason, end_after_comeback

HOUR_MS = 3_600_000
LIFETIME_MS = 30 * 24 * HOUR_MS
NOW_MS = 1_700_000_000_000


def test_a_token_is_good_until_its_end_and_not_at_it() -> None:
    assert end_after_comeback(NOW_MS + 1, disabled=False, now_ms=NOW_MS) > NOW_MS
    with pytest.raises(TokenExpired):
        end_after_comeback(NOW_MS, disabled=False, now_ms=NOW_MS)


def test_the_disabled_do_not_come_back_and_hear_so_while_their_token_is_good() -> None:
    with pytest.raises(Disabled):
        end_after_comeback(NOW_MS + 1, disabled=True, now_ms=NOW_MS)
    with pytest.raises(TokenExpired):
        end_after_comeback(NOW_MS, disabled=True, now_ms=NOW_MS)


def test_who_comes_back_has_another_thirty_days_which_are_written_down_once_an_hour() -> None:
    given_ms = NOW_MS + LIFETIME_MS
    for later_ms in (0, 1, HOUR_MS - 1):
        assert end_after_comeback(given_ms, disabled=False, now_ms=NOW_MS + later_ms) == given_ms
    moved_ms = end_after_comeback(given_ms, disabled=False, now_ms=NOW_MS + HOUR_MS)
    assert moved_ms == given_ms + HOUR_MS


def test_ends_are_called_as_clients_know_them() -> None:
    words = "replaced admin disabled slow idle shutdown expired"
    assert [reason.value for reason in EndReason] == words.split()


def test_a_client_that_names_no_device_is_a_desktop() -> None:
    assert DEFAULT_DEVICE == "desktop"
