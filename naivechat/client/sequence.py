"""One talk's messages brought into order: each shown once, in rising seq. No input or output.

`shown` is the highest seq up to which everything was shown or is not ours to read; `held` are later ones that came early.
A push one above `shown` is shown at once, with whatever was held behind it; a known one is dropped.
What a HistoryRequest(after `shown`) leaves out is not ours to read: it was written before we joined.
"""

from naivechat.protocol.message import MessageRecord

Messages = tuple[MessageRecord, ...]


class TalkSequence:
    """The order of one talk.

    Attributes:
        shown: see above; None while it is not known where showing begins, and then everything is held.
        head: the highest seq that is known to exist.
    """

    def __init__(self, shown: int | None = None) -> None:
        self.shown = shown
        self.head = shown or 0
        self._held: dict[int, MessageRecord] = {}

    @property
    def has_gap(self) -> bool:
        """Whether something is known to exist that is not shown."""
        return self.shown is None or self.head > self.shown

    @property
    def first_missing(self) -> int:
        """While `shown` is None: the seq that is known to exist and before which nothing is known."""
        return min(self._held, default=self.head + 1)

    def offer(self, message: MessageRecord) -> Messages:
        """Take a message; the answer is what may be shown now."""
        if self.shown is not None and message.seq <= self.shown:
            return ()
        self._held[message.seq] = message
        self.head = max(self.head, message.seq)
        return self._release()

    def learn_head(self, seq: int) -> None:
        """The talk reaches up to `seq`."""
        self.head = max(self.head, seq)

    def start_at(self, seq: int) -> Messages:
        """Showing begins after `seq`, which was not known until now; the answer is what may be shown."""
        self.shown = seq
        self.head = max(self.head, seq)
        return self._release()

    def fill(self, messages: Messages, end: int) -> Messages:
        """Take what history has after `shown`, up to its last message or, if that is higher, `end`.

        Returns:
            What may be shown now.
        """
        self._held.update((message.seq, message) for message in messages)
        last = max(end, messages[-1].seq if messages else 0)
        self.head = max(self.head, last)
        return self._release(up_to=last)

    def give_up(self) -> None:
        """What is missing cannot be read any more: begin again after the highest seq known."""
        self._held.clear()
        self.shown = self.head

    def _release(self, up_to: int = 0) -> Messages:
        if self.shown is None:
            return ()
        ready = [self._held.pop(seq) for seq in sorted(self._held) if seq <= up_to]
        ready = [message for message in ready if message.seq > self.shown]
        self.shown = max(self.shown, up_to)
        while (following := self._held.pop(self.shown + 1, None)) is not None:
            ready.append(following)
            self.shown += 1
        return tuple(ready)
