from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.events import Event, Typed
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.local_bus import LocalBus


def event(number: int) -> Typed:
    return Typed(talk_id=TalkId(f":{number}"), user_id=UserId("alice"), audience=())


class TestLocalBus(SynchronousTestCase):
    def setUp(self) -> None:
        self.bus = LocalBus()
        self.heard: list[tuple[str, Event]] = []

    def test_receivers_hear_events_in_the_order_of_publishing(self) -> None:
        for name in ("a", "b"):
            self.bus.subscribe(lambda heard, name=name: self.heard.append((name, heard)))
        self.bus.publish(event(1))
        self.bus.publish(event(2))
        self.assertEqual(self.heard, [(name, event(n)) for n in (1, 2) for name in ("a", "b")])

    def test_an_event_published_by_a_receiver_waits_for_its_turn(self) -> None:
        def answer(heard: Event) -> None:
            self.heard.append(("a", heard))
            if heard == event(1):
                self.bus.publish(event(2))

        self.bus.subscribe(answer)
        self.bus.subscribe(lambda heard: self.heard.append(("b", heard)))
        self.bus.publish(event(1))
        self.assertEqual(self.heard, [(name, event(n)) for n in (1, 2) for name in ("a", "b")])

    def test_who_hears_no_more_is_not_told_the_others_are(self) -> None:
        def leave(heard: Event) -> None:
            self.heard.append(("a", heard))
            self.bus.unsubscribe(leave)

        self.bus.subscribe(leave)
        self.bus.subscribe(lambda heard: self.heard.append(("b", heard)))
        self.bus.publish(event(1))
        self.bus.publish(event(2))
        self.assertEqual(self.heard, [("a", event(1)), ("b", event(1)), ("b", event(2))])

    def test_a_receiver_that_fails_stops_nobody(self) -> None:
        def fail(_: Event) -> None:
            raise ZeroDivisionError

        self.bus.subscribe(fail)
        self.bus.subscribe(lambda heard: self.heard.append(("b", heard)))
        self.bus.publish(event(1))
        self.assertEqual(self.heard, [("b", event(1))])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
