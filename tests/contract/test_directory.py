"""What operators look through and do from outside, on every database."""

import functools
import json
import random
from typing import Any

from twisted.trial.unittest import TestCase

from naivechat.domain import directory, group_administration
from naivechat.domain import group as rules
from naivechat.domain.directory import (
    OPERATORS,
    AccountPage,
    AccountQuery,
    AccountSort,
    Bonds,
    Device,
    GroupQuery,
    GroupSort,
)
from naivechat.domain.errors import Forbidden, NotFound, NotMember, UserExists
from naivechat.domain.group import Group, GroupId, Role
from naivechat.domain.message import HistoryRange
from naivechat.domain.node_account import node_account_id
from naivechat.domain.ports import StoredGroupChange
from naivechat.domain.session import StoredToken, TokenHash
from naivechat.domain.talk import TalkId, group_talk_id
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql import account_directory, group_directory, talk_search
from tests import fakes
from tests.contract.stores import ALICE, BOB, CAROL, DAVE, StorageContract, account, person, recall, send
from tests.databases import OnMariaDB, OnSQLite
from tests.directory_fakes import MemoryAccountDirectory, MemoryGroupDirectory

NEWS = GroupId("news")
TEAM = GroupId("team")
ALPHA = node_account_id("alpha")


class DirectoryStore(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        self.people, self.groups = self.storage.account_directory, self.storage.group_directory

    async def listed(self, **query: Any) -> list[str]:
        return _ids(await self.people.list_accounts(AccountQuery(**query)))


def _ids(page: AccountPage) -> list[str]:
    return [listed.user.user_id for listed in page.accounts]


class AccountDirectoryContract(DirectoryStore):
    async def fill(self) -> None:
        rows = (
            ("carol", "anna", 1, 9),
            ("Bob", "Zoë", 3, 7),
            ("alice", "bobby", 2, 8),
            ("dave", "Émile", 4, 0),
        )
        for user_id, nickname, created_at_ms, last_seen_ms in rows:
            added = account(UserId(user_id), nickname, created_at_ms=created_at_ms)
            await self.storage.users.add(added)
            await self.people.note_seen({UserId(user_id): last_seen_ms})
        await self.storage.users.set_disabled(DAVE, True)

    async def test_accounts_are_listed_in_each_order_and_back(self) -> None:
        await self.fill()
        orders = {
            AccountSort.ID: ["alice", "Bob", "carol", "dave"],
            AccountSort.NICKNAME: ["carol", "alice", "Bob", "dave"],
            AccountSort.CREATED: ["carol", "alice", "Bob", "dave"],
            AccountSort.LAST_SEEN: ["dave", "Bob", "alice", "carol"],
        }
        for sort, expected in orders.items():
            self.assertEqual(await self.listed(sort=sort), expected)
            self.assertEqual(await self.listed(sort=sort, descending=True), expected[::-1])

    async def test_pages_follow_each_other_and_the_total_is_told(self) -> None:
        await self.fill()
        for offset, expected in ((0, ["alice", "Bob"]), (2, ["carol", "dave"]), (3, ["dave"]), (4, [])):
            page = await self.people.list_accounts(AccountQuery(limit=2, offset=offset))
            self.assertEqual((_ids(page), page.total), (expected, 4))

    async def test_the_total_is_counted_up_to_a_bound(self) -> None:
        await self.fill()
        self.patch(account_directory, "FURTHEST", 3)  # type: ignore[attr-defined]
        page = await self.people.list_accounts(AccountQuery(limit=4))
        self.assertEqual(page.total, 3)

    async def test_disabled_ones_are_told_apart(self) -> None:
        await self.fill()
        self.assertEqual(await self.listed(disabled=True), ["dave"])
        self.assertEqual(await self.listed(disabled=False), ["alice", "Bob", "carol"])
        self.assertTrue((await self.people.get_account(DAVE)).disabled)

    async def test_what_begins_with_the_text_comes_before_what_contains_it(self) -> None:
        await self.fill()
        await self.storage.users.add(account(UserId("xbob"), "x", created_at_ms=0))
        self.assertEqual(await self.listed(text="BOB"), ["Bob", "alice", "xbob"])
        self.assertEqual(await self.listed(text="bob", sort=AccountSort.CREATED), ["Bob", "alice", "xbob"])
        self.assertEqual(await self.listed(text="éMILE"), ["dave"])
        self.assertEqual(await self.listed(text="nobody"), [])

    async def test_wildcards_mean_themselves(self) -> None:
        await self.fill()
        await self.storage.users.add(account(UserId("odd"), "100%_!\\'"))
        for text in ("%", "_", "!", "\\", "'", "100%_!\\'"):
            self.assertEqual(await self.listed(text=text), ["odd"], text)

    async def test_all_are_gone_through_in_portions(self) -> None:
        await self.fill()
        found, after = [], ""
        while portion := await self.people.list_after(after, limit=3):
            found += [listed.user.user_id for listed in portion]
            after = found[-1]
        self.assertEqual(found, ["Bob", "alice", "carol", "dave"])

    async def test_an_account_is_shown_as_it_is(self) -> None:
        await self.fill()
        listed = await self.people.get_account(ALICE)
        self.assertEqual(
            (listed.user, listed.created_at_ms, listed.last_seen_ms), (person(ALICE, "bobby"), 2, 8)
        )
        for nobody in ("nobody", "爱丽丝"):
            await self.refused(NotFound, self.people.get_account(UserId(nobody)))

    async def test_accounts_are_read_by_their_ids_in_that_order(self) -> None:
        await self.add(ALICE, BOB, CAROL)
        named = await self.people.list_named((CAROL, UserId("nobody"), ALICE, UserId("%")))
        self.assertEqual([one.user.user_id for one in named], [CAROL, ALICE])
        self.assertEqual(await self.people.list_named(()), ())

    async def test_one_device_is_revoked_and_the_others_stay(self) -> None:
        await self.add(ALICE)
        for number, name in enumerate(("phone", "desktop")):
            token = StoredToken(
                token_hash=TokenHash(bytes([number]) * 32), user_id=ALICE, device=name, expires_at_ms=number
            )
            await self.storage.tokens.add(token, password_hash="hash of alice", most=5)
        desktop, phone = Device(name="desktop", expires_at_ms=1), Device(name="phone", expires_at_ms=0)
        self.assertEqual(await self.people.list_devices(ALICE), (desktop, phone))
        self.assertEqual(await self.people.revoke_device(ALICE, "电话"), 0)
        self.assertEqual(await self.people.revoke_device(ALICE, "phone"), 1)
        self.assertEqual(await self.people.list_devices(ALICE), (desktop,))
        await self.refused(NotFound, self.people.revoke_device(BOB, "phone"))

    async def test_who_is_seen_is_noted_and_who_is_not_there_is_passed_over(self) -> None:
        await self.add(ALICE, BOB)
        await self.people.note_seen({BOB: 7, UserId("nobody"): 8})
        await self.people.note_seen({})
        seen = [(await self.people.get_account(user_id)).last_seen_ms for user_id in (ALICE, BOB)]
        self.assertEqual(seen, [0, 7])

    async def test_each_of_many_was_seen_at_a_moment_of_their_own(self) -> None:
        await self.add(ALICE, BOB, CAROL)
        await self.people.note_seen({CAROL: 9, UserId("ALICE"): 6, ALICE: 8})
        seen = [(await self.people.get_account(user_id)).last_seen_ms for user_id in (ALICE, BOB, CAROL)]
        self.assertEqual(seen, [8, 0, 9])

    async def test_many_accounts_are_added_together(self) -> None:
        await self.add(ALICE)
        self.patch(account_directory, "ROWS_A_STATEMENT", 2)  # type: ignore[attr-defined]
        accounts = [account(user_id) for user_id in (BOB, CAROL, DAVE)]
        taken = await self.people.find_taken([ALICE, BOB])
        self.assertEqual(taken, {ALICE})
        for _ in range(2):  # as after a commit whose answer was lost
            await self.people.add_all(accounts)
        self.assertEqual(await self.storage.users.find_account(DAVE), accounts[2])

    async def test_of_many_accounts_none_is_added_when_one_is_taken(self) -> None:
        await self.add(ALICE)
        accounts = [account(user_id, password_hash="other") for user_id in (BOB, ALICE)]
        await self.refused(UserExists, self.people.add_all(accounts))
        self.assertIsNone(await self.storage.users.find_account(BOB))


class GroupDirectoryContract(DirectoryStore):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL, DAVE)
        await self.storage.users.add(account(OPERATORS.user_id, "Operators", disabled=True))

    async def create(self, group_id: str, name: str, *others: UserId, now_ms: int = 100) -> None:
        group = Group(group_id=GroupId(group_id), name=name, owner_id=ALICE, member_count=0)
        decide = functools.partial(rules.create, group=group, others=others)
        await self.storage.groups.create(group.group_id, {ALICE, *others}, decide, person(ALICE), now_ms)

    async def administer(self, rule: Any, group_id: GroupId, *values: Any) -> StoredGroupChange:
        return await self.groups.administer(group_id, lambda state: rule(state, *values), OPERATORS, 200)

    async def create_news(self) -> StoredGroupChange:
        return await self.create_official(NEWS)

    async def create_official(self, group_id: GroupId) -> StoredGroupChange:
        group = Group(group_id=group_id, name="公告", owner_id=OPERATORS.user_id, member_count=0)
        return await self.administer(group_administration.create_official, group_id, group)

    async def enrol_all(self) -> list[list[str]]:
        portions, after = [], ""
        while True:
            portion = await self.groups.enrol(NEWS, after, 300)
            portions.append(list(portion.joined))
            if portion.is_last:
                return portions
            after = portion.joined[-1]

    async def listed(self, **query: Any) -> list[str]:
        page = await self.groups.list_groups(GroupQuery(**query))
        return [listed.group.group_id for listed in page.groups]

    async def fill(self) -> None:
        await self.create("g1", "Team", BOB, now_ms=3)
        await self.create("g2", "Chess team", BOB, CAROL, now_ms=2)
        await self.create("g3", "张三的群", now_ms=1)

    async def test_friends_and_groups_are_counted(self) -> None:
        for friend in (BOB, CAROL):
            await self.storage.friends.befriend(ALICE, friend, 1)
        await self.storage.friends.remove(ALICE, CAROL)
        await self.create(TEAM, "Team", BOB)
        self.assertEqual(await self.people.count_bonds(ALICE), Bonds(friends=1, groups=1))
        self.assertEqual(await self.people.count_bonds(CAROL), Bonds(friends=0, groups=0))
        self.assertEqual(await self.people.count_bonds(UserId("nobody")), Bonds(friends=0, groups=0))

    async def test_groups_are_listed_in_each_order_and_back(self) -> None:
        await self.fill()
        orders = {
            GroupSort.ID: ["g1", "g2", "g3"],
            GroupSort.NAME: ["g2", "g1", "g3"],
            GroupSort.CREATED: ["g3", "g2", "g1"],
            GroupSort.MEMBERS: ["g3", "g1", "g2"],
        }
        for sort, expected in orders.items():
            self.assertEqual(await self.listed(sort=sort), expected)
            self.assertEqual(await self.listed(sort=sort, descending=True), expected[::-1])
        page = await self.groups.list_groups(GroupQuery(limit=1, offset=1))
        self.assertEqual(
            (page.groups[0].group.name, page.groups[0].created_at_ms, page.total), ("Team", 3, 3)
        )

    async def test_groups_are_found_by_id_and_name(self) -> None:
        await self.fill()
        self.assertEqual(await self.listed(text="TEAM"), ["g1", "g2"])
        self.assertEqual(await self.listed(text="三的"), ["g3"])
        self.assertEqual(await self.listed(text="g2"), ["g2"])
        for wildcard in "%_!":
            self.assertEqual(await self.listed(text=wildcard), [])

    async def test_official_accounts_are_told_apart_and_dissolved_ones_are_gone(self) -> None:
        await self.fill()
        await self.create_news()
        self.assertEqual(await self.listed(official=True), ["news"])
        self.assertEqual(await self.listed(official=False), ["g2", "g1", "g3"])
        await self.administer(group_administration.dissolve, GroupId("g1"), OPERATORS.user_id)
        self.assertEqual(await self.listed(official=False), ["g2", "g3"])
        for nothing in ("g1", "g9", "群"):
            await self.refused(NotFound, self.groups.get_group(GroupId(nothing)))
            await self.refused(NotFound, self.groups.list_members(GroupId(nothing), limit=1, offset=0))

    async def test_members_are_listed_with_their_roles(self) -> None:
        await self.create("team", "Team", CAROL, BOB)
        members = await self.groups.list_members(TEAM, limit=2, offset=0)
        self.assertEqual(
            [(m.user.user_id, m.role) for m in members], [("alice", Role.OWNER), ("bob", Role.MEMBER)]
        )
        members = await self.groups.list_members(TEAM, limit=2, offset=2)
        self.assertEqual([m.user.user_id for m in members], ["carol"])

    async def test_a_group_renamed_from_outside_tells_it_in_its_log(self) -> None:
        await self.create("team", "Team", BOB)
        stored = await self.administer(group_administration.rename, TEAM, OPERATORS.user_id, "新名字")
        (message,) = stored.messages
        self.assertEqual((message.seq, message.sender_id), (2, OPERATORS.user_id))
        self.assertEqual(json.loads(message.text), {"event": "updated", "user_ids": [], "name": "新名字"})
        page = await self.storage.log.history(group_talk_id(TEAM), BOB, HistoryRange())
        self.assertEqual(page.messages[-1], message)
        again = await self.administer(group_administration.rename, TEAM, OPERATORS.user_id, "新名字")
        self.assertEqual(again.messages, ())

    async def test_a_group_dissolved_from_outside_has_nobody_left(self) -> None:
        await self.create("team", "Team", BOB)
        stored = await self.administer(group_administration.dissolve, TEAM, OPERATORS.user_id)
        self.assertEqual(set(stored.change.leaving), {ALICE, BOB})
        await self.refused(NotMember, self.append(send(group_talk_id(TEAM), ALICE)))
        again = self.administer(group_administration.dissolve, TEAM, OPERATORS.user_id)
        await self.refused(NotFound, again)

    async def test_everybody_is_enrolled_in_an_official_account_in_portions(self) -> None:
        self.patch(group_directory, "ROWS_A_STATEMENT", 2)  # type: ignore[attr-defined]
        await self.create_news()
        await self.storage.users.add(account(UserId("eve")))
        self.assertEqual(await self.enrol_all(), [["alice", "bob"], ["carol", "dave"], []])
        self.assertEqual(await self.enrol_all(), [[]])
        group = (await self.groups.get_group(NEWS)).group
        self.assertEqual((group.member_count, group.official), (6, True))
        members = await self.groups.list_members(NEWS, limit=3, offset=2)
        self.assertEqual([m.user.user_id for m in members], ["carol", "dave", "eve"])

    async def test_who_was_enrolled_reads_from_then_on_and_writes_nothing(self) -> None:
        await self.create_news()
        await self.enrol_all()
        await self.append(send(group_talk_id(NEWS), OPERATORS.user_id, "停机维护"))
        page = await self.storage.log.history(group_talk_id(NEWS), BOB, HistoryRange())
        self.assertEqual([m.text for m in page.messages], ["停机维护"])
        self.assertEqual((await self.storage.talks.get_talk(group_talk_id(NEWS), BOB)).unread, 1)
        await self.refused(Forbidden, self.append(send(group_talk_id(NEWS), BOB)))

    async def test_only_an_official_account_takes_everybody(self) -> None:
        await self.create("team", "Team")
        for group_id in (TEAM, GroupId("nothing"), GroupId("公告")):
            await self.refused(NotFound, self.groups.enrol(group_id, "", 300))
        await self.create_news()
        await self.refused(Forbidden, self.create_news())

    async def test_many_who_are_added_together_belong_to_official_accounts(self) -> None:
        await self.create_news()
        self.patch(account_directory, "ROWS_A_STATEMENT", 2)  # type: ignore[attr-defined]
        await self.people.add_all([account(UserId(f"new{n}"), created_at_ms=400) for n in range(5)])
        self.assertEqual((await self.groups.get_group(NEWS)).group.member_count, 6)
        self.assertIn(NEWS, await self.storage.groups.list_heads(UserId("new4")))

    async def test_a_dissolved_official_account_takes_nobody_new(self) -> None:
        await self.create_news()
        await self.enrol_all()
        stored = await self.administer(group_administration.dissolve, NEWS, OPERATORS.user_id)
        self.assertEqual(stored.change.leaving, ())
        await self.storage.users.add(account(UserId("eve")))
        for user_id in (ALICE, UserId("eve")):
            self.assertEqual(await self.storage.groups.list_heads(user_id), {})

    async def test_a_dissolved_official_account_may_begin_again(self) -> None:
        await self.create_news()
        await self.administer(group_administration.dissolve, NEWS, OPERATORS.user_id)
        await self.create_news()
        await self.enrol_all()
        await self.refused(Forbidden, self.append(send(group_talk_id(NEWS), BOB)))
        await self.storage.users.add(account(UserId("eve")))
        self.assertIn(NEWS, await self.storage.groups.list_heads(UserId("eve")))

    async def test_only_those_who_are_named_join_and_each_once(self) -> None:
        await self.create_official(ALPHA)
        first = await self.groups.enrol_these(ALPHA, [CAROL, BOB, UserId("nobody")], 300)
        self.assertEqual((first.joined, first.group.member_count), ((BOB, CAROL), 3))
        again = await self.groups.enrol_these(ALPHA, [DAVE, BOB], 400)
        self.assertEqual((again.joined, again.group.member_count), ((DAVE,), 4))
        await self.append(send(group_talk_id(ALPHA), OPERATORS.user_id, "停机维护"))
        self.assertEqual((await self.storage.talks.get_talk(group_talk_id(ALPHA), BOB)).unread, 1)
        await self.refused(Forbidden, self.append(send(group_talk_id(ALPHA), BOB)))
        await self.refused(NotMember, self.append(send(group_talk_id(ALPHA), ALICE)))
        await self.refused(NotFound, self.groups.enrol_these(TEAM, [ALICE], 300))

    async def test_who_registers_does_not_belong_to_the_account_of_a_nodes_people(self) -> None:
        await self.create_official(ALPHA)
        await self.storage.users.add(account(UserId("eve")))
        await self.people.add_all([account(UserId("fay"))])
        for user_id in (UserId("eve"), UserId("fay")):
            self.assertEqual(await self.storage.groups.list_heads(user_id), {})

    async def test_a_dissolved_account_of_a_nodes_people_begins_anew(self) -> None:
        await self.create_official(ALPHA)
        await self.groups.enrol_these(ALPHA, [ALICE], 300)
        await self.administer(group_administration.dissolve, ALPHA, OPERATORS.user_id)
        await self.refused(NotFound, self.groups.enrol_these(ALPHA, [BOB], 400))
        await self.create_official(ALPHA)
        enrolled = await self.groups.enrol_these(ALPHA, [BOB], 500)
        self.assertEqual((enrolled.joined, enrolled.group.member_count), ((BOB,), 2))
        await self.storage.users.add(account(UserId("eve")))
        members = await self.groups.list_members(ALPHA, limit=10, offset=0)
        self.assertEqual([m.user.user_id for m in members], ["bob", OPERATORS.user_id])
        await self.refused(Forbidden, self.append(send(group_talk_id(ALPHA), BOB)))


