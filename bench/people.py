"""The people of a run: accounts, friendships, a group and logged-in connections, made over the wire."""

import contextlib
import functools
import socket
from collections.abc import Iterator, Sequence

import attrs

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.group import CreateGroupRequest, GroupNotice
from tests.processes import wait_until
from tests.wire import WireClient, new_person


@attrs.frozen(kw_only=True)
class People:
    """Who writes. 0 and 1 are friends, 2 and 3 …; neighbours in the row are on different nodes, where there are several.

    names: user ids. sockets: their connections, in the same order, ready for messages. group_id: of a group of all of them.
    """

    names: tuple[str, ...]
    sockets: tuple[socket.socket, ...]
    group_id: str


def names_of(pairs: int) -> tuple[str, ...]:
    """The user ids of so many pairs: 0 and 1 are friends, 2 and 3 …."""
    return tuple(f"bench-{number}" for number in range(2 * pairs))


@contextlib.contextmanager
def connected(ports: Sequence[int], names: tuple[str, ...]) -> Iterator[People]:
    """Register, befriend, group and log in all of `names` at new nodes that listen on `ports`."""
    with contextlib.ExitStack() as stack:
        clients = [
            stack.enter_context(new_person(ports[number % len(ports)], name))
            for number, name in enumerate(names)
        ]
        for client, friend_id in zip(clients[::2], names[1::2], strict=True):
            client.accepted(AddFriendRequest(rid=0, friend_id=friend_id))
        made = clients[0].accepted(CreateGroupRequest(rid=0, name="bench", member_ids=names[1:]))
        for client in clients[1:]:
            wait_until(
                functools.partial(_heard_of_group, client), 30, lambda: "the group is not known to all"
            )
        yield People(
            names=names, sockets=tuple(client.socket for client in clients), group_id=made.group.group_id
        )


@contextlib.contextmanager
def unknown(port: int, names: tuple[str, ...]) -> Iterator[People]:
    """Bare connections for the relay, which knows nobody."""
    with contextlib.ExitStack() as stack:
        sockets = tuple(stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in names)
        yield People(names=names, sockets=sockets, group_id="nobody")


def _heard_of_group(client: WireClient) -> bool:
    return any(isinstance(push, GroupNotice) for push in client.take_pushes())
