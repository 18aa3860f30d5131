"""Making other people's words harmless to a terminal.

A message may hold escape sequences that move the cursor, retitle the window or type answers, and marks that turn the
direction of writing. All of them are shown as visible signs; letters of every script, emoji and their joiners stay.
"""

import time
import unicodedata

_TURNS_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACEMENT = "\ufffd"
_TAB = "    "


def harmless(text: str) -> str:
    """One line that is safe to print: a line break becomes ⏎, other control characters their signs (␛)."""
    return "".join(map(_sign, text.replace("\r\n", "\n")))


def harmless_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, each safe to print; at least one."""
    return tuple(harmless(line) for line in text.replace("\r\n", "\n").split("\n"))


def time_of_day(sent_at_ms: int, now_ms: int) -> str:
    """When a message was sent, in local time: "14:05" of today, else "11-23 14:05"."""
    sent, now = time.localtime(sent_at_ms / 1000), time.localtime(now_ms / 1000)
    is_today = (sent.tm_year, sent.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if is_today else "%m-%d %H:%M", sent)


def _sign(character: str) -> str:
    if character.isprintable() or character == "\u200d":
        return character
    if character == "\n":
        return "⏎"
    if character == "\t":
        return _TAB
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == "\x7f":
        return "␡"
    return _unusual(character)


def _unusual(character: str) -> str:
    """Spaces of other widths become a space; joiners and tags of emoji stay; the rest is replaced."""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Cf" and character not in _TURNS_DIRECTION:
        return character
    return _REPLACEMENT
