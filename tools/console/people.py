"""People who are made up: some are connected, to made-up nodes."""

import itertools
from collections.abc import Collection, Iterator, Sequence

import attrs

from naivechat.backend import Backend
from naivechat.domain.directory import LiveSession, LiveSessions, OnlineIds, OnlineQuery
from naivechat.domain.session import TOKEN_LIFETIME_MS, StoredToken, TokenHash
from naivechat.domain.user import Account, User, UserId

DAY_MS = 86_400_000
FAMILIES = (
    ("chen", "陈"),
    ("li", "李"),
    ("wang", "王"),
    ("zhang", "张"),
    ("zhou", "周"),
    ("huang", "黄"),
    ("lin", "林"),
    ("sun", "孙"),
)
GIVEN = (
    ("jing", "静"),
    ("lei", "磊"),
    ("na", "娜"),
    ("wei", "伟"),
    ("min", "敏"),
    ("hao", "浩"),
    ("xin", "欣"),
    ("yan", "燕"),
)
OTHERS = (("ana.lima", "Ana Lima"), ("jonas", "Jonas"), ("mei.tan", "Mei Tan"), ("spam_17", "Win a prize!!!"))
DEVICES = (("desktop", "alpha"), ("phone", "beta"), ("laptop", "gamma"))


def names() -> Iterator[tuple[str, str]]:
    """Ids and nicknames."""
    for (family, sign), (given, character) in itertools.product(FAMILIES, GIVEN):
        yield f"{family}.{given}", sign + character
    yield from OTHERS


@attrs.frozen(kw_only=True)
class MadeUpPeople:
    """Every second one is connected, every sixth with two devices. `now_ms` is the made-up time."""

    now_ms: int

    async def add(self, backend: Backend) -> None:
        """Store them."""
        accounts = [
            Account(
                user=User(user_id=UserId(user_id), nickname=nickname),
                password_hash="",
                disabled=user_id == "spam_17",
                created_at_ms=self.now_ms - (97 + 13 * number % 89) * DAY_MS - 7_777_000 * number,
            )
            for number, (user_id, nickname) in enumerate(names())
        ]
        await backend.storage.account_directory.add_all(accounts)
        seen = {account.user.user_id: self._seen_ms(number) for number, account in enumerate(accounts)}
        await backend.storage.account_directory.note_seen(seen)
        first, *others = (account.user.user_id for account in accounts)
        for other in others[:24]:
            await backend.storage.friends.befriend(first, other, self.now_ms)
        for session in self._sessions():
            await backend.storage.tokens.add(_token_of(session), password_hash="", most=5)

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those who are connected."""
        return frozenset(session.user_id for session in self._sessions() if session.user_id in user_ids)

    async def list_sessions(self, user_ids: Sequence[UserId]) -> LiveSessions:
        """Their sessions."""
        found = (session for session in self._sessions() if session.user_id in user_ids)
        return LiveSessions(sessions=tuple(found))

    async def list_online(self, query: OnlineQuery) -> OnlineIds:
        """The first of those who are connected."""
        user_ids = sorted({session.user_id for session in self._sessions()})
        return OnlineIds(user_ids=tuple(user_ids[: query.limit]), has_more=len(user_ids) > query.limit)

    def _sessions(self) -> Iterator[LiveSession]:
        for number, (user_id, _) in enumerate(names()):
            count = 0 if number % 2 or user_id == "spam_17" else 2 if number % 6 == 0 else 1
            for step in range(count):
                device, node = DEVICES[(number // 2 + step) % len(DEVICES)]
                yield LiveSession(
                    user_id=UserId(user_id),
                    device=device,
                    node=node,
                    address=f"198.51.100.{7 + 3 * number + step}",
                    began_at_ms=self._seen_ms(number) - 1_234_000 * step,
                )

    def _seen_ms(self, number: int) -> int:
        return self.now_ms - (60_000 + 173_000 * number) * (1 if number % 2 == 0 else 97)


def _token_of(session: LiveSession) -> StoredToken:
    name = f"{session.user_id} {session.device}".encode()
    return StoredToken(
        token_hash=TokenHash(name.ljust(32)[:32]),
        user_id=session.user_id,
        device=session.device,
        expires_at_ms=session.began_at_ms + TOKEN_LIFETIME_MS,
    )
