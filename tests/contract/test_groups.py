"""Groups and how talks stand on people's lists, on every database."""

import functools
import json
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.domain import group as rules
from naivechat.domain.errors import Forbidden, NotFound, NotFriend, NotMember
from naivechat.domain.group import Group, GroupChange, GroupId, GroupState, GroupUpdate, Role
from naivechat.domain.message import HistoryRange
from naivechat.domain.ports import Snapshot, StoredGroupChange
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.domain.talk import TalkAddress, TalkType, group_talk_id
from naivechat.domain.user import User, UserId
from tests.contract.stores import ALICE, BOB, CAROL, DAVE, StorageContract, account, person, recall, send
from tests.databases import OnMariaDB, OnSQLite

TEAM = GroupId("team")
ERIN, FRED = UserId("erin"), UserId("fred")


class GroupStore(StorageContract):
    talk = group_talk_id(TEAM)

    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL, DAVE)
        self.groups, self.talks = self.storage.groups, self.storage.talks

    async def create(self, *others: UserId, now_ms: int = 100, **values: Any) -> StoredGroupChange:
        group = Group(group_id=TEAM, name="团队", owner_id=ALICE, member_count=0, **values)
        decide = functools.partial(rules.create, group=group, others=others)
        return await self.groups.create(TEAM, {ALICE, *others}, decide, person(ALICE), now_ms)

    async def change(
        self, rule: Any, actor_id: UserId, *values: Any, about: Any = (), now_ms: int = 200
    ) -> StoredGroupChange:
        return await self.groups.change(
            TEAM, about, lambda state: rule(state, actor_id, *values), person(actor_id), now_ms
        )

    async def invite(self, *user_ids: UserId, now_ms: int = 200) -> StoredGroupChange:
        return await self.change(rules.invite, ALICE, user_ids, about=user_ids, now_ms=now_ms)

    async def members(self) -> list[tuple[str, Role]]:
        return [(m.user.user_id, m.role) for m in await self.groups.list_members(TEAM, ALICE)]


