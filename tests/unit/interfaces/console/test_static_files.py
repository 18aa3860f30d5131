"""Styles and scripts: small, compressed, kept by browsers, with their licences."""

import gzip

import pytest

from naivechat.interfaces.console.static_files import FOLDER, static_files
from tests.unit.interfaces.console.visitor import World

MOST_BYTES = 60 * 1024


def test_all_that_a_browser_loads_is_small() -> None:
    loaded = [file for name, file in static_files().items() if not name.startswith("LICENSE")]
    assert sum(len(file.compressed) for file in loaded) < MOST_BYTES


def test_whatever_others_have_made_has_its_licence_beside_it() -> None:
    assert {path.name for path in FOLDER.glob("LICENSE.*")} == {
        "LICENSE.bootstrap-icons.txt",
        "LICENSE.htmx.txt",
        "LICENSE.uplot.txt",
    }


@pytest.mark.parametrize("name", ["console.css", "console.js", "htmx.min.js", "uplot.min.js", "icon.svg"])
def test_a_file_comes_plain_or_compressed_to_anybody_and_is_kept(name: str) -> None:
    visitor = World().visitor()
    plain = visitor.get(f"/console/static/{name}?v=1")
    packed = visitor.get(f"/console/static/{name}", Accept_Encoding="br, gzip")
    assert plain.status == packed.status == 200
    assert plain.body == gzip.decompress(packed.body) == (FOLDER / name).read_bytes()
    assert packed.header("content-encoding") == "gzip"
    assert "immutable" in plain.header("cache-control")
    assert plain.header("content-type").startswith(("text/css", "text/javascript", "image/svg+xml"))


def test_files_are_read_and_nothing_else() -> None:
    visitor = World().visitor()
    assert visitor.post("/console/static/console.css").status == 405
