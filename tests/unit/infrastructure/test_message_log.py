"""The queue of the message log, on a database that commits when it is told to."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import capturedLogs, formatEvent
from twisted.trial.unittest import SynchronousTestCase

from naivechat.domain.appending import Appended, Read, Send
from naivechat.domain.errors import Forbidden, NotFriend, Unavailable
from naivechat.domain.measure import Measures
from naivechat.domain.message import Message
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import message_log, uncertain
from naivechat.infrastructure.sql.message_log import ENTRY_DEADLINE_S, MOST_IN_BATCH, SqlMessageLog
from naivechat.infrastructure.sql.pace import SPACING_S


class SlowDatabase:
    """Keeps units of work until the test ends them. `units` are those under way."""

    def __init__(self) -> None:
        self.units: list[Any] = []
        self._ends: list[Deferred[Any]] = []

    def write(self, unit: Any) -> Deferred[Any]:
        self.units.append(unit)
        self._ends.append(Deferred())
        return self._ends[-1]

    write_log = write

    @property
    def batch(self) -> list[Any]:
        """The entries of the oldest unit."""
        entries: list[Any] = self.units[0]._entries
        return entries

    def end(self, outcome: Any) -> None:
        """The oldest unit ends with a result or an exception."""
        self.units.pop(0)
        end = self._ends.pop(0)
        if isinstance(outcome, Exception):
            end.errback(outcome)
        else:
            end.callback(outcome)

    def commit(self) -> None:
        """The oldest unit ends well."""
        self.end([stored(entry) for entry in self.batch])


def send(number: int) -> Send:
    name = number.to_bytes(16, "big")
    return Send(
        talk_id=TalkId("a:b"), sender_id=UserId("a"), msg_uuid=name, msg_type=0, text="", sent_at_ms=number
    )


def stored(entry: Send, *, duplicate: bool = False) -> Appended:
    message = Message(
        talk_id=entry.talk_id,
        seq=entry.sent_at_ms + 1,
        sender_id=entry.sender_id,
        msg_type=0,
        text="",
        sent_at_ms=0,
        msg_uuid=entry.msg_uuid,
    )
    return Appended(message=message, duplicate=duplicate)


class QueueTestCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.database, self.clock = SlowDatabase(), Clock()
        database: Any = self.database
        self.measures = Measures()
        self.log = SqlMessageLog(database, self.clock, lambda: 5, measures=self.measures)

    def append(self, number: int) -> Deferred[Appended]:
        return Deferred.fromCoroutine(self.log.append(send(number)))

    def numbers(self) -> list[int]:
        return [entry.sent_at_ms for entry in self.database.batch]


class TestQueue(QueueTestCase):
    def test_what_queues_during_a_transaction_is_the_next_one(self) -> None:
        waiting = [self.append(n) for n in range(4)]
        self.assertEqual(self.numbers(), [0])
        self.database.commit()
        self.assertEqual(self.successResultOf(waiting[0]).message.seq, 1)
        self.assertEqual(self.numbers(), [1, 2, 3])
        self.database.commit()
        self.assertEqual([self.successResultOf(w).message.seq for w in waiting[1:]], [2, 3, 4])
        self.assertEqual(self.database.units, [])

    def test_what_waits_is_counted_and_what_is_committed_is_timed(self) -> None:
        waiting = [self.append(n) for n in range(4)]
        self.assertEqual(self.log.queue_length, 3)
        self.clock.advance(0.5)
        self.database.commit()
        self.clock.advance(0.25)
        self.database.commit()
        self.assertEqual(self.log.queue_length, 0)
        self.assertEqual(sum(self.measures.commit.counts), 2)
        self.assertEqual(self.measures.commit.sum_s, 0.75)
        self.assertTrue(all(w.called for w in waiting))

    def test_a_batch_is_bounded(self) -> None:
        waiting = [self.append(n) for n in range(2 + MOST_IN_BATCH)]
        self.database.commit()
        self.assertEqual(len(self.database.batch), MOST_IN_BATCH)
        self.database.commit()
        self.assertEqual(self.numbers(), [1 + MOST_IN_BATCH])
        self.database.commit()
        self.assertTrue(all(w.called for w in waiting))

    def test_of_too_many_that_wait_the_next_is_refused_at_once_and_the_others_are_not(self) -> None:
        self.patch(message_log, "MOST_QUEUED", 3)
        waiting = [self.append(n) for n in range(4)]
        self.failureResultOf(self.append(4), Unavailable)
        self.database.commit()
        self.assertEqual(self.numbers(), [1, 2, 3])
        self.database.commit()
        self.assertEqual([self.successResultOf(w).message.seq for w in waiting], [1, 2, 3, 4])
        self.assertNoResult(self.append(5))

    def test_an_entry_takes_its_place_before_it_is_awaited(self) -> None:
        first, second = self.log.append(send(1)), self.log.append(send(2))
        self.database.commit()
        self.assertEqual(self.numbers(), [2])
        self.database.commit()
        for coroutine, seq in ((second, 3), (first, 2)):
            self.assertEqual(self.successResultOf(Deferred.fromCoroutine(coroutine)).message.seq, seq)

    def test_a_unit_that_wants_to_be_alone_is_alone_in_its_place(self) -> None:
        def change(_: Any) -> str:
            return "changed"

        for number in (0, 1):
            self.append(number)
        changing = Deferred.fromCoroutine(self.log.run_alone(change))
        self.append(2)
        self.database.commit()
        self.assertEqual(self.numbers(), [1])
        self.database.commit()
        self.assertIs(self.database.units[0], change)
        self.database.end("changed")
        self.assertEqual(self.successResultOf(changing), "changed")
        self.assertEqual(self.numbers(), [2])
        self.database.commit()

    def test_whoever_waited_too_long_is_refused_and_the_others_go_on(self) -> None:
        self.append(0)
        late = self.append(1)
        self.clock.advance(ENTRY_DEADLINE_S)
        timely = self.append(2)
        self.database.commit()
        self.failureResultOf(late, Unavailable)
        self.assertEqual(self.numbers(), [2])
        self.database.commit()
        self.successResultOf(timely)

    def test_when_all_have_waited_too_long_nothing_is_written(self) -> None:
        self.append(0)
        late = self.append(1)
        self.clock.advance(ENTRY_DEADLINE_S)
        self.database.commit()
        self.failureResultOf(late, Unavailable)
        self.assertEqual(self.database.units, [])

    def test_an_outage_refuses_what_queued_up_and_the_next_entry_tries_again(self) -> None:
        waiting = [self.append(n) for n in range(3)]
        self.database.end(Unavailable())
        for refused in waiting:
            self.failureResultOf(refused, Unavailable)
        again = self.append(3)
        self.assertEqual(self.numbers(), [3])
        self.database.commit()
        self.successResultOf(again)

    def test_a_caller_who_went_away_is_no_hindrance(self) -> None:
        waiting = [self.append(n) for n in range(2)]
        waiting[0].addErrback(lambda _: None)
        waiting[0].cancel()
        self.database.commit()
        self.database.commit()
        self.successResultOf(waiting[1])

    def test_a_fault_of_ours_is_logged_and_stops_nobody_else(self) -> None:
        broken, good = self.append(0), self.append(1)
        self.database.end(ZeroDivisionError())
        self.failureResultOf(broken, ZeroDivisionError)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.database.commit()
        self.successResultOf(good)

    def test_of_a_batch_that_fails_each_entry_is_tried_alone_and_only_the_guilty_one_fails(self) -> None:
        self.append(0)
        batch = [self.append(n) for n in (1, 2, 3)]
        self.database.commit()
        later = self.append(4)
        self.database.end(ZeroDivisionError())
        for number in (1, 2, 3):
            self.assertEqual(self.numbers(), [number])
            self.database.end(ZeroDivisionError()) if number == 2 else self.database.commit()
        self.assertEqual(self.numbers(), [4])
        self.database.commit()
        self.failureResultOf(batch[1], ZeroDivisionError)
        seqs = [self.successResultOf(waiting).message.seq for waiting in (batch[0], batch[2], later)]
        self.assertEqual(seqs, [2, 4, 5])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 2)

    def test_an_outage_refuses_the_rest_of_a_batch_that_failed(self) -> None:
        self.append(0)
        batch = [self.append(n) for n in (1, 2, 3)]
        self.database.commit()
        self.database.end(ZeroDivisionError())
        self.database.end(Unavailable())
        for refused in batch:
            self.failureResultOf(refused, Unavailable)
        self.assertEqual(self.database.units, [])
        self.flushLoggedErrors(ZeroDivisionError)

    def test_a_refused_change_is_refused_to_its_caller(self) -> None:
        changing = Deferred.fromCoroutine(self.log.run_alone(lambda _: None))
        self.database.end(Forbidden())
        self.failureResultOf(changing, Forbidden)

    def test_names_are_looked_up_first_only_while_some_were_known_of_late(self) -> None:
        looks = []
        for number, is_known in enumerate((False, True, True, False, False)):
            self.append(number)
            unit = self.database.units[0]
            looks.append(unit.has_looked)
            unit.has_looked = unit.has_looked or is_known  # the unique key has told, and it was run again
            self.database.end([stored(send(number), duplicate=is_known)])
        self.assertEqual(looks, [True, False, True, True, False])

    def test_after_a_failure_names_are_looked_up_first(self) -> None:
        self.append(0)
        self.database.commit()
        failed = self.append(1)
        self.assertFalse(self.database.units[0].has_looked)
        self.database.end(Unavailable())
        self.failureResultOf(failed, Unavailable)
        self.append(2)
        self.assertTrue(self.database.units[0].has_looked)

    def test_an_outcome_that_cannot_be_taken_in_is_logged_and_stops_nobody_else(self) -> None:
        settled: list[Any] = []
        self.append(0)
        self.log.submit(send(1), lambda _: settled[0])
        self.log.submit(send(2), settled.append)
        self.database.commit()
        self.database.commit()
        self.assertEqual([outcome.message.seq for outcome in settled], [3])
        self.assertEqual(len(self.flushLoggedErrors(IndexError)), 1)

    def test_where_much_is_stored_transactions_begin_2_ms_apart_and_those_before_are_answered_meanwhile(
        self,
    ) -> None:
        for number in range(0, 800, 8):
            first, *others = [self.append(each) for each in range(number, number + 8)]
            self.database.commit()
            self.clock.advance(SPACING_S)
            self.database.commit()
            self.clock.advance(SPACING_S)
            for waiting in (first, *others):
                self.successResultOf(waiting)
        running, queued = self.append(800), self.append(801)
        self.database.commit()
        self.successResultOf(running)
        self.assertEqual(self.database.units, [])
        queued_meanwhile = self.append(802)
        self.assertEqual(self.database.units, [])
        self.clock.advance(SPACING_S)
        self.assertEqual(self.numbers(), [801, 802])
        last = self.append(803)
        self.clock.advance(SPACING_S)
        self.assertEqual(len(self.database.units), 1)
        self.database.commit()
        self.successResultOf(queued)
        self.successResultOf(queued_meanwhile)
        self.database.commit()
        self.successResultOf(last)

    def test_draining_waits_for_all_that_is_queued(self) -> None:
        self.successResultOf(Deferred.fromCoroutine(self.log.drain()))
        for number in (0, 1):
            self.append(number)
        drained = Deferred.fromCoroutine(self.log.drain())
        self.database.commit()
        self.assertNoResult(drained)
        self.database.commit()
        self.successResultOf(drained)

    def test_a_fault_of_the_queue_itself_is_logged(self) -> None:
        self.patch(self.log, "_take", lambda: 1 / 0)
        with capturedLogs() as events:
            self.append(0)
        self.assertEqual([formatEvent(event) for event in events], ["the message log failed"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_what_cannot_be_taken_in_is_logged_and_the_next_transaction_begins(self) -> None:
        self.append(0)
        following = self.append(1)
        with capturedLogs() as events:
            self.database.end([])
        self.assertEqual([formatEvent(event) for event in events], ["the message log failed"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.database.commit()
        self.assertEqual(self.successResultOf(following).message.seq, 2)

    def test_after_a_fault_of_the_queue_itself_it_works_again(self) -> None:
        take = self.log._take
        self.patch(self.log, "_take", lambda: 1 / 0)
        first = self.append(0)
        self.patch(self.log, "_take", take)
        second = self.append(1)
        self.assertEqual(self.numbers(), [0, 1])
        self.database.commit()
        self.assertEqual(self.successResultOf(first).message.seq, 1)
        self.assertEqual(self.successResultOf(second).message.seq, 2)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_after_a_batch_of_late_ones_alone_the_next_begins(self) -> None:
        self.append(0)
        late = Deferred.fromCoroutine(self.log.run_alone(lambda _: None))
        self.clock.advance(ENTRY_DEADLINE_S / 2)
        timely = self.append(1)
        self.clock.advance(ENTRY_DEADLINE_S / 2)
        self.database.commit()
        self.failureResultOf(late, Unavailable)
        self.assertEqual(self.numbers(), [1])
        self.database.commit()
        self.successResultOf(timely)

    def test_of_a_batch_that_fails_its_length_is_logged(self) -> None:
        waiting = self.append(0)
        with capturedLogs() as events:
            self.database.end(ZeroDivisionError())
        self.failureResultOf(waiting, ZeroDivisionError)
        self.assertIn("a batch of 1 of the message log failed", [formatEvent(event) for event in events])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_reading_waits_in_the_same_queue(self) -> None:
        self.append(0)
        reading = Deferred.fromCoroutine(
            self.log.read(Read(talk_id=TalkId("a:b"), reader_id=UserId("b"), seq=1))
        )
        self.append(2)
        self.database.commit()
        self.assertEqual([type(entry) for entry in self.database.batch], [Read, Send])
        self.database.end([NotFriend(), stored(send(2))])
        self.failureResultOf(reading, NotFriend)


class TestUncertainty(QueueTestCase):
    """A commit whose answer is lost while the database stays away: what it stored is news when it is found."""

    def lose(self, *numbers: int) -> None:
        for number in numbers:
            self.failed = self.append(number)
            self.database.units[0].written = {(UserId("a"), number.to_bytes(16, "big"))}
            self.database.end(Unavailable())
            self.failureResultOf(self.failed, Unavailable)

    def resend(self, number: int, *, duplicate: bool = True) -> bool:
        again = self.append(number)
        unit = self.database.units[0]
        unit.has_looked = unit.has_looked or duplicate  # the unique key has told, and it was run again
        self.database.end([stored(send(number), duplicate=duplicate)])
        return self.successResultOf(again).duplicate

    def test_what_was_stored_all_the_same_is_news_once(self) -> None:
        self.lose(1)
        self.assertEqual([self.resend(1), self.resend(1), self.resend(2)], [False, True, True])

    def test_what_was_not_stored_is_news_when_it_is_and_no_more_when_it_comes_again(self) -> None:
        self.lose(1)
        self.assertEqual([self.resend(1, duplicate=False), self.resend(1)], [False, True])

    def test_what_was_not_stored_and_is_by_a_batch_that_looks_for_no_names_is_no_more_news_either(
        self,
    ) -> None:
        self.lose(1)
        self.resend(2, duplicate=False)
        self.assertEqual([self.resend(1, duplicate=False), self.resend(1)], [False, True])

    def test_what_a_batch_may_have_stored_before_it_failed_is_news_when_it_is_tried_alone(self) -> None:
        self.append(0)
        batch = [self.append(n) for n in (1, 2)]
        self.database.commit()
        self.database.units[0].maybe_stored = {(UserId("a"), (1).to_bytes(16, "big"))}
        self.database.end(ZeroDivisionError())
        for number in (1, 2):
            self.database.end([stored(send(number), duplicate=True)])
        self.assertEqual([self.successResultOf(w).duplicate for w in batch], [False, True])
        self.flushLoggedErrors(ZeroDivisionError)

    def test_only_so_many_are_remembered(self) -> None:
        self.patch(uncertain, "MOST_UNCERTAIN", 2)
        self.lose(1, 2, 3)
        self.assertEqual([self.resend(1), self.resend(2), self.resend(3)], [True, False, False])
