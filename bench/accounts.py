"""Many accounts at once, with their friendships and groups, written into the tables of a site."""

import secrets
import time
from collections.abc import Iterable, Sequence

import attrs

from bench.site import Site
from bench.tables import Tables, tables_of
from naivechat.application.sessions import token_hash_of
from naivechat.domain.session import DEFAULT_DEVICE, TOKEN_LIFETIME_MS
from naivechat.domain.talk import friend_talk_id, group_talk_id
from naivechat.domain.user import UserId

NO_PASSWORD = "none"
"""No hash of any password: these accounts are entered by token alone."""


@attrs.frozen(kw_only=True)
class TokenHolder:
    """An account and a token to log in with."""

    user_id: UserId
    token: bytes = attrs.field(repr=False)


def add_pairs_of_friends(
    site: Site, count: int, *, prefix: str = "idle", password_hash: str = NO_PASSWORD
) -> tuple[TokenHolder, ...]:
    """An even number of new people on a site; 0 and 1 are friends with a talk, 2 and 3 …."""
    with tables_of(site) as tables:
        holders = add_people(tables, prefix, count, password_hash=password_hash)
        ids = [holder.user_id for holder in holders]
        befriend(tables, list(zip(ids[::2], ids[1::2], strict=True)))
    return holders


def add_people(
    tables: Tables, prefix: str, count: int, *, password_hash: str = NO_PASSWORD
) -> tuple[TokenHolder, ...]:
    """So many new people, each with a token; a user id is the prefix and a number from 0."""
    holders = tuple(
        TokenHolder(user_id=UserId(f"{prefix}-{number:06}"), token=secrets.token_bytes(32))
        for number in range(count)
    )
    now_ms = time.time_ns() // 1_000_000
    tables.add(
        "user",
        (
            "user_id",
            "nickname",
            "nickname_folded",
            "user_id_folded",
            "avatar",
            "password_hash",
            "created_at_ms",
        ),
        [(h.user_id, h.user_id, h.user_id, h.user_id, "", password_hash, now_ms) for h in holders],
    )
    _add_tokens(tables, holders, now_ms)
    return holders


def _add_tokens(tables: Tables, holders: Sequence[TokenHolder], now_ms: int) -> None:
    expires_at_ms = now_ms + TOKEN_LIFETIME_MS
    tables.add(
        "login_token",
        ("token_hash", "user_id", "device", "expires_at_ms"),
        [(token_hash_of(h.token), h.user_id, DEFAULT_DEVICE, expires_at_ms) for h in holders],
    )


def befriend(tables: Tables, pairs: Sequence[tuple[UserId, UserId]], *, opened: bool = True) -> None:
    """Make each pair friends; `opened`: with a dialogue that both have on their lists though nothing was written."""
    tables.add(
        "user_friend",
        ("user_id", "friend_id", "since_ms"),
        [(one, other, 0) for pair in pairs for one, other in (pair, pair[::-1])],
    )
    talks = [(friend_talk_id(*pair), pair) for pair in pairs]
    tables.add("talk", ("talk_id",), [(talk_id,) for talk_id, _ in talks])
    hidden_seq = -1 if opened else 0
    tables.add(
        "talk_member",
        ("talk_id", "user_id", "hidden_seq"),
        [(talk_id, user_id, hidden_seq) for talk_id, pair in talks for user_id in pair],
    )


def add_group(tables: Tables, group_id: str, member_ids: Sequence[UserId]) -> None:
    """A group of these people, owned by the first."""
    tables.add(
        "chat_group",
        ("group_id", "name", "avatar", "notice", "owner_id", "member_count", "created_at_ms"),
        [(group_id, group_id, "", "", member_ids[0], len(member_ids), 0)],
    )
    talk_id = group_talk_id(group_id)
    tables.add("talk", ("talk_id",), [(talk_id,)])
    tables.add("talk_member", ("talk_id", "user_id", "role"), _roles(talk_id, member_ids))


def _roles(talk_id: str, member_ids: Sequence[UserId]) -> Iterable[tuple[str, UserId, int]]:
    owner, member = 2, 0
    return [(talk_id, user_id, member if index else owner) for index, user_id in enumerate(member_ids)]
