"""Many accounts at once, written into the tables of a new database: over the wire each would cost two password hashes."""

import secrets
import time

import attrs
from pymysql.cursors import Cursor

from bench.site import Site
from naivechat.application.sessions import token_hash_of
from naivechat.domain.session import DEFAULT_DEVICE, TOKEN_LIFETIME_MS
from naivechat.domain.talk import friend_talk_id
from naivechat.domain.user import UserId

_NO_PASSWORD = "none"
"""No hash of any password: these accounts are entered by token alone."""


@attrs.frozen(kw_only=True)
class TokenHolder:
    """An account and a token to log in with."""

    user_id: UserId
    token: bytes = attrs.field(repr=False)


def add_pairs_of_friends(site: Site, count: int) -> tuple[TokenHolder, ...]:
    """An even number of new people on a site with MariaDB; 0 and 1 are friends with a talk, 2 and 3 …."""
    assert site.database is not None, "not on MariaDB"
    holders = tuple(
        TokenHolder(user_id=UserId(f"idle-{number:06}"), token=secrets.token_bytes(32))
        for number in range(count)
    )
    with site.database.connection() as connection, connection.cursor() as cursor:
        connection.select_db(site.database_url.rpartition("/")[2])
        connection.begin()
        _insert_accounts(cursor, holders)
        _insert_friendships(cursor, holders)
        connection.commit()
    return holders


def _insert_accounts(cursor: Cursor, holders: tuple[TokenHolder, ...]) -> None:
    now_ms = time.time_ns() // 1_000_000
    cursor.executemany(
        "INSERT INTO user (user_id, nickname, nickname_folded, user_id_folded, avatar, password_hash, created_at_ms) "
        "VALUES (%s, %s, %s, %s, '', %s, %s)",
        [(h.user_id, h.user_id, h.user_id, h.user_id, _NO_PASSWORD, now_ms) for h in holders],
    )
    expires_at_ms = now_ms + TOKEN_LIFETIME_MS
    cursor.executemany(
        "INSERT INTO login_token (token_hash, user_id, device, expires_at_ms) VALUES (%s, %s, %s, %s)",
        [(token_hash_of(h.token), h.user_id, DEFAULT_DEVICE, expires_at_ms) for h in holders],
    )


def _insert_friendships(cursor: Cursor, holders: tuple[TokenHolder, ...]) -> None:
    ids = [holder.user_id for holder in holders]
    pairs = list(zip(ids[::2], ids[1::2], strict=True))
    talks = [(friend_talk_id(*pair), pair) for pair in pairs]
    cursor.executemany(
        "INSERT INTO user_friend (user_id, friend_id, since_ms) VALUES (%s, %s, 0)",
        [*pairs, *((other, one) for one, other in pairs)],
    )
    cursor.executemany("INSERT INTO talk (talk_id) VALUES (%s)", [talk_id for talk_id, _ in talks])
    # A hidden_seq of -1: the dialogue was opened, so that it is on the list.
    cursor.executemany(
        "INSERT INTO talk_member (talk_id, user_id, hidden_seq) VALUES (%s, %s, -1)",
        [(talk_id, user_id) for talk_id, pair in talks for user_id in pair],
    )
