"""What may be shown as a name, and what is a text at all, wherever it comes from.

Source: docs/protocol.cddl, which holds clients to the same.
"""

from naivechat.domain.errors import InvalidRequest

LONGEST_NAME = 32
LONGEST_AVATAR_BYTES = 64
LONGEST_PASSWORD_BYTES = 1_024
"""What a client can log in with."""


def fault_of_name(text: str) -> str | None:
    """Why a text is no name of a person or group, in words; None when it is one."""
    if not 1 <= len(text) <= LONGEST_NAME:
        return f"has 1 to {LONGEST_NAME} characters"
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        return "has no control characters"
    if not is_text(text):
        return "is no text"
    return None


def fault_of_avatar(text: str) -> str | None:
    """Why a text names no picture, in words; None when it may."""
    if not is_text(text) or len(text.encode()) > LONGEST_AVATAR_BYTES:
        return f"has at most {LONGEST_AVATAR_BYTES} bytes"
    return None


def require_name(key: str, text: str) -> None:
    """Refuse what is no name. InvalidRequest, of `key`."""
    fault = fault_of_name(text)
    if fault is not None:
        raise InvalidRequest(key, fault)


def require_avatar(text: str) -> None:
    """Refuse what names no picture. InvalidRequest."""
    fault = fault_of_avatar(text)
    if fault is not None:
        raise InvalidRequest("avatar", fault)


def fault_of_password(text: str) -> str | None:
    """Why nobody could log in by a password, in words; None when they could. How strong it is is asked elsewhere."""
    if not is_text(text):
        return "is no text"
    if len(text.encode()) > LONGEST_PASSWORD_BYTES:
        return f"has at most {LONGEST_PASSWORD_BYTES:,} bytes"
    return None


def require_password(text: str) -> None:
    """Refuse a password that nobody could log in by. InvalidRequest."""
    fault = fault_of_password(text)
    if fault is not None:
        raise InvalidRequest("password", fault)


def require_text(key: str, text: str) -> None:
    """Refuse what cannot be stored. InvalidRequest, of `key`."""
    if not is_text(text):
        raise InvalidRequest(key, "is no text")


def is_text(text: str) -> bool:
    """Whether a text has no halves of characters, as JSON may bring them: they cannot be stored."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
