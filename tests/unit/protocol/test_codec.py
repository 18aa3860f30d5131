"""The strict profile: which bytes are a payload at all, and what is answered to those that are not."""

import struct
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.protocol import codec
from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.errors import (
    BadFrame,
    BadRequest,
    ErrorCode,
    ProtocolError,
    UnknownCommand,
    UnsupportedVersion,
)
from naivechat.protocol.packet import PACKETS, Packet
from naivechat.protocol.session import HeartbeatRequest
from tests.strategies import cbor_values, packets
from tests.unit.protocol.samples import FULL

HEARTBEAT = Command.HEARTBEAT_REQUEST
RID = b"\x63rid\x07"
UNASSIGNED = sorted({*range(256)} - {*PACKETS})
NODE_ONLY = sorted({*PACKETS} - REQUESTS)


def heartbeat(payload: bytes) -> Packet:
    """Decode the payload of a HeartbeatRequest."""
    return codec.decode_request(HEARTBEAT, payload)


def with_item(item: bytes) -> bytes:
    """A payload whose unknown key "x" has an encoded item as its value."""
    return b"\xa2" + RID + b"\x61x" + item


def tag_head(tag: int) -> bytes:
    """The encoded head of a tag."""
    if tag < 24:
        return bytes([0xC0 | tag])
    if tag < 2**8:
        return struct.pack(">BB", 0xD8, tag)
    return struct.pack(">BH", 0xD9, tag) if tag < 2**16 else struct.pack(">BI", 0xDA, tag)


def nested_maps(depth: int, innermost: bytes = b"") -> bytes:
    """So many maps in each other, the payload's among them; the innermost may hold an item."""
    return b"\xa1\x61a" * (depth - 1) + (b"\xa1\x61a" + innermost if innermost else b"\xa0")


CONTENTS = [
    (0, "2013-03-21T20:04:00Z"),
    (1, 1_363_896_240),
    (2, b"\x01"),
    (3, b"\x01"),
    (4, [-2, 27_315]),
    (5, [-1, 3]),
    (28, []),
    (30, [1, 3]),
    (35, "a+"),
    (36, "Content-Type: text/plain\n\nhello"),
    (37, b"u" * 16),
    (52, b"\xc0\x00\x02\x01"),
    (54, b"\x20\x01" + b"\x00" * 14),
    (100, 15_785),
    (256, ["stringref"]),
    (258, [1, 2]),
    (260, b"\xc0\x00\x02\x01"),
    (261, {b"\xc0\xa8\x00\x00": 16}),
    (1_004, "2013-03-21"),
    (43_000, [1.0, 2.0]),
    (55_799, {}),
]
"""Tags that cbor2 makes something of, each with a content of which it does."""

