"""Old messages are looked for once an hour while a node works, and the storage is started before and ended after."""

from collections.abc import Iterator
from contextlib import contextmanager

from twisted.internet.task import Clock
from twisted.logger import LogEvent, formatEvent, globalLogPublisher

from naivechat.application.retention import Retention
from naivechat.domain.expiry import ExpiredPortion
from naivechat.domain.talk import TalkId
from naivechat.expiring import EVERY_S, Expiring
from tests.fakes import SetClock, done
from tests.unit.test_last_seen import Storage


class Expiry:
    """Has `left` texts to expire, all in one step."""

    def __init__(self, told: list[str], left: int) -> None:
        self.left = left
        self._told = told

    async def expire(self, before_ms: int, after_talk_id: TalkId) -> ExpiredPortion:
        self._told.append("look")
        count, self.left = self.left, 0
        return ExpiredPortion(count=count, next_talk_id=None)


@contextmanager
def _logged() -> Iterator[list[str]]:
    lines: list[str] = []

    def note(event: LogEvent) -> None:
        lines.append(formatEvent(event))

    globalLogPublisher.addObserver(note)
    yield lines
    globalLogPublisher.removeObserver(note)


def test_old_messages_are_looked_for_once_an_hour_between_start_and_end() -> None:
    clock, storage = Clock(), Storage()
    retention = Retention(expiry=Expiry(storage.told, 7), keep_days=1, clock=SetClock())
    expiring = Expiring(storage, retention, clock)
    with _logged() as lines:
        done(expiring.start())
        clock.advance(EVERY_S)
    assert lines == ["the texts of 7 messages were too old and are gone"]
    done(expiring.stop())
    assert storage.told == ["start", "look", "look", "stop"]
    assert clock.getDelayedCalls() == []
