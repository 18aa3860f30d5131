"""The people of a run: accounts, friendships and logged-in connections, made over the wire."""

import contextlib
import socket
from collections.abc import Iterator, Sequence

from naivechat.protocol.friend import AddFriendRequest
from tests.wire import new_person


def names_of(pairs: int) -> tuple[str, ...]:
    """The user ids of so many pairs: 0 and 1 are friends, 2 and 3 …."""
    return tuple(f"bench-{number}" for number in range(2 * pairs))


@contextlib.contextmanager
def connected(port: int, names: Sequence[str]) -> Iterator[tuple[socket.socket, ...]]:
    """Register, befriend and log in all of `names` at a new node; their connections, in the same order."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(new_person(port, name)) for name in names]
        for client, friend_id in zip(clients[::2], names[1::2], strict=True):
            client.accepted(AddFriendRequest(rid=0, friend_id=friend_id))
        for client in clients:
            client.take_pushes()
        yield tuple(client.socket for client in clients)
