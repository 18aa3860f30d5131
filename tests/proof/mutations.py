"""Small changes to a module's code, one at a time: each is a mutant, which some test should notice.

Texts, annotations and docstrings stay as they are: of sentences for people no test asks the exact words.
"""

import ast
from collections.abc import Callable, Iterator

import attrs

_OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
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
_OTHER_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}


@attrs.frozen
class Mutant:
    """The tree of a module with one change; `what` and the line say which."""

    line: int
    what: str
    tree: ast.Module


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant, in the order of the code."""
    for number in range(len(list(_places(ast.parse(source))))):
        tree = ast.parse(source)
        node, what, change = list(_places(tree))[number]
        change()
        yield Mutant(node.lineno, what, ast.fix_missing_locations(tree))


Place = tuple[ast.expr | ast.stmt, str, Callable[[], None]]


def _places(tree: ast.Module) -> Iterator[Place]:
    for node in _code_in(tree):
        if isinstance(node, ast.Compare):
            yield from _comparisons(node)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            yield node, f"{node.value} is another", _setter(node, "value", _other_value(node.value))
        elif isinstance(node, ast.BoolOp):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, "and, or", _setter(node, "op", other)
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OTHER_OPERATOR:
            yield node, "another operator", _setter(node, "op", _OTHER_OPERATOR[type(node.op)]())
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node, "not the condition", _setter(node, "test", _negated(node.test))
        elif isinstance(node, ast.Return) and node.value is not None:
            yield node, "returns None", _setter(node, "value", ast.Constant(None))
        yield from _left_out(node)


def _comparisons(node: ast.Compare) -> Iterator[Place]:
    for number, operator in enumerate(node.ops):
        others = [*node.ops]
        others[number] = _OTHER_COMPARISON[type(operator)]()
        yield node, "another comparison", _setter(node, "ops", others)


def _left_out(node: ast.AST) -> Iterator[Place]:
    """Statements without which the block goes on: calls, raises, and changes of what is there."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for number, statement in enumerate(block):
            if _may_be_left_out(statement):
                yield statement, "is left out", _item_setter(block, number, ast.Pass())


def _may_be_left_out(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return not isinstance(statement.targets[0], ast.Name)
    return isinstance(statement, ast.Raise | ast.AugAssign | ast.Delete)


def _code_in(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that are run for what they do."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST):
                yield node
                yield from _code_in(node)


def _other_value(value: int | bool) -> int | bool:
    return not value if isinstance(value, bool) else value + 1


def _negated(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) else ast.UnaryOp(ast.Not(), test)


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _item_setter(block: list[ast.stmt], number: int, statement: ast.stmt) -> Callable[[], None]:
    def replace() -> None:
        block[number] = ast.copy_location(statement, block[number])

    return replace
