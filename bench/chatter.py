"""The works of people who write: in pairs and in a group, as fast as it goes and at a fixed rate."""

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import attrs

from bench import people
from bench.frames import text_to_friend, text_to_group
from bench.load import Load, Measured
from bench.people import People
from bench.report import Row, percentile_ms
from bench.site import Site
from bench.usage import CpuClock
from naivechat.protocol.message import MsgGroupRequest, MsgRequest

Drive: TypeAlias = Callable[[Load], Measured]


@attrs.frozen(kw_only=True)
class Work:
    """One thing that is measured. patterns: what each connection sends; copies: to how many a message goes."""

    name: str
    patterns: Sequence[MsgRequest | MsgGroupRequest]
    copies: int
    drive: Drive


def measure(subject: str, site: Site, kinds: Sequence[str], options: argparse.Namespace) -> list[Row]:
    """Those of the works `pairs` and `group` that are wanted, on a site that has started."""
    with _people_at(site, people.names_of(options.pairs)) as those:
        works: list[Work] = []
        if "pairs" in kinds:
            works += _pair_works(those, options)
        if "group" in kinds and site.nodes:
            works += _group_works(those, options)
        return [_measured(subject, site, those, work) for work in works]


def _people_at(site: Site, names: tuple[str, ...]) -> contextlib.AbstractContextManager[People]:
    return people.connected(site.ports, names) if site.nodes else people.unknown(site.ports[0], names)


def _pair_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    patterns = [
        text_to_friend(those.names[number ^ 1], options.text_bytes) for number in range(len(those.names))
    ]
    saturate = _saturate(options, in_flight=options.in_flight * options.pairs)
    yield Work(name="saturated", patterns=patterns, copies=1, drive=saturate)
    yield Work(name="fixed rate", patterns=patterns, copies=1, drive=_trickle(options, options.rate))


def _group_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    members = len(those.names)
    patterns = [text_to_group(those.group_id, options.text_bytes)] * members
    saturate = _saturate(options, in_flight=options.in_flight)
    trickle = _trickle(options, options.group_rate)
    for name, drive in (("saturated", saturate), ("fixed rate", trickle)):
        yield Work(name=f"group of {members}, {name}", patterns=patterns, copies=members - 1, drive=drive)


def _saturate(options: argparse.Namespace, *, in_flight: int) -> Drive:
    return lambda load: load.saturate(
        in_flight=in_flight, warm_up_s=options.warm_up, measured_s=options.seconds
    )


def _trickle(options: argparse.Namespace, per_second: float) -> Drive:
    return lambda load: load.trickle(
        per_second=per_second, warm_up_s=options.warm_up, measured_s=options.seconds
    )


def _measured(subject: str, site: Site, those: People, work: Work) -> Row:
    clock = CpuClock({**site.pids(), "generator": [os.getpid()]})
    load = Load(those.sockets, work.patterns, copies=work.copies, at_marks=clock.mark)
    measured = work.drive(load)
    load.settle()
    used_us = clock.between_marks_us()
    return Row(
        subject=subject,
        work=work.name,
        delivered=measured.delivered,
        per_second=measured.delivered / measured.seconds,
        ack_p50_ms=percentile_ms(measured.acked_after_s, 50),
        ack_p99_ms=percentile_ms(measured.acked_after_s, 99),
        delivery_p50_ms=percentile_ms(measured.delivered_after_s, 50),
        delivery_p99_ms=percentile_ms(measured.delivered_after_s, 99),
        delivery_max_ms=percentile_ms(measured.delivered_after_s, 100),
        sync_notices=load.sync_notices,
        cpu_us={name: us / max(measured.delivered, 1) for name, us in used_us.items()},
    )