class GroupsContract(GroupStore):
    async def test_a_new_group_has_its_members_and_its_first_record(self) -> None:
        stored = await self.create(BOB)
        (message,) = stored.messages
        told = {"event": "created", "user_ids": ["alice", "bob"], "name": "团队"}
        self.assertEqual((message.seq, message.msg_type, json.loads(message.text)), (1, 4, told))
        self.assertEqual(await self.members(), [("alice", Role.OWNER), ("bob", Role.MEMBER)])
        page = await self.storage.log.history(":team", BOB, HistoryRange())
        self.assertEqual(page.messages, (message,))

    async def test_newcomers_read_from_their_joining_on(self) -> None:
        await self.create(BOB)
        await self.append(send(self.talk, ALICE, "before"))
        await self.invite(CAROL)
        await self.append(send(self.talk, ALICE, "after"))
        asked = (HistoryRange(), HistoryRange(before_seq=5), HistoryRange(after_seq=0))
        for wanted in asked:
            page = await self.storage.log.history(":team", CAROL, wanted)
            self.assertEqual([m.seq for m in page.messages], [3, 4])
        self.assertEqual((await self.talks.get_talk(":team", CAROL)).unread, 1)

    async def test_who_changes_a_group_has_read_what_they_did_and_nobody_else_has(self) -> None:
        await self.create(BOB)
        friends = await self.befriend(ALICE, BOB)
        await self.append(send(friends, BOB))
        await self.append(send(self.talk, BOB))
        await self.change(rules.update, ALICE, GroupUpdate(name="Club"))
        positions = {
            (talk_id, user_id): (talk.read_seq, talk.last_seq, talk.unread)
            for talk_id in (self.talk, friends)
            for user_id in (ALICE, BOB)
            for talk in [await self.talks.get_talk(talk_id, user_id)]
        }
        self.assertEqual(positions[self.talk, ALICE], (3, 3, 0))
        self.assertEqual(positions[self.talk, BOB], (2, 3, 0))
        self.assertEqual(positions[friends, ALICE], (0, 1, 1))
        self.assertEqual(positions[friends, BOB], (1, 1, 0))

    async def test_a_change_does_not_make_a_group_younger(self) -> None:
        await self.create(BOB, now_ms=100)
        await self.change(rules.update, ALICE, GroupUpdate(name="Club"), now_ms=200)
        self.assertEqual((await self.storage.group_directory.get_group(TEAM)).created_at_ms, 100)

    async def test_who_governs_no_more_and_takes_back_again_gets_what_they_did(self) -> None:
        await self.create(BOB, CAROL)
        await self.change(rules.set_role, ALICE, BOB, Role.ADMIN)
        target = (await self.append(send(self.talk, CAROL))).message
        taking_back = recall(self.talk, BOB, target.seq)
        first = await self.append(taking_back)
        await self.change(rules.set_role, ALICE, BOB, Role.MEMBER)
        other = (await self.append(send(self.talk, CAROL))).message
        await self.refused(Forbidden, self.append(recall(self.talk, BOB, other.seq)))
        alone = await self.append(taking_back)
        # The first of three has a transaction of its own, the others share the next one.
        entries = (send(self.talk, CAROL), send(self.talk, CAROL), taking_back)
        *_, among_others = await gatherResults([Deferred.fromCoroutine(self.append(e)) for e in entries])
        for again in (alone, among_others):
            self.assertEqual((again.duplicate, again.message), (True, first.message))

    async def test_who_leaves_is_out_and_who_returns_begins_anew(self) -> None:
        await self.create(BOB)
        await self.change(rules.leave, BOB)
        await self.refused(NotMember, self.append(send(self.talk, BOB)))
        await self.refused(NotMember, self.groups.list_members(TEAM, BOB))
        self.assertEqual(await self.groups.list_heads(BOB), {})
        self.assertIsNone(await self.groups.find_joined_seq(TEAM, BOB))
        await self.invite(BOB)
        page = await self.storage.log.history(":team", BOB, HistoryRange())
        self.assertEqual([m.seq for m in page.messages], [3])

    async def test_an_owner_who_leaves_passes_the_group_on(self) -> None:
        await self.create(BOB)
        await self.invite(CAROL, now_ms=300)
        stored = await self.change(rules.leave, ALICE)
        self.assertEqual((stored.change.group.owner_id, [m.seq for m in stored.messages]), (BOB, [3, 4]))
        listed = await self.groups.list_members(TEAM, CAROL)
        self.assertEqual(
            [(m.user.user_id, m.role) for m in listed], [("bob", Role.OWNER), ("carol", Role.MEMBER)]
        )

    async def test_roles_and_values_change(self) -> None:
        await self.create(BOB, CAROL)
        await self.change(rules.set_role, ALICE, CAROL, Role.ADMIN)
        self.assertEqual([m[0] for m in await self.members()], ["alice", "carol", "bob"])
        stored = await self.change(rules.update, CAROL, GroupUpdate(name="new", notice="read this"))
        self.assertEqual((stored.change.group.name, stored.change.group.notice), ("new", "read this"))
        snapshot = await self.talks.read_snapshot(BOB, since_ms=0, offset=0)
        self.assertEqual(snapshot.groups, (stored.change.group,))

    async def test_what_changes_nothing_writes_nothing(self) -> None:
        await self.create(BOB)
        stored = await self.invite(BOB)
        self.assertEqual((stored.messages, stored.change.events), ((), ()))
        self.assertEqual((await self.invite(CAROL)).messages[0].seq, 2)

    async def test_refusals_leave_no_trace(self) -> None:
        await self.create(BOB)
        await self.refused(NotMember, self.change(rules.dissolve, CAROL))
        await self.refused(Forbidden, self.change(rules.dissolve, BOB))
        await self.refused(NotFound, self.invite(UserId("nobody")))
        await self.storage.users.set_disabled(DAVE, True)
        await self.refused(NotFound, self.invite(DAVE))
        self.assertEqual((await self.append(send(self.talk, ALICE))).message.seq, 2)

    async def test_a_dissolved_group_is_gone(self) -> None:
        await self.create(BOB)
        await self.change(rules.dissolve, ALICE)
        await self.refused(NotMember, self.append(send(self.talk, ALICE)))
        await self.refused(NotMember, self.invite(CAROL))
        self.assertEqual((await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).groups, ())

    async def test_only_groups_that_people_are_in_are_counted(self) -> None:
        await self.befriend(BOB, CAROL)
        await self.create(BOB, CAROL)
        await self.change(rules.leave, CAROL)
        counted: dict[UserId, int] = {}

        def count(state: GroupState) -> GroupChange:
            counted.update(state.group_counts)
            return rules.invite(state, ALICE, ())

        await self.groups.change(TEAM, {BOB, CAROL, DAVE, UserId("nobody")}, count, person(ALICE), 200)
        self.assertEqual(counted, {BOB: 1, CAROL: 0, DAVE: 0})

    async def test_a_dissolved_group_takes_nobody_out_of_anything_else(self) -> None:
        friends = await self.befriend(ALICE, BOB)
        await self.create(BOB)
        await self.change(rules.dissolve, ALICE)
        self.assertEqual((await self.append(send(friends, ALICE))).message.seq, 1)

    async def test_many_people_are_spread_over_several_records(self) -> None:
        people = [UserId(f"p{n:03}") for n in range(200)]
        await gatherResults([Deferred.fromCoroutine(self.storage.users.add(account(p))) for p in people])
        stored = await self.create(*people)
        told = [json.loads(m.text)["user_ids"] for m in stored.messages]
        self.assertEqual([len(ids) for ids in told], [90, 90, 21])
        self.assertEqual([u for ids in told for u in ids], [ALICE, *people])

    async def test_changes_and_messages_at_once_leave_no_gap(self) -> None:
        await self.create(BOB, CAROL)
        other = await self._open()
        doing = []
        for n in range(30):
            doing.append(Deferred.fromCoroutine(self.append(send(self.talk, ALICE))))
            doing.append(Deferred.fromCoroutine(other.log.append(send(self.talk, BOB))))
            doing.append(Deferred.fromCoroutine(self.change(rules.update, ALICE, GroupUpdate(notice=str(n)))))
        results = await DeferredList(doing)
        self.assertTrue(all(ok for ok, _ in results), results)
        page = await self.storage.log.history(":team", ALICE, HistoryRange(limit=100))
        self.assertEqual([m.seq for m in page.messages], list(range(1, 92)))

    async def test_on_an_official_account_only_operators_write_and_everybody_new_belongs(self) -> None:
        await self.create(BOB, official=True)
        await self.append(send(self.talk, ALICE))
        await self.refused(Forbidden, self.append(send(self.talk, BOB)))
        await self.refused(Forbidden, self.change(rules.leave, BOB))
        await self.storage.users.add(account(UserId("erin")))
        self.assertEqual(await self.groups.list_heads(UserId("erin")), {TEAM: 2})
        self.assertEqual(await self.groups.find_joined_seq(TEAM, UserId("erin")), 2)
        known_hash = account(ERIN).password_hash
        token = StoredToken(token_hash=TokenHash(bytes(32)), user_id=ERIN, device="d", expires_at_ms=9)
        admission = await self.storage.tokens.add(token, password_hash=known_hash, most=1)
        back = await self.storage.tokens.come_back(ERIN, token.token_hash, 1)
        self.assertEqual((admission.heads, back.admission.heads), ({TEAM: 2}, {TEAM: 2}))
        shown = await self.talks.get_talk(":team", UserId("erin"))
        self.assertEqual((shown.sketch, shown.unread, shown.date_ms), ("", 0, 1))
        (group,) = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).groups
        self.assertEqual((group.official, group.member_count), (True, 3))

    async def test_who_comes_back_is_told_the_groups_they_are_in_and_no_others(self) -> None:
        await self.create(BOB, CAROL)
        circle = Group(group_id=GroupId("circle"), name="Circle", owner_id=CAROL, member_count=0)
        decide = functools.partial(rules.create, group=circle, others=(ALICE,))
        await self.groups.create(circle.group_id, {ALICE, CAROL}, decide, person(CAROL), 100)
        await self.befriend(ALICE, DAVE)
        await self.change(rules.leave, BOB)
        people = (ALICE, BOB, CAROL, DAVE)
        hashes = {user_id: TokenHash(user_id.encode().ljust(32)) for user_id in people}
        for user_id, token_hash in hashes.items():
            token = StoredToken(token_hash=token_hash, user_id=user_id, device="d", expires_at_ms=9)
            known_hash = account(user_id).password_hash
            await self.storage.tokens.add(token, password_hash=known_hash, most=1)
        returning = [
            Deferred.fromCoroutine(self.storage.tokens.come_back(user_id, token_hash, 1))
            for user_id, token_hash in hashes.items()
        ]
        heads = [back.admission.heads for back in await gatherResults(returning)]
        both = {TEAM: 2, circle.group_id: 1}
        self.assertEqual(heads, [both, {}, both, {}])


