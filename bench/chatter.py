"""The works of people who write: in pairs and in a group, as fast as it goes and at a fixed rate."""

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from bench import people
from bench.frames import text_to_friend, text_to_group
from bench.load import Load, Measured
from bench.packet_load import PacketLoad
from bench.people import People
from bench.report import Row, percentile_ms
from bench.site import Site
from bench.usage import CpuClock
from naivechat.protocol.message import MsgGroupRequest, MsgRequest

Begin: TypeAlias = Callable[[Callable[[], None]], Load]
Drive: TypeAlias = Callable[[Load], Measured]
WorksOf: TypeAlias = Callable[[People, argparse.Namespace], "Iterator[Work]"]


@attrs.frozen(kw_only=True)
class Work:
    """One thing that is measured. begin: makes the load, given what to call when measuring begins and ends."""

    name: str
    begin: Begin
    drive: Drive


def measure(subject: str, site: Site, kind: str, options: argparse.Namespace) -> list[Row]:
    """The works of one of `KINDS`, on a site that has started."""
    count_people, works_of = KINDS[kind]
    with people_at(site, count_people(options)) as those:
        return [measure_work(subject, site, work) for work in works_of(those, options)]


def people_at(site: Site, count: int) -> contextlib.AbstractContextManager[People]:
    """So many logged-in people of a site, or bare connections to a relay."""
    return people.connected(site, count) if site.nodes else people.unknown(site.ports[0], count)


def saturated_pairs(name: str, those: People, options: argparse.Namespace) -> Work:
    """Every pair has `options.in_flight` messages on their way."""
    drive = saturate(options, in_flight=options.in_flight * len(those.names) // 2)
    return Work(name=name, begin=_to_friends(those, options), drive=drive)


def fixed_rate_pairs(those: People, options: argparse.Namespace) -> Work:
    """All pairs together send `options.rate` messages a second."""
    drive = trickle(options, options.rate)
    return Work(name="fixed rate", begin=_to_friends(those, options), drive=drive)


def _pair_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    yield saturated_pairs("saturated", those, options)
    yield fixed_rate_pairs(those, options)


def _many_pair_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    yield saturated_pairs(f"{len(those.names) // 2:,} pairs, saturated", those, options)


def _group_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    yield from _large_group_works(those, options)
    yield _group_work("fixed rate", those, options, trickle(options, options.group_rate))


def _large_group_works(those: People, options: argparse.Namespace) -> Iterator[Work]:
    yield _group_work("saturated", those, options, saturate(options, in_flight=options.in_flight))


def _group_work(name: str, those: People, options: argparse.Namespace, drive: Drive) -> Work:
    members = len(those.names)
    patterns = [text_to_group(those.group_id, options.text_bytes)] * members
    begin = _packets(those, patterns, copies=members - 1)
    return Work(name=f"group of {members:,}, {name}", begin=begin, drive=drive)


def _to_friends(those: People, options: argparse.Namespace) -> Begin:
    friends = [those.names[number ^ 1] for number in range(len(those.names))]
    return _packets(those, [text_to_friend(friend, options.text_bytes) for friend in friends], copies=1)


def _packets(those: People, patterns: Sequence[MsgRequest | MsgGroupRequest], *, copies: int) -> Begin:
    return lambda at_marks: PacketLoad(those.sockets, patterns, copies=copies, at_marks=at_marks)


def saturate(options: argparse.Namespace, *, in_flight: int) -> Drive:
    """So many messages on their way, as long as `options` say."""
    return lambda load: load.saturate(
        in_flight=in_flight, warm_up_s=options.warm_up, measured_s=options.seconds
    )


def trickle(options: argparse.Namespace, per_second: float) -> Drive:
    """So many messages a second."""
    return lambda load: load.trickle(
        per_second=per_second, warm_up_s=options.warm_up, measured_s=options.seconds
    )


def measure_work(subject: str, site: Site, work: Work) -> Row:
    """Do it, and wait until everything sent has arrived."""
    clock = CpuClock({**site.pids(), "generator": [os.getpid()]})
    load = work.begin(clock.mark)
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


KINDS: Mapping[str, tuple[Callable[[argparse.Namespace], int], WorksOf]] = {
    "pairs": (lambda options: 2 * options.pairs, _pair_works),
    "group": (lambda options: 2 * options.pairs, _group_works),
    "many-pairs": (lambda options: 2 * options.many_pairs, _many_pair_works),
    "large-group": (lambda options: options.large_group, _large_group_works),
}
"""By name: how many people there are, and what they do."""
WITHOUT_GROUPS = ("pairs", "many-pairs")
"""What a relay can do, too, which knows nobody."""
