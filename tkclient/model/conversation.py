"""The messages of one talk in the order they are shown."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from tkclient.model.talk import Message


class Conversation:
    """Messages in rising seq, and behind them those on their way, in the order they were written. Each msg_uuid stands once.

    has_older: whether the node may have more before the first.
    """

    def __init__(self, messages: Iterable[Message] = (), has_older: bool = True) -> None:
        self.has_older = has_older
        self._messages: list[Message] = []
        self._known: dict[bytes, Message] = {}
        for message in messages:
            self.put(message)

    @property
    def messages(self) -> Sequence[Message]:
        """All of them, to be read only."""
        return self._messages

    def prepend(self, messages: Iterable[Message], has_older: bool) -> None:
        """Add older ones; those known already stay as they are."""
        self.has_older = has_older
        for message in messages:
            if message.msg_uuid not in self._known:
                self.put(message)

    def put(self, message: Message) -> None:
        """Add a message, or another state of one, in its place. What is stored is never on its way again."""
        known = self._known.get(message.msg_uuid)
        if known == message or (known is not None and known.seq and not message.seq):
            return
        self._known[message.msg_uuid] = message
        if known is not None and known.seq == message.seq:
            self._messages[self._place_of(known)] = message
            return
        if known is not None:
            del self._messages[self._place_of(known)]
        self._messages.insert(self._place_for(message), message)

    def update(self, message: Message) -> None:
        """Another state of a message; nothing if it is not known."""
        if message.msg_uuid in self._known:
            self.put(message)

    def remove(self, msg_uuid: bytes) -> None:
        """Forget a message."""
        known = self._known.pop(msg_uuid, None)
        if known is not None:
            del self._messages[self._place_of(known)]

    def _place_for(self, message: Message) -> int:
        if not message.seq:
            return len(self._messages)
        return bisect_left(self._messages, message.seq, key=_order)

    def _place_of(self, message: Message) -> int:
        start = bisect_left(self._messages, _order(message), key=_order)
        return self._messages.index(message, start)


def _order(message: Message) -> int:
    return message.seq or 2**53
