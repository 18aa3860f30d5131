"""The people of a run: accounts, friendships and a group, written into the tables, and logged-in connections."""

import contextlib
import itertools
import socket
from collections.abc import Iterator, Sequence

import attrs

from bench.accounts import TokenHolder, add_group, add_people, befriend
from bench.records import dialogue_of, fill
from bench.site import Site
from bench.tables import tables_of
from naivechat.protocol.session import LoginResponse, ReconnectRequest
from tests.wire import WireClient

_AT_ONCE = 100


@attrs.frozen(kw_only=True)
class People:
    """Who writes. 0 and 1 are friends, 2 and 3 …; neighbours in the row are on different nodes, where there are several.

    names: user ids. sockets: their connections, in the same order, ready for messages. group_id: of a group of all of them.
    """

    names: tuple[str, ...]
    sockets: tuple[socket.socket, ...]
    group_id: str


_runs = itertools.count(1)


@contextlib.contextmanager
def connected(site: Site, count: int, *, stored_each: int = 0) -> Iterator[People]:
    """So many new people at the nodes of a site, an even number; each pair has written so many messages before."""
    name = f"bench{next(_runs)}"
    with tables_of(site) as tables:
        holders = add_people(tables, name, count)
        ids = [holder.user_id for holder in holders]
        pairs = list(zip(ids[::2], ids[1::2], strict=True))
        befriend(tables, pairs)
        add_group(tables, name, ids)
        if stored_each:
            fill(tables, [dialogue_of(*pair) for pair in pairs], stored_each)
    with contextlib.ExitStack() as stack:
        sockets: list[socket.socket] = []
        for start in range(0, count, _AT_ONCE):
            clients = logged_in(site.ports, holders[start : start + _AT_ONCE])
            sockets += [stack.enter_context(client).socket for client in clients]
        yield People(names=tuple(ids), sockets=tuple(sockets), group_id=name)


@contextlib.contextmanager
def unknown(port: int, count: int) -> Iterator[People]:
    """Bare connections for a relay, which knows nobody."""
    names = tuple(f"bench-{number}" for number in range(count))
    with contextlib.ExitStack() as stack:
        sockets = tuple(stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in names)
        yield People(names=names, sockets=sockets, group_id="nobody")


def logged_in(ports: Sequence[int], holders: Sequence[TokenHolder]) -> list[WireClient]:
    """Connections of these people, who log in by token at the same time, at one node after the other."""
    clients = [WireClient(ports[number % len(ports)]) for number in range(len(holders))]
    rids = [
        client.send(ReconnectRequest(rid=0, protocol=1, user_id=holder.user_id, token=holder.token))
        for client, holder in zip(clients, holders, strict=True)
    ]
    for client, rid in zip(clients, rids, strict=True):
        answer = client.answer(rid)
        assert isinstance(answer, LoginResponse), answer
    return clients
