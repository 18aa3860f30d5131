"""Why there is no login, in words."""

from collections.abc import Mapping
from math import ceil

from tkclient.interfaces import LoginTrouble
from tkclient.ui.text.words import Words

SERVER_CODES = frozenset({"UNREACHABLE", "BAD_ADDRESS", "UNSUPPORTED_VERSION", "NEEDS_TLS"})
"""Troubles that another server address may end."""
ACCOUNT_CODES = frozenset({"USER_EXISTS", "BAD_REQUEST"})
"""Troubles that another account may end."""
PASSWORD_CODES = frozenset({"AUTH_FAILED", "WEAK_PASSWORD", "TOKEN_EXPIRED"})
"""Troubles that another password may end."""
_LONGEST_IN_SECONDS = 120


def trouble_words(trouble: LoginTrouble, server: str, words: Words) -> str:
    """One or two sentences; `server` is the address that was tried."""
    if trouble.code == "RATE_LIMITED":
        return _rate_limited(trouble.retry_after_ms, words)
    known = {**_of_account(words), **_of_node(server, words), **_of_tls(server, words), **_of_kick(words)}
    return known.get(trouble.code) or words("That did not work ({code}).", code=trouble.code)


def _rate_limited(retry_after_ms: int, words: Words) -> str:
    seconds = ceil(retry_after_ms / 1000)
    if not seconds:
        return words("Too many attempts. Please wait a little.")
    if seconds > _LONGEST_IN_SECONDS:
        return words.count(
            "Too many attempts. Please try again in {count} minute.",
            "Too many attempts. Please try again in {count} minutes.",
            ceil(seconds / 60),
        )
    return words.count(
        "Too many attempts. Please try again in {count} second.",
        "Too many attempts. Please try again in {count} seconds.",
        seconds,
    )


def _of_account(words: Words) -> Mapping[str, str]:
    return {
        "AUTH_FAILED": words("The account or the password is wrong."),
        "TOKEN_EXPIRED": words("The remembered login has expired. Please enter your password."),
        "LOCAL_FILE": words("The file with your history on this computer cannot be opened."),
        "DISABLED": words("This account has been disabled by the operator."),
        "USER_EXISTS": words("This account name is taken. Please choose another one."),
        "WEAK_PASSWORD": words("The password needs at least 8 characters."),
        "FORBIDDEN": words("This server does not open accounts by itself. Please ask its operator."),
        "BAD_REQUEST": words("The server does not accept this account name or nickname."),
        "LIMIT": words("Too many devices are logged in to this account."),
    }


def _of_node(server: str, words: Words) -> Mapping[str, str]:
    return {
        "UNREACHABLE": words(
            "No answer from {server}. Please check the address and your network.", server=server
        ),
        "BAD_ADDRESS": words("This is no server address. An example: im.example.com:7397"),
        "UNSUPPORTED_VERSION": words(
            "The server speaks another version of the protocol. Please update this program."
        ),
        "UNAVAILABLE": words("The server cannot log anybody in at the moment. Please try again soon."),
        "INTERNAL": words("The server has made a mistake. Please try again."),
        "OFFLINE": words("The connection was lost. Please try again."),
    }


def _of_tls(server: str, words: Words) -> Mapping[str, str]:
    unknown = words("This computer does not know who signed the certificate of {server}.", server=server)
    return {
        "NEEDS_TLS": words(
            "{server} takes passwords over encrypted connections only. Please write tls: before the address.",
            server=server,
        ),
        "UNVERIFIED_NAME": words("The certificate that {server} shows is for another server.", server=server),
        "UNVERIFIED_EXPIRED": words("The certificate of {server} has expired.", server=server),
        "UNVERIFIED_TOO_EARLY": words(
            "The certificate of {server} is not valid yet. Is the clock of this computer right?",
            server=server,
        ),
        "UNVERIFIED_SELF_SIGNED": unknown,
        "UNVERIFIED_UNKNOWN": unknown,
        "UNVERIFIED_OTHER": words("The certificate of {server} cannot be verified.", server=server),
        "UNVERIFIED_NO_TLS": words("{server} does not encrypt at this address.", server=server),
    }


def _of_kick(words: Words) -> Mapping[str, str]:
    return {
        "KICKED_REPLACED": words("You have logged in on another computer, so you were logged out here."),
        "KICKED_ADMIN": words("The operator has logged you out."),
        "KICKED_DISABLED": words("This account has been disabled by the operator."),
        "KICKED_EXPIRED": words("Your login has expired. Please log in again."),
    }
