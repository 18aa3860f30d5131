"""What a user has chosen."""

import enum

import attrs


class SendKey(enum.Enum):
    """Which key sends; Shift+Enter always breaks the line."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl_enter"


class OnClose(enum.Enum):
    """What closing the chat window does: stay in the background, or end the program."""

    BACKGROUND = "background"
    QUIT = "quit"


LANGUAGES = ("", "zh_CN", "en")
"""What can be chosen; "" follows the system."""

TEXT_SIZES = (90, 100, 115, 130)
"""Sizes of all text, in percent."""


@attrs.frozen(kw_only=True)
class Preferences:
    """All choices; `language` is one of LANGUAGES, `text_size` one of TEXT_SIZES.

    recent_emoji: what was picked lately, newest first, with blanks between.
    """

    send_key: SendKey = SendKey.ENTER
    notifications: bool = True
    sound: bool = True
    on_close: OnClose = OnClose.QUIT
    language: str = ""
    text_size: int = 100
    recent_emoji: str = ""
