"""Messages that are read and written without CBOR's library are what the codec would have made of them."""

from typing import Any

import attrs
import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.protocol.codec import decode, decode_request, encode
from naivechat.protocol.message import MsgAckResponse, MsgGroupRequest, MsgRequest, MsgResponse
from naivechat.protocol.packet import Packet
from naivechat.protocol.plain_message import READERS, WRITERS
from tests.strategies import packets

UUID = bytes(range(16))
TO_FRIEND = MsgRequest(rid=7, friend_id="bob", msg_uuid=UUID, msg_type=0, msg_text="héllo")
TO_GROUP = MsgGroupRequest(rid=7, group_id="g1", msg_uuid=UUID, msg_type=0, msg_text="héllo")
ACK = MsgAckResponse(
    rid=7, talk_type=0, talk_id="bob", msg_uuid=UUID, seq=3, sent_at=1_790_000_000_123, duplicate=False
)
PUSH = MsgResponse(
    talk_id="ann",
    seq=3,
    sender_id="ann",
    msg_type=0,
    msg_text="héllo",
    sent_at=1_790_000_000_123,
    msg_uuid=UUID,
)
EDGES = (0, 1, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1)
PLAIN = b"".join(
    cbor2.dumps(part) for part in ("rid", 7, "friend_id", "bob", "msg_uuid", UUID, "msg_type", 0)
)


def read(request: Packet) -> Packet | None:
    return READERS[request.command](encode(request))


def by_the_codec(packet: Any) -> bytes:
    return cbor2.dumps({name: value for name, value in attrs.asdict(packet).items() if value is not None})


@given(packets([MsgRequest, MsgGroupRequest]))
def test_a_message_as_our_clients_write_it_is_read(request: Packet) -> None:
    assert read(request) == request
    assert decode_request(request.command, encode(request)) == request


@pytest.mark.parametrize("request_", [TO_FRIEND, TO_GROUP], ids=["friend", "group"])
@pytest.mark.parametrize("rid", EDGES)
def test_so_it_is_with_every_width_of_rid(request_: Packet, rid: int) -> None:
    request = attrs.evolve(request_, rid=rid)  # type: ignore[misc]
    assert read(request) == request


@pytest.mark.parametrize("length", [0, 23, 24, 255, 256, 16_127, 16_128, 16_383])
@pytest.mark.parametrize("character", ["x", "\n", "\0", "\xff"], ids=ascii)
def test_so_it_is_with_every_length_of_text(length: int, character: str) -> None:
    text = character * (length // len(character.encode()))
    request = attrs.evolve(TO_FRIEND, msg_text=text + "x" * (length - len(text.encode())))
    assert read(request) == request


@pytest.mark.parametrize("friend_id", ["b", "b" * 23, "b" * 24, "b" * 32, "hmsg_uuidP", "0_.-Z"])
def test_so_it_is_with_every_name(friend_id: str) -> None:
    request = attrs.evolve(TO_FRIEND, friend_id=friend_id)
    assert read(request) == request


@pytest.mark.parametrize("msg_type", [0, 5, 23, 24, 127])
def test_so_it_is_with_every_type(msg_type: int) -> None:
    request = attrs.evolve(TO_FRIEND, msg_type=msg_type)
    assert read(request) == request


def test_the_longest_text_is_left_to_the_codec() -> None:
    request = attrs.evolve(TO_FRIEND, msg_text="x" * 16_384)
    assert read(request) is None
    assert decode_request(request.command, encode(request)) == request


@given(
    request=packets([MsgRequest, MsgGroupRequest]),
    at=st.integers(0, 90),
    cut=st.integers(0, 2),
    data=st.data(),
)
def test_whatever_is_read_is_the_same_to_the_codec(
    request: Packet, at: int, cut: int, data: st.DataObject
) -> None:
    payload = encode(request)
    put = data.draw(st.binary(max_size=2))
    payload = payload[:at] + put + payload[at + cut :]
    found = READERS[request.command](payload)
    assert found is None or found == decode(request.command, payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xa5" + PLAIN,
        b"\xa5" + PLAIN + b"\x68msg_text",
        b"\xa5" + PLAIN + b"\x68msg_text\x62a",
        b"\xa5" + PLAIN + b"\x68msg_text\x61ab",
        b"\xa5" + PLAIN + b"\x68msg_text\x78\x01a",
        b"\xa5" + PLAIN + b"\x68msg_text\x79\x00\x01a",
        b"\xa5" + PLAIN + b"\x68msg_text\x41a",
        b"\xa5" + PLAIN + b"\x68msg_text\x61\xff",
        b"\xa5" + PLAIN + b"\x68msg_text\x63\xed\xa0\x80",
        b"\xa6" + PLAIN + b"\x68msg_text\x61a\x61k\x00",
        b"\xa5" + PLAIN.replace(b"\x63bob", b"\x62bob") + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN.replace(b"\x63bob", b"\x63.ob") + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN.replace(b"\x63bob", b"\x78\x21" + b"b" * 33) + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN.replace(b"\x50", b"\x4f").replace(UUID, UUID[1:]) + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN[:-1] + b"\x18\x80" + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN[:-1] + b"\x18\x17" + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN[:-1] + b"\x20" + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN.replace(b"rid\x07", b"rid\x1b" + bytes(8)) + b"\x68msg_text\x61a",
        b"\xa5" + PLAIN.replace(b"friend_id", b"friendxid") + b"\x68msg_text\x61a",
    ],
)
def test_whatever_else_a_client_may_write_is_left_to_the_codec(payload: bytes) -> None:
    assert READERS[MsgRequest.command](payload) is None


def test_the_payload_that_the_others_are_nearly_like_is_read() -> None:
    expected = attrs.evolve(TO_FRIEND, msg_text="a")
    assert READERS[MsgRequest.command](b"\xa5" + PLAIN + b"\x68msg_text\x61a") == expected


@given(packets([MsgAckResponse, MsgResponse]))
def test_acks_and_pushes_are_written_as_the_codec_writes_them(packet: Packet) -> None:
    assert encode(packet) == by_the_codec(packet)


@pytest.mark.parametrize("number", [*EDGES, 2**32, 2**53 - 1])
def test_so_it_is_with_every_width_of_their_numbers(number: int) -> None:
    ack, push = attrs.evolve(ACK, seq=number, sent_at=number), attrs.evolve(PUSH, seq=number, sent_at=number)
    assert WRITERS[ACK.command](ack) == by_the_codec(ack)
    assert WRITERS[PUSH.command](push) == by_the_codec(push)


@pytest.mark.parametrize("length", [0, 23, 24, 255, 256, 16_384])
def test_so_it_is_with_every_length_of_their_texts(length: int) -> None:
    push = attrs.evolve(PUSH, msg_text="é" * (length // 2) + "x" * (length % 2))
    assert WRITERS[PUSH.command](push) == by_the_codec(push)


def test_a_recall_is_left_to_the_codec() -> None:
    push = attrs.evolve(PUSH, target_seq=2)
    assert WRITERS[PUSH.command](push) is None
    assert encode(push) == by_the_codec(push)


def test_a_text_that_utf_8_cannot_say_is_an_error_as_with_the_codec() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode(attrs.evolve(PUSH, msg_text="\ud800"))
