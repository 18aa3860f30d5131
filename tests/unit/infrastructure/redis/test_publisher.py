from naivechat.infrastructure.redis.commands import Commands
from naivechat.infrastructure.redis.publisher import LEAVING_S, MOST_UNANSWERED, MOST_WAITING_BYTES, Publisher
from tests.unit.infrastructure.redis.scripted import OnScriptedRedis

INSTANCE = bytes(16)


class TestPublisher(OnScriptedRedis):
    def setUp(self) -> None:
        super().setUp()
        self.changes = 0
        self.commands = Commands(self.redis.site(), self.came, self.went)
        self.publisher = Publisher(self.commands, INSTANCE, self.changed)
        self.publisher.missed_channel = "missed"
        self.run_link(self.commands)
        self.let_in()

    def came(self) -> None:
        self.publisher.came()

    def went(self) -> None:
        self.publisher.went()

    def changed(self) -> None:
        self.changes += 1

    def let_in(self) -> None:
        self.redis.wire.say(b"+PONG\r\n")
        self.redis.wire.commands()
        self.redis.wire.say(b":0\r\n")

    def sent(self) -> list[tuple[bytes, bytes]]:
        return [(channel, body[16:]) for _, channel, body in self.redis.wire.commands()]

    def test_one_turn_is_one_write_and_one_command_a_channel(self) -> None:
        for channel, payload in (("a", b"1"), ("b", b"2"), ("a", b"3")):
            self.publisher.publish(channel, payload)
        self.assertEqual(self.sent(), [])
        self.redis.clock.advance(0)
        self.assertEqual(self.sent(), [(b"a", b"\0\0\0\x011\0\0\0\x013"), (b"b", b"\0\0\0\x012")])
        self.assertEqual(self.publisher.published, 3)

    def test_what_could_not_be_published_is_announced_when_redis_is_back(self) -> None:
        self.redis.wire.lose()
        self.publisher.publish("a", b"lost")
        self.redis.clock.advance(1)
        self.let_in()
        self.assertEqual(self.sent(), [(b"missed", b"")])
        self.assertEqual((self.publisher.published, self.publisher.dropped), (0, 1))

    def test_what_was_not_answered_is_announced_too(self) -> None:
        self.publisher.publish("a", b"who knows")
        self.redis.clock.advance(0)
        self.redis.wire.lose()
        self.redis.clock.advance(1)
        self.let_in()
        self.assertEqual(self.sent(), [(b"missed", b"")])

    def test_what_waits_for_the_turn_when_redis_is_lost_is_dropped(self) -> None:
        self.publisher.publish("a", b"1")
        self.redis.wire.lose()
        self.redis.clock.advance(0)
        self.assertEqual((self.publisher.published, self.publisher.dropped), (0, 1))

    def test_who_missed_nothing_is_told_nothing(self) -> None:
        self.publisher.publish("a", b"1")
        self.redis.clock.advance(0)
        self.redis.wire.say(b":1\r\n")
        self.redis.wire.lose()
        self.redis.clock.advance(1)
        self.let_in()
        self.assertEqual(self.sent(), [])

    def test_too_many_unanswered_choke_it_until_half_of_them_are_answered(self) -> None:
        for number in range(MOST_UNANSWERED + 1):
            self.publisher.publish(f"c{number}", b"")
        self.assertTrue(self.publisher.is_choked)
        self.publisher.publish("a", b"dropped")
        self.redis.clock.advance(0)
        self.assertEqual(len(self.sent()), MOST_UNANSWERED + 1)
        self.redis.wire.say(b":1\r\n" * (MOST_UNANSWERED // 2))
        self.assertTrue(self.publisher.is_choked)
        self.redis.wire.say(b":1\r\n")
        self.assertFalse(self.publisher.is_choked)
        self.assertEqual(self.sent(), [(b"missed", b"")])
        self.assertEqual((self.publisher.dropped, self.changes), (1, 2))

    def test_too_many_bytes_choke_it(self) -> None:
        while not self.publisher.is_choked:
            self.publisher.publish("a", bytes(1_000_000))
        self.assertEqual(self.publisher.dropped, 0)
        self.redis.clock.advance(0)
        self.assertLess(sum(len(body) for _, body in self.sent()), MOST_WAITING_BYTES + 1_100_000)
        self.redis.wire.say(b":1\r\n" * 9)
        self.assertFalse(self.publisher.is_choked)

    def test_a_payload_that_fits_into_no_envelope_is_dropped(self) -> None:
        self.publisher.publish("a", bytes(2_000_000))
        self.redis.clock.advance(0)
        self.assertEqual((self.sent(), self.publisher.dropped), ([], 1))

    def test_a_refused_publish_ends_the_connection(self) -> None:
        self.publisher.publish("a", b"1")
        self.redis.clock.advance(0)
        self.redis.wire.say(b"-NOPERM no\r\n")
        self.assertTrue(self.redis.wire.is_lost)
        self.redis.clock.advance(1)
        self.let_in()
        self.assertEqual(self.sent(), [(b"missed", b"")])

    def test_draining_waits_for_the_answers_but_not_long(self) -> None:
        self.successResultOf(self.run_(self.publisher.drain()))
        self.publisher.publish("a", b"1")
        draining = self.run_(self.publisher.drain())
        self.assertEqual(len(self.sent()), 1)
        self.assertNoResult(draining)
        self.redis.wire.say(b":1\r\n")
        self.successResultOf(draining)
        self.publisher.publish("a", b"2")
        draining = self.run_(self.publisher.drain())
        self.redis.clock.advance(LEAVING_S)
        self.successResultOf(draining)
