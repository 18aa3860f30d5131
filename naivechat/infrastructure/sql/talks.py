"""Dialogues on people's lists, and all that a client shows first; the ports say what each method does."""

from collections.abc import Sequence
from typing import Any

import attrs

from naivechat.domain.errors import NotFriend, NotMember
from naivechat.domain.friend import MOST_OPEN_REQUESTS
from naivechat.domain.ports import Snapshot, TalkPage
from naivechat.domain.talk import (
    MOST_UNREAD,
    OPENED,
    SKETCH_CHARACTERS,
    TALKS_A_PAGE,
    Talk,
    TalkId,
    address_for,
    friends_in,
    is_group_talk,
)
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.friends import friend_of, request_of
from naivechat.infrastructure.sql.group_change import GROUP_COLUMNS, group_of
from naivechat.infrastructure.sql.pool import Database, Transaction
from naivechat.infrastructure.sql.records import require_position

# The other side of a friend talk is cut out of its name, which is both ids joined by a colon.
_TALK = """
SELECT m.talk_id, COALESCE(NULLIF(f.remark, ''), u.nickname, g.name), COALESCE(u.avatar, g.avatar),
       COALESCE(r.msg_text, ''), CASE WHEN r.sent_at_ms > m.opened_at_ms THEN r.sent_at_ms ELSE m.opened_at_ms END AS date_ms,
       t.last_seq, m.read_seq, t.counted - m.read_counted, m.pinned, m.muted
FROM talk_member m
JOIN talk t ON t.talk_id = m.talk_id
LEFT JOIN talk_member o ON o.talk_id = m.talk_id AND o.user_id <> m.user_id AND m.talk_id NOT LIKE ':%%'
LEFT JOIN user u ON u.user_id = o.user_id
LEFT JOIN user_friend f ON f.user_id = m.user_id AND f.friend_id = o.user_id
LEFT JOIN chat_group g ON g.group_id = SUBSTR(m.talk_id, 2) AND m.talk_id LIKE ':%%'
LEFT JOIN chat_record r ON r.talk_id = t.talk_id AND r.seq = t.last_seq AND r.seq > m.joined_seq
WHERE m.user_id = %s AND m.active = 1
"""