NOT_A_PAYLOAD = {
    "nothing": b"",
    "a list": b"\x80",
    "a number": b"\x01",
    "a map behind a number": b"\x01\xa0",
    "null": b"\xf6",
    "a cut map": b"\xa1" + RID[:-1],
    "a map and a byte": b"\xa1" + RID + b"\x00",
    "two maps": b"\xa1" + RID + b"\xa0",
    "a map and half an item": b"\xa1" + RID + b"\x19",
    "a map and a break": b"\xa1" + RID + b"\xff",
    "an indefinite map": b"\xbf" + RID + b"\xff",
    "an indefinite text": with_item(b"\x7f\x61a\xff"),
    "indefinite bytes": with_item(b"\x5f\x41a\xff"),
    "an indefinite list": with_item(b"\x9f\xff"),
    "a key twice": b"\xa2" + RID + RID,
    "a key twice further in": with_item(b"\xa2\x61a\x01\x61a\x01"),
    "a key twice that reads like another fault": b"\xa2" + (b"\x70map key must be\x01") * 2,
    "half a character": with_item(b"\x61\xe5"),
    "a surrogate": with_item(b"\x63\xed\xa0\x80"),
    "an overlong character": with_item(b"\x62\xc0\x80"),
    "2^63 + 1": with_item(b"\x1b\x80\x00\x00\x00\x00\x00\x00\x01"),
    "2^64 - 1": with_item(b"\x1b" + b"\xff" * 8),
    "2^64 - 1 as rid": b"\xa1\x63rid\x1b" + b"\xff" * 8,
    "-2^64": with_item(b"\x3b" + b"\xff" * 8),
    "2^64 - 1 in a list in a map": with_item(b"\xa1\x61a\x81\x1b" + b"\xff" * 8),
    "a reserved length": with_item(b"\x1c"),
    "a simple value in two bytes that fits one": with_item(b"\xf8\x01"),
    "a tag before the map": b"\xd9\xd9\xf7\xa1" + RID,
    "a date": with_item(b"\xc1\x00"),
    "a huge decimal": with_item(b"\xc4\x82\x1a\x7f\xff\xff\xff\x01"),
    "a regular expression": with_item(b"\xd8\x23\x63(a*"),
    "a cycle": with_item(b"\xd8\x1c\x81\xd8\x1d\x00"),
    "a bignum": with_item(b"\xc2\x49\x01" + b"\x00" * 8),
    "a set": with_item(b"\xd9\x01\x02\x81\x01"),
    "an address": with_item(b"\xd8\x34\x44\x7f\x00\x00\x01"),
    "a string reference": with_item(b"\xd8\x19\x00"),
    "nine maps": nested_maps(9),
    "nine maps and a number": nested_maps(9, b"\x00"),
    "eight maps and a full list": nested_maps(8, b"\x81\x00"),
    "eight maps and an empty list": nested_maps(8, b"\x80"),
    "a lot of maps": nested_maps(20_000),
    "a lot of lists": with_item(b"\x81" * 60_000),
    "eight maps, an empty one, and bytes behind": nested_maps(9) + b"\x00",
    "eight maps and a number as key": nested_maps(9)[:-1] + b"\xa1\x01\xff",
}
HUGE_LENGTHS = [
    b"\x7f" + b"\xff" * 7,
    b"\xff" * 8,
    b"\x00\x00\x00\x7f" + b"\xff" * 4,
    b"\x00" * 4 + b"\xff" * 4,
]


@pytest.mark.parametrize("payload", NOT_A_PAYLOAD.values(), ids=NOT_A_PAYLOAD.keys())
def test_a_payload_is_exactly_one_map_of_the_profile(payload: bytes) -> None:
    with pytest.raises(BadFrame) as refusal:
        heartbeat(payload)
    assert refusal.value.code == ErrorCode.BAD_FRAME
    assert refusal.value.rid == 0


@pytest.mark.parametrize("length", HUGE_LENGTHS, ids=bytes.hex)
@pytest.mark.parametrize("head", [b"\x5b", b"\x7b", b"\x9b", b"\xbb"], ids=["bytes", "text", "list", "map"])
def test_a_huge_length_is_refused_and_nothing_is_reserved_for_it(head: bytes, length: bytes) -> None:
    for payload in (head + length, with_item(head + length), with_item(head + length + b"\x61a")):
        with pytest.raises(BadFrame):
            heartbeat(payload)


def test_no_tag_is_let_in() -> None:
    for tag in range(70_001):
        for item in (b"\x00", b"\x80"):
            with pytest.raises(BadFrame):
                heartbeat(with_item(tag_head(tag) + item))


@pytest.mark.parametrize(("tag", "content"), CONTENTS, ids=str)
def test_a_tag_is_not_let_in_with_the_content_it_is_made_for(tag: int, content: Any) -> None:
    payload = with_item(cbor2.dumps(cbor2.CBORTag(tag, content)))
    assert cbor2.loads(payload)["rid"] == 7
    with pytest.raises(BadFrame):
        heartbeat(payload)


