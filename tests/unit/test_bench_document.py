"""Tables that are put into documents."""

import re
from pathlib import Path

import pytest

from bench.__main__ import parse
from bench.document import place_at
from tests.servers import REPOSITORY


def test_lines_are_put_between_the_marks_and_the_rest_stays(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text("before\n<!-- a -->\nold\n<!-- end of a -->\nbehind\n")
    place_at(f"{document}#a").put("new")
    assert document.read_text() == "before\n<!-- a -->\nnew\n<!-- end of a -->\nbehind\n"


@pytest.mark.parametrize("place", ["document.md#b", "document.md#a: no end", "document.md", "nothing.md#a"])
def test_a_place_that_is_not_there_is_told_before_anything_is_measured(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "document.md").write_text("<!-- a -->\n<!-- end of a -->\n<!-- a: no end -->\n")
    with pytest.raises(SystemExit):
        parse(["--into", str(tmp_path / place)])
    assert place.partition("#")[0] in capsys.readouterr().err


def test_the_documents_have_the_places_that_make_writes_to() -> None:
    places = re.findall(r"--into (\S+)", (REPOSITORY / "Makefile").read_text(encoding="utf-8"))
    assert len(places) == 4
    for place in places:
        assert place_at(str(REPOSITORY / place)).mark
