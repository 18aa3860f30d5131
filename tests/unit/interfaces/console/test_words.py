"""The console's words: chosen by the browser's languages, whole in each language we have."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from naivechat.interfaces.console import words as module
from naivechat.interfaces.console.words import FOLDER, LANGUAGES, Words, choose_language

CONSOLE = Path(module.__file__).parent
_CALL = re.compile(r'(?:words(\.count)?\(|_Refused\(\s*\d+,|Forbidden\()\s*"([^"]+)"(?:,\s*"([^"]+)")?')


def msgids() -> set[str]:
    sources = [*CONSOLE.glob("*.py"), *(CONSOLE / "templates").glob("*.html")]
    return {found[2] for source in sources for found in _CALL.finditer(source.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_sentence_is_translated_with_its_placeholders(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as source:
        catalogue = read_po(source)
    translated = {}
    for message in catalogue:
        is_plural = isinstance(message.id, tuple)
        translated[message.id[0] if is_plural else message.id] = (
            message.string[0] if is_plural else message.string
        )
    assert len(msgids()) > 60
    assert msgids() - {name for name, text in translated.items() if text} == set()
    for msgid, text in translated.items():
        if msgid:
            assert sorted(re.findall(r"{\w*}", msgid)) == sorted(re.findall(r"{\w*}", text)), msgid


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh_CN"),
        ("", "zh", "zh_CN"),
        ("", "zh-Hans-SG", "zh_CN"),
        ("", "en;q=0.5, zh-CN;q=0.9", "zh_CN"),
        ("", "de-DE,de;q=0.9", "en"),
        ("en", "zh-CN", "en"),
        ("xx", "zh-CN", "zh_CN"),
        ("../../etc/passwd", "en", "en"),
        ("", ";;;q=x,\x00,-----,q=1" * 50, "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_first_that_the_browser_takes(
    chosen: str, accepted: str, language: str
) -> None:
    assert choose_language(chosen, accepted) == language


def test_a_sentence_has_its_values_and_a_number_its_form() -> None:
    assert Words("en").count("{count} node", "{count} nodes", 2) == "2 nodes"
    assert Words("zh_CN").count("{count} node", "{count} nodes", 2) == "2 个节点"
    assert Words("zh_CN")("As {node} sees it", node="{x}") == "{x} 看到的状态"
    assert Words("en").number(12345.67) == "12,345.7"
    assert Words("zh_CN").html_language == "zh-CN"
