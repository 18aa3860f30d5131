"""How many are told on a badge."""

from tkclient.model.talk import MOST_UNREAD


def badge_text(count: int) -> str:
    """The number, or that there are more than are counted; "" of none."""
    if not count:
        return ""
    return str(count) if count < MOST_UNREAD else f"{MOST_UNREAD - 1}+"
