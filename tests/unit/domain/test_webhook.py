"""Webhooks: which URLs may be, how long is waited, what is sent, and how it is signed."""

import hashlib
import hmac
import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.errors import InvalidRequest
from naivechat.domain.group import GroupId
from naivechat.domain.message import FACE, FILE, GROUP_EVENT, RECALL, TEXT, Message
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.domain.webhook import (
    FIRST_PAUSE_MS,
    GIVE_UP_MS,
    LONGEST_PAUSE_MS,
    LONGEST_URL,
    DeliveryOutcome,
    DeliveryResult,
    Webhook,
    WebhookEvent,
    WebhookId,
    WebhookSecrets,
    event_of,
    is_given_up,
    pause_ms,
    require_events,
    require_url,
)
from naivechat.domain.webhook_message import (
    MOST_BODY_BYTES,
    MOST_EVENTS,
    Record,
    message_for,
    signature,
    trial_for,
)

ANN = User(user_id=UserId("ann"), nickname="安 <b>")
HOOK = Webhook(
    webhook_id=WebhookId("0123456789abcdef"),
    group_id=GroupId("club"),
    url="https://user-secret.example:8443/in?key=1",
    created_at_ms=1,
    delivered_seq=4,
)
SECRETS = WebhookSecrets(present="nch_new")


