"""The sessions on this node that hear a topic, and how far the logs behind it were pushed to them."""

from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkId
from naivechat.sockets.bell import Topic
from naivechat.sockets.session import Session

MOST_TALKS = 1_000


class Audience:
    """Lives as long as somebody here listens to its topic; `since_ms` is the wall clock of its beginning.

    Of more than `MOST_TALKS` the one that was heard of first is forgotten.
    """

    __slots__ = ("_pushed", "sessions", "since_ms", "topic")

    def __init__(self, topic: Topic, since_ms: int) -> None:
        self.topic = topic
        self.since_ms = since_ms
        self.sessions: dict[SessionId, Session] = {}
        self._pushed: dict[TalkId, int] = {}

    def has_others(self, but: SessionId | None) -> bool:
        """Whether any session but this one listens."""
        return len(self.sessions) > (but in self.sessions)

    def pushed(self, talk_id: TalkId) -> int | None:
        """The seq up to which a talk was pushed; None when it was not heard of."""
        return self._pushed.get(talk_id)

    def set_pushed(self, talk_id: TalkId, seq: int) -> None:
        """A talk was pushed up to `seq`, or its records up to there are none for anybody here."""
        self._pushed[talk_id] = seq
        if len(self._pushed) > MOST_TALKS:
            del self._pushed[next(iter(self._pushed))]

    def tell(self, frame: bytes) -> None:
        """Push a frame that is no record of a log."""
        for session in tuple(self.sessions.values()):
            session.push(frame)
