from naivechat.domain.errors import Unavailable
from naivechat.infrastructure.redis.address import RedisAddress
from naivechat.infrastructure.redis.commands import Commands
from naivechat.infrastructure.redis.connection import (
    GREETING_S,
    LATE_DATA_S,
    MOST_DELAY_S,
    PING_EVERY_S,
    back_off_s,
)
from tests.unit.infrastructure.redis.scripted import OnScriptedRedis


class TestLink(OnScriptedRedis):
    def setUp(self) -> None:
        super().setUp()
        self.told: list[str] = []

    def start(self, address: RedisAddress | None = None) -> Commands:
        commands = Commands(
            self.redis.site(address), lambda: self.told.append("came"), lambda: self.told.append("went")
        )
        commands.probe_channel = "probe"
        self.run_link(commands)
        return commands

    def let_in(self) -> None:
        self.redis.wire.say(b"+PONG\r\n")
        self.redis.wire.say(b":0\r\n")
        self.redis.wire.commands()

    def test_it_enters_step_by_step(self) -> None:
        commands = self.start(RedisAddress(host="h", username="node", password="pass", db=3))
        for asked, answer in (
            ([b"AUTH", b"node", b"pass"], b"+OK\r\n"),
            ([b"SELECT", b"3"], b"+OK\r\n"),
            ([b"PING"], b"+PONG\r\n"),
            ([b"PUBLISH", b"probe", b""], b":0\r\n"),
        ):
            self.assertFalse(commands.is_up)
            self.assertEqual(self.redis.wire.commands(), [asked])
            self.redis.wire.say(answer)
        self.assertTrue(commands.is_up)
        self.assertEqual(self.told, ["came"])

    def test_any_refusal_on_the_way_in_is_tried_again(self) -> None:
        address = RedisAddress(host="h", password="pass")
        refusals = (
            b"-WRONGPASS invalid\r\n",
            b"+OK\r\n-LOADING later\r\n",
            b"+OK\r\n+PONG\r\n-NOPERM no\r\n",
        )
        commands = self.start(address)
        for refusal in refusals:
            for step in refusal.split(b"\r\n")[:-1]:
                self.redis.wire.say(step + b"\r\n")
            self.assertTrue(self.redis.wire.is_lost)
            self.redis.clock.advance(MOST_DELAY_S)
        self.assertFalse(commands.is_up)
        self.assertEqual(len(self.redis.door.wires), 4)
        self.assertEqual(len(self.logged), 3)

    def test_a_redis_that_does_not_let_it_in_is_left_after_three_seconds(self) -> None:
        self.start(RedisAddress(host="h", password="pass"))
        self.redis.clock.advance(GREETING_S - 0.1)
        self.assertFalse(self.redis.wire.is_lost)
        self.redis.clock.advance(0.1)
        self.assertTrue(self.redis.wire.is_lost)

    def test_tries_become_rarer_and_are_logged_once(self) -> None:
        self.redis.door.is_open = False
        self.start()
        for _ in range(600):
            self.redis.clock.advance(0.1)
        self.assertGreater(self.redis.door.tries, 60 / MOST_DELAY_S)
        self.assertLess(self.redis.door.tries, 40)
        self.assertEqual(len(self.logged), 1)

    def test_after_a_good_connection_the_next_try_comes_soon(self) -> None:
        self.start()
        self.let_in()
        self.redis.clock.advance(2)
        self.redis.wire.lose()
        self.redis.clock.advance(back_off_s(0) * 4)
        self.assertEqual(self.redis.door.tries, 2)
        self.assertEqual(self.told, ["came", "went"])

    def test_connections_that_do_not_last_become_rarer(self) -> None:
        self.start()
        for _ in range(600):
            if not self.redis.wire.is_lost:
                self.let_in()
                self.redis.wire.lose()
            self.redis.clock.advance(0.1)
        self.assertLess(self.redis.door.tries, 40)

    def test_a_silent_connection_is_ended(self) -> None:
        self.start()
        self.let_in()
        self.redis.clock.advance(PING_EVERY_S)
        self.assertEqual(self.redis.wire.commands(), [[b"PING"]])
        self.redis.wire.say(b"+PONG\r\n")
        for _ in range(2):
            self.redis.clock.advance(PING_EVERY_S)
        self.assertEqual(self.told, ["came"])
        self.redis.clock.advance(LATE_DATA_S)
        self.assertEqual(self.told, ["came", "went"])

    def test_what_was_said_while_this_process_was_stopped_counts(self) -> None:
        self.start()
        self.let_in()
        self.redis.clock.advance(PING_EVERY_S)
        self.redis.clock.advance(1_000)  # timers first: no byte could be read
        self.redis.wire.say(b"+PONG\r\n")
        self.redis.clock.advance(LATE_DATA_S)
        self.assertEqual(self.told, ["came"])
        self.assertEqual(self.redis.wire.commands(), [[b"PING"], [b"PING"]])

    def test_a_connection_on_which_pings_are_refused_is_ended(self) -> None:
        self.start()
        self.let_in()
        self.redis.clock.advance(PING_EVERY_S)
        self.redis.wire.say(b"-NOAUTH\r\n")
        self.assertEqual(self.told, ["came", "went"])

    def test_what_is_not_the_protocol_or_was_not_asked_for_ends_the_connection(self) -> None:
        self.start()
        for nonsense in (b"HTTP/1.1 400\r\n", b":7\r\n", b"-ERR max number of clients reached\r\n"):
            self.let_in()
            self.redis.wire.say(nonsense)
            self.assertTrue(self.redis.wire.is_lost)
            self.redis.clock.advance(MOST_DELAY_S)
        self.assertEqual(self.told, ["came", "went"] * 3)

    def test_stopping_closes_and_connects_no_more(self) -> None:
        commands = self.start()
        self.let_in()
        self.successResultOf(self.run_(commands.stop()))
        self.successResultOf(self.run_(commands.stop()))
        self.assertTrue(self.redis.wire.is_lost)
        self.redis.clock.advance(60)
        self.assertEqual((self.redis.door.tries, self.told, self.logged), (1, ["came", "went"], []))

    def test_stopping_ends_whatever_it_is_at(self) -> None:
        self.redis.door.is_slow = True
        connecting = self.start()
        self.successResultOf(self.run_(connecting.stop()))
        self.redis.door.is_slow = False
        entering = self.start()
        self.successResultOf(self.run_(entering.stop()))
        self.assertTrue(self.redis.wire.is_lost)
        self.redis.door.is_open = False
        waiting = self.start()
        self.successResultOf(self.run_(waiting.stop()))
        self.redis.clock.advance(60)
        self.assertEqual((self.redis.door.tries, self.told, len(self.logged)), (3, [], 1))
        self.assertEqual(self.redis.clock.getDelayedCalls(), [])

    def test_commands_without_an_answer_are_unavailable_in_time(self) -> None:
        commands = self.start()
        self.failureResultOf(self.run_(commands.run("GET", "a")), Unavailable)
        self.let_in()
        late, lost = self.run_(commands.run("GET", "a")), self.run_(commands.run("GET", "b"))
        self.redis.clock.advance(4.9)
        self.redis.wire.say(b"$4\r\nlate\r\n")
        self.assertEqual(self.successResultOf(late), b"late")
        self.redis.clock.advance(0.1)
        self.failureResultOf(lost, Unavailable)
        next_one = self.run_(commands.run("GET", "c"))
        # The answer that comes too late is not taken for the next one's; between them is a ping's.
        self.redis.wire.say(b"$1\r\nb\r\n+PONG\r\n$1\r\nc\r\n")
        self.assertEqual(self.successResultOf(next_one), b"c")

    def test_commands_under_way_when_redis_is_lost_are_unavailable_at_once(self) -> None:
        commands = self.start()
        self.let_in()
        running = self.run_(commands.run("GET", "a"))
        self.redis.wire.lose()
        self.failureResultOf(running, Unavailable)

    def test_a_fault_of_who_uses_it_does_not_end_it(self) -> None:
        def fail() -> None:
            raise ZeroDivisionError

        commands = Commands(self.redis.site(), fail, lambda: None)
        self.run_link(commands)
        self.let_in()
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.redis.clock.advance(MOST_DELAY_S)
        self.assertEqual(self.redis.door.tries, 2)
