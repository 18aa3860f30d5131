"""What in a node's log says that something went wrong inside it."""

import re

_COMPLAINT = re.compile(
    r"Traceback|Unhandled|Unexpected|never awaited|never retrieved|ResourceWarning|\[[^]]*#critical\]"
)


def complaints(log_text: str) -> list[str]:
    """The lines that no run of a healthy node writes, each with what follows it."""
    lines = log_text.splitlines()
    return [
        "\n".join(lines[number : number + 30]) for number, line in enumerate(lines) if _COMPLAINT.search(line)
    ]
