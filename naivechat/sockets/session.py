"""A logged-in connection: who it is, and how pushes reach it."""

from collections.abc import Awaitable
from typing import NewType, Protocol

from naivechat.domain.session import Actor, EndReason, SessionId, Ticket, TokenHash
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId

MOST_HELD_BYTES = 1024 * 1024

Topic = NewType("Topic", str)
"""What sessions are bound to: `user:<id>` or `group:<id>`."""


class Line(Protocol):
    """What a session needs of its connection."""

    def write(self, frame: bytes) -> None:
        """Send a frame; nothing happens when the connection is closing."""

    def kick(self, reason: EndReason) -> None:
        """Say why and close."""

    def close(self, farewell: bytes) -> None:
        """Send a last frame and close."""

    def settled(self) -> Awaitable[None]:
        """Wait until everything this connection has in the log's queue is answered."""


class Session:
    """One person on one device, from login until the connection ends.

    Born holding: pushes wait until `release`, so that the login's answer is the first thing the client reads.
    `announced` turns True when this session's own SessionOpened has come by: of two sessions of a device that one is older
    whose event came first. Kept by the registry: `topics` it is bound to, `departed` groups it left while holding, and
    `floors`, the seq up to which records of a group it has just come into are not for it.
    """

    __slots__ = (
        "_held",
        "_held_bytes",
        "_overflowed",
        "actor",
        "announced",
        "departed",
        "device",
        "floors",
        "line",
        "session_id",
        "token_hash",
        "topics",
        "user_id",
    )

    def __init__(self, session_id: SessionId, ticket: Ticket, line: Line) -> None:
        self.session_id = session_id
        self.user_id: UserId = ticket.user.user_id
        self.device = ticket.device
        self.token_hash: TokenHash = ticket.token_hash
        self.actor = Actor(user=ticket.user, session_id=session_id)
        self.announced = False
        self.topics: set[Topic] = set()
        self.departed: set[Topic] = set()
        self.floors: dict[Topic, int] = {}
        self.line = line
        self._held: list[tuple[TalkId | None, int, bytes]] | None = []
        self._held_bytes = 0
        self._overflowed = False

    @property
    def holding(self) -> bool:
        """Whether the login's answer is still to come."""
        return self._held is not None

    def push(self, frame: bytes, talk_id: TalkId | None = None, seq: int = 0) -> None:
        """Send a push; `talk_id` and `seq` tell of which record of a log, if it is one."""
        if self._held is None:
            self.line.write(frame)
        elif self._held_bytes < MOST_HELD_BYTES:
            self._held.append((talk_id, seq, frame))
            self._held_bytes += len(frame)
        else:
            self._overflowed = True

    def release(self, covered: dict[TalkId, int]) -> bool:
        """Send what was held, but for records up to the seq that the login's answer covers; hold no longer.

        Returns:
            False when too much was held and some of it was dropped: the client should sync.
        """
        held, self._held = self._held or [], None
        self.departed.clear()
        for talk_id, seq, frame in held:
            if talk_id is None or seq > covered.get(talk_id, 0):
                self.line.write(frame)
        return not self._overflowed

    def refresh(self, user: User) -> None:
        """The person has a new nickname or avatar."""
        self.actor = Actor(user=user, session_id=self.session_id)
