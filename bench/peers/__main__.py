"""The command line: `python -m bench.peers`, or `make bench-peers ARGS="…"`: naivechat, ejabberd and Prosody."""

import argparse
import contextlib
import functools
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from bench import chatter, offline
from bench.__main__ import add_outputs, add_sizes, unless_missing, write_report
from bench.accounts import TokenHolder, add_pairs_of_friends
from bench.chatter import Work, measure_work, saturate, trickle
from bench.load import Stalled
from bench.offline import Lost
from bench.open_files import allow_files
from bench.peers import offline as xmpp_offline
from bench.peers import presence
from bench.peers.ejabberd import Ejabberd
from bench.peers.prosody import Prosody
from bench.peers.stanza_load import StanzaLoad
from bench.peers.xmpp import Refused, log_in
from bench.people import logged_in
from bench.report import RELAYS, Results, Row
from bench.site import Site, mariadb_on_disk, site_of, version_of

Peer: TypeAlias = type[Ejabberd] | type[Prosody]
_PASSWORD = "peers"
_ABSENT = "absent"
_PEERS: Mapping[str, tuple[Peer, bool]] = {
    "ejabberd, archive": (Ejabberd, True),
    "ejabberd, nothing stored": (Ejabberd, False),
    "prosody, archive": (Prosody, True),
    "prosody, nothing stored": (Prosody, False),
}
_SIZES = (
    "--seconds",
    "--warm-up",
    "--pairs",
    "--in-flight",
    "--text-bytes",
    "--rate",
    "--offline",
    "--logins",
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    add_outputs(parser, "var/bench-peers.json")
    add_sizes(parser, _SIZES)
    # Some of them take a minute for 10,000 messages.
    parser.set_defaults(offline=2_000, logins=500)
    return parser.parse_args(arguments)


def measure_naivechat(subject: str, options: argparse.Namespace, results: Results) -> None:
    """naivechat, or a relay, which passes messages on and knows nobody."""
    with site_of(subject)() as site:
        results.note_versions(site.versions)
        results.rows += chatter.measure(subject, site, "pairs", options)
        if site.nodes:
            results.readings += offline.measure(subject, site, options)
            holders = add_pairs_of_friends(site, options.logins, prefix="present")
            results.readings += presence.measure(
                subject, site, len(holders), lambda: [_log_in(site, holder) for holder in holders]
            )


def _log_in(site: Site, holder: TokenHolder) -> socket.socket:
    return logged_in(site.ports, [holder])[0].socket


def measure_peer(subject: str, options: argparse.Namespace, results: Results) -> None:
    """The same works at a server that speaks XMPP."""
    names = tuple(f"bench{number}" for number in range(2 * options.pairs))
    others = tuple(f"present{number}" for number in range(options.logins))
    kind, archive = _PEERS[subject]
    with (
        _peer_site(kind, (*names, *others, _ABSENT), archive=archive) as site,
        contextlib.ExitStack() as stack,
    ):
        port = site.ports[0]
        results.note_versions(site.versions)
        sockets = [stack.enter_context(log_in(port, name, _PASSWORD)) for name in names]
        receivers = [names[number ^ 1] for number in range(len(names))]
        begin = functools.partial(_begin, sockets, receivers, options.text_bytes)
        results.rows += _works(subject, site, begin, options)
        reader = (_ABSENT, _PASSWORD)
        results.readings += xmpp_offline.measure(
            subject, site, sockets[0], reader, count=options.offline, text_bytes=options.text_bytes
        )
        results.readings += presence.measure(
            subject, site, len(others), lambda: [log_in(port, name, _PASSWORD) for name in others]
        )


def _begin(
    sockets: Sequence[socket.socket], receivers: Sequence[str], text_bytes: int, at_marks: Callable[[], None]
) -> StanzaLoad:
    return StanzaLoad(sockets, receivers, text_bytes=text_bytes, at_marks=at_marks)


def _works(subject: str, site: Site, begin: chatter.Begin, options: argparse.Namespace) -> Iterator[Row]:
    drives = {
        "saturated": saturate(options, in_flight=options.in_flight * options.pairs),
        "fixed rate": trickle(options, options.rate),
    }
    for name, drive in drives.items():
        yield measure_work(subject, site, Work(name=name, begin=begin, drive=drive))


@contextlib.contextmanager
def _peer_site(kind: Peer, names: tuple[str, ...], *, archive: bool) -> Iterator[Site]:
    with mariadb_on_disk() as database, kind(database, names, _PASSWORD, archive=archive) as server:
        yield Site(
            ports=(server.port,),
            processes={"node": [server], "database": [database]},
            versions=(version_of(database), server.version),
        )


def main() -> None:
    """Measure everybody; the table goes to standard output, too."""
    options = parse(sys.argv[1:])
    allow_files(options, ["pairs", "presence"])
    results = Results()
    for subject in (*RELAYS, "mariadb"):
        unless_missing(subject, functools.partial(measure_naivechat, subject, options, results))
    for subject in _PEERS:
        try:
            unless_missing(subject, functools.partial(measure_peer, subject, options, results))
        except (Stalled, Lost, Refused) as failure:
            print(f"{subject} has not come to an end: {failure}", file=sys.stderr)
    write_report(results, "python -m bench.peers", options)


if __name__ == "__main__":
    main()
