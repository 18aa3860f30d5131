"""What texts and numbers of the API look like. The same constraints check requests and stand in the OpenAPI document."""

from typing import Annotated, Final, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from naivechat.domain.directory import DEFAULT_PAGE, FURTHEST, LONGEST_SEARCH, MOST_A_PAGE
from naivechat.domain.message import MOST_TEXT_CHARACTERS

_ID: Final = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$"
_NO_CONTROLS: Final = "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,32}$"
_NO_SPACE: Final = "[^\\s\\u001c-\\u001f\\u0085]"
"""What Python takes for no space; not all who read patterns agree on what is one."""
_LARGEST: Final = 2**53 - 1
"""The largest integer that every reader of JSON keeps whole."""

Id: TypeAlias = Annotated[str, Meta(pattern=_ID, max_length=32)]
Name: TypeAlias = Annotated[str, Meta(pattern=_NO_CONTROLS, min_length=1, max_length=32)]
Avatar: TypeAlias = Annotated[str, Meta(pattern="^[ -~]{0,64}$", max_length=64)]
Text: TypeAlias = Annotated[str, Meta(pattern=_NO_SPACE, min_length=1, max_length=MOST_TEXT_CHARACTERS)]
Reason: TypeAlias = Annotated[
    str,
    Meta(
        # Between the first and the last that is no space: what the domain counts.
        pattern=f"{_NO_SPACE}[\\s\\S]{{8,}}{_NO_SPACE}",
        min_length=10,
        max_length=256,
        description="Why; at least ten characters. It goes down in the audit log.",
    ),
]
Searched: TypeAlias = Annotated[str, Meta(pattern=_NO_SPACE, min_length=1, max_length=LONGEST_SEARCH)]
SearchText: TypeAlias = Annotated[str, Meta(max_length=LONGEST_SEARCH)]
UserPassword: TypeAlias = Annotated[str, Meta(min_length=8, max_length=256)]
OperatorPassword: TypeAlias = Annotated[str, Meta(min_length=12, max_length=256)]
NodeName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Device: TypeAlias = Annotated[str, Meta(min_length=1, max_length=32)]
AuditText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]
Number: TypeAlias = Annotated[int, Meta(ge=1, le=_LARGEST)]
Moment: TypeAlias = Annotated[
    int, Meta(ge=0, le=_LARGEST, description="Milliseconds since 1970-01-01T00:00Z.")
]
Uuid: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        description="A UUID: the same request with the same key is carried out once.",
        extra_json_schema={"format": "uuid"},
    ),
]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a request: of its path, query, headers or body. A name that it does not have is refused."""


class View(Struct, frozen=True, kw_only=True):
    """What is answered. Later versions may have more fields."""


class Page(Part, frozen=True, kw_only=True):
    """A page of a list."""

    limit: Annotated[int, Meta(ge=1, le=MOST_A_PAGE)] = DEFAULT_PAGE
    offset: Annotated[int, Meta(ge=0, le=FURTHEST)] = 0


class Once(Part, frozen=True, kw_only=True, rename={"key": "Idempotency-Key"}):
    """How a request is told from its repetition; one without a key is carried out each time."""

    key: Uuid | UnsetType = UNSET
