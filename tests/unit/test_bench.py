"""The bench's own parts: frames, percentiles, the table; and a short run against the relay."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from bench.frames import MessageFrames, find_number
from bench.report import Row, as_markdown, percentile_ms
from naivechat.protocol.codec import decode_request, encode_frame
from naivechat.protocol.message import MsgAckResponse, MsgRequest, MsgResponse
from tests.servers import REPOSITORY

RUN = b"8 bytes."


def request_in(frame: bytes) -> MsgRequest:
    request = decode_request(frame[4], frame[5:])
    assert isinstance(request, MsgRequest)
    return request


@pytest.mark.parametrize("number", [0, 1, 255, 70_000, 2_000_000])
def test_a_patched_frame_is_the_message_that_the_codec_would_write(number: int) -> None:
    frame = MessageFrames("bob", run=RUN, text_bytes=100).make(number)
    request = request_in(frame)
    assert frame == encode_frame(request)
    assert request.friend_id == "bob"
    assert len(request.msg_text) == 100
    assert request.msg_uuid == RUN + number.to_bytes(8, "big")


def test_each_message_has_its_own_rid() -> None:
    frames = MessageFrames("bob", run=RUN, text_bytes=1)
    assert len({request_in(frames.make(number)).rid for number in range(100)}) == 100


def test_acks_and_deliveries_are_recognised_by_number() -> None:
    uuid = RUN + (4711).to_bytes(8, "big")
    ack = MsgAckResponse(rid=9, talk_type=0, talk_id="bob", msg_uuid=uuid, seq=1, sent_at=1, duplicate=False)
    delivery = MsgResponse(
        talk_id="ann", seq=1, sender_id="ann", msg_type=0, msg_text="x", sent_at=1, msg_uuid=uuid
    )
    for packet in (ack, delivery):
        stream = bytearray(b"before" + encode_frame(packet) + b"behind")
        assert find_number(stream, 6, len(stream) - 6, RUN) == 4711
        assert find_number(stream, 6, len(stream) - 6, b"another.") is None


def test_percentiles_are_values_that_were_measured() -> None:
    seconds = [n / 1000 for n in range(1, 101)]
    assert percentile_ms(seconds, 50) == pytest.approx(50)
    assert percentile_ms(seconds, 99) == pytest.approx(99)
    assert percentile_ms([0.002], 99) == pytest.approx(2)
    assert math.isnan(percentile_ms([], 50))


def test_the_table_compares_with_the_relay_of_the_same_work() -> None:
    def row(subject: str, node_us: float) -> Row:
        return Row(
            subject=subject,
            work="saturated",
            delivered=1000,
            per_second=100,
            ack_p50_ms=1,
            ack_p99_ms=2,
            delivery_p50_ms=3,
            delivery_p99_ms=4,
            cpu_us={"node": node_us, "generator": 10},
        )

    machine = {"processor": "P", "cores": 2, "system": "S", "python": "3", "twisted": "26", "cbor2": "6"}
    machine |= {"databases": [], "naivechat": "1"}
    table = as_markdown([row("relay", 5), row("sqlite", 100)], machine)
    assert "| saturated | sqlite | 100 | 1.0 / 2.0 | 3.0 / 4.0 | 100 | 20.0 | 10 |" in table


def test_a_short_run_against_the_relay(tmp_path: Path) -> None:
    written = tmp_path / "bench.json"
    command = [
        "-m",
        "bench",
        "--subjects",
        "relay",
        "--pairs",
        "2",
        "--seconds",
        "0.1",
        "--warm-up",
        "0.1",
        "--rate",
        "100",
    ]
    done = subprocess.run(
        [sys.executable, *command, "--json", str(written)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "| saturated | relay |" in done.stdout
    rows = json.loads(written.read_text())["rows"]
    assert [row["work"] for row in rows] == ["saturated", "fixed rate"]
    assert all(row["delivered"] > 0 for row in rows)
