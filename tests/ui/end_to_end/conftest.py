import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import SkipTest

import pytest

from naivechat.protocol.friend import AddFriendRequest
from tests.servers import NodeProcess
from tests.ui.desk import Desk, Loop
from tests.ui.end_to_end.people import user_of
from tests.ui.hand import Hand
from tests.ui.screen import Screen, shared_screen
from tests.wire import PASSWORD, WireClient, new_person

PLACES = ("900x700+0+0", "900x700+920+0")

Sit = Callable[..., Desk]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def screen() -> Screen:
    """A screen as people have it, with a window manager."""
    try:
        return shared_screen(has_manager=True)
    except SkipTest as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def node(screen: object) -> Iterator[NodeProcess]:
    """A node on SQLite where everybody may make an account."""
    with NodeProcess(registration="open", limits="off") as node:
        yield node


@pytest.fixture
def loop(hand: Hand) -> Iterator[Loop]:
    loop = Loop(hand)
    yield loop
    loop.close()


@pytest.fixture
def sit(hand: Hand, loop: Loop, node: NodeProcess, tmp_path: Path) -> Iterator[Sit]:
    """Sits somebody down at a desk of their own, logged in unless told otherwise; the account must be there."""
    desks: list[Desk] = []

    def sit_down(user_id: str, *, logs_in: bool = True, server: str = "", remember: bool = False) -> Desk:
        desk = Desk(hand, loop, tmp_path / f"{user_id}-{len(desks)}", place=PLACES[len(desks) % 2])
        desks.append(desk)
        desk.start(server or f"127.0.0.1:{node.port}", user_id)
        if logs_in:
            desk.log_in(PASSWORD, remember=remember)
            desk.until(lambda: desk.is_in and desk.model.user.user_id == user_id, f"{user_id} is in")
        return desk

    yield sit_down
    for desk in desks:
        desk.stop()


@pytest.fixture
def account(node: NodeProcess) -> Iterator[Callable[..., WireClient]]:
    """Makes an account, and gives a connection of another device of it."""
    clients: list[WireClient] = []

    def make(user_id: str, nickname: str = "") -> WireClient:
        clients.append(new_person(node.port, user_id, device="phone", nickname=nickname))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def friends(account: Callable[..., WireClient]) -> tuple[WireClient, WireClient]:
    """Ann and Bob, who are friends, each with another device."""
    ann, bob = (account(f"{name}{next(_numbers)}", name.title()) for name in ("ann", "bob"))
    ann.accepted(AddFriendRequest(rid=0, friend_id=user_of(bob)))
    return ann, bob
