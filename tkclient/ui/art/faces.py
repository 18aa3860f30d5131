"""The fifteen faces that are sent as messages of their own."""

from typing import Final

FACES: Final[dict[str, str]] = {f"f_{row}{column}": "Smile" for row in "012" for column in range(1, 6)}
"""Names (msgids) by id, in the order in which they are offered: three rows of five."""
