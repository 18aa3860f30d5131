"""The CDDL of the documentation, ready to judge payloads."""

import functools
import re
from pathlib import Path
from typing import Any

import cbor2
import pycddl

CDDL = (Path(__file__).parents[3] / "docs" / "protocol.cddl").read_text()
OPTIONAL_ENTRY = re.compile(r"\? ([a-z_]+): [^,]+, ")


class NoJudgement(Exception):
    """pycddl has panicked over a payload, as 0.6 does on some maps with wrong keys."""


def admits(packet_name: str, fields: Any) -> bool:
    """Whether the CDDL admits a payload, given as the value that it decodes to.

    pycddl 0.6 takes the size of a text for the range of a number that stands before it in the map,
    or is there while an optional text is not: {rid: 65} is no UpdateProfileRequest to it,
    as 65 is no size of an avatar.
    So numbers come last, and absent optional entries, which admit and refuse nothing, leave the rule.

    Raises:
        NoJudgement.
    """
    present = frozenset(fields) if isinstance(fields, dict) else frozenset()
    try:
        schema(packet_name, present).validate_cbor(cbor2.dumps(numbers_last(fields)))
    except pycddl.ValidationError:
        return False
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NoJudgement from error
    return True


def numbers_last(value: Any) -> Any:
    """The same value with other orders of its maps."""
    if isinstance(value, list):
        return [numbers_last(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    in_order = sorted(value.items(), key=lambda item: isinstance(item[1], int))
    return {key: numbers_last(inner) for key, inner in in_order}


@functools.cache
def schema(packet_name: str, present: frozenset[str]) -> pycddl.Schema:
    """The schema whose root is one packet, without those optional entries of it that are not present."""
    (rule,) = re.findall(rf"^{packet_name} += \{{.*?\}} ", CDDL, re.DOTALL | re.MULTILINE)
    body = rule.partition("=")[2]
    root = OPTIONAL_ENTRY.sub(lambda entry: entry[0] if entry[1] in present else "", body)
    return pycddl.Schema(f"root = {root}\n{CDDL}")
