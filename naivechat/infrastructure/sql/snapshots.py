"""All that a client shows first, read for several people at once: four questions, however many they are, of one moment.

A dialogue on somebody's list is with a friend of theirs or in a group of theirs, so the names come from the lists of both, and
not by four more joins for each dialogue.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from naivechat.domain.friend import MOST_OPEN_REQUESTS, Friend, FriendRequest
from naivechat.domain.group import Group, GroupId
from naivechat.domain.ports import Snapshot, TalkPage
from naivechat.domain.talk import (
    MOST_UNREAD,
    SKETCH_CHARACTERS,
    TALKS_A_PAGE,
    Talk,
    TalkAddress,
    TalkId,
    TalkType,
    address_for,
)
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.contacts import (
    Among,
    friends_of,
    friends_question,
    groups_of,
    groups_question,
    requests_of,
    requests_question,
    some_requests_question,
)
from naivechat.infrastructure.sql.dialect import Question, Rows
from naivechat.infrastructure.sql.friends import request_of
from naivechat.infrastructure.sql.transaction import Transaction

Face: TypeAlias = tuple[str, str]
"""The name and the picture of a dialogue."""

_DATE = "CASE WHEN r.sent_at_ms > m.opened_at_ms THEN r.sent_at_ms ELSE m.opened_at_ms END"

_COLUMNS = {
    "talk_id": "m.talk_id",
    "sketch": f"COALESCE(SUBSTR(r.msg_text, 1, {SKETCH_CHARACTERS}), '')",
    "date_ms": _DATE,
    "last_seq": "t.last_seq",
    "read_seq": "m.read_seq",
    "unread": "t.counted - m.read_counted",
    "pinned": "m.pinned",
    "muted": "m.muted",
}
TALK_COLUMNS = ", ".join(_COLUMNS.values())

TALK_TABLES = """talk_member m
JOIN talk t ON t.talk_id = m.talk_id
LEFT JOIN chat_record r ON r.talk_id = t.talk_id AND r.seq = t.last_seq AND r.seq > m.joined_seq"""

_ORDER = f"{_DATE} DESC, m.talk_id"
_IS_LISTED = "m.active = 1 AND t.last_seq > m.hidden_seq"


@attrs.frozen(kw_only=True)
class Wanted:
    """Whose first view, and which part of their dialogues: those changed since `since_ms`, a page from `offset` on."""

    user_id: UserId
    since_ms: int
    offset: int

    @property
    def is_first(self) -> bool:
        """Whether it is what somebody is shown who logs in."""
        return self.since_ms <= 0 and self.offset == 0


def read_snapshots(txn: Transaction, wanted: Sequence[Wanted]) -> list[Snapshot]:
    """A view for each, in their order, all of one moment; nothing else is to be asked in the transaction."""
    user_ids = tuple(dict.fromkeys(one.user_id for one in wanted))
    alike = _alike(wanted)
    they = txn.dialect.among(user_ids)
    questions = (
        groups_question(they),
        friends_question(txn, they),
        requests_question(they),
        *[_page_question(txn.dialect.among(those), *part) for part, those in alike.items()],
    )
    group_rows, friend_rows, request_rows, *page_rows = txn.ask(*questions, is_last=True)
    epoch, groups = groups_of(group_rows)
    friends, requests = friends_of(txn, friend_rows), requests_of(request_rows)
    listed = {
        Wanted(user_id=user_id, since_ms=since_ms, offset=offset): rows_of_one
        for (since_ms, offset), rows in zip(alike, page_rows, strict=True)
        for user_id, rows_of_one in _by_person(rows).items()
    }
    return [
        _snapshot_of(
            one.user_id,
            epoch,
            listed.get(one, []),
            groups[one.user_id],
            friends[one.user_id],
            requests[one.user_id],
        )
        for one in wanted
    ]


def read_short_snapshot(txn: Transaction, user_id: UserId) -> Snapshot | None:
    """As `read_snapshots`, what one person is shown first; None for whoever has more dialogues or requests than are shown.

    The database need not put them into an order then, nor into a table for that, which is a quarter of what it has to do here.
    """
    they = txn.dialect.among((user_id,))
    group_rows, friend_rows, request_rows, talk_rows = txn.ask(
        groups_question(they),
        friends_question(txn, they),
        some_requests_question(user_id),
        Question(
            columns=TALK_COLUMNS,
            rest=f"FROM {TALK_TABLES} WHERE m.user_id = %s AND {_IS_LISTED} LIMIT {TALKS_A_PAGE + 1}",
            values=(user_id,),
        ),
        is_last=True,
    )
    if len(request_rows) > MOST_OPEN_REQUESTS or len(talk_rows) > TALKS_A_PAGE:
        return None
    epoch, groups = groups_of(group_rows)
    friends = friends_of(txn, friend_rows)[user_id]
    requests = [request_of(row) for row in sorted(request_rows, key=lambda row: (-row[4], row[0]))]
    return _snapshot_of(user_id, epoch, _newest_first(talk_rows), groups[user_id], friends, requests)


def talk_of(address: TalkAddress, face: Face, row: Sequence[Any]) -> Talk:
    """A row that begins with TALK_COLUMNS, of a dialogue that one person calls by `address` and sees with this face."""
    _, sketch, date_ms, last_seq, read_seq, unread, pinned, muted = row[:8]
    name, avatar = face
    return Talk(
        address=address,
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


def _alike(wanted: Iterable[Wanted]) -> Mapping[tuple[int, int], list[UserId]]:
    """Who logs in wants the first page of all; those who look again later, each since another time, are read one by one."""
    alike: defaultdict[tuple[int, int], list[UserId]] = defaultdict(list)
    for one in dict.fromkeys(wanted):
        alike[one.since_ms, one.offset].append(one.user_id)
    return alike


def _snapshot_of(
    user_id: UserId,
    epoch: str,
    rows: Sequence[Sequence[Any]],
    groups: Sequence[Group],
    friends: Sequence[Friend],
    requests: Sequence[FriendRequest],
) -> Snapshot:
    """A view; `rows` begin with TALK_COLUMNS, in their places."""
    return Snapshot(
        epoch=epoch,
        talks=_page_of(user_id, rows, friends, groups),
        groups=tuple(groups),
        friends=tuple(friends),
        requests=tuple(requests),
    )


def _page_question(they: Among, since_ms: int, offset: int) -> Question:
    """A page of the dialogues of each, of one person by an order and a limit, which cost less than numbers for all rows."""
    changed = "" if since_ms <= 0 else "AND (COALESCE(r.sent_at_ms, 0) >= %s OR m.changed_at_ms >= %s)"
    columns = ", ".join(f"{column} AS {name}" for name, column in _COLUMNS.items())
    place = (
        f"ROW_NUMBER() OVER (PARTITION BY m.user_id ORDER BY {_ORDER}) AS place, " if len(they[1]) > 1 else ""
    )
    listed = (
        f"SELECT {place}{columns}, m.user_id FROM {TALK_TABLES} "
        f"WHERE m.user_id IN {they[0]} AND {_IS_LISTED} {changed}"
    )
    values = (*they[1], *([since_ms, since_ms] if changed else ()))
    most = TALKS_A_PAGE + 1
    if place:
        rest = f"FROM ({listed}) listed WHERE place > %s AND place <= %s"
        values = (*values, offset, offset + most)
    else:
        rest = f"FROM ({listed} ORDER BY {_ORDER} LIMIT %s OFFSET %s) listed"
        values = (*values, most, offset)
    return Question(columns=f"{', '.join(_COLUMNS)}, user_id", rest=rest, values=values)


def _newest_first(rows: Rows) -> list[Sequence[Any]]:
    """Rows that begin with TALK_COLUMNS as `_ORDER` has them."""
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def _by_person(rows: Rows) -> Mapping[UserId, list[Sequence[Any]]]:
    """Each person's rows of a page, the newest first."""
    found: defaultdict[UserId, list[Sequence[Any]]] = defaultdict(list)
    for row in _newest_first(rows):
        found[row[8]].append(row)
    return found


def _page_of(
    user_id: UserId, rows: Sequence[Sequence[Any]], friends: Sequence[Friend], groups: Sequence[Group]
) -> TalkPage:
    friends_by_id = {friend.user.user_id: friend for friend in friends}
    groups_by_id = {group.group_id: group for group in groups}
    talks = []
    for row in rows[:TALKS_A_PAGE]:
        address = address_for(user_id, TalkId(row[0]))
        if address.talk_type is TalkType.GROUP:
            group = groups_by_id[GroupId(address.other_id)]
            face = group.name, group.avatar
        else:
            friend = friends_by_id[UserId(address.other_id)]
            face = friend.remark or friend.user.nickname, friend.user.avatar
        talks.append(talk_of(address, face, row))
    return TalkPage(talks=tuple(talks), has_more=len(rows) > TALKS_A_PAGE)
