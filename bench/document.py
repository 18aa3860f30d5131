"""Tables in documents: a run writes them between two marks, and the words around them stay."""

import argparse
from pathlib import Path

import attrs


class NoMark(Exception):
    """The document has no place of that name."""


@attrs.frozen(kw_only=True)
class Place:
    """Between `<!-- mark -->` and `<!-- end of mark -->` in the document at `path`."""

    path: Path
    mark: str

    def put(self, lines: str) -> None:
        """Write these lines there, instead of those that it has. NoMark."""
        before, _, behind = self.parts()
        self.path.write_text(f"{before}{lines}\n{behind}", encoding="utf-8")

    def parts(self) -> tuple[str, str, str]:
        """The document up to the place, what is there, and the rest.

        Raises:
            NoMark. OSError: there is no such document.
        """
        begin, end = f"<!-- {self.mark} -->\n", f"<!-- end of {self.mark} -->\n"
        before, found, rest = self.path.read_text(encoding="utf-8").partition(begin)
        lines, found_end, behind = rest.partition(end)
        if not found or not found_end:
            raise NoMark(f"{self.path} has no {begin.strip()} … {end.strip()}")
        return before + begin, lines, end + behind


def add_place(parser: argparse.ArgumentParser, example: str) -> None:
    """The option that says where in a document tables are put."""
    parser.add_argument(
        "--into",
        type=_place,
        metavar="PLACE",
        help=f"a document and a mark in it, as {example}: put the tables there",
    )


def _place(text: str) -> Place:
    """As an option's type, which refuses before anything is measured."""
    try:
        return place_at(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def place_at(text: str) -> Place:
    """A path and a mark, as `docs/capacity.md#sizes`.

    Raises:
        ValueError: there is no such document, or no such mark in it.
    """
    path, _, mark = text.partition("#")
    place = Place(path=Path(path), mark=mark)
    try:
        place.parts()
    except (OSError, NoMark) as error:
        raise ValueError(str(error)) from error
    return place
