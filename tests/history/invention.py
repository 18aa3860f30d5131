"""Good histories, invented: a chat system in memory that keeps every promise, whatever is done to it, and writes what happens."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from tests.history.event import (
    TEXT,
    Drain,
    Event,
    Fail,
    Fault,
    HeadRead,
    Info,
    MemberOff,
    MemberOn,
    Ok,
    Record,
    Recv,
    Send,
    Stored,
    Wire,
)

FRIENDS, GROUP = "ann:bob", ":friends"
OWNER, GUEST = "ann", "cid"
_GROUP_EVENT = 4

Step: TypeAlias = tuple[str, int, int]
STEPS = ("acked", "unknown but stored", "unknown", "refused", "again", "show", "read", "reconnect", "guest")
steps: "st.SearchStrategy[list[Step]]" = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 3)), max_size=60
)


@attrs.define
class Device:
    """A device of the invented system: what it has shown, and on its connection what was pushed, by talk."""

    user_id: str
    name: str
    connection: int
    shown: defaultdict[str, int] = attrs.Factory(lambda: defaultdict(int))


class Invention:
    """Ann and Bob are friends, on two devices each; their group has Cid in it now and then, who has one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.logs: dict[str, list[Record]] = {FRIENDS: [], GROUP: []}
        self._joined: dict[tuple[str, str], int] = {}
        self._now_s = itertools.count(1)
        self._connections = itertools.count(1)
        self._numbers = itertools.count(1)
        self.unsettled: list[tuple[Device, Send]] = []
        self.devices = [
            Device(user_id, f"{user_id}/{number}", next(self._connections))
            for user_id, count in (("ann", 2), ("bob", 2), (GUEST, 1))
            for number in range(count)
        ]
        for user_id in ("ann", "bob"):
            self._come(FRIENDS, user_id, 1)
            self._come(GROUP, user_id, 1)
        self._write(GROUP, OWNER, self._uuid(), _GROUP_EVENT, "created")

    def do(self, step: Step) -> None:
        """Do one of `STEPS`, with one of the devices, in one of the talks."""
        what, device_number, talk_number = step
        device = self.devices[device_number % len(self.devices)]
        talk_id = (FRIENDS, GROUP)[talk_number % 2]
        if what == "again":
            self.send_again()
        elif what == "guest":
            self.guest_comes_or_goes()
        elif what == "reconnect":
            device.connection = next(self._connections)
        elif what == "show":
            self.show(device, talk_id, most=talk_number + 1)
        elif what == "read":
            self.read(device, talk_id)
        else:
            self.send(device, talk_id, what)

    def send(self, device: Device, talk_id: str, outcome: str) -> None:
        """A message is sent; whoever is not in the talk is refused."""
        number = next(self._numbers)
        send = Send(
            at_s=self._tick(),
            connection=device.connection,
            user_id=device.user_id,
            talk_id=talk_id,
            msg_uuid=number.to_bytes(16, "big"),
            text=f"{device.name} says {number}",
        )
        self.events.append(send)
        if outcome == "refused" or not self._is_in(talk_id, device.user_id):
            fail = Fail(
                at_s=self._tick(), connection=device.connection, msg_uuid=send.msg_uuid, code="NOT_MEMBER"
            )
            self.events.append(fail)
        elif outcome == "acked":
            self._ack(device, send, self._store(send), duplicate=False)
        else:
            self._forget(device, send, is_stored=outcome == "unknown but stored")

    def send_again(self) -> None:
        """The first message whose fate is unknown is sent again, on what is its device's connection now."""
        if not self.unsettled:
            return
        device, first = self.unsettled.pop(0)
        if not self._is_in(first.talk_id, first.user_id):
            self.guest_comes_or_goes()
        again = attrs.evolve(first, at_s=self._tick(), connection=device.connection)
        self.events.append(again)
        known = [record for record in self.logs[first.talk_id] if record.msg_uuid == first.msg_uuid]
        self._ack(device, again, known[0] if known else self._store(again), duplicate=bool(known))

    def show(self, device: Device, talk_id: str, most: int) -> None:
        """A device gets and shows what comes next in a talk."""
        if not self._is_in(talk_id, device.user_id):
            return
        begin = max(device.shown[talk_id], self._joined[talk_id, device.user_id] - 1)
        for record in self.logs[talk_id][begin : begin + most]:
            wire = Wire(
                at_s=self._tick(),
                connection=device.connection,
                user_id=device.user_id,
                record=record,
                pushed=record.seq % 3 > 0,
            )
            recv = Recv(at_s=self._tick(), device=device.name, user_id=device.user_id, record=record)
            self.events += (wire, recv)
            device.shown[talk_id] = record.seq

    def read(self, device: Device, talk_id: str) -> None:
        """Somebody in a talk asks a node how far it goes."""
        if self._is_in(talk_id, device.user_id):
            read = HeadRead(
                asked_at_s=self._tick(),
                at_s=self._tick(),
                user_id=device.user_id,
                talk_id=talk_id,
                last_seq=len(self.logs[talk_id]),
            )
            self.events.append(read)

    def guest_comes_or_goes(self) -> None:
        """Cid leaves the group, or is brought into it."""
        seq = len(self.logs[GROUP]) + 1
        if self._is_in(GROUP, GUEST):
            del self._joined[GROUP, GUEST]
            self.events.append(MemberOff(talk_id=GROUP, user_id=GUEST, seq=seq))
            self._write(GROUP, GUEST, self._uuid(), _GROUP_EVENT, "left")
        else:
            self._come(GROUP, GUEST, seq)
            self._write(GROUP, OWNER, self._uuid(), _GROUP_EVENT, "joined")

    def finish(self) -> list[Event]:
        """A fault ends, every device shows the rest; the whole history."""
        self.events.append(Fault(kind="kill", began_at_s=0, ended_at_s=self._tick(), happened=True))
        for device in self.devices:
            for talk_id, log in self.logs.items():
                self.show(device, talk_id, most=len(log))
            self.events.append(Drain(at_s=self._tick(), device=device.name, user_id=device.user_id))
        self.events += (Stored(record=record) for log in self.logs.values() for record in log)
        return self.events

    def _is_in(self, talk_id: str, user_id: str) -> bool:
        return (talk_id, user_id) in self._joined

    def _come(self, talk_id: str, user_id: str, seq: int) -> None:
        self._joined[talk_id, user_id] = seq
        self.events.append(MemberOn(talk_id=talk_id, user_id=user_id, seq=seq))

    def _store(self, send: Send) -> Record:
        return self._write(send.talk_id, send.user_id, send.msg_uuid, TEXT, send.text)

    def _write(self, talk_id: str, sender_id: str, msg_uuid: bytes, msg_type: int, text: str) -> Record:
        log = self.logs[talk_id]
        record = Record(
            talk_id=talk_id,
            seq=len(log) + 1,
            sender_id=sender_id,
            msg_uuid=msg_uuid,
            msg_type=msg_type,
            text=text,
        )
        log.append(record)
        return record

    def _ack(self, device: Device, send: Send, record: Record, duplicate: bool) -> None:
        ok = Ok(
            at_s=self._tick(),
            connection=device.connection,
            msg_uuid=send.msg_uuid,
            talk_id=record.talk_id,
            seq=record.seq,
            duplicate=duplicate,
        )
        self.events.append(ok)

    def _forget(self, device: Device, send: Send, *, is_stored: bool) -> None:
        if is_stored:
            self._store(send)
        self.events.append(Info(at_s=self._tick(), connection=send.connection, msg_uuid=send.msg_uuid))
        self.unsettled.append((device, send))

    def _tick(self) -> float:
        return float(next(self._now_s))

    def _uuid(self) -> bytes:
        return next(self._numbers).to_bytes(16, "little")


def invented(script: Sequence[Step]) -> list[Event]:
    """The history of doing these steps, and enough acked messages beside them for a run to be valid."""
    invention = Invention()
    for step in script:
        invention.do(step)
    while len(invention.unsettled) > 1:
        invention.send_again()
    for number in range(3):
        for device in invention.devices[:4]:
            invention.send(device, (FRIENDS, GROUP)[number % 2], "acked")
    return invention.finish()
