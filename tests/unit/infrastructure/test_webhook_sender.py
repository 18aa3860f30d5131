"""Posting to webhooks: where a connection goes, what is sent on it, and how each way to fail is told."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectionDone, ConnectionLost, ConnectionRefusedError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from naivechat.domain.webhook import DeliveryOutcome, DeliveryResult, WebhookSecrets
from naivechat.domain.webhook_message import trial_for
from naivechat.infrastructure.allowed_addresses import AllowedAddresses
from naivechat.infrastructure.guarded_endpoint import (
    LONGEST_CONNECTION_S,
    MOST_ADDRESSES,
    MOST_RECEIVED_BYTES,
)
from naivechat.infrastructure.name_lookup import MOST_LOOKUPS, NameLookup
from naivechat.infrastructure.webhook_sender import DEADLINE_S, HttpWebhookSender
from tests.webhook_fakes import webhook

MESSAGE = trial_for(webhook(), WebhookSecrets(present="nch_x"), 1_000)
DNS = {
    "bot.example": ("93.184.216.34",),
    "inside.example": ("10.0.0.1", "::1", "169.254.169.254"),
    "both.example": ("127.0.0.1", "93.184.216.34", "2606:4700::1111"),
    "many.example": tuple(f"1.1.1.{n}" for n in range(1, 9)),
}


class Reactor(MemoryReactorClock):
    """What is to be called from a thread is called at once."""

    def callFromThread(self, call: Any, *args: Any, **kw: Any) -> None:
        call(*args, **kw)


class Transport(StringTransport):
    """As a socket: it can be aborted, and who stops reading ends it."""

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Nothing to delay."""

    def stopProducing(self) -> None:
        self.loseConnection()

    def resumeProducing(self) -> None:
        """Nothing is paused here; after its end a socket takes this, too."""


class Wire:
    """The receiver's side of a connection that a sender has opened."""

    def __init__(self, factory: Any, reactor: Reactor) -> None:
        self.protocol = factory.buildProtocol(None)
        self._reactor = reactor
        self.transport = Transport()
        self.transport.abortConnection = self._abort  # type: ignore[method-assign]
        self.is_aborted = False
        self.protocol.makeConnection(self.transport)

    def _abort(self) -> None:
        self.is_aborted = True
        self._reactor.callLater(0, self.protocol.connectionLost, Failure(ConnectionLost()))

    def say(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def close(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))

    @property
    def heard(self) -> bytes:
        return self.transport.value()


