"""Single figures of a work: what was measured, how much, and in which unit; a table a work, a column a subject."""

from collections.abc import Iterator, Sequence

import attrs


@attrs.frozen(kw_only=True)
class Reading:
    """One figure. `what` names it within its work."""

    work: str
    subject: str
    what: str
    value: float
    unit: str = ""


def reading_tables(readings: Sequence[Reading]) -> Iterator[Iterator[str]]:
    """The lines of each work's table, in the order of the first readings."""
    for work in dict.fromkeys(reading.work for reading in readings):
        yield _table(work, [reading for reading in readings if reading.work == work])


def _table(work: str, readings: Sequence[Reading]) -> Iterator[str]:
    subjects = list(dict.fromkeys(reading.subject for reading in readings))
    values = {(reading.what, reading.unit, reading.subject): reading.value for reading in readings}
    yield f"| {work} | {' | '.join(subjects)} |"
    yield f"|---|{'---:|' * len(subjects)}"
    for what, unit in _in_order(readings):
        cells = [_shown(values.get((what, unit, subject))) for subject in subjects]
        yield f"| {what}{f', {unit}' if unit else ''} | {' | '.join(cells)} |"


def _in_order(readings: Sequence[Reading]) -> list[tuple[str, str]]:
    """All figures and their units: what only later subjects have stands behind what they have before it."""
    order: list[tuple[str, str]] = []
    at = 0
    for reading in readings:
        key = (reading.what, reading.unit)
        if key not in order:
            order.insert(at, key)
        at = order.index(key) + 1
    return order


def _shown(value: float | None) -> str:
    """Three digits that say something, or the whole number."""
    if value is None:
        return "–"
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
