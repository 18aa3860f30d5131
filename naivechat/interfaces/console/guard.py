"""Which requests are the operator's own, and not another web page's: by the addresses they name, and by the session's CSRF token.

A browser tells in Origin which site makes it send a request. Where the console is reached by a name, its operator has to say that
name (`--admin-url`): else a stranger's name that is made to lead here (DNS rebinding) would look like our own.
Source: OWASP, Cross-Site Request Forgery Prevention Cheat Sheet.
"""

from collections.abc import Mapping
from typing import Final

from naivechat.application.operator_logins import Seat
from naivechat.interfaces.public_address import PublicAddress

CSRF_HEADER: Final = "x-csrf-token"


def is_from_us(headers: Mapping[str, str], public: PublicAddress) -> bool:
    """Whether an unsafe request comes from a page of the console: every browser says so in Origin."""
    return public.is_origin(headers.get("origin", ""), headers.get("host", ""))


def has_token(headers: Mapping[str, str], seat: Seat) -> bool:
    """Whether a request brings its session's CSRF token."""
    return seat.is_csrf_token(headers.get(CSRF_HEADER, ""))
