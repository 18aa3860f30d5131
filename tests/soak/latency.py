"""How long messages took, told apart by whether anything was broken when they were sent."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import attrs

from tests.history.event import Event, Fault, Ok, Recv, Send

RECOVERY_S = 5.0
"""So long after a fault messages are still counted as sent during it."""


@attrs.define
class Latencies:
    """Seconds from the first attempt to send: to its ack, and to each screen of another person; while all was calm, and in trouble."""

    calm_acks_s: list[float] = attrs.Factory(list)
    troubled_acks_s: list[float] = attrs.Factory(list)
    calm_shows_s: list[float] = attrs.Factory(list)
    troubled_shows_s: list[float] = attrs.Factory(list)

    @classmethod
    def of(cls, events: Iterable[Event], faults: Iterable[Fault]) -> "Latencies":
        """Those of a history. What was never acked or shown has no latency."""
        latencies, trouble = cls(), Trouble(faults)
        sent: dict[bytes, Send] = {}
        unacked: set[bytes] = set()
        for event in events:
            if isinstance(event, Send):
                if sent.setdefault(event.msg_uuid, event) is event:
                    unacked.add(event.msg_uuid)
            elif isinstance(event, Ok) and event.msg_uuid in unacked:
                unacked.discard(event.msg_uuid)
                sent_at_s = sent[event.msg_uuid].at_s
                in_trouble = trouble.covers(sent_at_s)
                into = latencies.troubled_acks_s if in_trouble else latencies.calm_acks_s
                into.append(event.at_s - sent_at_s)
            elif isinstance(event, Recv) and event.record.msg_uuid in sent:
                send = sent[event.record.msg_uuid]
                if send.user_id != event.user_id:
                    in_trouble = trouble.covers(send.at_s)
                    into = latencies.troubled_shows_s if in_trouble else latencies.calm_shows_s
                    into.append(event.at_s - send.at_s)
        return latencies


class Trouble:
    """The times in which something was broken, or had been a moment before."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._begins_s: list[float] = []
        self._ends_s: list[float] = []
        for begin_s, end_s in _joined((fault.began_at_s, fault.ended_at_s + RECOVERY_S) for fault in faults):
            self._begins_s.append(begin_s)
            self._ends_s.append(end_s)

    def covers(self, at_s: float) -> bool:
        """Whether this moment is one of them."""
        place = bisect_right(self._begins_s, at_s) - 1
        return place >= 0 and at_s <= self._ends_s[place]


def percentile_s(values_s: Sequence[float], share: float) -> float | None:
    """The value that this share (0 to 1) of all does not exceed; None of none."""
    ranked = sorted(values_s)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else None


def _joined(spans: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Spans that do not touch, in order."""
    begin_s = end_s = None
    for next_begin_s, next_end_s in sorted(spans):
        if begin_s is None or end_s is None:
            begin_s, end_s = next_begin_s, next_end_s
        elif next_begin_s <= end_s:
            end_s = max(end_s, next_end_s)
        else:
            yield begin_s, end_s
            begin_s, end_s = next_begin_s, next_end_s
    if begin_s is not None and end_s is not None:
        yield begin_s, end_s