class ModerationContract(DirectoryStore):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB)
        self.talk = await self.befriend(ALICE, BOB)

    async def search(self, text: str, limit: int = 10, **values: Any) -> tuple[list[int], int | None]:
        before_seq = values.get("before_seq")
        found = await self.storage.talk_search.search_talk(
            TalkId(self.talk), text, before_seq=before_seq, limit=limit
        )
        return [message.seq for message in found.messages], found.go_on_before

    async def test_a_talk_is_searched_newest_first(self) -> None:
        for text in ("Hello", "100% sure", "hello_again", "你好"):
            await self.append(send(self.talk, ALICE, text))
        self.assertEqual(await self.search("HELLO"), ([3, 1], None))
        self.assertEqual(await self.search("hello", limit=1), ([3], 3))
        self.assertEqual(await self.search("hello", before_seq=3), ([1], None))
        self.assertEqual(await self.search("你"), ([4], None))
        await self.append(send(self.talk, ALICE, "ÉMILE"))
        self.assertEqual(await self.search("ÉMILE"), ([5], None))
        self.assertEqual((await self.search("%"), await self.search("_")), (([2], None), ([3], None)))

    async def test_a_search_looks_through_a_bounded_part_and_says_where_to_go_on(self) -> None:
        self.patch(talk_search, "MOST_LOOKED_THROUGH", 2)  # type: ignore[attr-defined]
        for text in ("one", "two", "three", "four", "five"):
            await self.append(send(self.talk, ALICE, text))
        self.assertEqual(await self.search("one"), ([], 4))
        self.assertEqual(await self.search("one", before_seq=4), ([], 2))
        self.assertEqual(await self.search("one", before_seq=2), ([1], None))

    async def test_a_talk_that_is_not_there_is_not_found(self) -> None:
        for talk_id in ("alice:nobody", ":nothing", ":群"):
            search = self.storage.talk_search.search_talk(TalkId(talk_id), "x", before_seq=None, limit=1)
            await self.refused(NotFound, search)

    async def test_operators_take_a_message_back_that_is_old_and_not_theirs(self) -> None:
        await self.append(send(self.talk, ALICE, "rude", sent_at_ms=1))
        late = recall(self.talk, OPERATORS.user_id, 1, sent_at_ms=9_000_000_000, by_operator=True)
        appended = await self.append(late)
        self.assertEqual((appended.message.seq, appended.message.target_seq), (2, 1))
        self.assertTrue((await self.append(late)).duplicate)
        page = await self.storage.log.history(TalkId(self.talk), BOB, HistoryRange())
        self.assertEqual([(m.text, m.recalled) for m in page.messages], [("", True), ("", False)])
        self.assertEqual((await self.search("rude"))[0], [])
        await self.refused(NotFound, self.append(recall(self.talk, OPERATORS.user_id, 9, by_operator=True)))
        await self.refused(Forbidden, self.append(recall(self.talk, OPERATORS.user_id, 2, by_operator=True)))

    def test_bounds_are_those_that_the_port_promises(self) -> None:
        self.assertEqual(directory.MOST_LOOKED_THROUGH, 5_000)  # type: ignore[attr-defined]
        self.assertEqual(account_directory.ROWS_A_STATEMENT, 500)  # type: ignore[attr-defined]


