"""Sessions that ended elsewhere without word end here."""

import pytest

from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from naivechat.protocol.session import KickedNotice
from naivechat.sockets import sweep
from tests.fakes import done
from tests.unit.sockets.node import Client, MemoryNode


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def _ends(client: Client) -> list[str]:
    return [packet.reason for packet in client.take() if isinstance(packet, KickedNotice)]


def test_sessions_that_are_good_stay(node: MemoryNode) -> None:
    people = [node.person(user_id) for user_id in ("ann", "bob", "cid")]
    done(node.server.sweep.look())
    assert [_ends(client) for client in people] == [[], [], []]


def test_an_operators_work_on_the_database_ends_sessions(
    node: MemoryNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PORTION", 2)
    people = [node.person(user_id) for user_id in ("ann", "bob", "cid")]
    done(node.users.set_disabled(UserId("cid"), True))
    done(node.server.sweep.look())
    assert [_ends(client) for client in people] == [[], [], ["expired"]]
    assert not node.registry.is_online(UserId("cid"))


def test_a_login_that_never_became_a_session_ends_nobody(node: MemoryNode) -> None:
    node.register("ann")
    ann = node.connect()
    token = ann.login("ann").token
    other_node = MemoryNode(store=node.store)
    done(other_node.services.sessions.reconnect(UserId("ann"), token, "desktop"))
    done(node.server.sweep.look())
    assert _ends(ann) == []


def test_while_storage_is_away_nobody_ends(node: MemoryNode) -> None:
    ann = node.person("ann")

    async def refuse(_: object) -> None:
        raise Unavailable

    node.server.sweep._sessions = type("Sessions", (), {"revoked_among": staticmethod(refuse)})
    with pytest.raises(Unavailable):
        done(node.server.sweep.look())
    assert _ends(ann) == []
