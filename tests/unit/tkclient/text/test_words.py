"""The words of the interface: every sentence of the desktop client has its translation, and none is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.servers import REPOSITORY
from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.text.words import FOLDER, Words, choose_language

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def is_words(function: ast.expr) -> bool:
    """Whether a call of it translates: `words(…)`, `look.words(…)`, `self._words(…)` and the like."""
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.strip("_") == "words"


def strings_of(tree: ast.AST) -> Iterator[str]:
    """All strings that stand in a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def used_in(tree: ast.AST) -> Iterator[str]:
    """The msgids in calls that translate, also those chosen by a condition on the spot."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        counts = (
            isinstance(node.func, ast.Attribute) and node.func.attr == "count" and is_words(node.func.value)
        )
        if counts or is_words(node.func):
            for argument in node.args[: 2 if counts else 1]:
                yield from strings_of(argument)


def trees() -> list[ast.AST]:
    return [ast.parse(path.read_text()) for path in sorted((REPOSITORY / "tkclient").rglob("*.py"))]


def used() -> set[str]:
    return {text for tree in trees() for text in used_in(tree)} | emoji_groups()


def emoji_groups() -> set[str]:
    return {group.name for group in Catalogue.load().groups}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def translated(path: Path) -> dict[str, tuple[str, ...]]:
    """Translations by each of their msgids."""
    found = {}
    for message in catalogue(path):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for msgid in message.id if isinstance(message.id, tuple) else (message.id,):
            found[msgid] = strings
    found.pop("")
    return found


CATALOGUES = sorted(FOLDER.glob("*.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_is_translated_and_no_translation_is_left_over(path: Path) -> None:
    known = {msgid for msgid, strings in translated(path).items() if all(strings)}
    assert sorted(used() - known) == []
    # Sentences may stand in tables, as those for the codes of errors do.
    written = {text for tree in trees() for text in strings_of(tree)} | emoji_groups()
    assert sorted(known - written) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_translations_have_the_placeholders_of_their_sentences(path: Path) -> None:
    for msgid, strings in translated(path).items():
        for string in strings:
            assert set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(msgid)), msgid


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_stands_once(path: Path) -> None:
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(), re.MULTILINE)
    assert sorted({each for each in ids if ids.count(each) > 1}) == []


def test_placeholders_are_filled() -> None:
    assert Words("zh_CN")("{name}: {text}", name="{a}", text="b") == "{a}：b"


def test_a_language_without_a_catalogue_is_english() -> None:
    words = Words("fr")
    assert (words.language, words("Yesterday")) == ("en", "Yesterday")


def test_english_counts_one_and_many() -> None:
    words = Words("en")
    assert [words.count("{count} new message", "{count} new messages", n) for n in (1, 2)] == [
        "1 new message",
        "2 new messages",
    ]


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("zh_CN", "zh_CN"),
        ("zh-CN", "zh_CN"),
        ("zh_TW", "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN"),
        ("en_GB", "en"),
        ("de", "en"),
    ],
)
def test_the_nearest_language_is_chosen(wanted: str, chosen: str) -> None:
    assert choose_language(wanted) == chosen


def test_no_choice_follows_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert choose_language() == "zh_CN"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert choose_language() == "en"