class AgreementContract(DirectoryStore):
    """Lists are those that the ports in memory give, whatever is asked."""

    async def _set_up(self) -> None:
        await super()._set_up()
        self.random = random.Random(7)
        store = fakes.Store()
        self.in_memory = MemoryAccountDirectory(store), MemoryGroupDirectory(store)
        names = ["Anna", "anna b", "BANANA", "王芳", "王", "Zoë", "100%", "a_b", "x"]
        for number in range(30):
            added = account(
                UserId(self.random.choice("abAB") + str(number)),
                self.random.choice(names),
                created_at_ms=self.random.randrange(5),
                disabled=self.random.random() < 0.3,
            )
            for users in (self.storage.users, fakes.MemoryUsers(store)):
                await users.add(added)
        for number in range(12):
            group = Group(
                group_id=GroupId(self.random.choice("abg") + str(number)),
                name=self.random.choice(names),
                owner_id=OPERATORS.user_id,
                member_count=1,
            )
            for users in (self.storage.users, fakes.MemoryUsers(store)) if not number else ():
                await users.add(account(OPERATORS.user_id, "Operators", disabled=True))
            rule = functools.partial(group_administration.create_official, group=group)
            for groups in (self.groups, self.in_memory[1]):
                await groups.administer(group.group_id, rule, OPERATORS, 0)

    def question(self, sorts: Any) -> dict[str, Any]:
        choose = self.random.choice
        return {
            "text": choose(["", "", "a", "A", "an", "王", "%", "_", "0", "1", "nobody", "b1"]),
            "sort": choose(list(sorts)),
            "descending": choose([True, False]),
            "limit": choose([1, 3, 10, 50]),
            "offset": choose([0, 0, 1, 5, 60]),
        }

    async def test_people_are_listed_as_in_memory(self) -> None:
        for _ in range(150):
            query = AccountQuery(
                disabled=self.random.choice([None, True, False]), **self.question(AccountSort)
            )
            expected = await self.in_memory[0].list_accounts(query)
            self.assertEqual(await self.people.list_accounts(query), expected, query)  # type: ignore[attr-defined]

    async def test_groups_are_listed_as_in_memory(self) -> None:
        for _ in range(150):
            query = GroupQuery(official=self.random.choice([None, True]), **self.question(GroupSort))
            expected = await self.in_memory[1].list_groups(query)
            self.assertEqual(await self.groups.list_groups(query), expected, query)  # type: ignore[attr-defined]


class TestAgreementOnSQLite(OnSQLite, AgreementContract, TestCase):
    pass


class TestAgreementOnMariaDB(OnMariaDB, AgreementContract, TestCase):
    pass


class TestAccountDirectoryOnSQLite(OnSQLite, AccountDirectoryContract, TestCase):
    pass


class TestAccountDirectoryOnMariaDB(OnMariaDB, AccountDirectoryContract, TestCase):
    pass


class TestGroupDirectoryOnSQLite(OnSQLite, GroupDirectoryContract, TestCase):
    pass


class TestGroupDirectoryOnMariaDB(OnMariaDB, GroupDirectoryContract, TestCase):
    pass


class TestModerationOnSQLite(OnSQLite, ModerationContract, TestCase):
    pass


class TestModerationOnMariaDB(OnMariaDB, ModerationContract, TestCase):
    pass
