"""Whether there is a node."""

import enum


class Connection(enum.Enum):
    """Where the client stands with its node."""

    ONLINE = "online"
    CONNECTING = "connecting"
    OFFLINE = "offline"
