"""Mutants of a module: each is its source with one small change, of a kind that people make by mistake.

Left alone are annotations, docstrings, definitions of types, and sentences for people: no test should repeat those.
"""

import ast
import copy
import itertools
from collections.abc import Iterator

import attrs

from tests.mutants.edits import Edit, Path, edits_of, is_sql

_LONGEST_SHOWN = 64
_AROUND = 24


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
    for place, edit in edits_of(node, path):
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
    return isinstance(node, ast.JoinedStr) and not is_sql(ast.unparse(node))


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
