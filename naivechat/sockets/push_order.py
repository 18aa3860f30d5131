"""The records of each log are pushed to an audience in rising seq, whatever order they come in.

What comes too early waits a moment for what is missing before it; what is still missing then is read from the log. Of a group
nothing is passed over unread, however much is missing: who has left stands in it, and must not be pushed what follows.
"""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.domain.errors import ChatError
from naivechat.domain.message import GROUP_EVENT, Message
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.ports import MessageLog
from naivechat.domain.session import SessionId
from naivechat.domain.talk import TalkId, is_group_talk
from naivechat.domain.user import User
from naivechat.sockets.audience import Audience
from naivechat.sockets.bell import Record, Topic
from naivechat.sockets.gap import Gap

MOST_MISSING = 1_000
"""More than this is not pushed to an audience: its clients are told to sync."""
MOST_BEFORE_FIRST = 16
"""Records before the first that is heard of a talk which may have been missed: more are left to the clients."""
CLOCKS_DIFFER_MS = 10_000
WAIT_FOR_BUS_S = 0.03
"""How long the bus may take to bring what is missing: nodes commit in one order and publish in another."""
READ_AGAIN_S = 1.0
"""Between two tries to read what is missing of a group's log."""
_END = 2**62

_log = Logger()


class PushOrder:
    """Passes each talk's records to `push` by rising seq, each at most once for an audience.

    Of a talk that an audience has not heard of, the first record that was stored since the audience is there is the beginning.
    On a node alone that is whatever comes; beside others it is looked up, for nodes publish in another order than they store.
    `present` makes the record that an audience's people see of one read from the log. `leave_out` is called with a group's event
    that comes too late to be pushed, and still says who belongs. `missed` is called with an audience for which more was missed than
    is pushed.
    """

    def __init__(
        self,
        log: MessageLog,
        bus: NodeBus,
        clock: IReactorTime,
        *,
        present: Callable[[Topic, Message, User], Record],
        push: Callable[[Audience, Record, SessionId | None], None],
        leave_out: Callable[[Audience, Record], None],
        missed: Callable[[Audience], None],
    ) -> None:
        self._log = log
        self._bus = bus
        self._clock = clock
        self._present = present
        self._push = push
        self._leave_out = leave_out
        self._missed = missed
        self._gaps: dict[tuple[Audience, TalkId], Gap] = {}

    def come(self, audience: Audience, record: Record, origin: SessionId | None = None) -> None:
        """A record stands in the log; `origin` has it already."""
        talk_id = TalkId(record.talk_id)
        pushed = audience.pushed(talk_id)
        if pushed is None and (record.seq == 1 or not self._bus.is_shared):
            pushed = record.seq - 1
        if pushed is None:
            self._gap(audience, talk_id, 0).add(record, origin)
        elif record.seq == pushed + 1:
            self._pass_on(audience, record, origin)
            if self._gaps:
                self._pass_on_early(audience, talk_id)
        elif record.seq > pushed:
            self._gap(audience, talk_id, self._patience_s()).add(record, origin)

    def pass_over(self, audience: Audience, talk_id: TalkId, seq: int) -> bool:
        """Whether a record that needs no push to anybody is the next, so that only its seq has to be kept."""
        pushed = audience.pushed(talk_id)
        if (audience, talk_id) in self._gaps or (pushed is None and self._bus.is_shared):
            return False
        if pushed is not None and seq != pushed + 1:
            return False
        audience.set_pushed(talk_id, seq)
        return True

    def expect(self, audience: Audience, talk_id: TalkId, first_seq: int, last_seq: int) -> None:
        """Records first_seq … last_seq stand in the log: those that do not come are read."""
        pushed = audience.pushed(talk_id)
        if pushed is None:
            pushed = first_seq - 1
            audience.set_pushed(talk_id, pushed)
        if last_seq > pushed:
            gap = self._gap(audience, talk_id, self._patience_s())
            gap.before_seq = max(gap.before_seq, last_seq + 1)

    def catch_up(self, audience: Audience, talk_id: TalkId) -> None:
        """Read whatever the log holds beyond what was pushed."""
        self._gap(audience, talk_id, 0).before_seq = _END

    async def pushed_since(
        self, audience: Audience, talk_id: TalkId, after_seq: int
    ) -> tuple[Record, ...] | None:
        """The records behind `after_seq` that an audience has been pushed by the moment this returns; None: too many, or unreadable."""
        records: list[Record] = []
        while (pushed := audience.pushed(talk_id) or 0) > after_seq:
            too_many = pushed - after_seq + len(records) > MOST_MISSING
            rows = None if too_many else await self._list_between(talk_id, after_seq, pushed + 1)
            if not rows:
                return None
            records += (self._present(audience.topic, message, sender) for message, sender in rows)
            after_seq = rows[-1][0].seq
        return tuple(records)

    def _patience_s(self) -> float:
        return WAIT_FOR_BUS_S if self._bus.is_shared and self._bus.is_connected else 0

    def _gap(self, audience: Audience, talk_id: TalkId, patience_s: float) -> Gap:
        key = (audience, talk_id)
        gap = self._gaps.get(key)
        if gap is None:
            gap = self._gaps[key] = Gap()
            self._clock.callLater(patience_s, self._begin_filling, audience, talk_id)
        return gap

    def _begin_filling(self, audience: Audience, talk_id: TalkId) -> None:
        filling = Deferred.fromCoroutine(self._fill(audience, talk_id))
        filling.addErrback(_report, talk_id)

    async def _fill(self, audience: Audience, talk_id: TalkId) -> None:
        gap = self._gaps[audience, talk_id]
        try:
            if audience.pushed(talk_id) is None:
                await self._find_beginning(audience, talk_id, min(gap.early))
            gap.after_seq = audience.pushed(talk_id) or 0
            while (missing := self._missing(audience, talk_id, gap)) is not None:
                await self._read(audience, talk_id, gap, *missing)
        finally:
            del self._gaps[audience, talk_id]
            if gap.has_left_out:
                self._missed(audience)

    async def _find_beginning(self, audience: Audience, talk_id: TalkId, first_seq: int) -> None:
        rows = await self._list_between(talk_id, max(0, first_seq - 1 - MOST_BEFORE_FIRST), first_seq) or ()
        since_ms = audience.since_ms - CLOCKS_DIFFER_MS
        missed = [message.seq for message, _ in rows if message.sent_at_ms >= since_ms]
        beginning = min(missed, default=first_seq)
        if audience.pushed(talk_id) is None:
            audience.set_pushed(talk_id, beginning - 1)
        if len(missed) == MOST_BEFORE_FIRST and beginning > 1:
            self._missed(audience)

    def _missing(self, audience: Audience, talk_id: TalkId, gap: Gap) -> tuple[int, int] | None:
        """Between which seqs records are missing; None when nothing is, or nobody listens any more."""
        self._pass_on_early(audience, talk_id)
        pushed = audience.pushed(talk_id) or 0
        before_seq = min(gap.early, default=gap.before_seq)
        if not audience.sessions or before_seq <= pushed + 1:
            return None
        return pushed, before_seq

    async def _read(
        self, audience: Audience, talk_id: TalkId, gap: Gap, after_seq: int, before_seq: int
    ) -> None:
        """Push what the log has between two seqs, as far as one reading goes; of a large gap it is left out."""
        is_group, is_large = is_group_talk(talk_id), after_seq - gap.after_seq >= MOST_MISSING
        rows = await self._list_between(talk_id, after_seq, before_seq) if is_group or not is_large else None
        if rows and is_large:
            self._pass_over_read(audience, talk_id, gap, rows)
        elif rows:
            self._push_read(audience, talk_id, rows)
        elif rows is None and is_group:
            await self._wait_for_log(audience, gap)
        elif rows is not None and before_seq == _END:
            gap.before_seq = after_seq
        elif (audience.pushed(talk_id) or 0) <= after_seq:
            self._give_up(audience, talk_id, gap)

    def _push_read(self, audience: Audience, talk_id: TalkId, rows: tuple[tuple[Message, User], ...]) -> None:
        for message, sender in rows:
            if message.seq > (audience.pushed(talk_id) or 0):
                self._pass_on(audience, self._present(audience.topic, message, sender), None)

    def _pass_over_read(
        self, audience: Audience, talk_id: TalkId, gap: Gap, rows: tuple[tuple[Message, User], ...]
    ) -> None:
        gap.has_left_out = True
        for message, sender in rows:
            if message.seq > (audience.pushed(talk_id) or 0):
                audience.set_pushed(talk_id, message.seq)
                if message.msg_type == GROUP_EVENT:
                    self._leave_out(audience, self._present(audience.topic, message, sender))

    async def _list_between(
        self, talk_id: TalkId, after_seq: int, before_seq: int
    ) -> tuple[tuple[Message, User], ...] | None:
        """What the log has between two seqs, as far as one reading goes; None when it cannot be read."""
        try:
            return await self._log.list_between(talk_id, after_seq, before_seq)
        except ChatError as error:
            _log.warn("missed records of a talk could not be read: {error}", error=error)
        except Exception:
            _log.failure("missed records of talk {talk_id} could not be read", talk_id=talk_id)
        return None

    async def _wait_for_log(self, audience: Audience, gap: Gap) -> None:
        """Hold a group's records back until the log can be read: who still belongs may stand in those that are missing."""
        if not gap.is_told:
            gap.is_told = True
            self._missed(audience)
        await deferLater(self._clock, READ_AGAIN_S)

    def _give_up(self, audience: Audience, talk_id: TalkId, gap: Gap) -> None:
        """Go on behind what is missing; in a group what came is dropped instead, and read when the log has all before it."""
        self._missed(audience)
        if is_group_talk(talk_id):
            gap.early.clear()
            gap.before_seq = 0
            return
        before_seq = min(gap.early, default=gap.before_seq)
        if before_seq == _END:
            gap.before_seq = 0
        else:
            audience.set_pushed(talk_id, before_seq - 1)

    def _pass_on_early(self, audience: Audience, talk_id: TalkId) -> None:
        gap = self._gaps.get((audience, talk_id))
        if gap is None:
            return
        for seq in sorted(gap.early):
            following = (audience.pushed(talk_id) or 0) + 1
            if seq > following:
                return
            record, origin = gap.early.pop(seq)
            if seq == following:
                self._pass_on(audience, record, origin)

    def _pass_on(self, audience: Audience, record: Record, origin: SessionId | None) -> None:
        audience.set_pushed(TalkId(record.talk_id), record.seq)
        self._push(audience, record, origin)


def _report(failure: Failure, talk_id: TalkId) -> None:
    _log.failure("records of talk {talk_id} were not pushed", failure, talk_id=talk_id)