class World:
    """A sender in memory, with a DNS of our own; `tasks` are look-ups that wait to be carried out."""

    def __init__(self, *networks: str) -> None:
        self.reactor = Reactor()
        self.asked: list[str] = []
        self.tasks: list[Callable[[], None]] = []
        self.dns_is_slow = False
        names = NameLookup(self.reactor, start=self._start, ask=self._ask)
        self.sender = HttpWebhookSender(self.reactor, AllowedAddresses.of(networks), names=names)

    def _start(self, task: Callable[[], None]) -> None:
        if self.dns_is_slow:
            self.tasks.append(task)
        else:
            task()

    def _ask(self, name: str, port: None, **kw: Any) -> list[Any]:
        self.asked.append(name)
        if name not in DNS:
            raise socket.gaierror("no such name")
        return [(0, 0, 0, "", (address, 0)) for address in DNS[name]]

    def post(self, url: str = "http://bot.example/in?key=1") -> "Deferred[DeliveryOutcome]":
        return Deferred.fromCoroutine(self.sender.post(url, MESSAGE))

    def outcome(self, posting: "Deferred[DeliveryOutcome]") -> str:
        outcomes: list[DeliveryOutcome] = []
        self.reactor.advance(0)
        posting.addCallback(outcomes.append)
        assert len(outcomes) == 1, "not done"
        return outcomes[0].words

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where connections were opened to."""
        return [(client[0], client[1]) for client in self.reactor.tcpClients]

    def wire(self) -> Wire:
        """The last connection, as its receiver sees it."""
        return Wire(self.reactor.tcpClients[-1][2], self.reactor)

    def refuse(self) -> None:
        """Refuse the last connection."""
        connector = self.reactor.connectors[-1]
        self.reactor.tcpClients[-1][2].clientConnectionFailed(connector, Failure(ConnectionRefusedError()))


@pytest.fixture
def world() -> World:
    return World()


def test_a_message_is_posted_with_its_signature_over_its_very_bytes(world: World) -> None:
    posting = world.post()
    wire = world.wire()
    head, _, body = wire.heard.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /in?key=1 HTTP/1.1"
    assert {"Host: bot.example", "Content-Type: application/json", f"Content-Length: {len(body)}"} < set(
        lines
    )
    assert f"Naivechat-Signature: {MESSAGE.headers['Naivechat-Signature']}" in lines
    assert body == MESSAGE.body
    wire.say(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert world.outcome(posting) == "ok 204"
    assert wire.transport.disconnecting


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
def test_every_other_status_is_a_failure_and_no_redirect_is_followed(world: World, status: int) -> None:
    posting = world.post()
    world.wire().say(b"HTTP/1.1 %d No\r\nLocation: http://both.example/\r\n\r\nsecrets within" % status)
    assert world.outcome(posting) == f"status {status}"
    assert len(world.addresses) == 1


def test_hosts_that_are_not_allowed_are_not_connected_to(world: World) -> None:
    for url in (
        "http://inside.example/",
        "https://inside.example/",
        "http://127.0.0.1:8080/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
    ):
        assert world.outcome(world.post(url)) == "not_allowed"
    assert world.addresses == []


def test_a_connection_goes_to_the_very_address_that_was_judged(world: World) -> None:
    posting = world.post("http://both.example:81/")
    assert (world.asked, world.addresses) == (["both.example"], [("93.184.216.34", 81)])
    world.refuse()
    assert world.addresses[1:] == [("2606:4700::1111", 81)]
    world.wire().say(b"HTTP/1.1 200 OK\r\n\r\n")
    assert world.outcome(posting) == "ok 200"
    assert world.asked == ["both.example"]


def test_networks_that_are_named_may_be_reached() -> None:
    world = World("10.0.0.0/8")
    world.post("http://inside.example/")
    assert world.addresses == [("10.0.0.1", 80)]


def test_a_few_addresses_are_tried_and_no_more(world: World) -> None:
    posting = world.post("http://many.example/")
    for _ in range(MOST_ADDRESSES):
        world.refuse()
    assert world.outcome(posting) == "no_connection"
    assert len(world.addresses) == MOST_ADDRESSES


def test_a_name_that_is_not_there_is_told(world: World) -> None:
    assert world.outcome(world.post("http://nowhere.example/")) == "no_such_host"


def test_names_that_nobody_answers_for_take_a_bounded_number_of_threads(world: World) -> None:
    world.dns_is_slow = True
    waiting = [world.post() for _ in range(MOST_LOOKUPS)]
    assert world.outcome(world.post()) == "no_such_host"
    world.reactor.advance(DEADLINE_S)
    assert [world.outcome(posting) for posting in waiting] == ["timeout"] * MOST_LOOKUPS
    assert world.outcome(world.post()) == "no_such_host"
    world.dns_is_slow = False
    for task in world.tasks:
        task()
    world.post()
    assert len(world.addresses) == 1


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX: 1\r\n", b"not HTTP\r\n\r\n"])
def test_what_ends_without_a_status_has_not_arrived(world: World, answer: bytes) -> None:
    posting = world.post()
    wire = world.wire()
    wire.say(answer)
    wire.close()
    assert world.outcome(posting) == "no_connection"


def test_nobody_is_waited_for_longer_than_the_deadline(world: World) -> None:
    for answer in (b"", b"HTTP/1.1 200 OK\r\nX: 1\r\n"):
        posting = world.post()
        wire = world.wire()
        wire.say(answer)
        world.reactor.advance(DEADLINE_S - 0.1)
        assert not posting.called
        world.reactor.advance(0.1)
        assert world.outcome(posting) == "timeout"
        assert wire.is_aborted


def test_an_answer_without_end_is_cut_off(world: World) -> None:
    posting = world.post()
    wire = world.wire()
    wire.say(b"HTTP/1.1 200 OK\r\n")
    line = b"X: " + b"a" * 1_000 + b"\r\n"
    lines = 0
    while not wire.is_aborted:
        wire.say(line)
        lines += 1
    assert MOST_RECEIVED_BYTES - 2 * len(line) < lines * len(line) < MOST_RECEIVED_BYTES + len(line)
    assert world.outcome(posting) == "no_connection"


def test_a_connection_that_does_not_end_after_the_answer_is_ended(world: World) -> None:
    posting = world.post()
    wire = world.wire()
    wire.say(b"HTTP/1.1 200 OK\r\n\r\nand so on")
    assert world.outcome(posting) == "ok 200"
    world.reactor.advance(LONGEST_CONNECTION_S)
    assert wire.is_aborted
    world.reactor.advance(0)
    assert world.reactor.getDelayedCalls() == []


def test_a_post_that_is_cancelled_says_so(world: World) -> None:
    for begin in (lambda: None, world.wire):
        posting = world.post()
        begin()
        posting.cancel()
        failures: list[Failure] = []
        posting.addErrback(failures.append)
        assert failures[0].check(CancelledError)


def test_over_tls_the_host_is_named_and_nothing_is_told_before_it_is_verified(world: World) -> None:
    posting = world.post("https://bot.example:8443/in?key=1")
    wire = world.wire()
    assert world.addresses == [("93.184.216.34", 8443)]
    assert b"bot.example" in wire.heard
    assert b"key=1" not in wire.heard
    wire.say(b"HTTP/1.1 400 This is no TLS\r\n\r\n")
    wire.close()
    assert world.outcome(posting) == "tls"


def test_results_have_words_for_lists() -> None:
    assert all(result.value.replace("_", "").isalpha() for result in DeliveryResult)
