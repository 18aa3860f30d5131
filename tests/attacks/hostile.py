"""Sixty-one hostile kinds of CBOR, each as the bytes of one item, to stand where a field is expected."""

from collections.abc import Iterator

import cbor2

from naivechat.protocol.command import REQUESTS, Command
from tests.unit.protocol.samples import FULL

HOSTILE: dict[str, bytes] = {
    # what is there and means nothing
    "null": b"\xf6",
    "undefined": b"\xf7",
    "false": b"\xf4",
    "true": b"\xf5",
    "a simple value": b"\xf0",
    "a simple value in two bytes": b"\xf8\xff",
    "a simple value in two bytes that fits one": b"\xf8\x01",
    "a break": b"\xff",
    "nothing": b"",
    # numbers
    "minus one": b"\x20",
    "2^31": b"\x1a\x80\x00\x00\x00",
    "2^53": b"\x1b\x00\x20\x00\x00\x00\x00\x00\x00",
    "2^63 - 1": b"\x1b\x7f" + b"\xff" * 7,
    "2^63": b"\x1b\x80" + bytes(7),
    "2^64 - 1": b"\x1b" + b"\xff" * 8,
    "-2^63": b"\x3b\x7f" + b"\xff" * 7,
    "-2^64": b"\x3b" + b"\xff" * 8,
    "zero in nine bytes": b"\x1b" + bytes(8),
    "a reserved length": b"\x1c",
    "half a number": b"\x19\x01",
    "a half": b"\xf9\x38\x00",
    "one as a float": b"\xfa\x3f\x80\x00\x00",
    "not a number": b"\xf9\x7e\x00",
    "infinity": b"\xfb\x7f\xf0" + bytes(6),
    "minus infinity": b"\xf9\xfc\x00",
    # texts and bytes
    "an empty text": b"\x60",
    "NUL": b"\x61\x00",
    "a text with NUL inside": b"\x65ann\x00x",
    "a line end": b"\x64ann\n",
    "an escape sequence": b"\x67\x1b[2Jann",
    "right to left": b"\x66\xe2\x80\xaeann",
    "half a character": b"\x61\xe5",
    "a surrogate": b"\x63\xed\xa0\x80",
    "an overlong character": b"\x62\xc0\x80",
    "a quote and more SQL": cbor2.dumps("' OR 1=1 -- "),
    "wildcards": b"\x63%_%",
    "a path": cbor2.dumps("../../etc/passwd"),
    "a script": cbor2.dumps("<script>alert(1)</script>"),
    "20,000 letters": cbor2.dumps("x" * 20_000),
    "empty bytes": b"\x40",
    "bytes that are no text": b"\x44\xff\xfe\xfd\xfc",
    "a text without end": b"\x7f\x61a\xff",
    "bytes without end": b"\x5f\x41a\xff",
    "a text of 2^63 bytes": b"\x7b\x7f" + b"\xff" * 7,
    "bytes of 4 GiB": b"\x5b\x00\x00\x00\x00\xff\xff\xff\xff",
    # lists and maps
    "an empty list": b"\x80",
    "an empty map": b"\xa0",
    "a list of itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "a list of 2^64 items": b"\x9b" + b"\xff" * 8,
    "a map of 2^63 pairs": b"\xbb\x7f" + b"\xff" * 7,
    "a list without end": b"\x9f\xff",
    "a map without end": b"\xbf\xff",
    "1,000 lists in each other": b"\x81" * 1_000 + b"\x80",
    "1,000 maps in each other": b"\xa1\x61a" * 1_000 + b"\xa0",
    "a map with a key twice": b"\xa2\x61a\x01\x61a\x02",
    "a map with a number as key": b"\xa1\x01\x01",
    # tags
    "a bignum": b"\xc2\x49\x01" + bytes(8),
    "a huge decimal": b"\xc4\x82\x1a\x7f\xff\xff\xff\x01",
    "a regular expression": b"\xd8\x23\x65(a+)+",
    "a shared value": b"\xd8\x1c\x61a",
    "a tag that nobody knows": b"\xda\xff\xff\xff\xff\x00",
}


def requests_with(item: bytes) -> Iterator[tuple[Command, str, bytes]]:
    """Every request with the item in place of each of its fields in turn: the command, the field, the payload."""
    for command in sorted(REQUESTS):
        fields = FULL[command]
        for hostile_key in fields:
            pairs = [
                cbor2.dumps(key) + (item if key == hostile_key else cbor2.dumps(value))
                for key, value in fields.items()
            ]
            yield command, hostile_key, bytes([0xA0 + len(pairs)]) + b"".join(pairs)
