"""The works of logins: so many people a second, by password and by token; and chat while others log in by password."""

import argparse
from collections.abc import Sequence

from bench import people
from bench.accounts import add_pairs_of_friends
from bench.chatter import fixed_rate_pairs, measure_work
from bench.cost import timed
from bench.crowd import Crowd, by_token
from bench.login_stream import password_logins
from bench.readings import Reading
from bench.site import Site
from bench.tables import tables_of
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.session import LoginRequest
from tests.wire import PASSWORD, WireClient

_AT_ONCE = 100
_WORK = "logins, 100 at a time"


def measure(subject: str, site: Site, options: argparse.Namespace) -> list[Reading]:
    """`options.passwords` and `options.logins` people with a friend each, who stay until all are in."""
    password_hash = _hash_of_a_password(site)
    by_password = add_pairs_of_friends(
        site, options.passwords, prefix="password", password_hash=password_hash
    )
    logins = [
        encode_frame(LoginRequest(rid=1, protocol=1, user_id=holder.user_id, password=PASSWORD))
        for holder in by_password
    ]
    token_logins = by_token(add_pairs_of_friends(site, options.logins, prefix="token"))
    return [
        *_come(subject, site, logins, "by password"),
        *_come(subject, site, token_logins, "by token"),
        *_chat_meanwhile(subject, site, [holder.user_id for holder in by_password], options),
    ]


def _come(subject: str, site: Site, logins: list[bytes], kind: str) -> list[Reading]:
    crowd = Crowd(site.ports[0], logins)
    arrival, cost = timed(site, lambda: crowd.come(range(len(logins)), at_once=_AT_ONCE))
    crowd.leave()
    return [
        *cost.readings(_WORK, subject, each=kind, count=len(logins)),
        Reading(work=_WORK, subject=subject, what=f"{kind}: refused", value=sum(arrival.failed.values())),
    ]


def _chat_meanwhile(
    subject: str, site: Site, names: Sequence[str], options: argparse.Namespace
) -> list[Reading]:
    """Messages at the fixed rate, without and with logins by password beside them."""
    with people.connected(site, 2 * options.pairs) as those:
        work = fixed_rate_pairs(those, options)
        alone = measure_work(subject, site, work)
        with password_logins(site.ports[0], names, options.password_rate):
            beside = measure_work(subject, site, work)
    name = f"chat while {options.password_rate:g} people a second log in by password"
    return [
        Reading(work=name, subject=subject, what=f"{what}, {part}", value=value, unit="ms")
        for what, row in (("nobody logs in", alone), ("they do", beside))
        for part, value in (("p50", row.delivery_p50_ms), ("p99", row.delivery_p99_ms))
    ]


def _hash_of_a_password(site: Site) -> str:
    """As a node makes it: all people of the work share it, for a hash of each would take longer than the work."""
    with WireClient(site.ports[0]) as client:
        client.register("has-password")
    with tables_of(site) as tables:
        return str(tables.value("SELECT password_hash FROM user WHERE user_id = ?", "has-password"))
