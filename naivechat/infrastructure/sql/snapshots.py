"""All that a client shows first, read for several people at once: three statements, however many they are."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from naivechat.domain.friend import MOST_OPEN_REQUESTS, Friend, FriendRequest
from naivechat.domain.group import Group
from naivechat.domain.ports import Snapshot, TalkPage
from naivechat.domain.talk import (
    MOST_UNREAD,
    SKETCH_CHARACTERS,
    TALKS_A_PAGE,
    Talk,
    TalkId,
    address_for,
)
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.friends import friend_of, request_of
from naivechat.infrastructure.sql.group_change import GROUP_COLUMNS, group_of
from naivechat.infrastructure.sql.pool import Transaction

_DATE = "CASE WHEN r.sent_at_ms > m.opened_at_ms THEN r.sent_at_ms ELSE m.opened_at_ms END"

TALK_COLUMNS = f"""m.talk_id, COALESCE(NULLIF(f.remark, ''), u.nickname, g.name), COALESCE(u.avatar, g.avatar),
       COALESCE(SUBSTR(r.msg_text, 1, {SKETCH_CHARACTERS}), ''), {_DATE},
       t.last_seq, m.read_seq, t.counted - m.read_counted, m.pinned, m.muted"""

# The other side of a friend talk is cut out of its name, which is both ids joined by a colon.
TALK_TABLES = """talk_member m
JOIN talk t ON t.talk_id = m.talk_id
LEFT JOIN talk_member o ON o.talk_id = m.talk_id AND o.user_id <> m.user_id AND m.talk_id NOT LIKE ':%%'
LEFT JOIN user u ON u.user_id = o.user_id
LEFT JOIN user_friend f ON f.user_id = m.user_id AND f.friend_id = o.user_id
LEFT JOIN chat_group g ON g.group_id = SUBSTR(m.talk_id, 2) AND m.talk_id LIKE ':%%'
LEFT JOIN chat_record r ON r.talk_id = t.talk_id AND r.seq = t.last_seq AND r.seq > m.joined_seq"""


@attrs.frozen(kw_only=True)
class Wanted:
    """Whose first view, and which part of their dialogues: those changed since `since_ms`, a page from `offset` on."""

    user_id: UserId
    since_ms: int
    offset: int


def read_snapshots(txn: Transaction, wanted: Sequence[Wanted]) -> list[Snapshot]:
    """A view for each, in their order, in a transaction that sees one moment."""
    user_ids = tuple(dict.fromkeys(one.user_id for one in wanted))
    pages = _read_pages(txn, wanted)
    epoch, groups = _read_groups(txn, user_ids)
    friends, requests = _read_people(txn, user_ids)
    return [
        Snapshot(
            epoch=epoch,
            talks=pages[one],
            groups=tuple(groups[one.user_id]),
            friends=tuple(friends[one.user_id]),
            requests=tuple(requests[one.user_id]),
        )
        for one in wanted
    ]


def talk_of(user_id: UserId, row: tuple[Any, ...]) -> Talk:
    """A row of TALK_COLUMNS, as `user_id` sees it."""
    talk_id, name, avatar, sketch, date_ms, last_seq, read_seq, unread, pinned, muted = row
    return Talk(
        address=address_for(user_id, TalkId(talk_id)),
        name=name,
        avatar=avatar,
        sketch=sketch,
        date_ms=date_ms,
        last_seq=last_seq,
        read_seq=read_seq,
        unread=min(MOST_UNREAD, unread),
        pinned=bool(pinned),
        muted=bool(muted),
    )


def _read_pages(txn: Transaction, wanted: Iterable[Wanted]) -> dict[Wanted, TalkPage]:
    """Who logs in wants the first page of all; those who look again later, each since another time, are read one by one."""
    alike: defaultdict[tuple[int, int], list[UserId]] = defaultdict(list)
    for one in dict.fromkeys(wanted):
        alike[one.since_ms, one.offset].append(one.user_id)
    pages: dict[Wanted, TalkPage] = {}
    for (since_ms, offset), user_ids in alike.items():
        for user_id, page in _read_alike(txn, user_ids, since_ms, offset).items():
            pages[Wanted(user_id=user_id, since_ms=since_ms, offset=offset)] = page
    return pages


def _read_alike(
    txn: Transaction, user_ids: Sequence[UserId], since_ms: int, offset: int
) -> Mapping[UserId, TalkPage]:
    they, keys = txn.dialect.among(user_ids)
    changed = "" if since_ms <= 0 else "AND (COALESCE(r.sent_at_ms, 0) >= %s OR m.changed_at_ms >= %s)"
    rows = txn.rows(
        f"SELECT * FROM (SELECT m.user_id, ROW_NUMBER() OVER (PARTITION BY m.user_id ORDER BY {_DATE} DESC, m.talk_id) AS place, "
        f"{TALK_COLUMNS} FROM {TALK_TABLES} "
        f"WHERE m.user_id IN {they} AND m.active = 1 AND t.last_seq > m.hidden_seq {changed}) listed "
        "WHERE place > %s AND place <= %s ORDER BY place",
        (
            *keys,
            *([since_ms, since_ms] if changed else ()),
            offset,
            offset + TALKS_A_PAGE + 1,
        ),
    )
    talks: dict[UserId, list[Talk]] = {user_id: [] for user_id in user_ids}
    for row in rows:
        talks[row[0]].append(talk_of(row[0], row[2:]))
    return {user_id: _page_of(found) for user_id, found in talks.items()}


def _page_of(talks: list[Talk]) -> TalkPage:
    return TalkPage(talks=tuple(talks[:TALKS_A_PAGE]), has_more=len(talks) > TALKS_A_PAGE)


def _read_groups(
    txn: Transaction, user_ids: Sequence[UserId]
) -> tuple[str, defaultdict[UserId, list[Group]]]:
    """The name of this history of the database, which one row at least tells, and everybody's groups."""
    they, keys = txn.dialect.among(user_ids)
    rows = txn.rows(
        f"SELECT h.epoch, m.user_id, {GROUP_COLUMNS} FROM history h "
        "LEFT JOIN (talk_member m JOIN chat_group g ON g.group_id = SUBSTR(m.talk_id, 2)) "
        f"ON m.user_id IN {they} AND m.active = 1 AND m.talk_id LIKE ':%%' "
        "ORDER BY g.name, g.group_id",
        keys,
    )
    groups: defaultdict[UserId, list[Group]] = defaultdict(list)
    for row in rows:
        if row[1] is not None:
            groups[row[1]].append(group_of(row[2:]))
    return str(rows[0][0]), groups