@pytest.mark.parametrize("empty", [b"\x80", b"\xa0"])
def test_what_is_empty_may_stand_as_deep_as_anything_else_and_no_deeper(empty: bytes) -> None:
    # The payload's map is the first level, and "a" has a shallow neighbour before and behind it.
    for depth in (codec.MAX_NESTING, codec.MAX_NESTING + 1):
        deep = b"\x83\x01" * (depth - 2) + empty + b"\x01" * (depth - 2)
        payload = b"\xa4" + RID + b"\x61b\x01" + b"\x61a" + deep + b"\x61c\x01"
        if depth == codec.MAX_NESTING:
            assert heartbeat(payload) == HeartbeatRequest(rid=7)
        else:
            with pytest.raises(BadFrame):
                heartbeat(payload)


@pytest.mark.parametrize("empty", [b"\x80", b"\xa0"])
def test_what_is_empty_beside_what_is_not_counts_as_one_level(empty: bytes) -> None:
    deepest = b"\x82" + b"\x81\x01" + empty
    levels = codec.MAX_NESTING - 3
    assert heartbeat(with_item(b"\x81" * levels + deepest)) == HeartbeatRequest(rid=7)
    with pytest.raises(BadFrame):
        heartbeat(with_item(b"\x81" * (levels + 1) + deepest))


@pytest.mark.parametrize("head", [b"\x1b", b"\x3b"])
@pytest.mark.parametrize("holder", [b"\x83\x01%s\x01", b"\xa3\x61a\x01\x61b%s\x61c\x01"])
def test_an_integer_that_is_too_wide_is_found_among_others(head: bytes, holder: bytes) -> None:
    with pytest.raises(BadFrame):
        heartbeat(with_item(holder % (head + b"\xff" * 8)))
    assert heartbeat(with_item(holder % (head + b"\x7f" + b"\xff" * 7))) == HeartbeatRequest(rid=7)


def test_what_stands_behind_a_map_is_found_even_if_it_guesses_at_our_own_end() -> None:
    for tail in (b"\x50" + b"\x00" * 16, cbor2.dumps("end"), b"\x80"):
        with pytest.raises(BadFrame):
            heartbeat(b"\xa1" + RID + tail)


@pytest.mark.parametrize(
    "item",
    [
        b"\xf6",
        b"\xf7",
        b"\xf0",
        b"\xf9\x7e\x00",
        b"\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00",
        b"\x1b\x7f" + b"\xff" * 7,
        b"\x1b\x80" + b"\x00" * 7,
        b"\x3b\x7f" + b"\xff" * 7,
        b"\x5a\x00\x00\x00\x03\x1b\xff\xff",
        b"\x18\x05",
        b"\xa1\x41k\x01",
        nested_maps(7),
        nested_maps(7, b"\x00"),
        nested_maps(6, b"\x81\x00"),
    ],
    ids=bytes.hex,
)
def test_an_unknown_key_may_have_any_value_of_the_profile(item: bytes) -> None:
    assert heartbeat(with_item(item)) == HeartbeatRequest(rid=7)


@pytest.mark.parametrize(
    "payload",
    [
        b"\xa2" + RID + b"\x01\x02",
        b"\xa2" + RID + b"\xf5\x02",
        b"\xa2" + RID + b"\x80\x02",
        b"\xa2" + RID + b"\x41a\x02",
        with_item(b"\xa1\x01\x02"),
        with_item(b"\x81\xa1\x20\x02"),
    ],
    ids=bytes.hex,
)
def test_a_key_that_is_not_a_text_is_a_bad_request(payload: bytes) -> None:
    with pytest.raises(BadRequest) as refusal:
        heartbeat(payload)
    assert refusal.value.key == ""
    assert refusal.value.message


