"""The ports in memory, as plain as they can be: what every storage has to do, readable in one place.

All repositories share one `Store`; what the domain decides, it decides here too. Nothing waits: `done` runs a coroutine to its end.
One file although long: the tables belong together.
"""

from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, TypeVar

import attrs

from naivechat.domain import appending
from naivechat.domain.appending import (
    Appended,
    LogState,
    Position,
    Read,
    ReadMoved,
    Recall,
    Record,
    Send,
    TalkHead,
)
from naivechat.domain.errors import (
    AuthFailed,
    ChatError,
    Disabled,
    LimitReached,
    NotFound,
    NotFriend,
    NotMember,
    TokenExpired,
    UserExists,
)
from naivechat.domain.events import Event
from naivechat.domain.friend import AskOutcome, Found, Friend, FriendRequest, Standing
from naivechat.domain.group import (
    Group,
    GroupChange,
    GroupId,
    GroupState,
    Member,
    Membership,
    Role,
)
from naivechat.domain.group_record import texts_of
from naivechat.domain.message import GROUP_EVENT, HistoryPage, HistoryRange, Message
from naivechat.domain.node_account import is_node_account
from naivechat.domain.ports import DecideGroup, FoundPage, Snapshot, StoredGroupChange, TalkPage
from naivechat.domain.session import (
    Admission,
    Comeback,
    StoredToken,
    TokenHash,
    end_after_comeback,
)
from naivechat.domain.sizes import MOST_FRIENDS
from naivechat.domain.talk import (
    MOST_UNREAD,
    OPENED,
    SKETCH_CHARACTERS,
    TALKS_A_PAGE,
    Talk,
    TalkId,
    address_for,
    friend_talk_id,
    friends_in,
    group_talk_id,
    is_group_talk,
)
from naivechat.domain.user import Account, User, UserId

T = TypeVar("T")


