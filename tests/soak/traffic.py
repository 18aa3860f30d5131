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

WRITE_EVERY_S = 0.02
COME_OR_GO_EVERY_S = 0.5
READ_EVERY_S = 0.5
MOST_MADE_UP_FOR_S = 0.1
"""After a pause of our own process no more than what was missed in this time is written at once."""

_LONG = "ein längerer Text, mehr als ein Wort, \N{GRINNING FACE} " * 6
_log = Logger()


class Traffic:
    """Writes `rate` messages a second in all, each with a text of its own, and does all the rest beside it.

    Of a hundred times somebody writes, four times it is three messages without waiting in between, once to a group that its
    sender is not in. `group_share` of what members write goes to groups, where everybody sees it.
    """

    def __init__(
        self, people: People, rate: float, random: Random, clock: Any, *, group_share: float = 0.5
    ) -> None:
        self._people = people
        self._rate = rate
        self._group_share = group_share
        self._random = random
        self._numbers = itertools.count(1)
        self._due = 0.0
        self._loops = {
            LoopingCall.withCount(self._write): WRITE_EVERY_S,
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
        self._due += min(count * WRITE_EVERY_S, MOST_MADE_UP_FOR_S) * self._rate
        while self._due >= 1:
            self._due -= 1
            self._write_once()

    def _write_once(self) -> None:
        device = self._random.choice(self._people.devices)
        talk = self._draw_talk(device)
        chance = self._random.random()
        if chance < 0.01:
            outsider = self._people.outsider
            outsider.say(TalkKey(GROUP, self._people.closed_group), self._text(outsider))
        elif chance < 0.05:
            texts = [self._text(device) for _ in range(3)]
            _start(device.say_at_once(talk, texts))
        else:
            device.say(talk, self._text(device))

    def _draw_talk(self, device: Device) -> TalkKey:
        people = self._people
        to_group = self._random.random() < self._group_share and device.user_id != people.outsider.user_id
        return self._random.choice(people.groups if to_group else people.friends[device.user_id])

    def _text(self, device: Device) -> str:
        tail = _LONG[: self._random.randrange(len(_LONG))] if self._random.random() < 0.1 else ""
        return f"{device.name} says {next(self._numbers)} {tail}"

    def _read(self) -> None:
        """Somebody looks at a talk right after another device of theirs may have written there."""
        device = self._random.choice(self._people.devices)
        _start(device.read_newest(self._draw_talk(device)))

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