class TalksContract(GroupStore):
    async def listed(self, user_id: UserId, since_ms: int = 0, offset: int = 0) -> list[str]:
        snapshot = await self.talks.read_snapshot(user_id, since_ms=since_ms, offset=offset)
        return [talk.address.other_id for talk in snapshot.talks.talks]

    async def test_a_dialogue_is_listed_from_its_first_message_on(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        self.assertEqual(await self.listed(ALICE), [])
        await self.append(send(talk, ALICE))
        self.assertEqual([await self.listed(ALICE), await self.listed(BOB)], [["bob"], ["alice"]])

    async def test_opening_lists_on_both_sides_of_a_friendship(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        await self.talks.open(talk, ALICE, 50)
        self.assertEqual([await self.listed(ALICE), await self.listed(BOB)], [["bob"], ["alice"]])
        self.assertEqual((await self.talks.get_talk(talk, BOB)).date_ms, 50)

    async def test_a_hidden_dialogue_returns_with_the_next_message(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        await self.append(send(talk, ALICE))
        await self.talks.hide(talk, ALICE, 60)
        self.assertEqual([await self.listed(ALICE), await self.listed(BOB)], [[], ["alice"]])
        await self.append(send(talk, BOB))
        self.assertEqual(await self.listed(ALICE), ["bob"])

    async def test_a_groups_dialogue_is_opened_for_oneself(self) -> None:
        await self.create(BOB)
        for user_id in (ALICE, BOB):
            await self.talks.hide(":team", user_id, 60)
        await self.talks.open(":team", ALICE, 70)
        self.assertEqual([await self.listed(ALICE), await self.listed(BOB)], [["team"], []])

    async def test_a_dialogue_shows_what_its_owner_should_see(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        await self.append(send(talk, BOB, "长" * 100, sent_at_ms=900))
        await self.storage.friends.set_remark(ALICE, BOB, "鲍")
        await self.talks.set_flags(talk, ALICE, pinned=True, muted=None, now_ms=5)
        shown = await self.talks.get_talk(talk, ALICE)
        self.assertEqual(shown.address, TalkAddress(talk_type=TalkType.FRIEND, other_id=BOB))
        self.assertEqual((shown.name, shown.sketch, shown.date_ms), ("鲍", "长" * 64, 900))
        self.assertEqual((shown.pinned, shown.muted, shown.unread, shown.last_seq), (True, False, 1, 1))
        await self.talks.set_flags(talk, ALICE, pinned=False, muted=True, now_ms=5)
        shown = await self.talks.get_talk(talk, ALICE)
        self.assertEqual((shown.pinned, shown.muted), (False, True))

    async def test_unread_ends_at_a_hundred(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        await gatherResults([Deferred.fromCoroutine(self.append(send(talk, BOB))) for _ in range(120)])
        self.assertEqual((await self.talks.get_talk(talk, ALICE)).unread, 100)

    async def test_outsiders_are_refused_whatever_they_ask(self) -> None:
        for talk, error in ((":team", NotMember), (":nowhere", NotMember), ("alice:bob", NotFriend)):
            await self.refused(error, self.talks.open(talk, DAVE, 1))
            await self.refused(error, self.talks.hide(talk, DAVE, 1))
            await self.refused(error, self.talks.set_flags(talk, DAVE, pinned=True, muted=True, now_ms=1))
            await self.refused(error, self.talks.get_talk(talk, DAVE))
            await self.refused(error, self.talks.list_audience(talk, DAVE, most=9))

    async def test_the_audience_are_the_others_unless_they_are_too_many(self) -> None:
        await self.create(BOB, CAROL)
        self.assertEqual(await self.talks.list_audience(":team", BOB, most=2), (ALICE, CAROL))
        self.assertEqual(await self.talks.list_audience(":team", BOB, most=1), ())

    async def test_the_newest_come_first_and_old_ones_are_left_out_on_demand(self) -> None:
        for other, sent_at_ms in ((BOB, 100), (CAROL, 20_000), (DAVE, 300)):
            talk = await self.befriend(ALICE, other)
            await self.append(send(talk, other, sent_at_ms=sent_at_ms))
        self.assertEqual(await self.listed(ALICE), ["carol", "dave", "bob"])
        self.assertEqual(await self.listed(ALICE, offset=2), ["bob"])
        self.assertEqual(await self.listed(ALICE, since_ms=200), ["carol", "dave"])
        await self.talks.set_flags("alice:bob", ALICE, pinned=True, muted=None, now_ms=50_000)
        self.assertEqual(await self.listed(ALICE, since_ms=10_000), ["carol", "bob"])

    async def test_a_snapshot_holds_friends_requests_groups_and_the_databases_name(self) -> None:
        await self.befriend(ALICE, BOB)
        await self.storage.friends.ask(CAROL, ALICE, "hi", 7)
        await self.create(BOB)
        snapshot = await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)
        self.assertEqual([friend.user for friend in snapshot.friends], [person(BOB)])
        self.assertEqual([(r.asker, r.greeting) for r in snapshot.requests], [(person(CAROL), "hi")])
        self.assertEqual([(g.group_id, g.member_count) for g in snapshot.groups], [(TEAM, 2)])
        other = await (await self._open()).talks.read_snapshot(BOB, since_ms=0, offset=0)
        self.assertEqual(other.epoch, snapshot.epoch)
        self.assertTrue(len(snapshot.epoch) >= 32)

    async def test_what_several_show_first_is_read_together_and_told_apart(self) -> None:
        await self.add(ERIN, FRED)
        await self.befriend(ERIN, FRED)
        await self.storage.friends.ask(DAVE, FRED, "hello", 9)
        await self.append(send(f"{ERIN}:{FRED}", ERIN, "to you", sent_at_ms=5_000))
        wanted = [(ERIN, 0, 0), (FRED, 0, 0), (DAVE, 0, 0), (FRED, 9_000_000, 0), (FRED, 0, 1), (FRED, 0, 0)]

        async def read(user_id: UserId, since_ms: int, offset: int) -> Snapshot:
            return await self.talks.read_snapshot(user_id, since_ms=since_ms, offset=offset)

        together = await DeferredList([Deferred.fromCoroutine(read(*one)) for one in wanted])
        alone = [await read(*one) for one in wanted]
        self.assertEqual([snapshot for _, snapshot in together], alone)
        self.assertEqual([talk.name for talk in alone[1].talks.talks], ["Erin"])
        self.assertEqual([len(one.requests) for one in alone], [0, 1, 0, 1, 1, 1])

    async def test_whatever_friends_are_called_comes_back_as_it_was(self) -> None:
        names = ['"quoted" \\ back\\slash', "new\nline\x01\x7f", "🎉 爱丽丝 שלום", "[1, null]", "", "\\u0041"]
        people = [UserId(f"p{number}") for number in range(len(names))]
        for user_id, name in zip(people, names, strict=True):
            odd = User(user_id=user_id, nickname=name, avatar=name)
            await self.storage.users.add(attrs.evolve(account(user_id), user=odd))
            await self.befriend(ALICE, user_id)
            await self.storage.friends.set_remark(ALICE, user_id, name)
        friends = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).friends
        self.assertEqual(
            [(f.user.nickname, f.user.avatar, f.remark) for f in friends], [(n, n, n) for n in names]
        )

    async def test_very_many_friends_come_in_one_piece(self) -> None:
        people = [UserId(f"p{number:03}-{'x' * 27}") for number in range(60)]
        for user_id in people:
            await self.storage.users.add(account(user_id, "爱" * 32))
            await self.befriend(ALICE, user_id)
        friends = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).friends
        self.assertEqual([friend.user.user_id for friend in friends], people)
        self.assertEqual(await self.storage.friends.list_friend_ids(ALICE), tuple(people))

    async def test_the_list_comes_in_pages_of_two_hundred(self) -> None:
        people = [UserId(f"p{n:03}") for n in range(201)]
        for user_id in people:
            await self.storage.users.add(account(user_id))
            talk = await self.befriend(ALICE, user_id)
            await self.talks.open(talk, ALICE, 5)
        first = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=0)).talks
        rest = (await self.talks.read_snapshot(ALICE, since_ms=0, offset=200)).talks
        self.assertEqual((len(first.talks), first.has_more), (200, True))
        self.assertEqual((len(rest.talks), rest.has_more), (1, False))

    async def test_an_ended_friendship_is_listed_no_more_and_comes_back_with_its_records(self) -> None:
        talk = await self.befriend(ALICE, BOB)
        await self.append(send(talk, ALICE))
        await self.storage.friends.remove(ALICE, BOB)
        self.assertEqual(await self.listed(ALICE), [])
        await self.befriend(ALICE, BOB)
        page = await self.storage.log.history(talk, BOB, HistoryRange())
        self.assertEqual([m.seq for m in page.messages], [1])


class TestGroupsOnSQLite(OnSQLite, GroupsContract, TestCase):
    pass


class TestGroupsOnMariaDB(OnMariaDB, GroupsContract, TestCase):
    pass


class TestTalksOnSQLite(OnSQLite, TalksContract, TestCase):
    pass


class TestTalksOnMariaDB(OnMariaDB, TalksContract, TestCase):
    pass
