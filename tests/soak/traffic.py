"""What people do all the time: write, read, come and go."""

import itertools
from contextlib import suppress
from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from naivechat.client import GROUP, ClientError, TalkKey
from tests.soak.device import Device
from tests.soak.people import People

COME_OR_GO_EVERY_S = 0.5
READ_EVERY_S = 0.5
_LONG = "ein längerer Text, mehr als ein Wort, \N{GRINNING FACE} " * 6
_log = Logger()


class Traffic:
    """Writes `rate` messages a second in all, each with a text of its own, and does all the rest beside it.

    Of a hundred times somebody writes, four times it is three messages without waiting in between, once to a group that its
    sender is not in.
    """

    def __init__(self, people: People, rate: float, random: Random, clock: Any) -> None:
        self._people = people
        self._random = random
        self._numbers = itertools.count(1)
        self._loops = {
            LoopingCall.withCount(self._write): 1 / rate,
            LoopingCall(self._come_or_go): COME_OR_GO_EVERY_S,
            LoopingCall(self._read): READ_EVERY_S,
        }
        for loop in self._loops:
            loop.clock = clock

    def start(self) -> None:
        """From now on."""
        for loop, interval_s in self._loops.items():
            loop.start(interval_s, now=False).addErrback(_report)

    def stop(self) -> None:
        """Nothing more; what is on its way stays on its way."""
        for loop in self._loops:
            if loop.running:
                loop.stop()

    def _write(self, count: int) -> None:
        # After a pause of our own process the missing ones are not written all at once.
        for _ in range(min(count, 5)):
            device = self._random.choice(self._people.devices)
            talk = self._random.choice(self._people.talks[device.user_id])
            chance = self._random.random()
            if chance < 0.01:
                outsider = self._people.outsider
                outsider.say(TalkKey(GROUP, self._people.closed_group), self._text(outsider))
            elif chance < 0.05:
                texts = [self._text(device) for _ in range(3)]
                _start(device.say_at_once(talk, texts))
            else:
                device.say(talk, self._text(device))

    def _text(self, device: Device) -> str:
        tail = _LONG[: self._random.randrange(len(_LONG))] if self._random.random() < 0.1 else ""
        return f"{device.name} says {next(self._numbers)} {tail}"

    def _read(self) -> None:
        """Somebody looks at a talk right after another device of theirs may have written there."""
        device = self._random.choice(self._people.devices)
        _start(device.read_newest(self._random.choice(self._people.talks[device.user_id])))

    def _come_or_go(self) -> None:
        comer = self._random.choice(self._people.comers)
        if self._random.random() < 0.5:
            _start(_tried(comer.client.leave_group(self._people.open_group)))
        else:
            _start(_tried(self._people.owner.client.invite(self._people.open_group, [comer.user_id])))


async def _tried(request: Any) -> None:
    with suppress(ClientError):
        await request


def _start(coroutine: Any) -> None:
    Deferred.fromCoroutine(coroutine).addErrback(_report)


def _report(failure: Failure) -> None:
    _log.failure("the traffic failed", failure)
