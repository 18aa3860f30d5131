"""Accounts, tokens, friends: what their repositories promise, on every database."""

from twisted.internet.defer import Deferred, DeferredList, gatherResults
from twisted.trial.unittest import TestCase

from naivechat.domain.errors import (
    AuthFailed,
    Disabled,
    LimitReached,
    NotFound,
    NotFriend,
    TokenExpired,
    UserExists,
)
from naivechat.domain.friend import AskOutcome, Friend, FriendRequest, Standing
from naivechat.domain.session import (
    LEAST_MOVE_MS,
    TOKEN_LIFETIME_MS,
    Comeback,
    StoredToken,
    TokenHash,
)
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.sql.storage import Storage
from tests.contract.stores import ALICE, BOB, CAROL, DAVE, StorageContract, account, person
from tests.databases import OnMariaDB, OnSQLite


def token(
    number: int, device: str = "desktop", expires_at_ms: int = 100, user_id: UserId = ALICE
) -> StoredToken:
    token_hash = TokenHash(bytes([number]) * 32)
    return StoredToken(token_hash=token_hash, user_id=user_id, device=device, expires_at_ms=expires_at_ms)


class PeopleContract(StorageContract):
    async def keep(self, token: StoredToken, most: int = 5, password_hash: str = "") -> int:
        known_hash = password_hash or f"hash of {token.user_id}"
        admission = await self.storage.tokens.add(token, password_hash=known_hash, most=most)
        return admission.login_no

    async def kept(self, *numbers: int) -> list[int]:
        hashes = {number: token(number).token_hash for number in numbers}
        known = await self.storage.tokens.known_among(hashes.values())
        return [number for number, token_hash in hashes.items() if token_hash in known]

    async def hash_of(self, user_id: UserId) -> str:
        account = await self.storage.users.find_account(user_id) or self.fail("gone")  # type: ignore[attr-defined]
        return str(account.password_hash)


