"""Friendships and friend requests in SQL tables; the ports say what each method does.

Whatever changes a friendship locks both people first, in order of their ids: so two who add each other at the same instant
follow one another. Run again after a commit whose answer was lost, a change finds that it is done, and says what it said.
"""

from collections.abc import Sequence
from typing import Any

from twisted.internet.interfaces import IReactorTime

from naivechat.domain.errors import LimitReached, NotFound, NotFriend
from naivechat.domain.friend import AskOutcome, Friend, FriendRequest
from naivechat.domain.sizes import MOST_FRIENDS
from naivechat.domain.talk import friend_talk_id
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.dialect import Question
from naivechat.infrastructure.sql.gathering import Gathering
from naivechat.infrastructure.sql.members import create_talk, leave
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.transaction import RunAgain, Transaction


class SqlFriendRepository:
    """Implements `domain.ports.FriendRepository`. The friends of all who come and go are read together."""

    def __init__(self, database: Database, clock: IReactorTime) -> None:
        self._database = database
        self._friend_ids = Gathering(self._list_all_friend_ids, clock)

    async def befriend(
        self, user_id: UserId, friend_id: UserId, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> bool:
        befriend = RunAgain(_befriend, lambda txn: _are_friends(txn, user_id, friend_id))
        return await self._database.write(befriend, user_id, friend_id, now_ms, most)

    async def ask(
        self, user_id: UserId, friend_id: UserId, greeting: str, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> AskOutcome:
        ask = RunAgain(
            _ask,
            lambda txn: (
                _are_friends(txn, user_id, friend_id) or _greeting_of(txn, user_id, friend_id) == greeting
            ),
        )
        return await self._database.write(ask, user_id, friend_id, greeting, now_ms, most)

    async def answer(
        self, user_id: UserId, asker_id: UserId, accept: bool, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> None:
        answer = RunAgain(_answer, lambda txn: _greeting_of(txn, asker_id, user_id) is None)
        await self._database.write(answer, user_id, asker_id, accept, now_ms, most)

    async def remove(self, user_id: UserId, friend_id: UserId) -> None:
        remove = RunAgain(_remove, lambda txn: not _are_friends(txn, user_id, friend_id))
        await self._database.write(remove, user_id, friend_id)

    async def set_remark(self, user_id: UserId, friend_id: UserId, remark: str) -> None:
        await self._database.write(_set_remark, user_id, friend_id, remark)

    async def get_friend(self, user_id: UserId, friend_id: UserId) -> Friend:
        return await self._database.read(_get_friend, user_id, friend_id)

    async def get_request(self, user_id: UserId, asker_id: UserId) -> FriendRequest:
        return await self._database.read(_get_request, user_id, asker_id)

    async def list_friend_ids(self, user_id: UserId) -> tuple[UserId, ...]:
        return await self._friend_ids.ask(user_id)

    async def _list_all_friend_ids(self, user_ids: tuple[UserId, ...]) -> list[tuple[UserId, ...]]:
        return await self._database.read_login(lambda txn: _list_friend_ids(txn, user_ids))


def _lock_both(txn: Transaction, user_id: UserId, friend_id: UserId) -> Sequence[tuple[Any, ...]]:
    return txn.rows(
        "SELECT user_id, disabled FROM user WHERE user_id IN (%s, %s) ORDER BY user_id {for_update}",
        (user_id, friend_id),
    )


def _lock_with_enabled(txn: Transaction, user_id: UserId, friend_id: UserId) -> None:
    rows = _lock_both(txn, user_id, friend_id)
    if not any(found == friend_id and not disabled for found, disabled in rows):
        raise NotFound(f"There is no user {friend_id}.")


def _are_friends(txn: Transaction, user_id: UserId, friend_id: UserId) -> bool:
    sql = "SELECT 1 FROM user_friend WHERE user_id = %s AND friend_id = %s"
    return txn.row(sql, (user_id, friend_id)) is not None


def _befriend(txn: Transaction, user_id: UserId, friend_id: UserId, now_ms: int, most: int) -> bool:
    _lock_with_enabled(txn, user_id, friend_id)
    if _are_friends(txn, user_id, friend_id):
        return False
    _make_friends(txn, user_id, friend_id, now_ms, most)
    return True


def _make_friends(txn: Transaction, user_id: UserId, friend_id: UserId, now_ms: int, most: int) -> None:
    for person in (user_id, friend_id):
        count = txn.row("SELECT COUNT(*) FROM user_friend WHERE user_id = %s", (person,))
        if count is not None and count[0] >= most:
            raise LimitReached(f"A person has at most {most} friends.", limit="friends")
    txn.execute(
        "INSERT INTO user_friend (user_id, friend_id, since_ms) VALUES (%s, %s, %s), (%s, %s, %s)",
        (user_id, friend_id, now_ms, friend_id, user_id, now_ms),
    )
    _close_requests(txn, user_id, friend_id)
    talk_id = friend_talk_id(user_id, friend_id)
    create_talk(txn, talk_id)
    for person in (user_id, friend_id):
        _enter_again_or_first(txn, talk_id, person, now_ms)


def _enter_again_or_first(txn: Transaction, talk_id: str, user_id: UserId, now_ms: int) -> None:
    txn.execute(
        txn.dialect.upsert("talk_member", ("talk_id", "user_id"), ("active", "changed_at_ms"), 1),
        (talk_id, user_id, 1, now_ms),
    )
    txn.execute(
        "UPDATE talk_member SET joined_at_ms = %s, opened_at_ms = %s WHERE talk_id = %s AND user_id = %s AND joined_at_ms = 0",
        (now_ms, now_ms, talk_id, user_id),
    )


def _close_requests(txn: Transaction, user_id: UserId, friend_id: UserId) -> None:
    txn.execute(
        "DELETE FROM friend_request WHERE (asker_id = %s AND asked_id = %s) OR (asker_id = %s AND asked_id = %s)",
        (user_id, friend_id, friend_id, user_id),
    )


def _greeting_of(txn: Transaction, asker_id: UserId, asked_id: UserId) -> str | None:
    row = txn.row(
        "SELECT greeting FROM friend_request WHERE asker_id = %s AND asked_id = %s", (asker_id, asked_id)
    )
    return None if row is None else str(row[0])


def _ask(
    txn: Transaction, user_id: UserId, friend_id: UserId, greeting: str, now_ms: int, most: int
) -> AskOutcome:
    _lock_with_enabled(txn, user_id, friend_id)
    if _are_friends(txn, user_id, friend_id):
        return AskOutcome.ALREADY_FRIENDS
    if _greeting_of(txn, friend_id, user_id) is not None:
        _make_friends(txn, user_id, friend_id, now_ms, most)
        return AskOutcome.NOW_FRIENDS
    if _greeting_of(txn, user_id, friend_id) == greeting:
        return AskOutcome.ASKED_AGAIN
    txn.execute(
        txn.dialect.upsert("friend_request", ("asker_id", "asked_id"), ("greeting", "asked_at_ms"), 1),
        (user_id, friend_id, greeting, now_ms),
    )
    return AskOutcome.ASKED


def _answer(
    txn: Transaction, user_id: UserId, asker_id: UserId, accept: bool, now_ms: int, most: int
) -> None:
    _lock_both(txn, user_id, asker_id)
    if _greeting_of(txn, asker_id, user_id) is None:
        raise NotFound("There is no such request.")
    if accept:
        _lock_with_enabled(txn, user_id, asker_id)
        _make_friends(txn, user_id, asker_id, now_ms, most)
    else:
        txn.execute("DELETE FROM friend_request WHERE asker_id = %s AND asked_id = %s", (asker_id, user_id))


def _remove(txn: Transaction, user_id: UserId, friend_id: UserId) -> None:
    _lock_both(txn, user_id, friend_id)
    if not _are_friends(txn, user_id, friend_id):
        raise NotFriend
    talk_id = friend_talk_id(user_id, friend_id)
    create_talk(txn, talk_id)
    txn.execute(
        "DELETE FROM user_friend WHERE (user_id = %s AND friend_id = %s) OR (user_id = %s AND friend_id = %s)",
        (user_id, friend_id, friend_id, user_id),
    )
    leave(txn, talk_id, (user_id, friend_id))


def _set_remark(txn: Transaction, user_id: UserId, friend_id: UserId, remark: str) -> None:
    if not _are_friends(txn, user_id, friend_id):
        raise NotFriend
    txn.execute(
        "UPDATE user_friend SET remark = %s WHERE user_id = %s AND friend_id = %s",
        (remark, user_id, friend_id),
    )


def friend_of(row: Sequence[Any]) -> Friend:
    """A row of user_id, nickname, avatar, remark."""
    return Friend(user=User(user_id=UserId(row[0]), nickname=row[1], avatar=row[2]), remark=row[3])


def _get_friend(txn: Transaction, user_id: UserId, friend_id: UserId) -> Friend:
    row = txn.row(
        "SELECT u.user_id, u.nickname, u.avatar, f.remark FROM user_friend f JOIN user u ON u.user_id = f.friend_id "
        "WHERE f.user_id = %s AND f.friend_id = %s",
        (user_id, friend_id),
    )
    if row is None:
        raise NotFriend
    return friend_of(row)


def request_of(row: Sequence[Any]) -> FriendRequest:
    """A row that begins with user_id, nickname, avatar, greeting, asked_at_ms."""
    asker = User(user_id=UserId(row[0]), nickname=row[1], avatar=row[2])
    return FriendRequest(asker=asker, greeting=row[3], asked_at_ms=row[4])


def _get_request(txn: Transaction, user_id: UserId, asker_id: UserId) -> FriendRequest:
    row = txn.row(
        "SELECT u.user_id, u.nickname, u.avatar, q.greeting, q.asked_at_ms FROM friend_request q "
        "JOIN user u ON u.user_id = q.asker_id WHERE q.asker_id = %s AND q.asked_id = %s",
        (asker_id, user_id),
    )
    if row is None:
        raise NotFound("There is no such request.")
    return request_of(row)


def _list_friend_ids(txn: Transaction, user_ids: tuple[UserId, ...]) -> list[tuple[UserId, ...]]:
    # Joined by the database: a row a friend costs the driver more than all the rest of a going. No id has a comma.
    they, keys = txn.dialect.among(user_ids)
    question = Question(
        columns="user_id, GROUP_CONCAT(friend_id)",
        rest=f"FROM user_friend WHERE user_id IN {they} GROUP BY user_id",
        values=keys,
    )
    (rows,) = txn.ask(question, is_last=True)
    joined: dict[UserId, str] = dict(rows)
    return [
        tuple(map(UserId, sorted(joined[user_id].split(",")))) if user_id in joined else ()
        for user_id in user_ids
    ]
