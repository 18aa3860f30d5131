"""Traffic keeps its rate, whatever the reactor does, and its share of groups."""

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.defer import succeed
from twisted.internet.task import Clock

from naivechat.client import FRIEND, GROUP, TalkKey
from tests.soak.traffic import MOST_MADE_UP_FOR_S, Traffic

RATE = 400.0


class Writer:
    """Stands for a device; remembers where it was asked to write."""

    def __init__(self, user_id: str) -> None:
        self.user_id = self.name = user_id
        self.said: list[TalkKey] = []
        self.client: Any = SimpleNamespace(leave_group=succeed, invite=lambda *_: succeed(None))

    def say(self, talk: TalkKey, text: str) -> None:
        self.said.append(talk)

    async def say_at_once(self, talk: TalkKey, texts: list[str]) -> None:
        self.said += [talk] * len(texts)

    async def read_newest(self, talk: TalkKey) -> None:
        pass


def traffic(clock: Clock, *, group_share: float = 0.1) -> tuple[Traffic, Writer, Writer]:
    member, outsider = Writer("member"), Writer("outsider")
    people: Any = SimpleNamespace(
        devices=(member, outsider),
        friends={one.user_id: (TalkKey(FRIEND, "somebody"),) for one in (member, outsider)},
        groups=(TalkKey(GROUP, "closed"), TalkKey(GROUP, "open")),
        owner=member,
        comers=(member,),
        open_group="open",
        outsider=outsider,
        closed_group="closed",
    )
    return Traffic(people, RATE, Random(1), clock, group_share=group_share), member, outsider


@pytest.mark.parametrize("step_s", [0.001, 0.02, 0.07])
def test_the_rate_is_kept_however_often_the_reactor_comes_round(step_s: float) -> None:
    clock = Clock()
    flow, member, outsider = traffic(clock)
    flow.start()
    clock.pump([step_s] * round(10 / step_s))
    flow.stop()
    # Of a hundred times four are three messages, so it is 1.08 messages a time.
    assert len(member.said) + len(outsider.said) == pytest.approx(10 * RATE * 1.08, rel=0.03)


def test_after_a_pause_of_the_process_little_is_made_up_for() -> None:
    clock = Clock()
    flow, member, outsider = traffic(clock)
    flow.start()
    clock.advance(30)
    flow.stop()
    assert 0 < len(member.said) + len(outsider.said) <= 3 * RATE * MOST_MADE_UP_FOR_S


def test_groups_get_their_share_and_the_outsider_tries_them_seldom() -> None:
    clock = Clock()
    flow, member, outsider = traffic(clock, group_share=0.25)
    flow.start()
    clock.pump([0.02] * 1_000)
    flow.stop()
    to_groups = sum(talk.talk_type == GROUP for talk in member.said)
    assert to_groups / len(member.said) == pytest.approx(0.25, abs=0.03)
    tries = [talk for talk in outsider.said if talk.talk_type == GROUP]
    assert set(tries) == {TalkKey(GROUP, "closed")}
    assert len(tries) / (len(member.said) + len(outsider.said)) == pytest.approx(0.01, abs=0.005)
