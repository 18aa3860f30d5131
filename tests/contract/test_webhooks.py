"""Webhooks: what their repository promises, on every database."""

from typing import Any
from unittest import mock

import attrs
from twisted.internet.defer import Deferred, DeferredList
from twisted.trial.unittest import TestCase

from naivechat.application.groups import Groups
from naivechat.domain.audit import AuditEntry, AuditFilter
from naivechat.domain.errors import LimitReached, NotFound
from naivechat.domain.group import GroupId
from naivechat.domain.session import Actor, SessionId
from naivechat.domain.talk import group_talk_id
from naivechat.domain.webhook import (
    MOST_WEBHOOKS_A_GROUP,
    DeliveryOutcome,
    DeliveryResult,
    OffReason,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookId,
    WebhookSurvey,
)
from naivechat.domain.webhook_ports import RECORDS_A_CLAIM, WebhookClaim, WebhookProgress
from naivechat.infrastructure.sql import webhook_rows
from tests.contract.stores import ALICE, BOB, StorageContract, person, recall, send
from tests.databases import OnMariaDB, OnSQLite
from tests.fakes import MemoryBus

HOOK, OTHER = WebhookId("0123456789abcdef"), WebhookId("fedcba9876543210")
ODD = "安"
ENTRY = AuditEntry(at_ms=5, action="test.write", subject="something")
OK = DeliveryOutcome(result=DeliveryResult.OK, status=200)
FAILED = DeliveryOutcome(result=DeliveryResult.STATUS, status=500)
LEASE_MS, HOUR_MS = 60_000, 3_600_000


class WebhookContract(StorageContract):
    """`self.club` is a group of Alice and Bob, whose log has one record: that it was made."""

    async def _set_up(self) -> None:
        await super()._set_up()
        self.hooks = self.storage.webhooks
        self.groups = Groups(groups=self.storage.groups, bus=MemoryBus(), clock=lambda: 7)
        self.alice = Actor(user=person(ALICE), session_id=SessionId("s"))
        await self.add(ALICE, BOB)
        self.club = await self.new_group()

    async def new_group(self) -> GroupId:
        return (await self.groups.create(self.alice, "Club", "", [BOB])).group.group_id

    async def hook(self, webhook_id: WebhookId = HOOK, **values: Any) -> Webhook:
        values = {"group_id": self.club, "url": "https://bot.example/in?key=1", "created_at_ms": 3} | values
        return await self.hooks.add(Webhook(webhook_id=webhook_id, **values), "secret", ENTRY)

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self.append(send(group_talk_id(self.club), ALICE, text))

    async def claim(self, node: str = "one", *, lease_ms: int = LEASE_MS) -> WebhookClaim:
        claim = await self.hooks.claim(HOOK, node, lease_ms=lease_ms)
        assert claim is not None
        return claim

    async def now(self) -> Webhook:
        (hook,) = await self.hooks.list_webhooks(self.club)
        return hook

    async def due(self) -> list[WebhookId]:
        return [due.webhook_id for due in await self.hooks.list_due("another", limit=9)]

    async def count_entries(self) -> int:
        return len((await self.storage.audit.read_page(AuditFilter(), before_id=None, limit=100)).entries)