@attrs.frozen
class SqlTalkRepository:
    """Implements `domain.ports.TalkRepository`."""

    _database: Database

    async def open(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        await self._database.write(_open, talk_id, user_id, now_ms)

    async def hide(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        await self._database.write(_hide, talk_id, user_id, now_ms)

    async def set_flags(
        self, talk_id: TalkId, user_id: UserId, *, pinned: bool | None, muted: bool | None, now_ms: int
    ) -> None:
        await self._database.write(_set_flags, talk_id, user_id, pinned, muted, now_ms)

    async def get_talk(self, talk_id: TalkId, user_id: UserId) -> Talk:
        return await self._database.read(_get_talk, talk_id, user_id)

    async def list_audience(self, talk_id: TalkId, user_id: UserId, *, most: int) -> tuple[UserId, ...]:
        return await self._database.read(_list_audience, talk_id, user_id, most)

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Snapshot:
        return await self._database.read_snapshot(_read_snapshot, user_id, since_ms, offset)


def _open(txn: Transaction, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
    require_position(txn, talk_id, user_id)
    openers = (user_id,) if is_group_talk(talk_id) else friends_in(talk_id)
    for opener in openers:
        txn.execute(
            "UPDATE talk_member SET hidden_seq = %s, opened_at_ms = %s, changed_at_ms = %s WHERE talk_id = %s AND user_id = %s",
            (OPENED, now_ms, now_ms, talk_id, opener),
        )


def _hide(txn: Transaction, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
    require_position(txn, talk_id, user_id)
    txn.execute(
        "UPDATE talk_member SET hidden_seq = (SELECT last_seq FROM talk WHERE talk_id = %s), changed_at_ms = %s "
        "WHERE talk_id = %s AND user_id = %s",
        (talk_id, now_ms, talk_id, user_id),
    )


def _set_flags(
    txn: Transaction, talk_id: TalkId, user_id: UserId, pinned: bool | None, muted: bool | None, now_ms: int
) -> None:
    require_position(txn, talk_id, user_id)
    txn.execute(
        "UPDATE talk_member SET pinned = COALESCE(%s, pinned), muted = COALESCE(%s, muted), changed_at_ms = %s "
        "WHERE talk_id = %s AND user_id = %s",
        (_flag(pinned), _flag(muted), now_ms, talk_id, user_id),
    )


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _get_talk(txn: Transaction, talk_id: TalkId, user_id: UserId) -> Talk:
    row = txn.row(f"{_TALK} AND m.talk_id = %s", (user_id, talk_id))
    if row is None:
        raise NotMember if is_group_talk(talk_id) else NotFriend
    return _talk_of(user_id, row)


def _talk_of(user_id: UserId, row: tuple[Any, ...]) -> Talk:
    talk_id, name, avatar, text, date_ms, last_seq, read_seq, unread, pinned, muted = row
    return Talk(
        address=address_for(user_id, TalkId(talk_id)),
        name=name,
        avatar=avatar,
        sketch=text[:SKETCH_CHARACTERS],
        date_ms=date_ms,
        last_seq=last_seq,
        read_seq=read_seq,
        unread=min(MOST_UNREAD, unread),
        pinned=bool(pinned),
        muted=bool(muted),
    )


def _list_audience(txn: Transaction, talk_id: TalkId, user_id: UserId, most: int) -> tuple[UserId, ...]:
    require_position(txn, talk_id, user_id)
    rows = txn.rows(
        "SELECT user_id FROM talk_member WHERE talk_id = %s AND active = 1 AND user_id <> %s ORDER BY user_id LIMIT %s",
        (talk_id, user_id, most + 1),
    )
    return () if len(rows) > most else tuple(UserId(other) for (other,) in rows)


def read_epoch(txn: Transaction) -> str:
    """The name of this history of the database."""
    row = txn.row("SELECT epoch FROM history")
    assert row is not None
    return str(row[0])


def _read_snapshot(txn: Transaction, user_id: UserId, since_ms: int, offset: int) -> Snapshot:
    return Snapshot(
        epoch=read_epoch(txn),
        talks=_talk_page(user_id, _listed_rows(txn, user_id, since_ms, offset)),
        groups=tuple(map(group_of, txn.rows(_GROUPS, (user_id,)))),
        friends=tuple(map(friend_of, txn.rows(_FRIENDS, (user_id,)))),
        requests=tuple(map(request_of, txn.rows(_REQUESTS, (user_id, MOST_OPEN_REQUESTS)))),
    )


_GROUPS = (
    f"SELECT {GROUP_COLUMNS} FROM talk_member m JOIN chat_group g ON g.group_id = SUBSTR(m.talk_id, 2) "
    "WHERE m.user_id = %s AND m.active = 1 AND m.talk_id LIKE ':%%' ORDER BY g.name, g.group_id"
)
_FRIENDS = (
    "SELECT u.user_id, u.nickname, u.avatar, f.remark FROM user_friend f JOIN user u ON u.user_id = f.friend_id "
    "WHERE f.user_id = %s ORDER BY u.user_id"
)
_REQUESTS = (
    "SELECT u.user_id, u.nickname, u.avatar, q.greeting, q.asked_at_ms FROM friend_request q "
    "JOIN user u ON u.user_id = q.asker_id WHERE q.asked_id = %s AND u.disabled = 0 "
    "ORDER BY q.asked_at_ms DESC, u.user_id LIMIT %s"
)


def _listed_rows(txn: Transaction, user_id: UserId, since_ms: int, offset: int) -> Sequence[tuple[Any, ...]]:
    return txn.rows(
        f"{_TALK} AND t.last_seq > m.hidden_seq AND (COALESCE(r.sent_at_ms, 0) >= %s OR m.changed_at_ms >= %s) "
        "ORDER BY date_ms DESC, m.talk_id LIMIT %s OFFSET %s",
        (user_id, since_ms, since_ms, TALKS_A_PAGE + 1, offset),
    )


def _talk_page(user_id: UserId, rows: Sequence[tuple[Any, ...]]) -> TalkPage:
    talks = tuple(_talk_of(user_id, row) for row in rows[:TALKS_A_PAGE])
    return TalkPage(talks=talks, has_more=len(rows) > TALKS_A_PAGE)