def done(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise AssertionError("the coroutine waits for something")


@attrs.define
class Listing:
    """How a dialogue stands on one list; opened for the first time when its owner joins."""

    hidden_seq: int = 0
    opened_at_ms: int = 0
    pinned: bool = False
    muted: bool = False


@attrs.define
class Store:
    """All tables. `log` holds the talks' heads, who may use them, and all records; `former` the positions of ended friendships.

    friends: (person, friend) → remark. requests: (asked, asker) → the open request. logins: how many each person had.
    """

    accounts: dict[UserId, Account] = attrs.Factory(dict)
    tokens: dict[TokenHash, StoredToken] = attrs.Factory(dict)
    friends: dict[tuple[UserId, UserId], str] = attrs.Factory(dict)
    requests: dict[tuple[UserId, UserId], FriendRequest] = attrs.Factory(dict)
    logins: dict[UserId, int] = attrs.Factory(dict)
    groups: dict[GroupId, Group] = attrs.Factory(dict)
    members: dict[GroupId, dict[UserId, Membership]] = attrs.Factory(dict)
    log: LogState = attrs.Factory(LogState)
    former: dict[tuple[TalkId, UserId], Position] = attrs.Factory(dict)
    listings: dict[tuple[TalkId, UserId], Listing] = attrs.Factory(dict)

    def require_enabled(self, user_id: UserId) -> None:
        account = self.accounts.get(user_id)
        if account is None or account.disabled:
            raise NotFound(f"There is no user {user_id}.")

    def require_position(self, talk_id: TalkId, user_id: UserId) -> Position:
        try:
            return self.log.positions[talk_id, user_id]
        except KeyError:
            raise (NotMember if is_group_talk(talk_id) else NotFriend) from None

    def new_position(
        self, talk_id: TalkId, role: Role, *, joined_seq: int, read_only: bool = False
    ) -> Position:
        head = self.log.heads.setdefault(talk_id, TalkHead(0, 0))
        return Position(
            role=role,
            joined_seq=joined_seq,
            read_seq=head.last_seq,
            read_counted=head.counted,
            read_only=read_only,
        )

    def join_group(self, group: Group, user_id: UserId, role: Role, now_ms: int) -> None:
        talk_id = group_talk_id(group.group_id)
        head = self.log.heads.setdefault(talk_id, TalkHead(0, 0))
        read_only = group.official and role is Role.MEMBER
        position = self.new_position(talk_id, role, joined_seq=head.last_seq, read_only=read_only)
        self.members.setdefault(group.group_id, {})[user_id] = Membership(role=role, joined_at_ms=now_ms)
        self.log.positions[talk_id, user_id] = position
        self.listings[talk_id, user_id] = Listing(hidden_seq=head.last_seq, opened_at_ms=now_ms)

    def leave_group(self, group_id: GroupId, user_id: UserId) -> None:
        del self.members[group_id][user_id]
        del self.log.positions[group_talk_id(group_id), user_id]

    def visible(self, record: Record) -> Message:
        if record.recalled_seq is None:
            return record.message
        return attrs.evolve(record.message, text="", recalled=True)


@attrs.frozen
class MemoryUsers:
    """UserRepository."""

    store: Store

    async def add(self, account: Account) -> None:
        user_id = account.user.user_id
        if user_id in self.store.accounts:
            raise UserExists
        self.store.accounts[user_id] = account
        for group in self.store.groups.values():
            if group.official and not is_node_account(group.group_id):
                self.store.join_group(group, user_id, Role.MEMBER, account.created_at_ms)

    async def find_account(self, user_id: UserId) -> Account | None:
        return self.store.accounts.get(user_id)

    async def list_accounts(self) -> tuple[Account, ...]:
        return tuple(self.store.accounts[user_id] for user_id in sorted(self.store.accounts))

    async def set_password_hash(
        self, user_id: UserId, password_hash: str, *, keep: TokenHash | None, instead_of: str | None = None
    ) -> None:
        if instead_of is not None and self._account(user_id).password_hash != instead_of:
            raise AuthFailed
        self._evolve(user_id, password_hash=password_hash)
        self._drop_tokens(user_id, keep)

    async def rehash_password(self, user_id: UserId, password_hash: str, *, instead_of: str) -> bool:
        if self._account(user_id).password_hash != instead_of:
            return False
        self._evolve(user_id, password_hash=password_hash)
        return True

    async def set_disabled(self, user_id: UserId, disabled: bool) -> None:
        self._evolve(user_id, disabled=disabled)
        if disabled:
            self._drop_tokens(user_id, None)

    async def update_profile(self, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
        before = self._account(user_id).user
        user = User(
            user_id=user_id,
            nickname=before.nickname if nickname is None else nickname,
            avatar=before.avatar if avatar is None else avatar,
        )
        self._evolve(user_id, user=user)
        return user

    async def search(self, searcher_id: UserId, key: str, *, limit: int, offset: int) -> FoundPage:
        ranked = sorted(
            (rank, account.user.user_id)
            for account in self.store.accounts.values()
            if (rank := _rank(account.user, key)) is not None
            and not account.disabled
            and account.user.user_id != searcher_id
        )
        found = tuple(self._found(searcher_id, user_id) for _, user_id in ranked[offset : offset + limit])
        return FoundPage(users=found, has_more=len(ranked) > offset + limit)

    def _found(self, searcher_id: UserId, user_id: UserId) -> Found:
        standing = Standing.CAN_ADD
        if (searcher_id, user_id) in self.store.friends:
            standing = Standing.FRIEND
        elif (user_id, searcher_id) in self.store.requests:
            standing = Standing.ASKED
        return Found(user=self.store.accounts[user_id].user, standing=standing)

    def _account(self, user_id: UserId) -> Account:
        if user_id not in self.store.accounts:
            raise NotFound
        return self.store.accounts[user_id]

    def _evolve(self, user_id: UserId, **changes: Any) -> None:
        self.store.accounts[user_id] = attrs.evolve(self._account(user_id), **changes)

    def _drop_tokens(self, user_id: UserId, keep: TokenHash | None) -> None:
        for token in tuple(self.store.tokens.values()):
            if token.user_id == user_id and token.token_hash != keep:
                del self.store.tokens[token.token_hash]


def _rank(user: User, key: str) -> int | None:
    wanted, user_id, nickname = key.casefold(), user.user_id.casefold(), user.nickname.casefold()
    matches = (
        user.user_id == key,
        user_id == wanted,
        user_id.startswith(wanted),
        nickname.startswith(wanted),
        wanted in user_id or wanted in nickname,
    )
    return matches.index(True) if any(matches) else None


@attrs.frozen
class MemoryTokens:
    """TokenRepository."""

    store: Store

    async def add(self, token: StoredToken, *, password_hash: str, most: int) -> Admission:
        account = self.store.accounts[token.user_id]
        if account.password_hash != password_hash:
            raise AuthFailed
        if account.disabled:
            raise Disabled
        tokens = self.store.tokens
        mine = [t for t in tokens.values() if t.user_id == token.user_id]
        others = sorted((t for t in mine if t.device != token.device), key=lambda t: t.expires_at_ms)
        for dropped in {t.token_hash for t in mine} - {t.token_hash for t in others[-(most - 1) :]}:
            del tokens[dropped]
        tokens[token.token_hash] = token
        return await self._admission(token)

    async def come_back(self, user_id: UserId, token_hash: TokenHash, now_ms: int) -> Comeback:
        token = self.store.tokens.get(token_hash)
        if token is None or token.user_id != user_id:
            raise TokenExpired
        account = self.store.accounts[user_id]
        end_ms = end_after_comeback(token.expires_at_ms, disabled=account.disabled, now_ms=now_ms)
        self.store.tokens[token_hash] = attrs.evolve(token, expires_at_ms=end_ms)
        return Comeback(user=account.user, expires_at_ms=end_ms, admission=await self._admission(token))

    async def known_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        return frozenset(token_hashes).intersection(self.store.tokens)

    async def _admission(self, token: StoredToken) -> Admission:
        login_no = self.store.logins.get(token.user_id, 0) + 1
        self.store.logins[token.user_id] = login_no
        heads = await MemoryGroups(self.store).list_heads(token.user_id)
        return Admission(login_no=login_no, heads=heads)

    async def revoke(self, token_hash: TokenHash) -> None:
        self.store.tokens.pop(token_hash, None)

    async def revoke_all(self, user_id: UserId) -> None:
        for token in tuple(self.store.tokens.values()):
            if token.user_id == user_id:
                del self.store.tokens[token.token_hash]


@attrs.frozen
class MemoryFriends:
    """FriendRepository."""

    store: Store

    async def befriend(
        self, user_id: UserId, friend_id: UserId, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> bool:
        if (user_id, friend_id) in self.store.friends:
            return False
        self.store.require_enabled(friend_id)
        if max(self._count(user_id), self._count(friend_id)) >= most:
            raise LimitReached(f"A person has at most {most} friends.", limit="friends")
        for one, other in ((user_id, friend_id), (friend_id, user_id)):
            self.store.friends[one, other] = ""
            self.store.requests.pop((one, other), None)
            self._join_talk(friend_talk_id(one, other), one, now_ms)
        return True

    async def ask(
        self, user_id: UserId, friend_id: UserId, greeting: str, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> AskOutcome:
        if (user_id, friend_id) in self.store.friends:
            return AskOutcome.ALREADY_FRIENDS
        if (user_id, friend_id) in self.store.requests:
            await self.befriend(user_id, friend_id, now_ms, most=most)
            return AskOutcome.NOW_FRIENDS
        self.store.require_enabled(friend_id)
        before = self.store.requests.get((friend_id, user_id))
        if before is not None and before.greeting == greeting:
            return AskOutcome.ASKED_AGAIN
        asker = self.store.accounts[user_id].user
        request = FriendRequest(asker=asker, greeting=greeting, asked_at_ms=now_ms)
        self.store.requests[friend_id, user_id] = request
        return AskOutcome.ASKED

    async def answer(
        self, user_id: UserId, asker_id: UserId, accept: bool, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> None:
        await self.get_request(user_id, asker_id)
        if accept:
            await self.befriend(user_id, asker_id, now_ms, most=most)
        self.store.requests.pop((user_id, asker_id), None)

    async def remove(self, user_id: UserId, friend_id: UserId) -> None:
        await self.get_friend(user_id, friend_id)
        for one, other in ((user_id, friend_id), (friend_id, user_id)):
            del self.store.friends[one, other]
            place = friend_talk_id(one, other), one
            self.store.former[place] = self.store.log.positions.pop(place)

    async def set_remark(self, user_id: UserId, friend_id: UserId, remark: str) -> None:
        await self.get_friend(user_id, friend_id)
        self.store.friends[user_id, friend_id] = remark

    async def get_friend(self, user_id: UserId, friend_id: UserId) -> Friend:
        if (user_id, friend_id) not in self.store.friends:
            raise NotFriend
        remark = self.store.friends[user_id, friend_id]
        return Friend(user=self.store.accounts[friend_id].user, remark=remark)

    async def get_request(self, user_id: UserId, asker_id: UserId) -> FriendRequest:
        if (user_id, asker_id) not in self.store.requests:
            raise NotFound
        return self.store.requests[user_id, asker_id]

    async def list_friend_ids(self, user_id: UserId) -> tuple[UserId, ...]:
        return tuple(sorted(friend for one, friend in self.store.friends if one == user_id))

    def _count(self, user_id: UserId) -> int:
        return sum(one == user_id for one, _ in self.store.friends)

    def _join_talk(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        place = talk_id, user_id
        fresh = self.store.new_position(talk_id, Role.MEMBER, joined_seq=0)
        self.store.log.positions[place] = self.store.former.pop(place, fresh)
        self.store.listings.setdefault(place, Listing(hidden_seq=fresh.read_seq, opened_at_ms=now_ms))


@attrs.frozen
class MemoryGroups:
    """GroupRepository."""

    store: Store

    async def create(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        return await self.change(group_id, about, decide, actor, now_ms)

    async def change(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        state = GroupState(
            group=self.store.groups.get(group_id),
            members=dict(self.store.members.get(group_id, {})),
            group_counts={user_id: self._count(user_id) for user_id in about if self._is_enabled(user_id)},
        )
        change = decide(state)
        self._store(group_id, change, now_ms)
        messages = [
            self._write(change, text, actor, now_ms)
            for event in change.events
            for text in texts_of(event, change.group.name)
        ]
        return StoredGroupChange(change=change, messages=tuple(messages))

    async def list_members(self, group_id: GroupId, user_id: UserId) -> tuple[Member, ...]:
        members = self.store.members.get(group_id, {})
        if user_id not in members:
            raise NotMember
        ordered = sorted(members.items(), key=lambda item: (-item[1].role, item[1].joined_at_ms, item[0]))
        return tuple(
            Member(user=self.store.accounts[member_id].user, role=membership.role)
            for member_id, membership in ordered
        )

    async def find_joined_seq(self, group_id: GroupId, user_id: UserId) -> int | None:
        position = self.store.log.positions.get((group_talk_id(group_id), user_id))
        return None if position is None else position.joined_seq

    async def list_heads(self, user_id: UserId) -> Mapping[GroupId, int]:
        heads = self.store.log.heads
        return {
            group_id: heads[group_talk_id(group_id)].last_seq
            for group_id, members in self.store.members.items()
            if user_id in members
        }

    def _store(self, group_id: GroupId, change: GroupChange, now_ms: int) -> None:
        for user_id in change.leaving:
            self.store.leave_group(group_id, user_id)
        for user_id in change.joining:
            self.store.join_group(change.group, user_id, Role.MEMBER, now_ms)
        members = self.store.members.get(group_id, {})
        for user_id, role in change.roles.items():
            members[user_id] = attrs.evolve(members[user_id], role=role)
            position = self.store.log.positions[group_talk_id(group_id), user_id]
            position.role, position.read_only = role, change.group.official and role is Role.MEMBER
        if change.dissolved:
            self.store.groups.pop(group_id)
        else:
            self.store.groups[group_id] = change.group

    def _write(self, change: GroupChange, text: str, actor: User, now_ms: int) -> Message:
        talk_id = group_talk_id(change.group.group_id)
        log = self.store.log
        head = log.heads[talk_id]
        head.last_seq += 1
        message = Message(
            talk_id=talk_id,
            seq=head.last_seq,
            sender_id=actor.user_id,
            msg_type=GROUP_EVENT,
            text=text,
            sent_at_ms=now_ms,
            msg_uuid=f"{change.group.group_id}{head.last_seq:3}".encode()[-16:].rjust(16),
        )
        log.records[talk_id, message.seq] = Record(message=message, counted=head.counted)
        if (talk_id, actor.user_id) in log.positions:
            position = log.positions[talk_id, actor.user_id]
            position.read_seq, position.read_counted = message.seq, head.counted
        return message

    def _count(self, user_id: UserId) -> int:
        return sum(user_id in members for members in self.store.members.values())

    def _is_enabled(self, user_id: UserId) -> bool:
        return user_id in self.store.accounts and not self.store.accounts[user_id].disabled


@attrs.frozen
class MemoryTalks:
    """TalkRepository."""

    store: Store

    async def open(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        self.store.require_position(talk_id, user_id)
        everybody = (user_id,) if is_group_talk(talk_id) else friends_in(talk_id)
        for one in everybody:
            listing = self.store.listings[talk_id, one]
            listing.hidden_seq, listing.opened_at_ms = OPENED, now_ms

    async def hide(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        self.store.require_position(talk_id, user_id)
        self.store.listings[talk_id, user_id].hidden_seq = self.store.log.heads[talk_id].last_seq

    async def set_flags(
        self, talk_id: TalkId, user_id: UserId, *, pinned: bool | None, muted: bool | None, now_ms: int
    ) -> None:
        self.store.require_position(talk_id, user_id)
        listing = self.store.listings[talk_id, user_id]
        listing.pinned = listing.pinned if pinned is None else pinned
        listing.muted = listing.muted if muted is None else muted

    async def get_talk(self, talk_id: TalkId, user_id: UserId) -> Talk:
        position = self.store.require_position(talk_id, user_id)
        listing, head = self.store.listings[talk_id, user_id], self.store.log.heads[talk_id]
        last = self._last(talk_id, position)
        name, avatar = self._face(talk_id, user_id)
        return Talk(
            address=address_for(user_id, talk_id),
            name=name,
            avatar=avatar,
            sketch=last.text[:SKETCH_CHARACTERS] if last else "",
            date_ms=max(last.sent_at_ms if last else 0, listing.opened_at_ms),
            last_seq=head.last_seq,
            read_seq=position.read_seq,
            unread=min(MOST_UNREAD, head.counted - position.read_counted),
            pinned=listing.pinned,
            muted=listing.muted,
        )

    async def list_audience(self, talk_id: TalkId, user_id: UserId, *, most: int) -> tuple[UserId, ...]:
        self.store.require_position(talk_id, user_id)
        others = tuple(u for t, u in self.store.log.positions if t == talk_id and u != user_id)
        return others if len(others) <= most else ()

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Snapshot:
        talks = [
            await self.get_talk(*place)
            for place in self.store.log.positions
            if self._is_listed(place, user_id)
        ]
        recent = sorted((t for t in talks if t.date_ms >= since_ms), key=lambda t: -t.date_ms)
        page = TalkPage(
            talks=tuple(recent[offset : offset + TALKS_A_PAGE]), has_more=len(recent) > offset + TALKS_A_PAGE
        )
        friends = MemoryFriends(self.store)
        friend_ids = await friends.list_friend_ids(user_id)
        group_ids = await MemoryGroups(self.store).list_heads(user_id)
        return Snapshot(
            epoch="memory",
            talks=page,
            groups=tuple(self.store.groups[group_id] for group_id in group_ids),
            friends=tuple([await friends.get_friend(user_id, friend_id) for friend_id in friend_ids]),
            requests=tuple(r for (asked, _), r in self.store.requests.items() if asked == user_id),
        )

    def _is_listed(self, place: tuple[TalkId, UserId], user_id: UserId) -> bool:
        talk_id, owner_id = place
        return (
            owner_id == user_id
            and self.store.log.heads[talk_id].last_seq > self.store.listings[place].hidden_seq
        )

    def _last(self, talk_id: TalkId, position: Position) -> Message | None:
        last_seq = self.store.log.heads[talk_id].last_seq
        if last_seq <= position.joined_seq:
            return None
        return self.store.visible(self.store.log.records[talk_id, last_seq])

    def _face(self, talk_id: TalkId, user_id: UserId) -> tuple[str, str]:
        other_id = address_for(user_id, talk_id).other_id
        if is_group_talk(talk_id):
            group = self.store.groups[GroupId(other_id)]
            return group.name, group.avatar
        friend = self.store.accounts[UserId(other_id)].user
        remark = self.store.friends[user_id, UserId(other_id)]
        return remark or friend.nickname, friend.avatar


@attrs.define
class MemoryLog:
    """MessageLog."""

    store: Store

    def submit(self, entry: Send, settled: Callable[[Appended | Exception], None]) -> None:
        (outcome,) = appending.decide([entry], self.store.log).outcomes
        assert not isinstance(outcome, ReadMoved)
        settled(outcome)

    async def append(self, entry: Send | Recall) -> Appended:
        outcome = self._decide(entry)
        assert isinstance(outcome, Appended)
        return outcome

    async def read(self, entry: Read) -> ReadMoved:
        outcome = self._decide(entry)
        assert isinstance(outcome, ReadMoved)
        return outcome

    async def history(self, talk_id: TalkId, user_id: UserId, wanted: HistoryRange) -> HistoryPage:
        position = self.store.require_position(talk_id, user_id)
        after_seq = max(position.joined_seq, wanted.after_seq or 0)
        before_seq = self.store.log.heads[talk_id].last_seq + 1
        upwards = wanted.after_seq is not None
        if not upwards and wanted.before_seq is not None:
            before_seq = min(before_seq, wanted.before_seq)
        seqs = range(after_seq + 1, before_seq)
        chosen = seqs[: wanted.limit] if upwards else seqs[-wanted.limit :]
        messages = tuple(self.store.visible(self.store.log.records[talk_id, seq]) for seq in chosen)
        return HistoryPage(messages=messages, has_more=len(seqs) > len(chosen))

    async def list_between(
        self, talk_id: TalkId, after_seq: int, before_seq: int
    ) -> tuple[tuple[Message, User], ...]:
        seqs = range(after_seq + 1, before_seq)[:256]
        known = self.store.log.records
        messages = [self.store.visible(known[talk_id, seq]) for seq in seqs if (talk_id, seq) in known]
        return tuple((message, self.store.accounts[message.sender_id].user) for message in messages)

    def _decide(self, entry: appending.Entry) -> Appended | ReadMoved:
        (outcome,) = appending.decide([entry], self.store.log).outcomes
        if isinstance(outcome, ChatError):
            raise outcome
        return outcome


@attrs.define
class PlainHasher:
    """PasswordHasher that hides nothing; hashes that begin with "old:" need renewal. `verified` lists what was compared with."""

    verified: list[str | None] = attrs.Factory(list)

    async def hash(self, password: str) -> str:
        return f"new:{password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.verified.append(password_hash)
        return password_hash in (f"new:{password}", f"old:{password}")

    def needs_rehash(self, password_hash: str) -> bool:
        return password_hash.startswith("old:")


@attrs.define
class MemoryBus:
    """EventBus that delivers at once. `events` lists what was published."""

    events: list[Event] = attrs.Factory(list)
    receivers: list[Callable[[Event], None]] = attrs.Factory(list)

    def publish(self, event: Event) -> None:
        self.events.append(event)
        for receiver in self.receivers:
            receiver(event)

    def subscribe(self, receiver: Callable[[Event], None]) -> None:
        self.receivers.append(receiver)

    def unsubscribe(self, receiver: Callable[[Event], None]) -> None:
        self.receivers.remove(receiver)

    def take(self) -> list[Event]:
        """The events since the last time."""
        taken, self.events = self.events, []
        return taken


@attrs.define
class MemoryDirectory:
    """PresenceDirectory: `online` says who is there, `unreachable` who certainly is not."""

    online: set[UserId] = attrs.Factory(set)
    unreachable: set[UserId] = attrs.Factory(set)

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        return frozenset(self.online.intersection(user_ids))

    def reachable_among(self, user_ids: Collection[UserId]) -> tuple[UserId, ...]:
        return tuple(user_id for user_id in user_ids if user_id not in self.unreachable)


@attrs.define
class SetClock:
    """A wall clock that stands until it is moved."""

    now_ms: int = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms
