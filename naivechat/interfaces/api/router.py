"""Which operation a request is for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs

from naivechat.interfaces.api.operation import IN_PATH, Csv, Operation
from naivechat.interfaces.api.problem import Refused

ROOT: Final = "/api/v1"


@attrs.frozen
class _Template:
    """A path, segment by segment; None stands for a variable one."""

    segments: tuple[str | None, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, path: str) -> "_Template":
        segments = path.split("/")
        return cls(
            tuple(None if IN_PATH.fullmatch(segment) else segment for segment in segments),
            tuple(IN_PATH.findall(path)),
        )

    def variables(self, segments: Sequence[str]) -> tuple[str, ...] | None:
        """The variable segments of a path, None where it is another one."""
        if len(segments) != len(self.segments):
            return None
        pairs = tuple(zip(self.segments, segments, strict=True))
        if any(fixed not in (None, given) for fixed, given in pairs):
            return None
        return tuple(given for fixed, given in pairs if fixed is None)


@attrs.frozen(kw_only=True)
class Found:
    """An operation, with the variable segments of its path, still encoded."""

    operation: Operation
    names: tuple[str, ...]
    segments: tuple[str, ...]


class Router:
    """Finds operations by method and path. Two operations of one path name its segments alike."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._paths: dict[_Template, dict[str, Operation]] = {}
        for operation in operations:
            self._paths.setdefault(_Template.of(operation.path), {})[operation.method] = operation

    def find(self, method: str, path: str) -> Found:
        """What a request asks for; HEAD is GET, but of what comes in pieces. Refused: 404, 405."""
        segments = path.removeprefix(ROOT).split("/")
        for template, operations in self._paths.items():
            variables = template.variables(segments)
            if variables is not None:
                operation = _by_method(operations).get(method)
                if operation is None:
                    allowed = ", ".join(sorted(_by_method(operations)))
                    raise Refused(405, "NOT_ALLOWED", "This cannot be done here.", headers={"Allow": allowed})
                return Found(operation=operation, names=template.names, segments=variables)
        raise Refused(404, "NOT_FOUND", "There is nothing at this address.")


def _by_method(operations: Mapping[str, Operation]) -> Mapping[str, Operation]:
    read = operations.get("GET")
    return operations if read is None or read.hints["return"] is Csv else {**operations, "HEAD": read}
