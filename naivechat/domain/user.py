"""People: who somebody is, and the account behind."""

from typing import NewType

import attrs

UserId = NewType("UserId", str)
"""1 to 32 characters of [A-Za-z0-9_.-], the first a letter or digit; case matters."""

SHORTEST_PASSWORD = 8


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
