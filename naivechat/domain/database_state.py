"""What a database is good for."""

import enum


class DatabaseState(enum.StrEnum):
    """UP: it answers and takes what is new. FULL, READ_ONLY: it answers and takes nothing new. DOWN: neither."""

    UP = "up"
    FULL = "full"
    READ_ONLY = "read-only"
    DOWN = "down"
