"""The work of logins: so many people a second, by password and by token."""

import argparse

from bench.accounts import add_pairs_of_friends
from bench.cost import timed
from bench.crowd import Crowd, by_token
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
    ]


def _come(subject: str, site: Site, logins: list[bytes], kind: str) -> list[Reading]:
    crowd = Crowd(site.ports[0], logins)
    arrival, cost = timed(site, lambda: crowd.come(range(len(logins)), at_once=_AT_ONCE))
    crowd.leave()
    return [
        *cost.readings(_WORK, subject, each=kind, count=len(logins)),
        Reading(work=_WORK, subject=subject, what=f"{kind}: refused", value=sum(arrival.failed.values())),
    ]


def _hash_of_a_password(site: Site) -> str:
    """As a node makes it: all people of the work share it, for a hash of each would take longer than the work."""
    with WireClient(site.ports[0]) as client:
        client.register("has-password")
    with tables_of(site) as tables:
        return str(tables.value("SELECT password_hash FROM user WHERE user_id = ?", "has-password"))
