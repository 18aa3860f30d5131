"""How records look, and that nobody's words do harm."""

import json
from typing import Any

import pytest

from naivechat.client import FRIEND, GROUP, TalkKey
from naivechat.protocol.friend import AskedRecord, FoundRecord
from naivechat.protocol.group import MemberRecord
from naivechat.protocol.profile import UserRecord
from naivechat.terminal import lines
from naivechat.terminal.text import time_of_day
from tests.unit.terminal.fakes import NOW_MS, FakeClient, friend, group, message, talk

TIME = time_of_day(NOW_MS, NOW_MS)


def shown(client: FakeClient, *words: Any, **values: Any) -> list[str]:
    return list(lines.message_lines(client.state, message(*words, **values), NOW_MS))


def test_a_message_has_time_sender_and_text(client: FakeClient) -> None:
    assert shown(client, 1, "li", "你好") == [f"{TIME} 李雷: 你好"]
    assert shown(client, 1, "me", "hi") == [f"{TIME} Myself: hi"]
    assert shown(client, 1, "stranger", "hi") == [f"{TIME} stranger: hi"]


def test_further_lines_are_indented(client: FakeClient) -> None:
    assert shown(client, 1, "li", "one\ntwo\x1b[2J") == [f"{TIME} 李雷: one", "      two␛[2J"]


def test_a_recalled_message_and_a_recall_say_so(client: FakeClient) -> None:
    assert shown(client, 1, "li", "", recalled=True) == [f"{TIME} 李雷: (taken back)"]
    assert shown(client, 2, "li", "", msg_type=5, target_seq=1) == [f"{TIME} · 李雷 took message #1 back"]


@pytest.mark.parametrize(("msg_type", "word"), [(1, "[sticker]"), (2, "[picture]"), (3, "[file]"), (9, "[message of type 9]")])  # fmt: skip
def test_other_kinds_of_messages_are_named(client: FakeClient, msg_type: int, word: str) -> None:
    assert shown(client, 1, "li", "name", msg_type=msg_type) == [f"{TIME} 李雷: {word} name"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("created", "李雷 made the group G with Mei"),
        ("joined", "李雷 brought in Mei"),
        ("left", "李雷 left"),
        ("removed", "李雷 removed Mei"),
        ("updated", "李雷 changed the group: G"),
        ("dissolved", "李雷 dissolved the group"),
        ("role", "李雷 gave Mei another role"),
        ("of a later version", "李雷 changed the group"),
    ],
)
def test_group_events_are_sentences(client: FakeClient, event: str, sentence: str) -> None:
    text = json.dumps({"event": event, "user_ids": ["han"], "name": "G"})
    assert shown(client, 1, "li", text, msg_type=4) == [f"{TIME} · {sentence}"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"event": 1}', '{"event": "joined", "user_ids": 7}', "\x1b"]
)
def test_a_group_event_of_another_shape_is_a_sentence_too(client: FakeClient, text: str) -> None:
    assert shown(client, 1, "li", text, msg_type=4) == [f"{TIME} · 李雷 changed the group"]


def test_many_people_are_counted(client: FakeClient) -> None:
    text = json.dumps({"event": "joined", "user_ids": [f"u{number}" for number in range(12)], "name": "G"})
    assert shown(client, 1, "li", text, msg_type=4)[0].endswith("u9 and 2 more")


def test_a_notice_names_the_talk_and_its_unread_count(client: FakeClient) -> None:
    notice = lines.notice_line(client.state, TalkKey(GROUP, "g1"), message(1, "li", "a\nb"), 100)
    assert notice == f"[Weekend (99+)] {TIME} 李雷: a …"
    assert lines.notice_line(client.state, TalkKey(GROUP, "g1"), message(1, "li", "a"), 0).startswith(
        "[Weekend] "
    )


def test_a_dialogue_shows_unread_flags_and_sketch(client: FakeClient) -> None:
    record = talk(FRIEND, "li", unread=3, pinned=True, muted=True, talk_sketch="a\x07\n")
    line = lines.talk_line(client.state, record, NOW_MS)
    assert line == f"李雷 (3)  [friend li pinned muted]  {TIME} a␇⏎"
    assert lines.talk_line(client.state, talk(GROUP, "g1"), NOW_MS) == "Weekend  [group g1]"


def test_people_and_groups_are_lines() -> None:
    assert lines.friend_line(friend("li", "李雷", online=True)) == "● 李雷  [li]"
    assert lines.friend_line(friend("han", "韩梅梅", "Mei")) == "○ Mei (韩梅梅)  [han]"
    assert lines.group_line(group("g1", "Weekend", "Sunday\n8")) == "Weekend  [g1, 2 people]  Sunday⏎8"
    assert lines.group_line(group("g1", "Weekend")) == "Weekend  [g1, 2 people]"
    member = MemberRecord(user_id="li", nickname="李雷", avatar="", role=2)
    assert lines.member_line(member) == "李雷  [li]  owner"


@pytest.mark.parametrize(("status", "word"), [(0, "/add li"), (1, "asked"), (2, "friend")])
def test_a_person_found_says_what_can_be_done(status: int, word: str) -> None:
    found = FoundRecord(user_id="li", nickname="李雷", avatar="", status=status)
    assert lines.found_line(found) == f"李雷  [li]  {word}"


def test_a_friend_request_says_what_to_type() -> None:
    asked = AskedRecord(user=UserRecord(user_id="li", nickname="李雷", avatar=""), greeting="hi", asked_at=1)
    assert lines.asked_line(asked) == "? 李雷 [li] asks: hi  (/accept li or /refuse li)"