@pytest.mark.parametrize("command", UNASSIGNED)
def test_an_unassigned_command_is_unknown_to_everybody(command: int) -> None:
    for decode in (codec.decode, codec.decode_request):
        with pytest.raises(UnknownCommand) as refusal:
            decode(command, b"\xa1" + RID)
        assert refusal.value.rid == 7


@pytest.mark.parametrize("command", NODE_ONLY)
def test_a_command_of_nodes_is_unknown_to_a_node(command: int) -> None:
    payload = cbor2.dumps(FULL[command])
    with pytest.raises(UnknownCommand) as refusal:
        codec.decode_request(command, payload)
    assert refusal.value.rid == FULL[command].get("rid", 0)
    assert isinstance(codec.decode(command, payload), PACKETS[Command(command)])


@pytest.mark.parametrize(
    "payload", [b"", b"\xa0", b"\xff", b"\xa1\x63rid\xf5", b"\xa1\x63rid\x20"], ids=bytes.hex
)
def test_an_unknown_command_without_a_readable_rid_has_rid_0(payload: bytes) -> None:
    with pytest.raises(UnknownCommand) as refusal:
        codec.decode_request(47, payload)
    assert refusal.value.rid == 0
    assert refusal.value.code == ErrorCode.UNKNOWN_COMMAND


@pytest.mark.parametrize(
    "command", [Command.REGISTER_REQUEST, Command.LOGIN_REQUEST, Command.RECONNECT_REQUEST]
)
def test_another_version_is_not_supported_whatever_else_it_says(command: Command) -> None:
    for version in (0, 2, -1, 2**62):
        for fields in (FULL[command] | {"protocol": version}, {"rid": 7, "protocol": version}):
            with pytest.raises(UnsupportedVersion) as refusal:
                codec.decode_request(command, cbor2.dumps(fields))
            assert refusal.value.rid == fields["rid"]
            assert refusal.value.code == ErrorCode.UNSUPPORTED_VERSION


@pytest.mark.parametrize("version", [True, None, 1.0, "1", b"1", [1]])
def test_a_version_that_is_no_number_is_a_bad_request(version: Any) -> None:
    fields = FULL[Command.LOGIN_REQUEST] | {"protocol": version}
    with pytest.raises(BadRequest) as refusal:
        codec.decode_request(Command.LOGIN_REQUEST, cbor2.dumps(fields))
    assert refusal.value.key == "protocol"


def test_a_key_named_protocol_means_nothing_in_other_packets() -> None:
    assert heartbeat(cbor2.dumps({"rid": 7, "protocol": 2})) == HeartbeatRequest(rid=7)
    with pytest.raises(BadRequest):
        heartbeat(cbor2.dumps({"protocol": 2}))


@given(st.integers(0, 255), st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_protocol_errors(command: int, payload: bytes) -> None:
    _decode_both(command, payload)


@given(packets(), st.data())
def test_damaged_packets_raise_nothing_but_protocol_errors(packet: Packet, data: st.DataObject) -> None:
    damaged = bytearray(codec.encode(packet))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    _decode_both(packet.command, bytes(damaged))


@given(st.sampled_from(sorted(PACKETS)), st.dictionaries(st.text(max_size=9) | st.just("rid"), cbor_values))
def test_arbitrary_maps_raise_nothing_but_protocol_errors(command: int, fields: dict[str, Any]) -> None:
    _decode_both(command, cbor2.dumps(FULL[command] | fields))


@given(packets(), st.binary(min_size=1, max_size=20))
def test_a_packet_with_bytes_behind_it_is_refused(packet: Packet, tail: bytes) -> None:
    with pytest.raises(
        (BadFrame, BadRequest)
    ):  # the latter where the tail has a map with another key than a text
        codec.decode(packet.command, codec.encode(packet) + tail)


def _decode_both(command: int, payload: bytes) -> None:
    for decode in (codec.decode, codec.decode_request):
        try:
            assert decode(command, payload).command == command
        except ProtocolError as error:
            assert error.message
            assert 0 <= error.rid < 2**32