class UsersContract(PeopleContract):
    async def test_an_account_comes_back_as_it_was_added(self) -> None:
        alice = account(ALICE, "爱丽丝 👋", created_at_ms=77)
        await self.storage.users.add(alice)
        self.assertEqual(await self.storage.users.find_account(ALICE), alice)
        self.assertEqual(await self.storage.users.list_accounts(), (alice,))

    async def test_an_id_belongs_to_one_person_but_case_matters(self) -> None:
        await self.add(ALICE, UserId("Alice"))
        another = account(ALICE, password_hash="another")
        await self.refused(UserExists, self.storage.users.add(another))
        self.assertIsNone(await self.storage.users.find_account(UserId("ALICE")))

    async def test_two_who_register_one_name_at_once_are_one_account(self) -> None:
        accounts = [account(ALICE, password_hash=f"hash {n}") for n in range(6)]
        adding = [Deferred.fromCoroutine(self.storage.users.add(one)) for one in accounts]
        results = await DeferredList(adding, consumeErrors=True)
        self.assertEqual(sorted(ok for ok, _ in results), [False] * 5 + [True])
        for ok, failure in results:
            if not ok:
                failure.trap(UserExists)

    async def test_a_new_password_drops_all_tokens_but_one(self) -> None:
        await self.add(ALICE)
        for number in (1, 2):
            await self.keep(token(number, f"d{number}"))
        await self.storage.users.set_password_hash(ALICE, "new", keep=token(2).token_hash)
        self.assertEqual((await self.kept(1, 2), await self.hash_of(ALICE)), ([2], "new"))
        await self.storage.users.set_password_hash(ALICE, "newer", keep=None)
        self.assertEqual(await self.kept(2), [])

    async def test_a_new_password_undoes_no_newer_one(self) -> None:
        await self.add(ALICE)
        change = self.storage.users.set_password_hash
        await change(ALICE, "operator's", keep=None)
        await self.keep(token(1), password_hash="operator's")
        await self.refused(AuthFailed, change(ALICE, "new", keep=None, instead_of="hash of alice"))
        self.assertEqual((await self.kept(1), await self.hash_of(ALICE)), ([1], "operator's"))
        await change(ALICE, "new", keep=None, instead_of="operator's")
        self.assertEqual(await self.storage.users.find_account(ALICE), account(ALICE, password_hash="new"))

    async def test_rehashing_keeps_tokens(self) -> None:
        await self.add(ALICE)
        await self.keep(token(1))
        rehash = self.storage.users.rehash_password
        self.assertTrue(await rehash(ALICE, "better", instead_of="hash of alice"))
        self.assertEqual((await self.kept(1), await self.hash_of(ALICE)), ([1], "better"))

    async def test_rehashing_undoes_no_change_of_the_password(self) -> None:
        await self.add(ALICE)
        await self.storage.users.set_password_hash(ALICE, "changed", keep=None)
        rehash = self.storage.users.rehash_password
        self.assertFalse(await rehash(ALICE, "better", instead_of="hash of alice"))
        found = await self.storage.users.find_account(ALICE)
        self.assertEqual(found, account(ALICE, password_hash="changed"))

    async def test_disabling_drops_tokens_and_hides_from_search(self) -> None:
        await self.add(ALICE, BOB)
        await self.keep(token(1))
        await self.storage.users.set_disabled(ALICE, True)
        self.assertEqual(await self.kept(1), [])
        self.assertEqual(await self.found("alice"), [])
        await self.storage.users.set_disabled(ALICE, False)
        self.assertEqual(await self.found("alice"), ["alice"])

    async def test_a_profile_changes_as_far_as_it_is_given(self) -> None:
        await self.add(ALICE)
        self.assertEqual((await self.storage.users.update_profile(ALICE, "阿丽", None)).nickname, "阿丽")
        changed = await self.storage.users.update_profile(ALICE, None, "cat")
        self.assertEqual(changed, User(user_id=ALICE, nickname="阿丽", avatar="cat"))

    async def test_an_account_added_again_is_there_already(self) -> None:
        """As after a commit whose answer was lost."""
        for _ in range(2):
            await self.storage.users.add(account(ALICE))
        self.assertEqual(await self.storage.users.list_accounts(), (account(ALICE),))

    async def test_what_changes_nobody_is_not_found(self) -> None:
        users = self.storage.users
        for nobody in (ALICE, UserId("爱丽丝")):
            self.assertIsNone(await users.find_account(nobody))
            await self.refused(NotFound, users.update_profile(nobody, "x", None))
            await self.refused(NotFound, users.set_disabled(nobody, True))
            await self.refused(NotFound, users.set_password_hash(nobody, "x", keep=None))
            await self.refused(NotFound, users.rehash_password(nobody, "x", instead_of="y"))

    async def found(self, key: str, limit: int = 20, offset: int = 0) -> list[str]:
        page = await self.storage.users.search(BOB, key, limit=limit, offset=offset)
        return [found.user.user_id for found in page.users]

    async def test_search_finds_the_best_first_whatever_the_case(self) -> None:
        await self.add(BOB)
        for user_id, nickname in (
            ("xann", "x"),
            ("q", "ANNe"),
            ("Annika", "x"),
            ("ANN", "x"),
            ("ann", "x"),
            ("z", "Joann"),
        ):
            await self.storage.users.add(account(UserId(user_id), nickname))
        self.assertEqual(await self.found("ann"), ["ann", "ANN", "Annika", "q", "xann", "z"])
        self.assertEqual(await self.found("ann", limit=2, offset=2), ["Annika", "q"])
        page = await self.storage.users.search(BOB, "ANN", limit=4, offset=0)
        self.assertTrue(page.has_more)

    async def test_search_takes_wildcards_at_their_word(self) -> None:
        await self.storage.users.add(account(ALICE, "100%_!\\'"))
        await self.add(CAROL)
        for key in ("%", "_", "!", "\\", "'", "100%_!\\'"):
            self.assertEqual(await self.found(key), ["alice"], key)

    async def test_search_finds_names_in_any_script(self) -> None:
        await self.storage.users.add(account(ALICE, "王小明STRASSE 👋🏽"))
        for key in ("王", "小明", "straße", "👋"):
            self.assertEqual(await self.found(key), ["alice"], key)
        self.assertEqual(await self.found("李"), [])

    async def test_search_never_finds_the_searcher_and_tells_how_others_stand(self) -> None:
        await self.add(ALICE, BOB, CAROL, DAVE)
        await self.befriend(BOB, ALICE)
        await self.storage.friends.ask(BOB, CAROL, "hi", 1)
        await self.storage.friends.ask(DAVE, BOB, "hi", 1)
        page = await self.storage.users.search(BOB, "a", limit=9, offset=0)
        standing = {found.user.user_id: found.standing for found in page.users}
        self.assertEqual(standing, {ALICE: Standing.FRIEND, CAROL: Standing.ASKED, DAVE: Standing.CAN_ADD})
        self.assertEqual(await self.found("bob"), [])