def record(seq: int, text: str = "hello", msg_type: int = TEXT, **values: Any) -> Record:
    message = Message(
        talk_id=TalkId(":club"),
        seq=seq,
        sender_id=ANN.user_id,
        msg_type=msg_type,
        text=text,
        sent_at_ms=1_700_000_000_123,
        msg_uuid=bytes(range(16)),
        **values,
    )
    return message, ANN


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example",
        "https://bot.example:8443/in?key=a%20b",
        "http://192.0.2.1:1/",
        "http://[2001:db8::1]:65535/x",
        "https://" + "a" * (LONGEST_URL - 8),
    ],
)
def test_urls_that_may_be(url: str) -> None:
    require_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bot.example",
        "ftp://bot.example/",
        "file:///etc/passwd",
        "HTTPS:bot.example",
        "http://",
        "http://:80/",
        "http://ann:secret@bot.example/",
        "http://ann@bot.example/",
        "http://@bot.example/",
        "http://bot.example?key=1",
        "http://bot.example:/",
        "http://bot.example:0/",
        "http://bot.example:65536/",
        "http://bot.example:x/",
        "http://[::1/",
        "http://bot.example/#part",
        "http://bot.example\\@other.example/",
        "http://bot.example/ x",
        "http://bot.example/\r\nHost: other",
        "http://bötchen.example/",
        "https://" + "a" * (LONGEST_URL - 7),
    ],
)
def test_urls_that_may_not_be(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        require_url(url)
    assert refused.value.key == "url"


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_refused_in_words(text: str) -> None:
    for url in (text, f"http://{text}", f"https://bot.example{text}"):
        try:
            require_url(url)
        except InvalidRequest as refused:
            assert refused.message.startswith("url: ")


def test_kinds_are_each_once_and_in_their_order() -> None:
    given_kinds = (WebhookEvent.GROUP, WebhookEvent.MESSAGE, WebhookEvent.GROUP)
    assert require_events(given_kinds) == (WebhookEvent.MESSAGE, WebhookEvent.GROUP)
    with pytest.raises(InvalidRequest):
        require_events(())


def test_every_record_is_of_a_kind() -> None:
    kinds = [event_of(msg_type) for msg_type in (TEXT, FACE, FILE, GROUP_EVENT, RECALL, 99)]
    message = WebhookEvent.MESSAGE
    assert kinds == [message, message, message, WebhookEvent.GROUP, WebhookEvent.RECALL, message]


def test_pauses_double_up_to_a_longest_one() -> None:
    pauses = [pause_ms(failures, 0.5) for failures in range(1, 14)]
    assert pauses[:4] == [FIRST_PAUSE_MS, 2_000, 4_000, 8_000]
    assert pauses[9:] == [512_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_pauses_are_bounded_and_differ_by_a_fifth(failures: int, chance: float) -> None:
    middle_ms = pause_ms(failures, 0.5)
    assert FIRST_PAUSE_MS <= middle_ms <= LONGEST_PAUSE_MS
    assert middle_ms * 0.8 - 1 <= pause_ms(failures, chance) <= middle_ms * 1.2 + 1


def test_a_hook_is_given_up_after_a_day_of_failing() -> None:
    assert not is_given_up(1_000, 999 + GIVE_UP_MS)
    assert is_given_up(1_000, 1_000 + GIVE_UP_MS)


def test_what_may_be_shown_of_a_url_is_its_origin() -> None:
    assert HOOK.origin == "https://user-secret.example:8443"


def test_results_are_told_in_words() -> None:
    assert DeliveryOutcome(result=DeliveryResult.STATUS, status=302).words == "status 302"
    assert DeliveryOutcome(result=DeliveryResult.NOT_ALLOWED).words == "not_allowed"


def test_secrets_are_not_shown_by_repr() -> None:
    assert "nch_" not in repr(WebhookSecrets(present="nch_new", previous="nch_old"))


def test_a_delivery_tells_of_records_in_order() -> None:
    records = (record(5), record(6, "", recalled=True), record(7, "", RECALL, target_seq=6))
    message = message_for(HOOK, SECRETS, records, 1_700_000_000_999)
    assert message is not None
    told = json.loads(message.body)
    assert (told["webhook_id"], told["group_id"]) == (HOOK.webhook_id, "club")
    assert told["events"][0] == {
        "id": "0123456789abcdef:5",
        "event": "message",
        "seq": 5,
        "sender_id": "ann",
        "sender_name": "安 <b>",
        "msg_type": 0,
        "msg_text": "hello",
        "msg_uuid": "000102030405060708090a0b0c0d0e0f",
        "time": 1_700_000_000_123,
        "recalled": False,
    }
    assert [(e["event"], e["msg_text"], e["recalled"]) for e in told["events"][1:]] == [
        ("message", "", True),
        ("recall", "", False),
    ]
    assert told["events"][2]["target_seq"] == 6
    assert message.headers["Naivechat-Delivery"] == "0123456789abcdef:5-7"
    assert message.last_seq == 7


def test_a_delivery_is_signed_over_its_time_and_its_very_bytes() -> None:
    message = message_for(HOOK, SECRETS, (record(5),), 1_700_000_000_999)
    assert message is not None
    expected = hmac.new(b"nch_new", b"1700000000." + message.body, hashlib.sha256).hexdigest()
    assert message.headers["Naivechat-Signature"] == f"t=1700000000,v1={expected}"


def test_while_a_secret_is_replaced_both_sign() -> None:
    both = WebhookSecrets(present="nch_new", previous="nch_old", previous_until_ms=10_000)
    for now_ms, known in ((9_999, ("nch_new", "nch_old")), (10_000, ("nch_new",))):
        message = trial_for(HOOK, both, now_ms)
        signatures = [f"v1={signature(secret, now_ms // 1_000, message.body)}" for secret in known]
        assert message.headers["Naivechat-Signature"].split(",")[1:] == signatures


def test_only_what_is_wanted_is_told_and_the_rest_is_passed_over() -> None:
    recalls = attrs.evolve(HOOK, events=(WebhookEvent.RECALL,))
    records = (record(5), record(6, "", RECALL, target_seq=5), record(7))
    message = message_for(recalls, SECRETS, records, 0)
    assert message is not None
    assert [event["seq"] for event in json.loads(message.body)["events"]] == [6]
    assert message.last_seq == 7
    assert message_for(recalls, SECRETS, (record(5),), 0) is None


def test_a_delivery_has_a_bounded_number_of_records() -> None:
    message = message_for(HOOK, SECRETS, [record(seq) for seq in range(5, 105)], 0)
    assert message is not None
    assert len(json.loads(message.body)["events"]) == MOST_EVENTS
    assert message.last_seq == 4 + MOST_EVENTS


@given(
    st.lists(
        st.sampled_from(("", "x" * 40_000, "安" * 40_000, "y" * (MOST_BODY_BYTES + 9))),
        min_size=1,
        max_size=9,
    )
)
def test_a_delivery_is_bounded_and_never_empty(texts: list[str]) -> None:
    records = [record(seq, text) for seq, text in enumerate(texts, 5)]
    message = message_for(HOOK, SECRETS, records, 0)
    assert message is not None
    events = json.loads(message.body)["events"]
    assert [event["msg_text"] for event in events] == texts[: len(events)]
    assert message.last_seq == 4 + len(events)
    assert len(events) == 1 or len(message.body) <= MOST_BODY_BYTES + 200


def test_a_trial_says_that_it_is_one() -> None:
    told = json.loads(trial_for(HOOK, SECRETS, 0).body)
    assert told == {"webhook_id": HOOK.webhook_id, "group_id": "club", "test": True, "events": []}
