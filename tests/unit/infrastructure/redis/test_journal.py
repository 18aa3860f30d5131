from naivechat.infrastructure.redis.journal import WARN_EVERY_S, OutageLog, SparseWarning
from tests.unit.infrastructure.redis.scripted import OnScriptedRedis


class TestSparseWarning(OnScriptedRedis):
    def test_what_happens_often_is_logged_once_a_minute_with_its_number(self) -> None:
        warn = SparseWarning(self.redis.clock, "odd: {reason} ({count} times)")
        for _ in range(3):
            warn("this")
        self.redis.clock.advance(WARN_EVERY_S)
        warn("that")
        self.assertEqual(self.logged, ["odd: this (1 times)", "odd: that (3 times)"])


class TestOutageLog(OnScriptedRedis):
    def test_an_outage_is_two_lines_and_one_for_each_kind_of_refusal(self) -> None:
        outage = OutageLog()
        outage.back()
        for _ in range(3):
            outage.away("connection refused")
            outage.refused("WRONGPASS")
            outage.refused("LOADING")
        outage.back()
        outage.back()
        self.assertEqual(
            self.logged,
            [
                "Redis is away: connection refused",
                "Redis refuses to serve: WRONGPASS",
                "Redis refuses to serve: LOADING",
                "Redis is back",
            ],
        )
