"""Figures that a long run measures, one JSON object a line, in the file that NAIVECHAT_FIGURES names: `tests.reliability` reads them."""

import json
import os
from pathlib import Path
from typing import Any


def note(subject: str, **figures: Any) -> None:
    """Keep what was measured, where somebody wants it."""
    path = os.environ.get("NAIVECHAT_FIGURES")
    if path:
        with Path(path).open("a") as lines:
            lines.write(json.dumps({"subject": subject, **figures}) + "\n")


def read(path: Path) -> tuple[dict[str, Any], ...]:
    """All that was noted, in order."""
    return tuple(json.loads(line) for line in path.read_text().splitlines())
