"""The factory: draining."""

from typing import Any

import pytest
from twisted.internet.defer import Deferred

from naivechat.protocol.friend import PresenceNotice
from naivechat.protocol.session import HeartbeatRequest, KickedNotice
from naivechat.protocol.talk import SyncRequest
from tests.unit.sockets.node import Client, MemoryNode, StringTCP, text_to


@pytest.fixture
def node() -> MemoryNode:
    return MemoryNode()


def _drain(node: MemoryNode) -> list[None]:
    """Begin to drain; the list is no longer empty when that is done."""
    done: list[None] = []
    Deferred.fromCoroutine(node.factory.drain()).addCallback(done.append)
    return done


def _is_turned_away(node: MemoryNode) -> bool:
    protocol, transport = node.factory.buildProtocol(None), StringTCP()
    protocol.makeConnection(transport)
    return transport.aborted


def _without_presence(client: Client) -> list[Any]:
    """What came, but for news of friends who were told to go first."""
    return [packet for packet in client.take() if not isinstance(packet, PresenceNotice)]


def test_a_node_without_connections_is_drained_at_once(node: MemoryNode) -> None:
    assert _drain(node) == [None]


def test_while_draining_nobody_comes_in(node: MemoryNode) -> None:
    _drain(node)
    assert _is_turned_away(node)


def test_everybody_is_told_shutdown_and_closed(node: MemoryNode) -> None:
    clients = [node.connect(), *node.people("ann bob")]
    done = _drain(node)
    for client in clients:
        assert [packet.reason for packet in client.take() if isinstance(packet, KickedNotice)] == ["shutdown"]
        assert client.is_closing
        assert done == []
        client.lose()
    assert done == [None]
    assert node.clock.getDelayedCalls() == []


def test_what_is_in_the_logs_queue_is_acked_before_the_farewell(node: MemoryNode) -> None:
    ann, bob = node.people("ann bob")
    node.log.closed = True
    rid = ann.send(text_to("bob"))
    _drain(node)
    ann.send_bytes(b"")
    ann.send(HeartbeatRequest(rid=0))
    assert not ann.is_closing
    node.log.commit()
    ack, farewell = _without_presence(ann)
    assert (ack.rid, ack.seq) == (rid, 1)
    assert farewell.reason == "shutdown"
    assert bob.is_closing


def test_a_request_under_way_is_answered_before_the_farewell(node: MemoryNode) -> None:
    ann = node.person("ann")
    node.talks.closed = True
    ann.send(SyncRequest(rid=0))
    _drain(node)
    assert not ann.is_closing
    node.talks.come_back()
    assert [type(packet).__name__ for packet in ann.take()] == ["SyncResponse", "KickedNotice"]


def test_a_request_that_does_not_end_and_a_peer_that_does_not_read_hold_nothing_up(node: MemoryNode) -> None:
    ann, _ = clients = node.people("ann bob")
    node.log.closed = True
    ann.send(text_to("bob"))
    done = _drain(node)
    node.clock.advance(3)
    assert [packet.reason for packet in _without_presence(ann)] == ["shutdown"]
    node.clock.advance(3)
    assert all(client.transport.aborted for client in clients)
    for client in clients:
        client.lose()
    assert done == [None]
    assert node.clock.getDelayedCalls() == []


def test_a_paused_node_lets_everybody_go_and_takes_them_again_when_it_resumes(node: MemoryNode) -> None:
    ann = node.person("ann")
    paused: list[None] = []
    Deferred.fromCoroutine(node.factory.pause()).addCallback(paused.append)
    assert [packet.reason for packet in ann.take()] == ["shutdown"]
    assert _is_turned_away(node)
    ann.lose()
    assert paused == [None]
    assert node.factory.resume()
    assert node.person("ann").is_reading


def test_who_comes_to_a_node_that_has_resumed_stays_whoever_is_still_going(node: MemoryNode) -> None:
    ann, _ = node.people("ann bob")
    Deferred.fromCoroutine(node.factory.pause())
    assert node.factory.resume()
    bob = node.person("bob", device="other")
    node.clock.advance(6)
    assert ann.transport.aborted
    assert not bob.is_closing
    assert not bob.transport.aborted


def test_a_node_that_leaves_does_not_resume(node: MemoryNode) -> None:
    ann = node.person("ann")
    paused: list[None] = []
    Deferred.fromCoroutine(node.factory.pause()).addCallback(paused.append)
    done = _drain(node)
    assert not node.factory.resume()
    assert _is_turned_away(node)
    ann.lose()
    assert (paused, done) == ([None], [None])
    assert node.clock.getDelayedCalls() == []
