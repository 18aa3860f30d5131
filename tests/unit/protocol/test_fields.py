"""The types and ranges of single fields: at the edges, beyond them, and hostile values in every one."""

from typing import Any

import cbor2
import pytest

from naivechat.protocol import codec
from naivechat.protocol.command import REQUESTS, Command
from naivechat.protocol.errors import BadFrame, BadRequest, UnsupportedVersion
from naivechat.protocol.packet import PACKETS
from tests.unit.protocol.samples import FULL, Path, name_of, paths, replaced

FACE = "\U0001f600"  # four bytes of UTF-8

WRONG_FOR_ANY_FIELD = [
    cbor2.undefined,
    cbor2.CBORSimpleValue(16),
    float("nan"),
    float("inf"),
    1.0,
    -1,
    2**63 - 1,
    -(2**63),
    None,
    {},
    {"a": 1},
    [[]],
    [{}],
    [None],
    "\n",
    "alice\n",
    "\x00",
    "x" * 20_000,
    b"",
    b"x" * 65,
    b"alice",
]
"""Hostile values; one of them fits a field only where that has few limits, see `MAY_FIT`."""

MAY_FIT = {"talk_sketch", "notice", "message", "code", "greeting", "node", "epoch", "remark", "msg_text"}
MAY_FIT |= {"password", "old_password", "new_password", "search_key", "client", "avatar", "talk_head"}
MAY_FIT |= {"sender_head", "token", "member_count", "heartbeat_ms", "max_frame", "retry_after_ms"}

REFUSED_BY_TYPE: dict[type, list[Any]] = {
    int: [True, False, 1.0, "1", b"1", [1], None, {}, -1],
    str: [1, True, b"alice", ["a"], None, 1.5, {}],
    bytes: ["dGVzdA==", "x" * 16, 1, None, [1], True],
    bool: [0, 1, "true", b"", None, 1.0],
    list: [{}, "ab", b"ab", None, 1, {"0": 1}],
    dict: [[], "ab", None, 1, True],
}

TEXT_EDGES: list[tuple[Command, str, list[str], list[str]]] = [
    (
        Command.LOGIN_REQUEST,
        "user_id",
        ["a", "Z9", "0", "a_.-", "x" * 32],
        ["", "x" * 33, "_a", ".a", "-a", "a b", "é", "a\n", "\na", "a\x00", "a/b", "ａ"],
    ),
    (
        Command.REGISTER_REQUEST,
        "nickname",
        ["字" * 32, FACE * 32, " ", "a b", "\u2028"],
        ["", "x" * 33, "a\n", "\ta", "a\x00", "\x7f", "\x85"],
    ),
    (Command.REGISTER_REQUEST, "avatar", ["", "x" * 64, FACE * 16], ["x" * 65, FACE * 16 + "x", "字" * 22]),
    (Command.LOGIN_REQUEST, "password", ["", "x" * 1024, FACE * 256], ["x" * 1025, FACE * 257]),
    (
        Command.LOGIN_REQUEST,
        "device",
        ["desktop", FACE * 64],
        ["", "x" * 65, "a\n", "a\x1b", "\x9f"],
    ),
    (Command.LOGIN_REQUEST, "client", ["", "x" * 128], ["x" * 129]),
    (
        Command.MSG_REQUEST,
        "msg_text",
        ["", "\x00\n", "x" * 16_384, FACE * 4_096, "字" * 4_001],
        ["x" * 16_385, FACE * 4_096 + "x"],
    ),
    (Command.SEARCH_FRIEND_REQUEST, "search_key", ["", "%", "字" * 64], ["x" * 65]),
    (Command.ADD_FRIEND_REQUEST, "greeting", ["", "字" * 100], ["x" * 101]),
    (Command.SET_REMARK_REQUEST, "remark", ["", "字" * 32], ["x" * 33, "a\n"]),
    (Command.UPDATE_GROUP_REQUEST, "notice", ["", "a\nb", "字" * 500], ["x" * 501]),
]

NUMBER_EDGES: list[tuple[Command, str, int, int]] = [
    (Command.HEARTBEAT_REQUEST, "rid", 0, 2**32 - 1),
    (Command.READ_REQUEST, "seq", 0, 2**53 - 1),
    (Command.READ_REQUEST, "talk_type", 0, 1),
    (Command.MSG_REQUEST, "msg_type", 0, 127),
    (Command.SYNC_REQUEST, "since", 0, 2**53 - 1),
    (Command.SYNC_REQUEST, "offset", 0, 2**31 - 1),
    (Command.HISTORY_REQUEST, "limit", 0, 2**31 - 1),
    (Command.SET_ROLE_REQUEST, "role", 0, 2),
    (Command.LOGIN_RESPONSE, "heartbeat_ms", 0, 2**63 - 1),
]


def decode(command: int, fields: Any) -> Any:
    """Decode as the side that receives this command does."""
    receive = codec.decode_request if command in REQUESTS else codec.decode
    return receive(command, cbor2.dumps(fields))


