import json
import os
import subprocess
import sys

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.node import NodeStatus
from naivechat.infrastructure.redis.node_record import NodeRecord, Process, is_running

RECORD = NodeRecord(
    status=NodeStatus(
        name="n",
        instance="i",
        addresses=("h:1", "tls:h:2"),
        version="1",
        started_at_ms=1,
        beat_at_ms=2,
        messages_per_s=0.5,
        draining=True,
        log_level="debug",
        log_queue_length=3,
        commit_p50_ms=1.5,
        commit_p99_ms=9.25,
    ),
    process=Process(host="here", pid=7),
)


def test_a_record_is_read_as_it_was_written() -> None:
    assert NodeRecord.decode(RECORD.encode()) == RECORD


def test_fields_of_a_later_version_are_left_alone() -> None:
    assert NodeRecord.decode(RECORD.encode()[:-1] + b',"mood":"good"}') == RECORD


def test_a_node_of_an_earlier_version_says_less() -> None:
    fields = json.loads(RECORD.encode())
    for name in ("log_level", "log_queue_length", "commit_p50_ms", "commit_p99_ms"):
        del fields[name]
    del fields["delivery_p50_ms"], fields["delivery_p99_ms"]
    earlier = NodeRecord.decode(json.dumps(fields).encode())
    assert earlier is not None
    assert earlier.status.draining
    assert (earlier.status.log_level, earlier.status.log_queue_length) == ("", None)
    assert earlier.status.commit_p50_ms is None


@given(st.binary() | st.text().map(str.encode) | st.none())
def test_anything_else_is_no_record(stored: bytes | None) -> None:
    assert NodeRecord.decode(stored) is None


@pytest.mark.parametrize(
    "stored",
    [
        b"[]",
        b"7",
        b"null",
        b'{"name":"n"}',
        RECORD.encode().replace(b'"pid":7', b'"pid":"x"'),
        RECORD.encode().replace(b'"users":0', b'"users":Infinity'),
        b"[" * 100_000,
    ],
)
def test_json_that_is_no_record_is_none(stored: bytes) -> None:
    assert NodeRecord.decode(stored) is None


def test_only_a_process_of_this_host_can_be_seen_to_be_dead() -> None:
    here, none_run = Process(host="here", pid=1), lambda _: False
    assert RECORD.is_dead(here, none_run)
    assert not RECORD.is_dead(here, lambda _: True)
    assert not RECORD.is_dead(Process(host="elsewhere", pid=1), none_run)
    assert RECORD.is_dead(Process(host="here", pid=7), lambda _: True)
    nobody = attrs.evolve(RECORD, process=Process(host="here", pid=0))
    assert not nobody.is_dead(here, none_run)


def test_this_process_runs_and_one_that_has_ended_does_not() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_running(os.getpid())
    assert is_running(1)
    assert not is_running(ended.pid)
    assert Process.this().pid == os.getpid()
