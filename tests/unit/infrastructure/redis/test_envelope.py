import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.infrastructure.redis.envelope import (
    INSTANCE_BYTES,
    MOST_BYTES,
    MOST_PAYLOAD_BYTES,
    open_envelope,
    seal,
)

INSTANCE = bytes(range(INSTANCE_BYTES))


@given(st.lists(st.binary()))
def test_what_is_sealed_is_found_again_in_order(payloads: list[bytes]) -> None:
    (envelope,) = seal(INSTANCE, payloads)
    assert open_envelope(envelope) == (INSTANCE, tuple(payloads))


@pytest.mark.parametrize("length", [MOST_PAYLOAD_BYTES, MOST_BYTES // 2, MOST_BYTES // 3])
def test_no_envelope_is_too_long(length: int) -> None:
    payloads = [bytes([number]) * length for number in range(7)]
    envelopes = list(seal(INSTANCE, payloads))
    assert all(len(envelope) <= MOST_BYTES for envelope in envelopes)
    found = [payload for envelope in envelopes for payload in open_envelope(envelope)[1]]
    assert found == payloads


@given(st.binary(max_size=64))
def test_any_bytes_are_an_envelope_or_refused(data: bytes) -> None:
    try:
        instance, payloads = open_envelope(data)
    except ValueError:
        return
    assert b"".join(seal(instance, payloads)) == data


@given(st.lists(st.binary(max_size=9), min_size=1), st.data())
def test_an_envelope_that_is_cut_off_is_refused_or_has_fewer_payloads(
    payloads: list[bytes], data: st.DataObject
) -> None:
    (envelope,) = seal(INSTANCE, payloads)
    length = data.draw(st.integers(0, len(envelope) - 1))
    try:
        found = open_envelope(envelope[:length])[1]
    except ValueError:
        return
    assert found == tuple(payloads[: len(found)])
    assert len(found) < len(payloads)


def test_an_envelope_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="no envelope"):
        open_envelope(bytes(MOST_BYTES + 1))
