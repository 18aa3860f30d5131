"""Mutants: what is changed and what is left alone."""

import textwrap

import pytest

from tests.altered import REPOSITORY, path_of
from tests.mutants.equivalents import EQUIVALENTS
from tests.mutants.groups import GROUPS
from tests.mutants.operators import mutants_of, mutated


def changes(source: str) -> list[str]:
    """What the mutants of a function's body, or of a module, change."""
    return [mutant.change.partition(": ")[2] for mutant in mutants_of("m", textwrap.dedent(source))]


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a = b < c", ["b < c → b <= c"]),
        ("a = b in c", ["b in c → b not in c"]),
        ("a = b and c", ["b and c → b or c", "b and c → c", "b and c → b"]),
        ("a = not b", ["not b → b"]),
        ("a = b + c", ["b + c → b - c"]),
        ("a = 4", ["4 → 5"]),
        ("a = True", ["True → False"]),
        ("a = 'id'", ["'id' → 'idX'"]),
        ("a = b'ab'", ["b'ab' → b'a'"]),
        ("a = max(b)", ["max(b) → min(b)"]),
        ("a = f(b=c)", ["f(b=c) → f()"]),
        ("a.b = c", ["a.b = c → pass"]),
        ("a(b)", ["a(b) → pass"]),
        ("a = [b for b in c if d]", ["for b in c if d → for b in c"]),
        ("if a:\n    b()", ["a → True", "a → False", "b() → pass"]),
        ("def f():\n    return a", ["a → None"]),
        ("def f():\n    return", ["return → pass"]),
        ("raise A", ["raise A → pass"]),
        ("a = 'WHERE b > %s'", ["'WHERE b > %s' → 'WHERE b >= %s'"]),
        ("a = f'ORDER BY b ASC{c}'", ["'ORDER BY b ASC' → 'ORDER BY b DESC'"]),
    ],
)
def test_a_mistake_is_made_wherever_it_can_be(source: str, made: list[str]) -> None:
    assert changes(source) == made


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is."""',
        "import a",
        "a: int | None",
        "a = A(b=c)",
        "a = 'There is no such person.'",
        "a = f'{b} is no such person'",
        "A = NewType('A', str)",
        "@decorated(1)\nclass A(B):\n    pass",
    ],
)
def test_prose_types_and_declarations_are_left_alone(source: str) -> None:
    assert changes(source) == []


def test_a_mutant_is_the_module_with_its_one_change() -> None:
    source = "def f(a):\n    return a + 1\n"
    made = [mutated(source, mutant.number) for mutant in mutants_of("m", source)]
    assert made == [
        "def f(a):\n    return None",
        "def f(a):\n    return a - 1",
        "def f(a):\n    return a + 2",
    ]


def test_a_mutant_is_named_by_its_module_function_and_change() -> None:
    (mutant,) = mutants_of("naivechat.m", "class A:\n    def f(self):\n        self.b = c\n")
    assert (mutant.name, mutant.line) == ("m: A.f: self.b = c → pass", 3)


def test_of_long_pieces_what_differs_is_shown() -> None:
    (_, change) = changes(f"f({'b, ' * 30}c=d, e=2)")[-3:-1]
    assert change == "…b, b, b, b, b, b, b, c=d, e=2) → …b, b, b, b, b, b, b, c=d)"


def test_every_mutant_that_is_called_equal_is_there() -> None:
    modules = [target.module for group in GROUPS for target in group.targets]
    names = {mutant.name for module in modules for mutant in mutants_of(module, _source_of(module))}
    assert set(EQUIVALENTS) <= names


def test_the_tests_of_mutants_are_there() -> None:
    assert [name for group in GROUPS for name in group.tests if not (REPOSITORY / name).is_file()] == []


def _source_of(module: str) -> str:
    return (REPOSITORY / path_of(module)).read_text()
