"""A logged-in connection: who it is, and how pushes reach it."""

from collections.abc import Awaitable
from typing import Protocol

from naivechat.domain.session import Actor, EndReason, SessionId, Ticket, TokenHash
from naivechat.domain.talk import TalkId, is_group_talk
from naivechat.domain.user import User, UserId
from naivechat.sockets.bell import Topic, topics_of

MOST_HELD_BYTES = 1024 * 1024


class Line(Protocol):
    """What a session needs of its connection."""

    @property
    def address(self) -> str:
        """Where the peer is, "" where that is no place in a network."""

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read along."""

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
    Kept by the registry: the `topics` it is bound to, and of each group by which of its records the session came into it
    (`came`) or out of it (`went`), so that news of a coming or going that are late change nothing; and when it was bound.
    """

    __slots__ = (
        "_held",
        "_held_bytes",
        "_overflowed",
        "actor",
        "began_at_ms",
        "came",
        "device",
        "line",
        "login_no",
        "session_id",
        "token_hash",
        "topics",
        "user_id",
        "went",
    )

    def __init__(self, session_id: SessionId, ticket: Ticket, line: Line) -> None:
        self.session_id = session_id
        self.user_id: UserId = ticket.user.user_id
        self.device = ticket.device
        self.token_hash: TokenHash = ticket.token_hash
        self.actor = Actor(user=ticket.user, session_id=session_id)
        self.login_no = ticket.login_no
        self.began_at_ms = 0
        self.topics: set[Topic] = set()
        self.came: dict[Topic, int] = {}
        self.went: dict[Topic, int] = {}
        self.line = line
        self._held: list[tuple[TalkId | None, int, bytes]] | None = []
        self._held_bytes = 0
        self._overflowed = False

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
        """Send what was held, but for records up to the seq that the login's answer covers, and others' groups'; hold no longer.

        Returns:
            False when too much was held and some of it was dropped: the client should sync.
        """
        held, self._held = self._held or [], None
        for talk_id, seq, frame in held:
            if talk_id is None or (seq > covered.get(talk_id, 0) and self._may_read(talk_id, seq)):
                self.line.write(frame)
        return not self._overflowed

    def _may_read(self, talk_id: TalkId, seq: int) -> bool:
        """Whether a held record is for this person: that they had gone from a group, a login may learn only when it reads the state."""
        if not is_group_talk(talk_id):
            return True
        (topic,) = topics_of(talk_id)
        return topic in self.came and seq > self.came[topic]

    def refresh(self, user: User) -> None:
        """The person has a new nickname or avatar."""
        self.actor = Actor(user=user, session_id=self.session_id)
