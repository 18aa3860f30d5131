"""People: who somebody is, and the account behind."""

import re
from typing import NewType

import attrs

UserId = NewType("UserId", str)
"""1 to 32 characters of [A-Za-z0-9_.-], the first a letter or digit; case matters."""

_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")

SHORTEST_PASSWORD = 8


BOT_MARK = "!bot:"
"""How the `password_hash` of a bot begins: no password has such a one."""


def is_user_id(text: str) -> bool:
    """Whether a text has the shape of a user id. Talk ids rely on it: a colon in one would name a stranger's talk."""
    return _USER_ID.fullmatch(text) is not None


@attrs.frozen(kw_only=True)
class User:
    """A person as others see them."""

    user_id: UserId
    nickname: str
    avatar: str = ""


@attrs.frozen(kw_only=True)
class Account:
    """A person as the node knows them: `password_hash` is an argon2id string in PHC form."""

    user: User
    password_hash: str
    disabled: bool = False
    created_at_ms: int = 0

    @property
    def is_bot(self) -> bool:
        """Whether programs write for it, and nobody can log in to it."""
        return self.password_hash.startswith(BOT_MARK)
