"""Every packet agrees with docs/protocol.cddl and survives the way through bytes."""

import re
import struct
from typing import Any

import attrs
import cbor2
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from naivechat.protocol import codec
from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.errors import BadRequest, ErrorCode, ProtocolError
from naivechat.protocol.friend import AskedRecord, FoundRecord, FriendRecord
from naivechat.protocol.group import GroupRecord, MemberRecord
from naivechat.protocol.message import MessageRecord, MsgRequest, MsgResponse
from naivechat.protocol.packet import PACKETS, Packet
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import ErrorResponse, LoginRequest, LogoutRequest
from naivechat.protocol.shape import shape_of
from naivechat.protocol.talk import SyncNotice, TalkRecord
from tests.strategies import cbor_values, packets, requests
from tests.unit.protocol.samples import FULL, is_optional, name_of, paths, replaced, without
from tests.unit.protocol.schemas import CDDL, NoJudgement, admits

RULE = re.compile(r"^([A-Z][A-Za-z]+) += (\{.*?\}) +; (\d+)$", re.DOTALL | re.MULTILINE)
WITHOUT_COMMENTS = re.sub(r" *;.*", "", CDDL)
SECRETS = {"password", "old_password", "new_password", "token", "msg_text", "talk_sketch"}
RECORDS: dict[str, type] = {
    "user": UserRecord,
    "friend": FriendRecord,
    "group": GroupRecord,
    "member": MemberRecord,
    "found": FoundRecord,
    "asked": AskedRecord,
    "message": MessageRecord,
    "talk": TalkRecord,
}
RULES = {name: (int(number), body) for name, body, number in RULE.findall(CDDL)}


def test_the_cddl_and_the_classes_name_the_same_packets_and_commands() -> None:
    assert {name: number for name, (number, _) in RULES.items()} == {
        cls.__name__: command for command, cls in PACKETS.items()
    }


def test_a_command_is_named_as_its_packet() -> None:
    for command, cls in PACKETS.items():
        assert command.name.replace("_", "") == cls.__name__.upper()
        assert cls.command is command
    assert set(PACKETS) == set(Command)
    assert len(PACKETS) == 52


BEYOND_THE_CDDL = {"LoginResponse": ("nodes",)}
"""Keys of ours that other programs do not know: unknown keys are ignored."""


@pytest.mark.parametrize("name", [*RULES, *RECORDS])
def test_fields_have_the_names_and_the_order_of_the_keys_in_the_cddl(name: str) -> None:
    cls = RECORDS[name] if name in RECORDS else PACKETS[Command(RULES[name][0])]
    (body,) = re.findall(rf"^{name} += (\{{.*?\}})", WITHOUT_COMMENTS, re.DOTALL | re.MULTILINE)
    keys = re.findall(r"(\? )?\b([a-z_]+): ", body)
    beyond = BEYOND_THE_CDDL.get(name, ())
    assert shape_of(cls).names == (*(key for _, key in keys), *beyond)
    assert shape_of(cls).optional == (*(key for optional, key in keys if optional), *beyond)


def test_clients_may_send_requests_only() -> None:
    assert {command for command, cls in PACKETS.items() if cls.__name__.endswith("Request")} == REQUESTS


@given(packets())
def test_every_packet_round_trips(packet: Packet) -> None:
    assert codec.decode(packet.command, codec.encode(packet)) == packet


@given(requests())
def test_a_node_reads_every_request(packet: Packet) -> None:
    assert codec.decode_request(packet.command, codec.encode(packet)) == packet


@given(packets())
def test_the_cddl_admits_every_packet(packet: Packet) -> None:
    assert admits(type(packet).__name__, cbor2.loads(codec.encode(packet)))


@given(packets())
def test_a_frame_is_the_length_the_command_and_the_payload(packet: Packet) -> None:
    payload = codec.encode(packet)
    assert codec.encode_frame(packet) == struct.pack(">IB", 1 + len(payload), packet.command) + payload


