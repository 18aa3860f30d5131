"""Who was in which talk is read from the records of its log."""

import json

from tests.history.event import MemberOff, MemberOn, Record, Stored
from tests.soak.stored import StoredLogs


def record(talk_id: str, seq: int, event: str = "", *user_ids: str) -> Record:
    return Record(
        talk_id=talk_id,
        seq=seq,
        sender_id="ann",
        msg_uuid=seq.to_bytes(16, "big"),
        msg_type=4 if event else 0,
        text=json.dumps({"event": event, "user_ids": user_ids, "name": "g"}) if event else "hello",
    )


def test_friends_are_in_their_talk_from_its_first_record_on() -> None:
    said = record("ann:bob", 1)
    logs = StoredLogs.of([said])
    assert set(logs.events) == {
        Stored(record=said),
        MemberOn(talk_id="ann:bob", user_id="ann", seq=1),
        MemberOn(talk_id="ann:bob", user_id="bob", seq=1),
    }
    assert logs.heads_for("bob") == {"ann:bob": 1}
    assert logs.heads_for("cid") == {}


def test_people_come_and_go_by_the_events_in_a_groups_log() -> None:
    logs = StoredLogs.of(
        [
            record(":g", 1, "created", "ann", "bob"),
            record(":g", 2),
            record(":g", 3, "left", "bob"),
            record(":g", 4, "joined", "cid"),
            record(":g", 5, "removed", "cid"),
        ]
    )
    assert [event for event in logs.events if type(event) is not Stored] == [
        MemberOn(talk_id=":g", user_id="ann", seq=1),
        MemberOn(talk_id=":g", user_id="bob", seq=1),
        MemberOff(talk_id=":g", user_id="bob", seq=3),
        MemberOn(talk_id=":g", user_id="cid", seq=4),
        MemberOff(talk_id=":g", user_id="cid", seq=5),
    ]
    assert logs.heads_for("ann") == {":g": 5}
    assert logs.heads_for("bob") == {}