def refused_key(command: int, fields: Any) -> str:
    """The key that a refused map is refused for."""
    with pytest.raises(BadRequest) as refusal:
        decode(command, fields)
    assert refusal.value.message.startswith(refusal.value.key)
    assert "\n" not in refusal.value.message
    return refusal.value.key


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_every_field_refuses_other_types(command: Command) -> None:
    for path in paths(FULL[command]):
        for value in REFUSED_BY_TYPE[type(_at(FULL[command], path))]:
            fields = replaced(FULL[command], path, value)
            if path == ("protocol",) and type(value) is int:
                continue
            assert refused_key(command, fields) == name_of(path), value


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_every_field_refuses_hostile_values(command: Command) -> None:
    for path in paths(FULL[command]):
        for value in WRONG_FOR_ANY_FIELD:
            _refuse_or_fit(command, path, value)


@pytest.mark.parametrize("command", sorted(PACKETS))
def test_every_field_refuses_integers_beyond_64_bits(command: Command) -> None:
    for path in paths(FULL[command]):
        for value in (2**64 - 1, -(2**64), 2**64, 10**400):
            with pytest.raises(BadFrame):
                decode(command, replaced(FULL[command], path, value))


@pytest.mark.parametrize("command", sorted(REQUESTS))
def test_a_refusal_repeats_the_rid(command: Command) -> None:
    for path in paths(FULL[command]):
        fields = replaced(FULL[command] | {"rid": 77}, path, 1.5)
        with pytest.raises(BadRequest) as refusal:
            decode(command, fields)
        assert refusal.value.rid == (0 if path == ("rid",) else 77)


@pytest.mark.parametrize(("command", "key", "good", "bad"), TEXT_EDGES)
def test_a_text_ends_at_its_limits(command: Command, key: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert getattr(decode(command, FULL[command] | {key: text}), key) == text
    for text in bad:
        assert refused_key(command, FULL[command] | {key: text}) == key, repr(text)


@pytest.mark.parametrize(("command", "key", "least", "most"), NUMBER_EDGES)
def test_a_number_ends_at_its_limits(command: Command, key: str, least: int, most: int) -> None:
    for number in (least, most):
        assert getattr(decode(command, FULL[command] | {key: number}), key) == number
    assert refused_key(command, FULL[command] | {key: least - 1}) == key
    if most < 2**63 - 1:
        assert refused_key(command, FULL[command] | {key: most + 1}) == key


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_msg_uuid_has_16_bytes(length: int) -> None:
    assert (
        refused_key(Command.MSG_REQUEST, FULL[Command.MSG_REQUEST] | {"msg_uuid": b"u" * length})
        == "msg_uuid"
    )


def test_a_token_has_at_most_64_bytes() -> None:
    full = FULL[Command.RECONNECT_REQUEST]
    assert decode(Command.RECONNECT_REQUEST, full | {"token": b"t" * 64}).token == b"t" * 64
    assert refused_key(Command.RECONNECT_REQUEST, full | {"token": b"t" * 65}) == "token"


def test_lists_of_people_have_at_most_2000_and_an_invitation_at_least_one() -> None:
    create, invite = FULL[Command.CREATE_GROUP_REQUEST], FULL[Command.INVITE_GROUP_REQUEST]
    assert decode(Command.CREATE_GROUP_REQUEST, create | {"member_ids": []}).member_ids == ()
    assert (
        len(decode(Command.INVITE_GROUP_REQUEST, invite | {"member_ids": ["a"] * 2_000}).member_ids) == 2_000
    )
    assert refused_key(Command.INVITE_GROUP_REQUEST, invite | {"member_ids": []}) == "member_ids"
    assert refused_key(Command.CREATE_GROUP_REQUEST, create | {"member_ids": ["a"] * 2_001}) == "member_ids"
    assert refused_key(Command.CREATE_GROUP_REQUEST, create | {"member_ids": ["a", "a\n"]}) == "member_ids[1]"


def test_a_node_may_send_longer_texts_and_lists_than_a_client() -> None:
    notice = replaced(FULL[Command.GROUP_NOTICE], ("group", "notice"), "x" * 5_000)
    notice["user_ids"] = ["a"] * 5_000
    assert len(decode(Command.GROUP_NOTICE, notice).user_ids) == 5_000
    friend = replaced(FULL[Command.ADD_FRIEND_RESPONSE], ("friend", "remark"), "x" * 500)
    assert decode(Command.ADD_FRIEND_RESPONSE, friend).friend.remark == "x" * 500


def test_bytes_of_a_nested_text_are_counted_too() -> None:
    command, full = Command.SYNC_RESPONSE, FULL[Command.SYNC_RESPONSE]
    in_a_list = replaced(full, ("talks", 0, "talk_head"), "字" * 22)
    in_a_record = replaced(full, ("asked", 0, "user", "avatar"), "字" * 22)
    assert refused_key(command, in_a_list) == "talks[0].talk_head"
    assert refused_key(command, in_a_record) == "asked[0].user.avatar"


def test_a_choice_of_words_is_closed_and_the_refused_one_not_repeated() -> None:
    with pytest.raises(BadRequest) as refusal:
        decode(Command.KICKED_NOTICE, {"reason": "bored", "message": ""})
    assert refusal.value.message == "reason: not one of the known values"


def _refuse_or_fit(command: int, path: Path, value: Any) -> None:
    fields = replaced(FULL[command], path, value)
    try:
        decode(command, fields)
    except UnsupportedVersion:
        assert path == ("protocol",)
    except BadRequest as refusal:
        assert refusal.key.startswith(name_of(path))
    else:
        assert path[-1] in MAY_FIT or path[0] == "nodes", (path, value)


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value
