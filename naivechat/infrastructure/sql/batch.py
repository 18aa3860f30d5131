"""One batch of the message log as a unit of work."""

from naivechat.domain.appending import Entry, Outcome, Send
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import records
from naivechat.infrastructure.sql.blind import are_for_blind, store_blindly
from naivechat.infrastructure.sql.engine import Fault
from naivechat.infrastructure.sql.news_row import NewsWriter, ranges_of
from naivechat.infrastructure.sql.transaction import Transaction


class BatchUnit:
    """Decides and stores a batch; gives the outcome of each entry.

    Hardly a message is sent twice. So while none was of late, names are not looked up, and if one is there all the same, the
    unique key ends the first run and the second one looks: `has_looked`. A few are even stored blindly then.

    written: names of the records that the last run wrote. maybe_stored: of those that runs before it wrote, whose commit failed, or
    only its answer.
    """

    def __init__(self, entries: list[Entry], now_ms: int, news: NewsWriter, *, look_first: bool) -> None:
        self._entries = entries
        self._now_ms = now_ms
        self._news = news
        self.has_looked = look_first
        self.written: set[tuple[UserId, bytes]] = set()
        self.maybe_stored: set[tuple[UserId, bytes]] = set()

    def __call__(self, txn: Transaction) -> list[Outcome]:
        if txn.after is not None:
            self.has_looked = True
        if txn.after is Fault.LOST:
            self.maybe_stored |= self.written
        if not self.has_looked and txn.can_number and are_for_blind(self._entries):
            self.written = {(e.sender_id, e.msg_uuid) for e in self._entries if isinstance(e, Send)}
            return store_blindly(txn, self._entries, self._now_ms, self._news)
        decisions = records.write_batch(txn, self._entries, self._now_ms, look=self.has_looked)
        self.written = {(r.message.sender_id, r.message.msg_uuid) for r in decisions.appended}
        self._news.write(txn, ranges_of(record.message for record in decisions.appended))
        return decisions.outcomes
