"""Small mistakes, by the kind of code they are made in: a bound by one, a condition that is left out, another order of SQL."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

Edit = Callable[[ast.AST], ast.AST | None]
"""Gives the changed node from a copy of it; None takes the statement away."""

Path = tuple[tuple[str, int | None], ...]
"""Where a node stands: from the module down, the name of the field and the place in it."""


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


def edits_of(node: ast.AST, path: Path) -> Iterator[tuple[Path, Edit]]:
    """The mistakes that can be made at a node, and where: at the node itself or right below it."""
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
    if is_sql(text):
        for pattern, new in _SQL_CHANGES:
            for found in pattern.finditer(text):
                yield text[: found.start()] + new + text[found.end() :]
    elif text and not _SENTENCE.search(text):
        yield text + "X"


def is_sql(text: str) -> bool:
    """Whether a text is a piece of SQL, not a word or a sentence."""
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
