"""Tables in documents: a run writes them between two marks, and the words around them stay."""

from pathlib import Path


class NoMark(Exception):
    """The document has no place of that name."""


def put(place: str, lines: str) -> None:
    """Write lines into a document.

    Args:
        place: its path and a mark, as `docs/capacity.md#sizes`: between `<!-- sizes -->` and `<!-- end of sizes -->`.

    Raises:
        NoMark.
    """
    name, _, mark = place.partition("#")
    path = Path(name)
    path.write_text(replaced(path.read_text(encoding="utf-8"), mark, lines), encoding="utf-8")


def replaced(document: str, mark: str, lines: str) -> str:
    """The document with these lines at the mark. NoMark when it is not there."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->\n"
    before, found, rest = document.partition(begin)
    _, found_end, behind = rest.partition(end)
    if not found or not found_end:
        raise NoMark(f"there is no {begin.strip()} … {end.strip()}")
    return f"{before}{begin}{lines}\n{end}{behind}"
