"""A history read once and ordered by what the rules ask for."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from tests.history import event as events
from tests.history.event import Drain, Event, Fault, HeadRead, Ok, Record, Send


@attrs.define
class Fate:
    """What became of a message: its first attempt, how many there were and how many of them were refused, its first ack.

    unsettled_no: the number, among all attempts of the history, of the first that may have stored it.
    """

    first: Send
    attempts: int = 0
    refusals: int = 0
    ack: Ok | None = None
    unsettled_no: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether it is certain that it was never stored."""
        return self.ack is None and self.refusals == self.attempts


@attrs.define
class Stay:
    """Somebody reads a talk from the record `first` on, and before the record `end`; None: still."""

    first: int
    end: int | None = None

    def covers(self, seq: int) -> bool:
        """Whether a record may be read."""
        return self.first <= seq and (self.end is None or seq < self.end)


@attrs.define
class Screen:
    """What a device has shown, in its order, by talk."""

    user_id: str
    shown: defaultdict[str, list[Record]] = attrs.Factory(lambda: defaultdict(list))


@attrs.define
class Placing:
    """An ack that was no duplicate, and the numbers of the first and the last attempt that may have stored the message."""

    ack: Ok
    first_no: int
    last_no: int


@attrs.define
class Line:
    """What went over one connection: the last attempt of each message, by its number; by talk what was acked, and records pushed."""

    sends: dict[bytes, int] = attrs.Factory(dict)
    placings: defaultdict[str, list[Placing]] = attrs.Factory(lambda: defaultdict(list))
    pushes: defaultdict[str, list[Record]] = attrs.Factory(lambda: defaultdict(list))


class Facts:
    """See the module.

    Attributes:
        fates: of every message that was sent, by its uuid. acks: all of them, in time.
        rows: the database's records by talk and seq. seen: distinct records by who got them, each with where first.
        screens: by device. lines: by connection. drains: by device. reads, faults: in time.
        stays: of every talk and person that ever was in it, in the log's order.
    """

    def __init__(self, history: Iterable[Event]) -> None:
        self.fates: dict[bytes, Fate] = {}
        self.acks: list[Ok] = []
        self.rows: defaultdict[str, dict[int, Record]] = defaultdict(dict)
        self.seen: defaultdict[str, dict[Record, str]] = defaultdict(dict)
        self.screens: dict[str, Screen] = {}
        self.lines: defaultdict[int, Line] = defaultdict(Line)
        self.drains: dict[str, Drain] = {}
        self.reads: list[HeadRead] = []
        self.faults: list[Fault] = []
        self.stays: defaultdict[tuple[str, str], list[Stay]] = defaultdict(list)
        self._attempts = 0
        self._read(history)

    def row(self, talk_id: str, seq: int) -> Record | None:
        """The database's record of a place."""
        return self.rows[talk_id].get(seq) if talk_id in self.rows else None

    def may_read(self, user_id: str, record: Record) -> bool:
        """Whether somebody was in the talk when the record was written."""
        return any(stay.covers(record.seq) for stay in self.stays.get((record.talk_id, user_id), ()))

    def present_stay(self, talk_id: str, user_id: str) -> Stay | None:
        """Since when somebody is in a talk; None when they are not at the end."""
        stays = self.stays.get((talk_id, user_id))
        return stays[-1] if stays and stays[-1].end is None else None

    def acked_before(self) -> Callable[[str, float], Ok | None]:
        """A function: of a talk and a moment, the ack with the highest seq that had come by then."""
        times: defaultdict[str, list[float]] = defaultdict(list)
        highest: defaultdict[str, list[Ok]] = defaultdict(list)
        for ack in sorted(self.acks, key=lambda ack: ack.at_s):
            so_far = highest[ack.talk_id][-1] if highest[ack.talk_id] else ack
            times[ack.talk_id].append(ack.at_s)
            highest[ack.talk_id].append(max(so_far, ack, key=lambda ack: ack.seq))

        def find(talk_id: str, at_s: float) -> Ok | None:
            count = bisect_right(times[talk_id], at_s)
            return highest[talk_id][count - 1] if count else None

        return find

    def _read(self, history: Iterable[Event]) -> None:
        takers: dict[type, Callable[[Any], None]] = {
            events.Send: self._send,
            events.Ok: self._ok,
            events.Fail: self._fail,
            events.Info: lambda _: None,
            events.Wire: self._wire,
            events.Recv: self._recv,
            events.HeadRead: self.reads.append,
            events.MemberOn: self._member_on,
            events.MemberOff: self._member_off,
            events.Drain: self._drain,
            events.Stored: self._stored,
            events.Fault: self.faults.append,
        }
        for event in history:
            takers[type(event)](event)

    def _send(self, send: events.Send) -> None:
        self._attempts += 1
        fate = self.fates.setdefault(send.msg_uuid, Fate(send))
        if fate.attempts == fate.refusals:
            fate.unsettled_no = self._attempts
        fate.attempts += 1
        self.lines[send.connection].sends[send.msg_uuid] = self._attempts

    def _ok(self, ok: events.Ok) -> None:
        self.acks.append(ok)
        fate = self.fates[ok.msg_uuid]
        fate.ack = fate.ack or ok
        line = self.lines[ok.connection]
        if not ok.duplicate:
            placing = Placing(ok, fate.unsettled_no, line.sends[ok.msg_uuid])
            line.placings[ok.talk_id].append(placing)

    def _fail(self, fail: events.Fail) -> None:
        self.fates[fail.msg_uuid].refusals += 1

    def _wire(self, wire: events.Wire) -> None:
        self.seen[wire.user_id].setdefault(wire.record, f"connection {wire.connection}")
        if wire.pushed:
            self.lines[wire.connection].pushes[wire.record.talk_id].append(wire.record)

    def _recv(self, recv: events.Recv) -> None:
        self.seen[recv.user_id].setdefault(recv.record, recv.device)
        screen = self.screens.setdefault(recv.device, Screen(recv.user_id))
        screen.shown[recv.record.talk_id].append(recv.record)

    def _member_on(self, on: events.MemberOn) -> None:
        self.stays[on.talk_id, on.user_id].append(Stay(on.seq))

    def _member_off(self, off: events.MemberOff) -> None:
        self.stays[off.talk_id, off.user_id][-1].end = off.seq

    def _drain(self, drain: events.Drain) -> None:
        self.drains[drain.device] = drain
        self.screens.setdefault(drain.device, Screen(drain.user_id))

    def _stored(self, stored: events.Stored) -> None:
        self.rows[stored.record.talk_id][stored.record.seq] = stored.record