class TokensContract(PeopleContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB)
        self.tokens = self.storage.tokens

    async def back(self, number: int, user_id: UserId = ALICE, now_ms: int = 1) -> Comeback:
        return await self.tokens.come_back(user_id, token(number).token_hash, now_ms)

    async def login_no(self, number: int, storage: Storage | None = None) -> int:
        tokens = (storage or self.storage).tokens
        back = await tokens.come_back(ALICE, token(number).token_hash, 1)
        return back.admission.login_no

    async def test_a_token_is_its_owners_alone(self) -> None:
        await self.keep(token(1))
        self.assertEqual((await self.back(1)).user, person(ALICE))
        for claim in (self.back(1, BOB), self.back(1, UserId("爱丽丝")), self.back(2)):
            await self.refused(TokenExpired, claim)

    async def test_a_token_brings_back_until_it_ends(self) -> None:
        await self.keep(token(1, expires_at_ms=100))
        await self.refused(TokenExpired, self.back(1, now_ms=100))
        self.assertEqual((await self.back(1, now_ms=99)).expires_at_ms, 99 + TOKEN_LIFETIME_MS)

    async def test_a_device_has_one_token(self) -> None:
        for number in (1, 2):
            await self.keep(token(number))
        await self.keep(token(3, "phone"))
        self.assertEqual(await self.kept(1, 2, 3), [2, 3])

    async def test_the_last_to_expire_are_kept(self) -> None:
        for number in (1, 2, 3, 4):
            await self.keep(token(number, f"d{number}", 100 * number), most=2)
        self.assertEqual(await self.kept(1, 2, 3, 4), [3, 4])

    async def test_the_newest_token_is_kept_whenever_it_expires(self) -> None:
        for number in (3, 2, 1):
            await self.keep(token(number, f"d{number}"), most=2)
        self.assertEqual(await self.kept(1, 2, 3), [1, 2])
        await self.keep(token(4, "d4", expires_at_ms=50), most=1)
        self.assertEqual(await self.kept(1, 2, 3, 4), [4])

    async def test_a_login_that_a_new_password_overtook_gets_no_token(self) -> None:
        await self.storage.users.set_password_hash(ALICE, "changed", keep=None)
        await self.refused(AuthFailed, self.keep(token(1)))
        self.assertEqual(await self.kept(1), [])

    async def test_a_login_that_a_disabling_overtook_gets_no_token(self) -> None:
        await self.storage.users.set_disabled(ALICE, True)
        await self.refused(Disabled, self.keep(token(1)))
        self.assertEqual(await self.kept(1), [])

    async def test_a_disabling_at_the_same_instant_leaves_no_token(self) -> None:
        adding = [Deferred.fromCoroutine(self.keep(token(n, f"d{n}"))) for n in range(1, 5)]
        disabling = Deferred.fromCoroutine(self.storage.users.set_disabled(ALICE, True))
        await DeferredList([*adding, disabling], consumeErrors=True)
        self.assertEqual(await self.kept(*range(1, 5)), [])

    async def test_coming_back_moves_the_end_where_that_is_much_later_and_revoking_drops(self) -> None:
        await self.keep(token(1))
        first = await self.back(1)
        hardly_later = await self.back(1, now_ms=LEAST_MOVE_MS)
        later = await self.back(1, now_ms=LEAST_MOVE_MS + 1)
        ends = [first.expires_at_ms, hardly_later.expires_at_ms, later.expires_at_ms]
        self.assertEqual(
            ends, [1 + TOKEN_LIFETIME_MS, 1 + TOKEN_LIFETIME_MS, 1 + TOKEN_LIFETIME_MS + LEAST_MOVE_MS]
        )
        await self.refused(TokenExpired, self.back(1, now_ms=ends[-1]))
        for _ in range(2):
            await self.tokens.revoke(token(1).token_hash)
        await self.refused(TokenExpired, self.back(1))
        self.assertEqual(await self.kept(1), [])

    async def test_people_who_come_back_at_once_get_what_they_would_get_alone(self) -> None:
        for number in range(1, 6):
            await self.keep(token(number, f"d{number}", user_id=BOB if number > 3 else ALICE))
        await self.tokens.revoke(token(5).token_hash)
        claims = [(ALICE, 1), (ALICE, 2), (BOB, 4), (BOB, 5), (BOB, 3), (ALICE, 1), (UserId("nobody"), 1)]
        returning = [Deferred.fromCoroutine(self.back(number, user_id)) for user_id, number in claims]
        outcomes = await DeferredList(returning, consumeErrors=True)
        self.assertEqual([ok for ok, _ in outcomes], [True, True, True, False, False, True, False])
        alices = [outcomes[index][1].admission.login_no for index in (0, 1, 5)]
        self.assertEqual(alices, sorted(set(alices)))
        self.assertGreater(alices[0], 3)
        self.assertGreater(outcomes[2][1].admission.login_no, 2)
        self.assertEqual([outcomes[index][1].user for index in (1, 2)], [person(ALICE), person(BOB)])
        for ok, failure in outcomes:
            if not ok:
                failure.trap(TokenExpired)

    async def test_who_is_refused_has_not_logged_in(self) -> None:
        self.assertEqual(await self.keep(token(1, expires_at_ms=100)), 1)
        await self.refused(TokenExpired, self.back(1, now_ms=100))
        for claim in (self.back(1, BOB), self.back(2)):
            await self.refused(TokenExpired, claim)
        # The first of several has a transaction of its own, the others share the next one.
        late = [Deferred.fromCoroutine(self.back(1, now_ms=100)) for _ in range(3)]
        good = Deferred.fromCoroutine(self.back(1))
        await DeferredList(late, consumeErrors=True)
        self.assertEqual((await good).admission.login_no, 2)
        self.assertEqual(await self.keep(token(3, user_id=BOB)), 1)

    async def test_numbers_of_those_who_come_back_at_once_are_given_once(self) -> None:
        for number, user_id in ((1, ALICE), (2, ALICE), (3, BOB)):
            await self.keep(token(number, f"d{number}", user_id=user_id))
        # The first of several has a transaction of its own, the others share the next one.
        claims = [(1, ALICE), (1, ALICE), (2, ALICE), (3, BOB)]
        returning = [Deferred.fromCoroutine(self.back(*claim)) for claim in claims]
        given = [back.admission.login_no for back in await gatherResults(returning)][:3]
        self.assertGreater(await self.login_no(1), max(given))

    async def test_a_token_is_good_for_as_long_as_was_said_whoever_comes_back_beside_it(self) -> None:
        for number, user_id in ((1, ALICE), (2, ALICE), (3, BOB)):
            await self.keep(token(number, f"d{number}", LEAST_MOVE_MS * 9, user_id))
        claims = [(1, ALICE, 1), (2, ALICE, 2), (3, BOB, LEAST_MOVE_MS * 8)]
        returning = [Deferred.fromCoroutine(self.back(*claim)) for claim in claims]
        ends = [back.expires_at_ms for back in await gatherResults(returning)]
        for (number, user_id, _), end_ms in zip(claims, ends, strict=True):
            await self.back(number, user_id, end_ms - 1)

    async def test_revoking_all_leaves_other_people_alone(self) -> None:
        await self.keep(token(1))
        await self.keep(token(2, user_id=BOB))
        await self.tokens.revoke_all(ALICE)
        self.assertEqual(await self.kept(1, 2), [2])

    async def test_logins_at_the_same_instant_leave_one_token_a_device(self) -> None:
        adding = [Deferred.fromCoroutine(self.keep(token(n))) for n in range(1, 9)]
        results = await DeferredList(adding)
        self.assertTrue(all(ok for ok, _ in results), results)
        self.assertEqual(len(await self.kept(*range(1, 9))), 1)

    async def test_logins_of_a_person_are_counted_by_password_and_token_together(self) -> None:
        self.assertEqual([await self.keep(token(n, f"d{n}")) for n in (1, 2)], [1, 2])
        self.assertEqual(await self.login_no(1), 3)
        self.assertEqual(await self.keep(token(3, user_id=BOB)), 1)
        hashes = [token(n).token_hash for n in (1, 2, 3, 4)]
        self.assertEqual(await self.tokens.known_among(hashes), frozenset(hashes[:3]))
        self.assertEqual(await self.tokens.known_among(hashes[:3]), frozenset(hashes[:3]))
        self.assertEqual(await self.tokens.known_among([]), frozenset())

    async def test_logins_at_the_same_instant_on_several_nodes_have_a_number_each(self) -> None:
        other = await self._open()
        await self.keep(token(0))
        doing = [self.keep(token(n, f"d{n}"), most=99) for n in range(1, 6)]
        doing += [self.login_no(0, storage) for storage in (self.storage, other) for _ in range(5)]
        results = await DeferredList([Deferred.fromCoroutine(one) for one in doing])
        self.assertEqual(sorted(number for _, number in results), list(range(2, 17)))

    async def test_a_login_and_a_revocation_at_once_do_not_stand_in_each_others_way(self) -> None:
        await self.keep(token(1))
        returning = [Deferred.fromCoroutine(self.back(1)) for _ in range(5)]
        disabling = Deferred.fromCoroutine(self.storage.users.set_disabled(ALICE, True))
        results = await DeferredList([*returning, disabling], consumeErrors=True)
        for ok, failure in results:
            if not ok:
                failure.trap(TokenExpired)
        self.assertTrue(results[-1][0])
        self.assertEqual(await self.kept(1), [])


