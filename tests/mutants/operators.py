"""Mutants of a module: each is its source with one small change, of a kind that people make by mistake.

Left alone are annotations, docstrings, definitions of types, and sentences for people: no test should repeat those.
"""

import ast
import copy
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|AND|ORDER BY|ASC|DESC)\b|\w\.\w+ [<>=]")
_SQL_CHANGES = (
    (re.compile(r" AND (?:\w+\.)?\w+ = [01]\b"), ""),
    (re.compile(r"(?:\w+\.)?\w+ = [01] AND "), ""),
    (re.compile(r"\bASC\b"), "DESC"),
    (re.compile(r"\bDESC\b"), "ASC"),
    (re.compile(r" ORDER BY [\w.]+(?= (?!ASC|DESC)|$)"), ""),
    (re.compile(r" > "), " >= "),
    (re.compile(r" < "), " <= "),
    (re.compile(r" AND "), " OR "),
    (re.compile(r"\{for_update\}"), ""),
    (re.compile(r"\bLEFT JOIN\b"), "JOIN"),
    (re.compile(r" = 1\b"), " = 0"),
    (re.compile(r" = 0\b"), " = 1"),
)
_SENTENCE = re.compile(r"[a-z] [a-z]")
_INSTEAD: dict[str, tuple[object, ...]] = {"test": (True, False), "value": (None,)}
"""What stands instead of a condition, and of what is returned."""

_HAVE: dict[str, Any] = {"test": ast.If | ast.IfExp, "value": ast.Return}
_LONGEST_SHOWN = 64
_AROUND = 24


Edit = Callable[[ast.AST], ast.AST | None]
"""Gives the changed node from a copy of it; None takes the statement away."""

Path = tuple[tuple[str, int | None], ...]
"""Where a node stands: from the module down, the name of the field and the place in it."""


@attrs.frozen(kw_only=True)
class Mutant:
    """A module with one change.

    number: among those of its module, from 0. line: of the original source, from 1. change: the old and the new piece, in one line.
    """

    module: str
    number: int
    line: int
    change: str

    @property
    def name(self) -> str:
        """What stays the same while other lines of the module change: its module and what is changed in which function."""
        return f"{self.module.removeprefix('naivechat.')}: {self.change}"


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """All mutants of a module, as its nodes stand in it."""
    tree = ast.parse(source)
    for number, (function, path, edit) in enumerate(_walk(tree, (), "module")):
        node = _at(tree, path)
        change = _difference(_shown(node), _shown(_edited(node, edit)))
        yield Mutant(module=module, number=number, line=_line_of(tree, path), change=f"{function}: {change}")


def mutated(source: str, number: int) -> str:
    """The source of a module's mutant of that number."""
    tree = ast.parse(source)
    _, path, edit = next(itertools.islice(_walk(tree, (), "module"), number, None))
    parent, (name, index) = _at(tree, path[:-1]), path[-1]
    new = _edited(_at(tree, path), edit)
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new
    return ast.unparse(ast.fix_missing_locations(tree))


def _walk(node: ast.AST, path: Path, function: str) -> Iterator[tuple[str, Path, Edit]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        function = node.name if function == "module" else f"{function}.{node.name}"
    for place, edit in _edits(node, path):
        yield function, place, edit
    for place, child in _parts(node):
        if not _is_left_alone(child):
            yield from _walk(child, (*path, place), function)


def _parts(node: ast.AST) -> Iterator[tuple[tuple[str, int | None], ast.AST]]:
    """The nodes right below one, but for its annotations and decorators, and where they stand in it."""
    for name, part in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases", "type_ignores"}:
            continue
        if isinstance(part, ast.AST):
            yield (name, None), part
        elif isinstance(part, list):
            yield from (((name, index), one) for index, one in enumerate(part) if isinstance(one, ast.AST))


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # a docstring
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"NewType", "TypeVar", "Logger"}
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__slots__" for target in node.targets)
    return isinstance(node, ast.JoinedStr) and not _is_sql(ast.unparse(node))


def _edits(node: ast.AST, path: Path) -> Iterator[tuple[Path, Edit]]:
    for kind, edits in _BY_KIND.items():
        if isinstance(node, kind):
            yield from ((path, edit) for edit in edits(node))
    for name, others in _INSTEAD.items():
        part = getattr(node, name, None)
        if isinstance(node, _HAVE[name]) and part is not None and not isinstance(part, ast.Constant):
            yield from (((*path, (name, None)), _replacing(other)) for other in others)
    if path and path[-1][0] in {"body", "orelse", "finalbody"} and _may_go(node):
        yield path, lambda _: None