class WebhookRowsContract(WebhookContract):
    async def test_a_hook_comes_back_as_it_was_made_behind_the_last_record(self) -> None:
        await self.say("before")
        made = await self.hook(events=(WebhookEvent.RECALL,))
        self.assertEqual((made.delivered_seq, made.backlog), (2, 0))
        self.assertEqual(await self.now(), made)
        found = await self.hooks.find(self.club, HOOK)
        assert found is not None
        self.assertEqual((found[0], found[1].at(0)), (made, ("secret",)))

    async def test_hooks_are_listed_by_group_the_oldest_first(self) -> None:
        elsewhere = await self.new_group()
        await self.hook(OTHER, created_at_ms=2)
        await self.hook()
        self.assertEqual([h.webhook_id for h in await self.hooks.list_webhooks(self.club)], [OTHER, HOOK])
        self.assertEqual(await self.hooks.list_webhooks(elsewhere), ())
        self.assertIsNone(await self.hooks.find(elsewhere, HOOK))

    async def test_what_is_not_there_cannot_be_changed_and_nothing_is_written_down(self) -> None:
        await self.hook()
        for group_id, webhook_id in (
            (self.club, OTHER),
            (GroupId("none"), HOOK),
            (GroupId(ODD), WebhookId(ODD)),
        ):
            self.assertIsNone(await self.hooks.find(group_id, webhook_id))
            await self.refused(NotFound, self.hooks.change(group_id, webhook_id, WebhookChange(), ENTRY))
            await self.refused(NotFound, self.hooks.set_secret(group_id, webhook_id, "x", 1, ENTRY))
            await self.refused(NotFound, self.hooks.remove(group_id, webhook_id, ENTRY))
        for group_id in ("none", ODD):
            await self.refused(NotFound, self.hook(OTHER, group_id=GroupId(group_id)))
            self.assertEqual(await self.hooks.list_webhooks(GroupId(group_id)), ())
        self.assertEqual(await self.count_entries(), 1)

    async def test_a_change_changes_what_is_given(self) -> None:
        made = await self.hook()
        events, url = (WebhookEvent.GROUP,), "http://other.example"
        changed = await self.hooks.change(self.club, HOOK, WebhookChange(url=url, events=events), ENTRY)
        self.assertEqual(changed, attrs.evolve(made, url=url, events=events))
        self.assertEqual(await self.now(), changed)
        await self.hooks.change(self.club, HOOK, WebhookChange(), ENTRY)
        self.assertEqual(await self.now(), changed)
        self.assertEqual(await self.count_entries(), 3)

    async def test_a_new_secret_stands_beside_the_one_before(self) -> None:
        await self.hook()
        await self.hooks.set_secret(self.club, HOOK, "newer", 50, ENTRY)
        found = await self.hooks.find(self.club, HOOK)
        assert found is not None
        self.assertEqual(found[1].at(49), ("newer", "secret"))
        self.assertEqual(found[1].at(50), ("newer",))

    async def test_a_hook_that_was_removed_is_gone(self) -> None:
        await self.hook()
        await self.say("one")
        await self.hooks.remove(self.club, HOOK, ENTRY)
        self.assertEqual(await self.hooks.list_webhooks(self.club), ())
        self.assertEqual(await self.due(), [])
        self.assertIsNone(await self.hooks.claim(HOOK, "one", lease_ms=LEASE_MS))

    async def test_a_group_has_so_many_hooks_and_no_more_even_when_all_are_made_at_once(self) -> None:
        ids = [WebhookId(f"{number:016x}") for number in range(MOST_WEBHOOKS_A_GROUP + 3)]
        making = [Deferred.fromCoroutine(self.hook(webhook_id)) for webhook_id in ids]
        results = await DeferredList(making, consumeErrors=True)
        self.assertEqual(sum(ok for ok, _ in results), MOST_WEBHOOKS_A_GROUP)
        for ok, failure in results:
            if not ok:
                failure.trap(LimitReached)

    async def test_there_are_so_many_hooks_in_all(self) -> None:
        await self.hook()
        elsewhere = await self.new_group()
        with mock.patch.object(webhook_rows, "MOST_WEBHOOKS", 1):
            await self.refused(LimitReached, self.hook(OTHER, group_id=elsewhere))


