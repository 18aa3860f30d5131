"""Whom and what people have beside dialogues: what asks for the groups, friends and open requests of several, and what the rows say."""

import operator
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from naivechat.domain.friend import MOST_OPEN_REQUESTS, Friend, FriendRequest
from naivechat.domain.group import Group
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.dialect import Question, Rows
from naivechat.infrastructure.sql.friends import request_of
from naivechat.infrastructure.sql.group_change import GROUP_COLUMNS, group_of
from naivechat.infrastructure.sql.transaction import Transaction

Among: TypeAlias = tuple[str, Sequence[UserId]]
"""Several people, as `Dialect.among` gives them."""

_REQUESTS = "friend_request q JOIN user u ON u.user_id = q.asker_id"


def groups_question(they: Among) -> Question:
    """The name of this history of the database, which one row at least tells, and everybody's groups."""
    return Question(
        columns=f"{GROUP_COLUMNS}, m.user_id, h.epoch",
        rest=(
            "FROM history h LEFT JOIN (talk_member m JOIN chat_group g ON g.group_id = SUBSTR(m.talk_id, 2)) "
            f"ON m.user_id IN {they[0]} AND m.active = 1 AND m.talk_id LIKE ':%%'"
        ),
        values=they[1],
    )


def groups_of(rows: Rows) -> tuple[str, defaultdict[UserId, list[Group]]]:
    """The name of this history, and groups by name."""
    groups: defaultdict[UserId, list[Group]] = defaultdict(list)
    for row in rows:
        if row[0] is not None:
            groups[row[7]].append(group_of(row))
    for those in groups.values():
        those.sort(key=lambda group: (group.name, group.group_id))
    return str(rows[0][8]), groups


def friends_question(txn: Transaction, they: Among) -> Question:
    """All friends of a person in one row."""
    return Question(
        columns=f"f.user_id, {txn.dialect.rows_as_json('u.user_id', 'u.nickname', 'u.avatar', 'f.remark')}",
        rest=(
            "FROM user_friend f JOIN user u ON u.user_id = f.friend_id "
            f"WHERE f.user_id IN {they[0]} GROUP BY f.user_id"
        ),
        values=they[1],
    )


def friends_of(txn: Transaction, rows: Rows) -> defaultdict[UserId, list[Friend]]:
    """Friends by id."""
    friends: defaultdict[UserId, list[Friend]] = defaultdict(list)
    for user_id, joined in rows:
        rows = sorted(txn.dialect.rows_in(joined), key=operator.itemgetter(0))
        # Thousands of them: a call of a function for each would be half as much again.
        friends[user_id] = [
            Friend(user=User(user_id=friend_id, nickname=nickname, avatar=avatar), remark=remark)
            for friend_id, nickname, avatar, remark in rows
        ]
    return friends


def requests_question(they: Among) -> Question:
    """Open requests, of each person as many as are shown, and in which place."""
    return Question(
        columns="user_id, nickname, avatar, greeting, asked_at_ms, asked_id, place",
        rest=(
            "FROM (SELECT ROW_NUMBER() OVER (PARTITION BY q.asked_id ORDER BY q.asked_at_ms DESC, u.user_id) AS place, "
            "q.asked_id, u.user_id, u.nickname, u.avatar, q.greeting, q.asked_at_ms "
            f"FROM {_REQUESTS} WHERE q.asked_id IN {they[0]} AND u.disabled = 0) asked WHERE place <= %s"
        ),
        values=(*they[1], MOST_OPEN_REQUESTS),
    )


def some_requests_question(user_id: UserId) -> Question:
    """Open requests to one person in any order, one more than are shown where there are more."""
    return Question(
        columns="u.user_id, u.nickname, u.avatar, q.greeting, q.asked_at_ms",
        rest=f"FROM {_REQUESTS} WHERE q.asked_id = %s AND u.disabled = 0 LIMIT {MOST_OPEN_REQUESTS + 1}",
        values=(user_id,),
    )


def requests_of(rows: Rows) -> defaultdict[UserId, list[FriendRequest]]:
    """Open requests, the newest first."""
    requests: defaultdict[UserId, list[FriendRequest]] = defaultdict(list)
    for row in sorted(rows, key=operator.itemgetter(6)):
        requests[row[5]].append(request_of(row))
    return requests
