"""Passwords that nobody has to think of."""

import secrets
from typing import Final

PASSWORD_BYTES: Final = 9
"""Random bytes of one: 12 characters."""


def make_up_password() -> str:
    """A random password."""
    return secrets.token_urlsafe(PASSWORD_BYTES)
