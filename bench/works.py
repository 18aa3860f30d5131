"""Which works there are, which of them a subject can do, and doing them."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bench import chatter, growth, idle, logins, news, offline, rich, startup
from bench.open_files import allow_files
from bench.readings import Reading
from bench.report import RELAYS, Results
from bench.site import STORING_RELAY, Site, Sites, count_nodes
from bench.stalls import read_stalls, stall_readings

Measure: TypeAlias = Callable[[str, Site, argparse.Namespace], list[Reading]]

_FIGURES_ON_ONE_NODE: Mapping[str, Measure] = {
    "start": startup.measure,
    "offline": offline.measure,
    "logins": logins.measure,
    "rich": rich.measure,
    "news": news.measure,
}
_ON_ONE_SITE = (*chatter.KINDS, *_FIGURES_ON_ONE_NODE)
WORKS = (*_ON_ONE_SITE, "growth", "idle", "desktop")
"""By name; those that are done on one site in their order there."""


def can_do(subject: str) -> Sequence[str]:
    """The works that a subject is for: a relay passes messages on, and what concerns one node is measured on one."""
    if subject in RELAYS or subject == STORING_RELAY:
        return chatter.WITHOUT_GROUPS
    if count_nodes(subject) > 1:
        return tuple(chatter.KINDS)
    return (*_ON_ONE_SITE, "growth", "idle")


def measure(subject: str, options: argparse.Namespace, results: Results) -> None:
    """All works that are wanted and that a subject can do; growth starts nodes of its own, and idle ends one."""
    wanted = [work for work in can_do(subject) if work in options.works]
    allow_files(options, wanted)
    sites = options.sites[subject]
    for together in (_ON_ONE_SITE, ("idle",)):
        _measure_on_one(subject, sites, [work for work in wanted if work in together], options, results)
    if "growth" in wanted:
        growth.measure(subject, sites, options, results)


def _measure_on_one(
    subject: str, sites: Sites, works: Sequence[str], options: argparse.Namespace, results: Results
) -> None:
    if not works:
        return
    with sites() as site:
        results.note_versions(site.versions)
        for work in works:
            before = read_stalls(site)
            _do(subject, site, work, options, results)
            results.stalls += stall_readings(subject, work, before, read_stalls(site))


def _do(subject: str, site: Site, work: str, options: argparse.Namespace, results: Results) -> None:
    if work in chatter.KINDS:
        results.rows += chatter.measure(subject, site, work, options)
    elif work == "idle":
        results.idles.append(idle.measure(subject, site, options))
    else:
        results.readings += _FIGURES_ON_ONE_NODE[work](subject, site, options)
