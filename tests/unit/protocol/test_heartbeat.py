"""A heartbeat that is answered from its bytes gets what the codec would have made."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.protocol.codec import decode, decode_request, encode, encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.heartbeat import answer_heartbeat
from naivechat.protocol.session import HeartbeatRequest, HeartbeatResponse

NOW_MS = 1_790_000_000_123
EDGES = (0, 1, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1)


@pytest.mark.parametrize("rid", EDGES)
def test_the_answer_is_the_one_that_the_codec_makes(rid: int) -> None:
    answer = answer_heartbeat(encode(HeartbeatRequest(rid=rid)), NOW_MS)
    assert answer == encode_frame(HeartbeatResponse(rid=rid, server_time=NOW_MS))


@given(rid=st.integers(0, 2**32 - 1), now_ms=st.integers(2**32, 2**53))
def test_so_it_is_with_every_rid_at_every_time(rid: int, now_ms: int) -> None:
    answer = answer_heartbeat(encode(HeartbeatRequest(rid=rid)), now_ms)
    assert answer == encode_frame(HeartbeatResponse(rid=rid, server_time=now_ms))


@given(payload=st.one_of(st.binary(max_size=12), st.binary(max_size=8).map(b"\xa1\x63rid".__add__)))
def test_whatever_is_answered_is_a_heartbeat_to_the_codec_too(payload: bytes) -> None:
    answer = answer_heartbeat(payload, NOW_MS)
    if answer is not None:
        request = decode_request(Command.HEARTBEAT_REQUEST, payload)
        response = decode(Command.HEARTBEAT_RESPONSE, answer[5:])
        assert response == HeartbeatResponse(rid=request.rid, server_time=NOW_MS)  # type: ignore[attr-defined]
        assert int.from_bytes(answer[:4], "big") == len(answer) - 4
        assert answer[4] == Command.HEARTBEAT_RESPONSE


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xa1\x63rid",
        cbor2.dumps({}),
        cbor2.dumps({"rid": -1}),
        cbor2.dumps({"rid": 2**32}),
        cbor2.dumps({"rid": "1"}),
        cbor2.dumps({"rid": 1, "more": 2}),
        cbor2.dumps({"rid": 1}) + b"\0",
        cbor2.dumps({"rid": 300})[:-1],
    ],
)
def test_what_is_more_or_less_than_a_rid_is_left_to_the_codec(payload: bytes) -> None:
    assert answer_heartbeat(payload, NOW_MS) is None
