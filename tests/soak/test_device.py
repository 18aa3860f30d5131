"""A device that sends without waiting stops for as long as it does not know what became of the last messages."""

from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.testing import MemoryReactorClock

from naivechat.client import FRIEND, ConnectionState, Host, NotConnected, ServerAddress, TalkKey
from tests.soak.device import Device
from tests.soak.recorder import Recorder

TALK = TalkKey(FRIEND, "bob")


class Line:
    """Stands for a client that is logged in: what it was asked, for the test to answer."""

    connection_state = ConnectionState.ONLINE

    def __init__(self) -> None:
        self.requests: list[Deferred[Any]] = []
        self.looks: list[Deferred[None]] = []

    def request(self, packet: Any) -> Any:
        return _wait(self.requests)

    def sync(self) -> Any:
        return _wait(self.looks)


async def _wait(line: list[Deferred[Any]]) -> Any:
    line.append(Deferred())
    return await line[-1]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def device(line: Line) -> Iterator[Device]:
    reactor = MemoryReactorClock()
    address = ServerAddress(hosts=(Host(name="127.0.0.1", port=1),))
    device = Device(Recorder(reactor.seconds), reactor, address, "ann/0")
    device.client = line  # type: ignore[assignment]
    yield device


def say(device: Device, *texts: str) -> "Deferred[None]":
    return Deferred.fromCoroutine(device.say_at_once(TALK, list(texts)))


def test_all_leave_without_waiting(device: Device, line: Line) -> None:
    said = say(device, "one", "two", "three")
    assert len(line.requests) == 3
    assert device.is_unsure
    for answer in line.requests:
        answer.callback(None)
    line.looks[0].callback(None)
    assert said.called
    assert not device.is_unsure
    assert device.skipped == 0


def test_no_others_leave_meanwhile(device: Device, line: Line) -> None:
    say(device, "one")
    say(device, "two", "three")
    assert len(line.requests) == 1
    assert device.skipped == 2


def test_what_became_of_them_is_looked_at_before_others_leave(device: Device, line: Line) -> None:
    say(device, "one")
    line.requests[0].errback(NotConnected("cut"))
    line.looks[0].errback(NotConnected("cut"))
    assert device.is_unsure
    say(device, "two")
    assert len(line.requests) == 1
    line.looks[1].callback(None)
    assert len(line.requests) == 2


def test_while_it_cannot_be_looked_at_none_leave(device: Device, line: Line) -> None:
    say(device, "one")
    line.requests[0].errback(NotConnected("cut"))
    line.looks[0].errback(NotConnected("cut"))
    say(device, "two")
    line.looks[1].errback(NotConnected("cut"))
    assert len(line.requests) == 1
    assert device.skipped == 1
    assert device.is_unsure