class WebhookDeliveryContract(WebhookContract):
    async def test_a_hook_is_due_from_the_first_record_behind_it_on(self) -> None:
        await self.hook()
        self.assertEqual(await self.due(), [])
        self.assertIsNone(await self.hooks.claim(HOOK, "one", lease_ms=LEASE_MS))
        await self.say("one", "two")
        (due,) = await self.hooks.list_due("another", limit=9)
        self.assertEqual((due.origin, due.is_failing), ("https://bot.example", False))
        claim = await self.claim()
        self.assertEqual(
            [(m.seq, m.text, s.nickname) for m, s in claim.records],
            [(2, "one", "Alice"), (3, "two", "Alice")],
        )
        self.assertEqual(
            (claim.hook.backlog, claim.is_dissolved, claim.secrets.at(0)), (2, False, ("secret",))
        )

    async def test_a_claim_has_a_bounded_number_of_records(self) -> None:
        await self.hook()
        await DeferredList(
            [Deferred.fromCoroutine(self.say(str(number))) for number in range(RECORDS_A_CLAIM + 5)]
        )
        claim = await self.claim()
        self.assertEqual([m.seq for m, _ in claim.records], list(range(2, RECORDS_A_CLAIM + 2)))

    async def test_what_was_taken_back_is_not_told_any_more(self) -> None:
        await self.hook()
        await self.say("secret")
        await self.append(recall(group_talk_id(self.club), ALICE, 2))
        first, second = (message for message, _ in (await self.claim()).records)
        self.assertEqual((first.text, first.recalled, second.target_seq), ("", True, 2))

    async def test_of_many_nodes_one_gets_a_hook(self) -> None:
        await self.hook()
        await self.say("one")
        claims = [
            Deferred.fromCoroutine(self.hooks.claim(HOOK, f"node {n}", lease_ms=LEASE_MS)) for n in range(8)
        ]
        results = [result for _, result in await DeferredList(claims)]
        self.assertEqual(sum(result is not None for result in results), 1)
        self.assertEqual(await self.due(), [])

    async def test_after_the_lease_another_node_goes_on_and_the_first_can_note_nothing(self) -> None:
        await self.hook()
        await self.say("one")
        lost = await self.claim("one", lease_ms=0)
        self.assertEqual(await self.due(), [HOOK])
        taken = await self.claim("two")
        self.assertEqual(taken.records, lost.records)
        late = WebhookProgress(delivered_seq=2, outcome=OK)
        self.assertFalse(await self.hooks.report(lost, "one", late))
        self.assertFalse(await self.hooks.end(lost, "one", ENTRY))
        self.assertFalse(await self.hooks.switch_off(lost, "one", late, OffReason.FAILED, ENTRY))
        self.assertEqual((await self.now()).delivered_seq, 1)
        self.assertTrue(await self.hooks.report(taken, "two", late))
        self.assertFalse(await self.hooks.report(taken, "two", late))
        self.assertEqual(((await self.now()).delivered_seq, await self.count_entries()), (2, 1))

    async def test_a_node_finds_and_may_take_again_what_it_could_not_report(self) -> None:
        await self.hook()
        await self.say("one")
        await self.claim("one")
        self.assertEqual([due.webhook_id for due in await self.hooks.list_due("one", limit=9)], [HOOK])
        self.assertEqual(await self.due(), [])
        self.assertEqual(len((await self.claim("one")).records), 1)

    async def test_what_arrived_is_not_due_and_what_came_meanwhile_is(self) -> None:
        await self.hook()
        await self.say("one")
        claim = await self.claim()
        await self.say("two")
        progress = WebhookProgress(delivered_seq=2, outcome=OK, at_ms=77)
        self.assertTrue(await self.hooks.report(claim, "one", progress))
        hook = await self.now()
        self.assertEqual((hook.last_attempt_at_ms, hook.last_result, hook.backlog), (77, "ok 200", 1))
        self.assertEqual([m.text for m, _ in (await self.claim("two")).records], ["two"])

    async def test_a_delivery_that_failed_is_due_after_its_pause(self) -> None:
        await self.hook()
        await self.say("one")
        for at_ms, pause_ms in ((70, 0), (80, HOUR_MS)):
            claim = await self.claim()
            failed = WebhookProgress(delivered_seq=1, outcome=FAILED, at_ms=at_ms, pause_ms=pause_ms)
            self.assertTrue(await self.hooks.report(claim, "one", failed))
        hook = await self.now()
        self.assertEqual((hook.failures, hook.failing_since_ms, hook.last_attempt_at_ms), (2, 70, 80))
        self.assertEqual((hook.last_result, await self.due()), ("status 500", []))
        self.assertIsNone(await self.hooks.claim(HOOK, "one", lease_ms=LEASE_MS))
        await self.hooks.change(self.club, HOOK, WebhookChange(url="https://new.example"), ENTRY)
        self.assertEqual(await self.due(), [HOOK])
        self.assertTrue(
            await self.hooks.report(await self.claim(), "one", WebhookProgress(delivered_seq=2, outcome=OK))
        )
        hook = await self.now()
        self.assertEqual((hook.failures, hook.failing_since_ms), (0, None))

    async def test_who_failed_is_marked_and_who_was_tried_longest_ago_comes_first(self) -> None:
        await self.hook()
        await self.hook(OTHER)
        await self.say("one")
        failed = WebhookProgress(delivered_seq=1, outcome=FAILED, at_ms=70)
        await self.hooks.report(await self.claim(), "one", failed)
        due = await self.hooks.list_due("another", limit=9)
        self.assertEqual([(d.webhook_id, d.is_failing) for d in due], [(OTHER, False), (HOOK, True)])
        self.assertEqual(len(await self.hooks.list_due("another", limit=1)), 1)

    async def test_giving_free_without_a_result_leaves_all_else(self) -> None:
        await self.hook()
        await self.say("one")
        before = await self.now()
        await self.hooks.report(await self.claim(), "one", WebhookProgress(delivered_seq=1))
        self.assertEqual(await self.now(), before)
        self.assertEqual(await self.due(), [HOOK])

    async def test_a_hook_that_is_off_goes_on_where_it_stood_or_skips_what_it_missed(self) -> None:
        await self.hook()
        await self.say("one")
        off = await self.hooks.change(self.club, HOOK, WebhookChange(is_on=False), ENTRY)
        self.assertIs(off.off_reason, OffReason.OPERATOR)
        self.assertEqual(await self.due(), [])
        on = WebhookChange(is_on=True)
        self.assertTrue((await self.hooks.change(self.club, HOOK, on, ENTRY)).is_on)
        self.assertEqual(await self.due(), [HOOK])
        skipped = await self.hooks.change(self.club, HOOK, attrs.evolve(on, skip_backlog=True), ENTRY)
        self.assertEqual((skipped.delivered_seq, skipped.backlog), (2, 0))
        self.assertEqual(await self.now(), skipped)

    async def test_a_skip_while_it_delivers_is_not_undone_by_that(self) -> None:
        await self.hook()
        await self.say("one", "two")
        claim = await self.claim()
        await self.hooks.change(self.club, HOOK, WebhookChange(skip_backlog=True), ENTRY)
        self.assertFalse(await self.hooks.report(claim, "one", WebhookProgress(delivered_seq=2, outcome=OK)))
        self.assertEqual((await self.now()).delivered_seq, 3)

    async def test_switching_off_and_what_tells_of_it_are_one(self) -> None:
        await self.hook()
        await self.say("one")
        failed = WebhookProgress(delivered_seq=1, outcome=FAILED, at_ms=9)
        claim = await self.claim()
        self.assertTrue(await self.hooks.switch_off(claim, "one", failed, OffReason.FAILED, ENTRY))
        hook = await self.now()
        self.assertEqual((hook.off_reason, hook.last_result), (OffReason.FAILED, "status 500"))
        self.assertEqual((await self.due(), await self.count_entries()), ([], 2))

    async def test_of_a_dissolved_group_the_end_is_told_and_then_the_hook_ends(self) -> None:
        await self.hook()
        await self.groups.dissolve(self.alice, self.club)
        claim = await self.claim()
        self.assertTrue(claim.is_dissolved)
        self.assertEqual([m.msg_type for m, _ in claim.records], [4])
        await self.hooks.report(claim, "one", WebhookProgress(delivered_seq=2, outcome=OK))
        last = await self.claim()
        self.assertEqual((last.records, last.is_dissolved), ((), True))
        self.assertTrue(await self.hooks.end(last, "one", ENTRY))
        self.assertEqual((await self.hooks.list_webhooks(self.club), await self.count_entries()), ((), 2))

    async def test_of_a_dissolved_group_a_hook_that_is_off_can_be_ended_too(self) -> None:
        await self.hook()
        await self.hooks.change(self.club, HOOK, WebhookChange(is_on=False), ENTRY)
        await self.groups.dissolve(self.alice, self.club)
        self.assertEqual(await self.due(), [HOOK])
        self.assertTrue(await self.hooks.end(await self.claim(), "one", ENTRY))

    async def test_the_survey_counts_hooks_and_says_how_far_behind_they_are(self) -> None:
        self.assertEqual(await self.hooks.survey(), WebhookSurvey())
        elsewhere = await self.new_group()
        await self.hook()
        await self.hook(OTHER)
        await self.hook(WebhookId("0" * 16), group_id=elsewhere)
        await self.hooks.change(elsewhere, WebhookId("0" * 16), WebhookChange(is_on=False), ENTRY)
        await self.say("one", "two")
        await self.hooks.report(await self.claim(), "one", WebhookProgress(delivered_seq=1, outcome=FAILED))
        wanted = WebhookSurvey(on=2, failing=1, off=1, backlog=2, group_ids=frozenset({self.club}))
        self.assertEqual(await self.hooks.survey(), wanted)


class TestWebhookRowsOnSQLite(OnSQLite, WebhookRowsContract, TestCase): ...


class TestWebhookRowsOnMariaDB(OnMariaDB, WebhookRowsContract, TestCase): ...


class TestWebhookDeliveryOnSQLite(OnSQLite, WebhookDeliveryContract, TestCase): ...


class TestWebhookDeliveryOnMariaDB(OnMariaDB, WebhookDeliveryContract, TestCase): ...