@given(st.data())
def test_what_the_cddl_refuses_is_refused(data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(sorted(PACKETS)))
    fields = data.draw(mutants(FULL[command]))
    try:
        refused = not admits(PACKETS[command].__name__, fields)
    except NoJudgement:
        reject()
    if refused:
        with pytest.raises(ProtocolError):
            codec.decode(command, cbor2.dumps(fields))


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_a_key_is_missed_unless_it_is_optional(command: Command) -> None:
    for path in paths(FULL[command]):
        payload = cbor2.dumps(without(FULL[command], path))
        if isinstance(path[-1], int) or is_optional(command, path):
            continue
        with pytest.raises(BadRequest) as refusal:
            codec.decode(command, payload)
        assert refusal.value.key == name_of(path)
        assert refusal.value.message == f"{name_of(path)}: missing"


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_an_optional_key_may_be_missing_and_reads_as_none(command: Command) -> None:
    for key in shape_of(PACKETS[command]).optional:
        packet = codec.decode(command, cbor2.dumps(without(FULL[command], (key,))))
        assert getattr(packet, key) is None


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_an_optional_key_may_not_be_null(command: Command) -> None:
    for path in paths(FULL[command]):
        if not is_optional(command, path):
            continue
        with pytest.raises(BadRequest) as refusal:
            codec.decode(command, cbor2.dumps(replaced(FULL[command], path, None)))
        assert refusal.value.key == name_of(path)


def test_optional_keys_are_left_out_when_none() -> None:
    request = LoginRequest(rid=1, protocol=1, user_id="alice", password="p")
    assert cbor2.loads(codec.encode(request)).keys() == {"rid", "protocol", "user_id", "password"}


def test_an_error_code_goes_out_as_text() -> None:
    answer = ErrorResponse(rid=1, code=ErrorCode.RATE_LIMITED, message="", retry_after_ms=5)
    assert cbor2.loads(codec.encode(answer))["code"] == "RATE_LIMITED"


def test_a_packet_without_fields_is_an_empty_map() -> None:
    assert codec.encode(SyncNotice()) == b"\xa0"
    assert codec.encode(LogoutRequest(rid=0)) == b"\xa1\x63rid\x00"


def test_secrets_and_texts_stay_out_of_a_packets_repr() -> None:
    message = MsgRequest(rid=1, friend_id="bob", msg_uuid=b"u" * 16, msg_type=0, msg_text="hush")
    login = LoginRequest(rid=1, protocol=1, user_id="alice", password="hush")
    assert "hush" not in repr(message) + repr(login)
    shown = {
        f"{cls.__name__}.{field.name}"
        for cls in _packets_and_records()
        for field in attrs.fields(cls)
        if field.repr
    }
    assert not [name for name in shown if name.partition(".")[2] in SECRETS]


def _packets_and_records() -> set[type]:
    return {*PACKETS.values(), *RECORDS.values()}


def test_a_lone_surrogate_cannot_be_encoded() -> None:
    push = attrs.evolve(_message(), msg_text="\ud800")
    with pytest.raises(ValueError, match="surrogate"):
        codec.encode_frame(push)


def test_unknown_keys_are_ignored_at_every_level() -> None:
    packet = _with_record(FULL[Command.GROUP_NOTICE] | {"later": [1, {"x": None}]})
    plain = codec.decode(Command.GROUP_NOTICE, cbor2.dumps(FULL[Command.GROUP_NOTICE]))
    assert codec.decode(Command.GROUP_NOTICE, cbor2.dumps(packet)) == plain


def mutants(full: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Maps in which one value, at any depth, is another or missing."""
    if not full:
        return st.just(full)
    path = st.sampled_from(paths(full))
    return path.map(lambda way: without(full, way)) | st.builds(replaced, st.just(full), path, cbor_values)


def _message() -> MsgResponse:
    return MsgResponse(
        talk_id="bob", seq=1, sender_id="bob", msg_type=0, msg_text="", sent_at=1, msg_uuid=b"u" * 16
    )


def _with_record(notice: dict[str, Any]) -> dict[str, Any]:
    return notice | {"group": notice["group"] | {"later": b""}}
