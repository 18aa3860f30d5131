"""Whatever happens in whichever order, what is on the screen is what the node has, and every own message is there once."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.profiles import fewer
from tests.unit.tkclient.logic.system import TALKS, System
from tkclient.model.talk import Sending, TalkKey

STEPS = (
    *("send", "send", "hear", "hear", "answer", "answer", "answer", "select"),
    *("lose", "connect", "restart", "recall", "hear_recall", "read", "load_older", "retry", "discard"),
)


def check_at_any_time(system: System) -> None:
    """No message twice, in the order of the log, and all own ones of what is on the screen that are on their way."""
    model = system.ui
    for key in TALKS:
        messages = model.messages(key).messages
        uuids = [message.msg_uuid for message in messages]
        assert len(set(uuids)) == len(uuids)
        seqs = [message.seq for message in messages if message.seq]
        assert seqs == sorted(set(seqs))
    assert len(model.rows) == len(TALKS)


def check_at_the_end(system: System, key: TalkKey) -> None:
    """The conversation is the log's newest part, without recalls, and what was refused behind it."""
    model, log = system.ui, system.logs[key]
    model.select(key)
    system.end()
    messages = model.messages(key).messages
    stored = [message for message in messages if message.seq]
    first = stored[0].seq
    expected = [r for r in log.records if r.seq >= first and r.msg_type != 5]
    assert [(m.seq, m.text, m.is_recalled) for m in stored] == [
        (r.seq, r.msg_text, bool(r.recalled)) for r in expected
    ]
    assert all(message.sending is Sending.SENT for message in stored)
    assert all(message.is_mine == (message.sender_id == "me") for message in stored)
    failed = [message.text for message in messages if not message.seq]
    assert all(message.sending is Sending.FAILED for message in messages if not message.seq)
    sent = [record.msg_text for record in log.records if record.sender_id == "me" and record.msg_text]
    recalled = sum(bool(record.recalled) for record in log.records if record.sender_id == "me")
    assert len(sent) == len(set(sent))
    assert len(sent) + recalled + len(failed) == len(system.written[key])
    assert set(sent) | set(failed) <= set(system.written[key])
    row = model.talks[key]
    assert (row.last_seq, row.unread) == (len(log.records), log.unread)


@fewer(4)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 29)), max_size=40))
def test_in_any_order_the_screen_shows_the_log(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        for step, number in steps:
            getattr(system, step)(number)
            check_at_any_time(system)
        system.end()
        for key in TALKS:
            check_at_the_end(system, key)
        system.lose(0)
        system.stage.end()
