"""All talks are gone through, step by step, and no further once the node leaves."""

import attrs

from naivechat.application.retention import DAY_MS, Retention
from naivechat.domain.expiry import ExpiredPortion
from naivechat.domain.talk import TalkId
from tests.fakes import SetClock, done


@attrs.define
class Steps:
    """Three steps through the talks; `asked` is what was asked for."""

    retention: Retention | None = None
    leaves_after: int = 99
    asked: list[tuple[int, str]] = attrs.Factory(list)

    async def expire(self, before_ms: int, after_talk_id: TalkId) -> ExpiredPortion:
        self.asked.append((before_ms, after_talk_id))
        if self.retention is not None and len(self.asked) == self.leaves_after:
            self.retention.leave_off()
        following = {"": "a:b", "a:b": "c:d", "c:d": None}[after_talk_id]
        return ExpiredPortion(count=2, next_talk_id=TalkId(following) if following else None)


def test_every_talk_is_looked_at_with_one_age() -> None:
    clock, steps = SetClock(now_ms=100 * DAY_MS), Steps()
    assert done(Retention(expiry=steps, keep_days=30, clock=clock).run()) == 6
    assert steps.asked == [(70 * DAY_MS, ""), (70 * DAY_MS, "a:b"), (70 * DAY_MS, "c:d")]


def test_a_node_that_leaves_takes_no_further_step() -> None:
    steps = Steps(leaves_after=1)
    steps.retention = Retention(expiry=steps, keep_days=30, clock=SetClock())
    assert done(steps.retention.run()) == 2
    assert len(steps.asked) == 1
