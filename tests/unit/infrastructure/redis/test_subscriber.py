from naivechat.infrastructure.redis.connection import PING_EVERY_S
from naivechat.infrastructure.redis.subscriber import Subscriber
from tests.unit.infrastructure.redis.scripted import OnScriptedRedis


class TestSubscriber(OnScriptedRedis):
    def setUp(self) -> None:
        super().setUp()
        self.heard: list[tuple[bytes, bytes]] = []
        self.changes = 0
        self.subscriber = Subscriber(
            self.redis.site(), lambda *message: self.heard.append(message), self.changed
        )
        self.subscriber.listen("always")
        self.run_link(self.subscriber)
        self.redis.wire.commands()
        self.redis.wire.say(b"+PONG\r\n")

    def changed(self) -> None:
        self.changes += 1

    def confirm(self, *channels: str, kind: str = "subscribe") -> None:
        for channel in channels:
            self.redis.wire.say(
                f"*3\r\n${len(kind)}\r\n{kind}\r\n${len(channel)}\r\n{channel}\r\n:1\r\n".encode()
            )

    def test_one_turn_is_one_command(self) -> None:
        self.subscriber.listen("a")
        self.assertEqual(self.redis.wire.commands(), [])
        self.redis.clock.advance(0)
        self.assertEqual(self.redis.wire.commands(), [[b"SUBSCRIBE", b"always", b"a"]])

    def test_each_channel_of_a_command_is_confirmed_by_itself(self) -> None:
        for name in ("a", "b"):
            self.subscriber.listen(name)
        self.redis.clock.advance(0)
        first, second = (
            self.run_(self.subscriber.confirmed(["a"])),
            self.run_(self.subscriber.confirmed(["a", "b"])),
        )
        self.confirm("always", "a")
        self.assertTrue(self.successResultOf(first))
        self.assertNoResult(second)
        self.confirm("b")
        self.assertTrue(self.successResultOf(second))

    def test_messages_among_confirmations_and_answers_are_told_apart_byte_by_byte(self) -> None:
        self.redis.clock.advance(0)
        self.redis.clock.advance(PING_EVERY_S)
        data = (
            b"*3\r\n$9\r\nsubscribe\r\n$6\r\nalways\r\n:1\r\n"
            b"*3\r\n$7\r\nmessage\r\n$6\r\nalways\r\n$4\r\n\xff\r\n1\r\n"
            b"*2\r\n$4\r\npong\r\n$0\r\n\r\n"
            b"*3\r\n$7\r\nmessage\r\n$6\r\nalways\r\n$0\r\n\r\n"
        )
        for position in range(len(data)):
            self.redis.wire.say(data[position : position + 1])
        self.assertEqual(self.heard, [(b"always", b"\xff\r\n1"), (b"always", b"")])
        self.assertTrue(self.subscriber.is_complete)
        self.assertFalse(self.redis.wire.is_lost)

    def test_a_confirmation_is_waited_for_five_seconds(self) -> None:
        self.subscriber.listen("a")
        waiting = self.run_(self.subscriber.confirmed(["a"]))
        self.redis.clock.advance(5)
        self.assertFalse(self.successResultOf(waiting))

    def test_after_a_loss_all_is_asked_for_again_in_portions(self) -> None:
        names = [f"c{number}" for number in range(2_500)]
        for name in names:
            self.subscriber.listen(name)
        for _ in range(4):
            self.redis.clock.advance(0)
            self.redis.wire.commands()
        self.redis.wire.lose()
        self.assertFalse(self.subscriber.is_complete)
        self.redis.clock.advance(0.2)
        self.redis.wire.say(b"+PONG\r\n")
        self.redis.wire.commands()
        portions = []
        for _ in range(4):
            self.redis.clock.advance(0)
            portions += [[name.decode() for name in asked] for _, *asked in self.redis.wire.commands()]
        self.assertEqual([len(portion) for portion in portions], [1_000, 1_000, 501])
        self.assertEqual([name for portion in portions for name in portion], ["always", *names])
        changes = self.changes
        self.confirm("always", *names)
        self.assertTrue(self.subscriber.is_complete)
        self.assertEqual(self.changes, changes + 1)

    def test_a_refused_subscription_ends_the_connection(self) -> None:
        self.redis.clock.advance(0)
        self.redis.wire.say(b"-NOPERM no\r\n")
        self.assertTrue(self.redis.wire.is_lost)
        self.assertIn("NOPERM", self.logged[0])

    def test_what_is_given_up_is_told_to_redis(self) -> None:
        self.subscriber.listen("a")
        self.redis.clock.advance(0)
        self.redis.wire.commands()
        self.subscriber.unlisten("a")
        self.subscriber.listen("b")
        self.redis.clock.advance(0)
        self.assertEqual(self.redis.wire.commands(), [[b"SUBSCRIBE", b"b"], [b"UNSUBSCRIBE", b"a"]])
