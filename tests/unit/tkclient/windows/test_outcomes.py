import pytest

from naivechat.protocol.errors import ErrorCode
from tkclient.interfaces import OFFLINE_CODE, Action, LoginTrouble, Outcome
from tkclient.ui.text.words import Words
from tkclient.ui.windows.login_troubles import trouble_words
from tkclient.ui.windows.outcomes import outcome_words

CLIENTS_FAULT = {"BAD_FRAME", "UNKNOWN_COMMAND", "ALREADY_LOGGED_IN"}
"""What only a broken client hears: no words of its own."""
OF_LOGINS = {"AUTH_FAILED", "USER_EXISTS", "WEAK_PASSWORD", "UNSUPPORTED_VERSION"}
CODES = sorted({code.value for code in ErrorCode} - CLIENTS_FAULT - OF_LOGINS | {OFFLINE_CODE})
TROUBLES = [
    *(
        "AUTH_FAILED",
        "DISABLED",
        "TOKEN_EXPIRED",
        "RATE_LIMITED",
        "UNREACHABLE",
        "BAD_ADDRESS",
        "USER_EXISTS",
    ),
    *("WEAK_PASSWORD", "FORBIDDEN", "UNSUPPORTED_VERSION", "UNAVAILABLE", "INTERNAL", "BAD_REQUEST"),
    *("NEEDS_TLS", "UNVERIFIED_NAME", "UNVERIFIED_EXPIRED", "UNVERIFIED_TOO_EARLY", "UNVERIFIED_SELF_SIGNED"),
    *("UNVERIFIED_UNKNOWN", "UNVERIFIED_OTHER", "UNVERIFIED_NO_TLS"),
    *("KICKED_REPLACED", "KICKED_ADMIN", "KICKED_DISABLED", "KICKED_EXPIRED"),
]


@pytest.fixture(params=["en", "zh_CN"], scope="module")
def words(request):
    return Words(request.param)


@pytest.mark.parametrize("action", list(Action))
def test_every_failure_is_said_in_words_and_not_in_codes(words, action):
    for code in CODES:
        said = outcome_words(Outcome(action=action, code=code), words)
        assert said
        assert code not in said


def test_what_is_seen_anyway_is_not_said(words):
    assert outcome_words(Outcome(action=Action.PIN_TALK), words) == ""


def test_a_changed_password_is_said(words):
    assert outcome_words(Outcome(action=Action.CHANGE_PASSWORD), words)


def test_a_code_of_later_versions_is_named(words):
    assert "NEW_CODE" in outcome_words(Outcome(action=Action.SEND, code="NEW_CODE"), words)
    assert "NEW_CODE" in trouble_words(LoginTrouble(code="NEW_CODE"), "", words)


@pytest.mark.parametrize(("ms", "said"), [(120_000, "120"), (121_000, "3"), (900_000, "15")])
def test_who_has_to_wait_long_for_a_login_hears_it_in_minutes(words, ms, said):
    trouble = LoginTrouble(code="RATE_LIMITED", retry_after_ms=ms)
    assert f" {said} " in trouble_words(trouble, "", words)


@pytest.mark.parametrize(("ms", "seconds"), [(1, "1"), (1_000, "1"), (4_200, "5")])
def test_who_was_too_quick_hears_how_many_seconds_to_wait(words, ms, seconds):
    limited = Outcome(action=Action.SEARCH_PEOPLE, code="RATE_LIMITED", retry_after_ms=ms)
    assert seconds in outcome_words(limited, words)
    assert seconds in trouble_words(LoginTrouble(code="RATE_LIMITED", retry_after_ms=ms), "", words)


@pytest.mark.parametrize("code", TROUBLES)
def test_every_trouble_of_a_login_is_said_in_words(words, code):
    said = trouble_words(LoginTrouble(code=code), "im.example.com", words)
    assert said
    assert code not in said


def test_a_server_that_does_not_answer_is_named(words):
    assert "im.example.com" in trouble_words(LoginTrouble(code="UNREACHABLE"), "im.example.com", words)