class FriendsContract(StorageContract):
    async def _set_up(self) -> None:
        await super()._set_up()
        await self.add(ALICE, BOB, CAROL)
        self.friends = self.storage.friends

    async def test_the_friends_of_several_are_told_apart(self) -> None:
        await self.befriend(ALICE, BOB)
        await self.befriend(ALICE, CAROL)
        asking = [self.friends.list_friend_ids(one) for one in (ALICE, BOB, CAROL, DAVE, ALICE)]
        answers = await DeferredList([Deferred.fromCoroutine(one) for one in asking])
        expected = [(BOB, CAROL), (ALICE,), (ALICE,), (), (BOB, CAROL)]
        self.assertEqual([friend_ids for _, friend_ids in answers], expected)

    async def test_befriending_makes_both_friends_once(self) -> None:
        self.assertTrue(await self.friends.befriend(ALICE, BOB, 5))
        self.assertFalse(await self.friends.befriend(BOB, ALICE, 6))
        self.assertEqual(await self.friends.list_friend_ids(ALICE), (BOB,))
        self.assertEqual(await self.friends.get_friend(BOB, ALICE), Friend(user=person(ALICE)))

    async def test_two_who_add_each_other_at_once_are_friends(self) -> None:
        pairs = ((ALICE, BOB), (BOB, ALICE)) * 3
        results = await DeferredList(
            [Deferred.fromCoroutine(self.friends.befriend(*pair, 5)) for pair in pairs]
        )
        self.assertEqual(sorted(outcome for _, outcome in results), [False] * 5 + [True])

    async def test_nobody_befriends_or_asks_who_is_not_there(self) -> None:
        await self.storage.users.set_disabled(CAROL, True)
        for gone in (CAROL, UserId("nobody")):
            await self.refused(NotFound, self.friends.befriend(ALICE, gone, 5))
            await self.refused(NotFound, self.friends.ask(ALICE, gone, "", 5))

    async def test_a_person_has_so_many_friends(self) -> None:
        await self.friends.befriend(ALICE, BOB, 5, most=1)
        await self.refused(LimitReached, self.friends.befriend(CAROL, ALICE, 5, most=1))
        await self.friends.ask(CAROL, ALICE, "", 5, most=1)
        await self.refused(LimitReached, self.friends.answer(ALICE, CAROL, True, 6, most=1))
        await self.refused(LimitReached, self.friends.ask(ALICE, CAROL, "", 6, most=1))
        await self.friends.answer(ALICE, CAROL, True, 6, most=2)

    async def test_asking_goes_its_way(self) -> None:
        ask = self.friends.ask
        self.assertEqual(await ask(ALICE, BOB, "hi", 5), AskOutcome.ASKED)
        self.assertEqual(await ask(ALICE, BOB, "hi", 6), AskOutcome.ASKED_AGAIN)
        self.assertEqual(await ask(ALICE, BOB, "please", 7), AskOutcome.ASKED)
        request = FriendRequest(asker=person(ALICE), greeting="please", asked_at_ms=7)
        self.assertEqual(await self.friends.get_request(BOB, ALICE), request)
        self.assertEqual(await ask(BOB, ALICE, "", 8), AskOutcome.NOW_FRIENDS)
        self.assertEqual(await ask(ALICE, BOB, "", 9), AskOutcome.ALREADY_FRIENDS)
        await self.refused(NotFound, self.friends.get_request(BOB, ALICE))

    async def test_a_request_is_accepted_or_refused_once(self) -> None:
        for asker in (ALICE, CAROL):
            await self.friends.ask(asker, BOB, "", 5)
            await self.friends.answer(BOB, asker, asker == ALICE, 6)
            await self.refused(NotFound, self.friends.answer(BOB, asker, True, 7))
        self.assertEqual(await self.friends.list_friend_ids(BOB), (ALICE,))

    async def test_ending_a_friendship_ends_it_for_both(self) -> None:
        await self.befriend(ALICE, BOB)
        await self.friends.remove(BOB, ALICE)
        self.assertEqual(await self.friends.list_friend_ids(ALICE), ())
        await self.refused(NotFriend, self.friends.remove(ALICE, BOB))
        await self.refused(NotFriend, self.friends.get_friend(ALICE, BOB))

    async def test_a_remark_is_ones_own(self) -> None:
        await self.befriend(ALICE, BOB)
        await self.friends.set_remark(ALICE, BOB, "鲍勃")
        self.assertEqual((await self.friends.get_friend(ALICE, BOB)).remark, "鲍勃")
        self.assertEqual((await self.friends.get_friend(BOB, ALICE)).remark, "")
        await self.refused(NotFriend, self.friends.set_remark(ALICE, CAROL, "x"))


class TestUsersOnSQLite(OnSQLite, UsersContract, TestCase):
    pass


class TestUsersOnMariaDB(OnMariaDB, UsersContract, TestCase):
    pass


class TestTokensOnSQLite(OnSQLite, TokensContract, TestCase):
    pass


class TestTokensOnMariaDB(OnMariaDB, TokensContract, TestCase):
    pass


class TestFriendsOnSQLite(OnSQLite, FriendsContract, TestCase):
    pass


class TestFriendsOnMariaDB(OnMariaDB, FriendsContract, TestCase):
    pass
