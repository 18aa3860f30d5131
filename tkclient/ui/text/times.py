"""Times as people say them: of rows in a list, and between messages. All in the time zone of this computer."""

from datetime import datetime, time, timedelta
from typing import Final, Literal

from babel.dates import format_date, format_skeleton, get_day_names

from tkclient.ui.text.words import Words

PAUSE_MS: Final = 5 * 60 * 1000
"""After a longer silence the time is told between two messages."""
_WEEK_DAYS: Final = 7


def row_time(words: Words, sent_at_ms: int, now_ms: int) -> str:
    """The time in a row: "14:05" of today, else yesterday, the day within a week, or a date as 25/11/23; "" of 0."""
    if not sent_at_ms:
        return ""
    sent = _local(sent_at_ms)
    days = _days_ago(sent, now_ms)
    if days == 0:
        return f"{sent:%H:%M}"
    if days == 1:
        return words("Yesterday")
    if 1 < days < _WEEK_DAYS:
        return _week_day(sent, "abbreviated", words)
    return f"{sent:%y/%m/%d}"


def separator(words: Words, sent_at_ms: int, now_ms: int) -> str:
    """The time between messages: as in a row, with day and time of day, and dates in words."""
    sent = _local(sent_at_ms)
    days = _days_ago(sent, now_ms)
    if days == 0:
        return f"{sent:%H:%M}"
    if days == 1:
        day = words("Yesterday")
    elif 1 < days < _WEEK_DAYS:
        day = _week_day(sent, "wide", words)
    elif sent.year == _local(now_ms).year:
        day = format_skeleton("MMMMd", sent, locale=words.language)
    else:
        day = format_date(sent, "long", locale=words.language)
    return f"{day} {sent:%H:%M}"


def is_pause(before_ms: int, sent_at_ms: int) -> bool:
    """Whether the time is told between two messages: after five minutes, and where a new day begins."""
    return sent_at_ms - before_ms > PAUSE_MS or _local(before_ms).date() != _local(sent_at_ms).date()


def ms_to_midnight(now_ms: int) -> int:
    """How long until all these times have to be told anew, in milliseconds; at least 1."""
    now = _local(now_ms)
    midnight = datetime.combine(now.date() + timedelta(days=1), time())
    # Through the time stamp, because a day on which the clocks are changed has not 24 hours.
    return max(1, int(midnight.timestamp() * 1000) - now_ms)


def _week_day(day: datetime, width: Literal["abbreviated", "wide"], words: Words) -> str:
    name: str = get_day_names(width, locale=words.language)[day.weekday()]
    return name


def _local(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000)


def _days_ago(sent: datetime, now_ms: int) -> int:
    return (_local(now_ms).date() - sent.date()).days
