"""What can be done with a message."""

from functools import partial
from typing import Final

from tkclient.model.talk import Kind, Message, Sending
from tkclient.ui.controls.menu import MenuItem
from tkclient.ui.messages.actions import MessageActions
from tkclient.ui.text.words import Words

RECALL_MS: Final = 2 * 60 * 1000
"""How long one can take back what one has written. Source: docs/protocol.md."""
_COPIED: Final = (Kind.TEXT, Kind.FILE, Kind.IMAGE)


def items_for(
    message: Message,
    actions: MessageActions,
    words: Words,
    *,
    is_mine: bool,
    can_recall_all: bool,
    selected: str,
    now_ms: int,
) -> list[MenuItem | None]:
    """The menu of a message. selected: the part of its text that is; "" copies all."""
    items: list[MenuItem | None] = []
    if message.kind in _COPIED and message.text:
        items.append(MenuItem(words("Copy"), partial(actions.copy, selected or message.text)))
    if message.sending is Sending.FAILED:
        items.append(MenuItem(words("Resend"), partial(actions.retry, message.msg_uuid)))
        items.append(MenuItem(words("Delete"), partial(actions.discard, message.msg_uuid), danger=True))
    elif message.seq and (can_recall_all or (is_mine and now_ms - message.sent_at_ms <= RECALL_MS)):
        items.append(MenuItem(words("Recall"), partial(actions.recall, message.seq)))
    return items
