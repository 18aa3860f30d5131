"""The console's cookies: the session's, which no script reads, and an operator's choices of language and looks."""

from collections.abc import Mapping
from typing import Final

import attrs

LANGUAGE: Final = "naivechat_language"
THEME: Final = "naivechat_theme"
LONGEST_COOKIES: Final = 4_096
"""Bytes of a Cookie header; of a longer one nothing is read."""


@attrs.frozen(kw_only=True)
class SessionCookie:
    """How the session's cookie is called and kept. `is_secure`: it travels encrypted only, and no neighbouring host can set it."""

    is_secure: bool

    @property
    def name(self) -> str:
        """Its name; `__Host-` has browsers refuse it from other hosts and over plain HTTP."""
        return "__Host-naivechat_console" if self.is_secure else "naivechat_console"

    def holding(self, secret: str) -> str:
        """A Set-Cookie value that keeps a session until the browser is closed. `secret` has letters, digits, - and _ only."""
        return f"{self.name}={secret}; {self._attributes}"

    def emptied(self) -> str:
        """A Set-Cookie value that takes it away."""
        return f"{self.name}=; Max-Age=0; {self._attributes}"

    @property
    def _attributes(self) -> str:
        return "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if self.is_secure else "")


def read_cookies(header: str) -> Mapping[str, str]:
    """The cookies of a Cookie header; of two with one name the first."""
    found: dict[str, str] = {}
    if len(header) <= LONGEST_COOKIES:
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            found.setdefault(name, value)
    return found
