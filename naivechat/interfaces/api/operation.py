"""One thing that can be asked of the API. What it takes and gives is read from the method that does it: nothing is said twice.

Such a method is given, by name, those of these that it names:

- `by`: who asks, an ActingOperator;
- `place`, `query`, `headers`: Parts of the path, the query and the headers;
- `body`: a Part, which is JSON, or `CsvText`.

What it returns is a View, which becomes JSON; None, an answer without a body; or `Csv`.
"""

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, NewType, get_type_hints

import attrs

CsvText = NewType("CsvText", str)
"""A body that is a CSV file."""
IN_PATH: Final = re.compile(r"{(\w+)}")
GIVEN: Final = frozenset({"by", "place", "query", "headers", "body"})


@attrs.frozen(kw_only=True)
class Csv:
    """An answer that is a CSV file, which comes in pieces."""

    pieces: AsyncIterator[str]
    filename: str


def _hints_of(operation: "Operation") -> Mapping[str, Any]:
    hints = get_type_hints(operation.work, include_extras=True)
    given = dict.fromkeys(inspect.signature(operation.work).parameters)
    if unknown := given.keys() - GIVEN:
        raise TypeError(f"{operation.name} wants {sorted(unknown)}, which no request has")
    return hints


def _usual_status(operation: "Operation") -> int:
    return 204 if operation.hints["return"] is type(None) else 200


@attrs.frozen
class Operation:
    """A line of the table.

    name: unique; the `operationId`. path: below `/api/v1`, its variable segments as {name}: the fields of `place`. work: see above;
    what its docstring says first is what the document says of it. status: of its answer. location: the address of what was made,
    filled in from the answer's fields. refusals: what it may answer beside what all do, by status. for_bots: also
    for tokens that may do nothing but write for one bot; which one it is, `work` looks at.
    """

    name: str
    method: str
    path: str
    work: Callable[..., Awaitable[Any]]
    hints: Mapping[str, Any] = attrs.field(
        init=False, repr=False, default=attrs.Factory(_hints_of, takes_self=True)
    )
    status: int = attrs.field(default=attrs.Factory(_usual_status, takes_self=True), kw_only=True)
    location: str = attrs.field(default="", kw_only=True)
    refusals: tuple[int, ...] = attrs.field(default=(), kw_only=True)
    for_bots: bool = attrs.field(default=False, kw_only=True)

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return (inspect.getdoc(self.work) or "").partition("\n")[0].rstrip(".")

    @property
    def changes(self) -> bool:
        """Whether it is for the role operator alone, as whatever is not read by GET."""
        return self.method != "GET"
