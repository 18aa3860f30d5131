"""Who is in a talk: beginning, ending and beginning again, inside a transaction."""

from collections.abc import Iterable, Mapping

from naivechat.domain.group import GroupId, Role
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.dialect import placeholders
from naivechat.infrastructure.sql.records import lock_heads
from naivechat.infrastructure.sql.transaction import Transaction

_FROM_NOW_ON = (
    "active",
    "role",
    "joined_seq",
    "joined_at_ms",
    "read_seq",
    "read_counted",
    "hidden_seq",
    "opened_at_ms",
    "pinned",
    "muted",
    "changed_at_ms",
)


NOT_OFFICIAL, EVERYBODYS, SOME_PEOPLES = range(3)
"""Values of talk.official. Who registers joins every account of everybody; in both kinds plain members only read."""


def create_talk(txn: Transaction, talk_id: TalkId, *, official: int = NOT_OFFICIAL) -> None:
    """A new, empty log. Where it is there, an official account may begin in it again that had been dissolved."""
    if not lock_heads(txn, [talk_id]):
        txn.execute("INSERT INTO talk (talk_id, official) VALUES (%s, %s)", (talk_id, official))
    elif official:
        txn.execute("UPDATE talk SET official = %s WHERE talk_id = %s", (official, talk_id))


def join(txn: Transaction, talk_id: TalkId, roles: Mapping[UserId, Role], now_ms: int) -> None:
    """People join a talk and read from now on; whatever they were in it before is forgotten. The talk is locked already."""
    head, _ = lock_heads(txn, [talk_id])[talk_id]
    values: list[object] = []
    for user_id in sorted(roles):
        position = (head.last_seq, now_ms, head.last_seq, head.counted, head.last_seq, now_ms, 0, 0, now_ms)
        values += (talk_id, user_id, 1, int(roles[user_id]), *position)
    txn.execute(txn.dialect.upsert("talk_member", ("talk_id", "user_id"), _FROM_NOW_ON, len(roles)), values)


def leave(txn: Transaction, talk_id: TalkId, user_ids: Iterable[UserId]) -> None:
    """People are in a talk no more."""
    gone = sorted(user_ids)
    txn.execute(
        f"UPDATE talk_member SET active = 0 WHERE talk_id = %s AND user_id IN {placeholders(len(gone), 1)}",
        [talk_id, *gone],
    )


def end(txn: Transaction, talk_id: TalkId) -> None:
    """Nobody is in a talk any more, and nobody new joins it by itself."""
    txn.execute("UPDATE talk_member SET active = 0 WHERE talk_id = %s AND active = 1", (talk_id,))
    txn.execute("UPDATE talk SET official = 0 WHERE talk_id = %s", (talk_id,))


def list_heads(txn: Transaction, user_id: UserId) -> dict[GroupId, int]:
    """The groups a person is in, each with the seq of its last record."""
    rows = txn.rows(
        "SELECT t.talk_id, t.last_seq FROM talk_member m JOIN talk t ON t.talk_id = m.talk_id "
        "WHERE m.user_id = %s AND m.active = 1 AND m.talk_id LIKE ':%%'",
        (user_id,),
    )
    return {GroupId(talk_id[1:]): last_seq for talk_id, last_seq in rows}


def set_role(txn: Transaction, talk_id: TalkId, user_id: UserId, role: Role) -> None:
    """A member gets another role."""
    txn.execute(
        "UPDATE talk_member SET role = %s WHERE talk_id = %s AND user_id = %s", (int(role), talk_id, user_id)
    )
