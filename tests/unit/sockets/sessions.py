"""Sessions without connections."""

from naivechat.domain.session import EndReason, SessionId, Ticket, TokenHash
from naivechat.domain.user import User, UserId
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session


class Line:
    """Remembers what was said on it."""

    address = "192.0.2.7"

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.kicked: list[EndReason] = []

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def kick(self, reason: EndReason) -> None:
        self.kicked.append(reason)


def user(user_id: str) -> User:
    """A person whose nickname is the id with a capital."""
    return User(user_id=UserId(user_id), nickname=user_id.title())


def make_session(user_id: str, login_no: int = 1, device: str = "desktop") -> Session:
    """A session on a `Line` of its own, bound to nothing."""
    ticket = Ticket(
        user=user(user_id),
        device=device,
        token=b"",
        token_hash=TokenHash(b""),
        expires_at_ms=0,
        login_no=login_no,
        heads={},
    )
    return Session(SessionId(f"{user_id}-{login_no}"), ticket, Line())


def bound_session(registry: Registry, user_id: str, login_no: int = 1, device: str = "desktop") -> Session:
    """A session whose login is answered."""
    session = make_session(user_id, login_no, device)
    registry.bind(session)
    session.release({})
    return session