def _replacing(value: object) -> Edit:
    return lambda _: ast.Constant(value)


def _may_go(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break)


def _compare(node: ast.AST) -> Iterator[Edit]:
    for index, operator in enumerate(node.ops):  # type: ignore[attr-defined]
        other = _COMPARISONS[type(operator)]

        def edit(copied: ast.AST, index: int = index, other: type[ast.cmpop] = other) -> ast.AST:
            copied.ops[index] = other()  # type: ignore[attr-defined]
            return copied

        yield edit


def _bool_op(node: ast.AST) -> Iterator[Edit]:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And  # type: ignore[attr-defined]
    yield lambda copied: _with(copied, op=other())
    for index in range(len(node.values)):  # type: ignore[attr-defined]
        yield lambda copied, index=index: _without(copied, "values", index)  # type: ignore[misc]


def _bin_op(node: ast.AST) -> Iterator[Edit]:
    other = _ARITHMETIC.get(type(node.op))  # type: ignore[attr-defined]
    if other is not None:
        yield lambda copied: _with(copied, op=other())


def _unary_op(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not | ast.USub):  # type: ignore[attr-defined]
        yield lambda copied: copied.operand  # type: ignore[attr-defined]


def _comprehension(node: ast.AST) -> Iterator[Edit]:
    for index in range(len(node.ifs)):  # type: ignore[attr-defined]
        yield lambda copied, index=index: _without(copied, "ifs", index)  # type: ignore[misc]


def _call(node: ast.AST) -> Iterator[Edit]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")  # type: ignore[attr-defined]
    if name in _TWINS:
        yield lambda copied: _with(copied, func=ast.Name(_TWINS[name]))
    if name[:1].isupper():
        return  # a value without one of its fields cannot be made
    for index, keyword in enumerate(node.keywords):  # type: ignore[attr-defined]
        if keyword.arg is not None:
            yield lambda copied, index=index: _without(copied, "keywords", index)  # type: ignore[misc]


def _constant(node: ast.AST) -> Iterator[Edit]:
    value = node.value  # type: ignore[attr-defined]
    if isinstance(value, bool):
        yield lambda copied: _with(copied, value=not value)
    elif isinstance(value, int):
        yield lambda copied: _with(copied, value=value + 1)
    elif isinstance(value, str):
        for other in _other_texts(value):
            yield lambda copied, other=other: _with(copied, value=other)  # type: ignore[misc]
    elif isinstance(value, bytes) and value:
        yield lambda copied: _with(copied, value=value[:-1])


def _other_texts(text: str) -> Iterator[str]:
    if _is_sql(text):
        for pattern, new in _SQL_CHANGES:
            for found in pattern.finditer(text):
                yield text[: found.start()] + new + text[found.end() :]
    elif text and not _SENTENCE.search(text):
        yield text + "X"


def _is_sql(text: str) -> bool:
    return _SQL.search(text) is not None


_BY_KIND: dict[type[ast.AST], Callable[[ast.AST], Iterator[Edit]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _bool_op,
    ast.BinOp: _bin_op,
    ast.AugAssign: _bin_op,
    ast.UnaryOp: _unary_op,
    ast.comprehension: _comprehension,
    ast.Call: _call,
    ast.Constant: _constant,
}


def _with(node: ast.AST, **values: object) -> ast.AST:
    for name, value in values.items():
        setattr(node, name, value)
    return node


def _without(node: ast.AST, name: str, index: int) -> ast.AST:
    del getattr(node, name)[index]
    return node


def _at(tree: ast.AST, path: Path) -> ast.AST:
    node: ast.AST = tree
    for name, index in path:
        node = getattr(node, name) if index is None else getattr(node, name)[index]
    return node


def _edited(node: ast.AST, edit: Edit) -> ast.AST:
    new = edit(copy.deepcopy(node))
    return ast.Pass() if new is None else new


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _line_of(tree: ast.Module, path: Path) -> int:
    """The line of a node; of what has none, that of what holds it."""
    lines = (getattr(_at(tree, path[:depth]), "lineno", None) for depth in range(len(path), 0, -1))
    return next(line for line in lines if line is not None)


def _difference(old: str, new: str) -> str:
    """Both texts; of long ones only the words around what differs."""
    if max(len(old), len(new)) <= _LONGEST_SHOWN:
        return f"{old} → {new}"
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    begin, end = max(0, begin - _AROUND), max(0, end - _AROUND)
    pieces = (old[begin : len(old) - end], new[begin : len(new) - end])
    return " → ".join(f"{'…' * (begin > 0)}{piece}{'…' * (end > 0)}" for piece in pieces)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
