"""Whom somebody at a desktop client knows: friends with dialogues, written into the tables of a node on SQLite."""

import secrets
import sqlite3
import time
import uuid
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.accounts import TokenHolder
from naivechat.application.sessions import token_hash_of
from naivechat.domain.session import DEFAULT_DEVICE, TOKEN_LIFETIME_MS
from naivechat.domain.talk import friend_talk_id
from naivechat.domain.user import UserId

LAST_WORDS: Final = "晚上一起吃火锅？🍲 See you tomorrow at the station"
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_PICTURES: Final = ("", "", "fox", "", "panda", "rocket")
_NO_PASSWORD: Final = "none"
"""No hash of any password: these accounts are entered by token alone."""
_ADD_USER: Final = (
    "INSERT INTO user (user_id, nickname, nickname_folded, user_id_folded, avatar, password_hash, created_at_ms)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_ADD_TOKEN: Final = "INSERT INTO login_token (token_hash, user_id, device, expires_at_ms) VALUES (?, ?, ?, ?)"
_ADD_FRIEND: Final = "INSERT INTO user_friend (user_id, friend_id, since_ms) VALUES (?, ?, ?)"
_ADD_TALK: Final = "INSERT INTO talk (talk_id, last_seq, counted) VALUES (?, ?, ?)"
_ADD_MEMBER: Final = "INSERT INTO talk_member (talk_id, user_id) VALUES (?, ?)"
_ADD_RECORD: Final = (
    "INSERT INTO chat_record (talk_id, seq, sender_id, msg_uuid, msg_type, msg_text, sent_at_ms, counted)"
    " VALUES (?, 1, ?, ?, 0, ?, ?, 1)"
)


def add_friends(database: Path, user_id: str, *, friends: int, talks: int) -> tuple[TokenHolder, ...]:
    """Make so many new people friends of `user_id`; each of the first `talks` of them has written a message.

    Returns:
        The new people, with tokens for their logins.
    """
    holders = tuple(
        TokenHolder(user_id=UserId(f"{user_id}-{number:04}"), token=secrets.token_bytes(32))
        for number in range(friends)
    )
    with closing(sqlite3.connect(database, timeout=30)) as db, db:
        _add_people(db, holders)
        _add_friendships(db, user_id, holders, talks)
    return holders


def nickname_of(number: int) -> str:
    """Chinese and Latin names in turn."""
    return f"{_SURNAMES[number % len(_SURNAMES)]}{number}" if number % 2 else f"Name {number:04}"


def _add_people(db: sqlite3.Connection, holders: tuple[TokenHolder, ...]) -> None:
    now_ms = time.time_ns() // 1_000_000
    people = [
        (
            holder.user_id,
            nickname_of(number),
            nickname_of(number).casefold(),
            holder.user_id,
            _PICTURES[number % len(_PICTURES)],
            _NO_PASSWORD,
            now_ms,
        )
        for number, holder in enumerate(holders)
    ]
    db.executemany(_ADD_USER, people)
    expires_at_ms = now_ms + TOKEN_LIFETIME_MS
    db.executemany(
        _ADD_TOKEN, [(token_hash_of(h.token), h.user_id, DEFAULT_DEVICE, expires_at_ms) for h in holders]
    )


def _add_friendships(
    db: sqlite3.Connection, user_id: str, holders: tuple[TokenHolder, ...], talks: int
) -> None:
    now_ms = time.time_ns() // 1_000_000
    pairs = [(user_id, holder.user_id) for holder in holders]
    db.executemany(_ADD_FRIEND, [(one, other, now_ms) for pair in pairs for one, other in (pair, pair[::-1])])
    logs = [friend_talk_id(UserId(user_id), holder.user_id) for holder in holders]
    db.executemany(
        _ADD_TALK,
        [(talk_id, int(number < talks), int(number < talks)) for number, talk_id in enumerate(logs)],
    )
    db.executemany(
        _ADD_MEMBER, [(talk_id, one) for talk_id, pair in zip(logs, pairs, strict=True) for one in pair]
    )
    records = [
        (talk_id, holder.user_id, uuid.uuid4().bytes, LAST_WORDS, now_ms - number * 60_000)
        for number, (talk_id, holder) in enumerate(zip(logs[:talks], holders, strict=False))
    ]
    db.executemany(_ADD_RECORD, records)
