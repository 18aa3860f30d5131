"""What is missing of a talk's log for an audience."""

from naivechat.domain.session import SessionId
from naivechat.sockets.bell import Record

MOST_EARLY = 256
"""Records of one talk that wait for what is missing before them; more are read from the log again."""


class Gap:
    """What came too early by seq; behind which record something is missing, and up to which seq the log goes at least.

    is_told: whether the clients were told that it takes longer. has_left_out: whether records were read and not pushed, for there
    were too many.
    """

    def __init__(self) -> None:
        self.early: dict[int, tuple[Record, SessionId | None]] = {}
        self.after_seq = self.before_seq = 0
        self.is_told = False
        self.has_left_out = False

    def add(self, record: Record, origin: SessionId | None) -> None:
        """A record that came too early; `origin` has it already."""
        if len(self.early) < MOST_EARLY:
            self.early[record.seq] = (record, origin)
        self.before_seq = max(self.before_seq, record.seq + 1)