_PEOPLE = """
SELECT NULL, f.user_id, {friends}, NULL, NULL, NULL, NULL
FROM user_friend f JOIN user u ON u.user_id = f.friend_id WHERE f.user_id IN {people} GROUP BY f.user_id
UNION ALL
SELECT * FROM (
    SELECT ROW_NUMBER() OVER (PARTITION BY q.asked_id ORDER BY q.asked_at_ms DESC, u.user_id) AS place,
           q.asked_id, u.user_id AS asker_id, u.nickname, u.avatar, q.greeting, q.asked_at_ms
    FROM friend_request q JOIN user u ON u.user_id = q.asker_id WHERE q.asked_id IN {people} AND u.disabled = 0
) asked WHERE place <= %s
ORDER BY 1
"""


def _read_people(
    txn: Transaction, user_ids: Sequence[UserId]
) -> tuple[defaultdict[UserId, list[Friend]], defaultdict[UserId, list[FriendRequest]]]:
    """Friends by id, all of a person in one row, which has no place; then open requests by theirs, the newest first."""
    they, keys = txn.dialect.among(user_ids)
    statement = _PEOPLE.replace("{people}", they)
    columns = txn.dialect.rows_as_json("u.user_id", "u.nickname", "u.avatar", "f.remark")
    rows = txn.rows(statement.replace("{friends}", columns), (*keys, *keys, MOST_OPEN_REQUESTS))
    friends: defaultdict[UserId, list[Friend]] = defaultdict(list)
    requests: defaultdict[UserId, list[FriendRequest]] = defaultdict(list)
    for row in rows:
        if row[0] is None:
            friends[row[1]] = list(map(friend_of, sorted(json.loads(row[2]))))
        else:
            requests[row[1]].append(request_of(row[2:]))
    return friends, requests
