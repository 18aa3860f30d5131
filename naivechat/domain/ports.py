"""What the application needs from the world: storage, hashing, the event bus, the clock.

Every awaitable ends within its deadline; storage that is away, refuses or is overwhelmed raises `errors.Unavailable`.
Rules that need storage are enforced inside the storage's transaction, by calling the domain's deciding functions there.
One file although long: it is the whole contract.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeAlias

import attrs

from naivechat.domain.appending import Appended, Read, ReadMoved, Recall, Send
from naivechat.domain.events import Event
from naivechat.domain.friend import AskOutcome, Found, Friend, FriendRequest
from naivechat.domain.group import Group, GroupChange, GroupId, GroupState, Member
from naivechat.domain.message import HistoryPage, HistoryRange, Message
from naivechat.domain.session import Admission, Comeback, StoredToken, TokenHash
from naivechat.domain.sizes import MOST_FRIENDS
from naivechat.domain.talk import Talk, TalkId
from naivechat.domain.user import Account, User, UserId

Clock: TypeAlias = Callable[[], int]
"""The wall clock: milliseconds since 1970-01-01T00:00Z."""

DecideGroup: TypeAlias = Callable[[GroupState], GroupChange]


@attrs.frozen(kw_only=True)
class TalkPage:
    """Dialogues, newest first; `has_more` when the list goes on behind them."""

    talks: tuple[Talk, ...]
    has_more: bool


@attrs.frozen(kw_only=True)
class FoundPage:
    """Search results, best first."""

    users: tuple[Found, ...]
    has_more: bool


@attrs.frozen(kw_only=True)
class Snapshot:
    """All that a client shows first, read at one moment. `epoch` names this history of the database."""

    epoch: str
    talks: TalkPage
    groups: tuple[Group, ...]
    friends: tuple[Friend, ...]
    requests: tuple[FriendRequest, ...]


@attrs.frozen(kw_only=True)
class StoredGroupChange:
    """A change that was committed: the log's records of its events, in order (more than one an event where people are many)."""

    change: GroupChange
    messages: tuple[Message, ...]


class UserRepository(Protocol):
    """Accounts."""

    async def add(self, account: Account) -> None:
        """Store a new account; it joins every official account.

        Raises:
            UserExists: the id is taken.
        """

    async def find_account(self, user_id: UserId) -> Account | None:
        """The account, disabled ones too."""

    async def list_accounts(self) -> tuple[Account, ...]:
        """Every account, by user_id."""

    async def set_password_hash(
        self, user_id: UserId, password_hash: str, *, keep: TokenHash | None, instead_of: str | None = None
    ) -> None:
        """Store a new password hash and drop all the person's tokens but `keep`, in one transaction.

        Raises:
            NotFound. AuthFailed: `instead_of` is given and is not the account's hash any more.
        """

    async def rehash_password(self, user_id: UserId, password_hash: str, *, instead_of: str) -> bool:
        """Store the same password's hash of newer parameters; tokens stay.

        Returns:
            Whether `instead_of` was still the account's hash: a password that was changed meanwhile stays.
        """

    async def set_disabled(self, user_id: UserId, disabled: bool) -> None:
        """Disable (and drop all tokens) or enable an account. NotFound."""

    async def update_profile(self, user_id: UserId, nickname: str | None, avatar: str | None) -> User:
        """Change what is given; the user afterwards. NotFound."""

    async def search(self, searcher_id: UserId, key: str, *, limit: int, offset: int) -> FoundPage:
        """Enabled users whose id equals, begins with or contains `key`, or whose nickname begins with or contains it.

        In that order (id equal to the letter, id equal, id begins, nickname begins, contains; then by id), whatever the case of letters;
        never the searcher; wildcards of SQL mean themselves.
        """


class TokenRepository(Protocol):
    """Tokens for reconnecting."""

    async def add(self, token: StoredToken, *, password_hash: str, most: int) -> Admission:
        """Store a token instead of the person's others of the same device; of the others keep the last to expire, `most` in all.

        Returns:
            With the number of this login among all of the person, by password or token, on any node: a later one has a higher number.

        Raises:
            AuthFailed: `password_hash`, by which the person was known, is not the account's any more. Disabled.
        """

    async def come_back(self, user_id: UserId, token_hash: TokenHash, now_ms: int) -> Comeback:
        """Log in by a token and move its end, as `end_after_comeback` decides.

        Raises:
            TokenExpired: expired, gone, never given, or somebody else's. Disabled.
        """

    async def known_among(self, token_hashes: Collection[TokenHash]) -> frozenset[TokenHash]:
        """Those of the tokens that are there."""

    async def revoke(self, token_hash: TokenHash) -> None:
        """Drop a token; nothing happens when it is gone."""

    async def revoke_all(self, user_id: UserId) -> None:
        """Drop all tokens of a person."""


class FriendRepository(Protocol):
    """Friendships and requests. A friendship makes both members of their talk; ending it ends that, records stay."""

    async def befriend(
        self, user_id: UserId, friend_id: UserId, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> bool:
        """Make two people friends; open requests between them are done with. Whether they were not before.

        Args:
            most: friends that a person may have, also in `ask` and `answer`.

        Raises:
            NotFound: no such user, or disabled. LimitReached: too many friends of either.
        """

    async def ask(
        self, user_id: UserId, friend_id: UserId, greeting: str, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> AskOutcome:
        """Ask somebody; if that person has asked already, both are friends. NotFound, LimitReached."""

    async def answer(
        self, user_id: UserId, asker_id: UserId, accept: bool, now_ms: int, *, most: int = MOST_FRIENDS
    ) -> None:
        """Close the open request of `asker_id` to `user_id`; accepting makes friends.

        Raises:
            NotFound: no such request. LimitReached.
        """

    async def remove(self, user_id: UserId, friend_id: UserId) -> None:
        """End a friendship both ways. NotFriend."""

    async def set_remark(self, user_id: UserId, friend_id: UserId, remark: str) -> None:
        """One's own name for a friend; "" takes it away. NotFriend."""

    async def get_friend(self, user_id: UserId, friend_id: UserId) -> Friend:
        """A friend as `user_id` sees them. NotFriend."""

    async def get_request(self, user_id: UserId, asker_id: UserId) -> FriendRequest:
        """The open request of `asker_id` to `user_id`. NotFound."""

    async def list_friend_ids(self, user_id: UserId) -> tuple[UserId, ...]:
        """Ids of all friends."""


class GroupRepository(Protocol):
    """Groups: each change and its events' records in the log are one transaction."""

    async def create(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        """Decide a new group from a state without a group, and store it with its talk."""

    async def change(
        self, group_id: GroupId, about: Collection[UserId], decide: DecideGroup, actor: User, now_ms: int
    ) -> StoredGroupChange:
        """Read the group under lock, with the people named in `about`, decide, store. What `decide` raises goes through."""

    async def list_members(self, group_id: GroupId, user_id: UserId) -> tuple[Member, ...]:
        """All members, owner first, then admins, then by joining. NotMember when `user_id` is not one."""

    async def find_joined_seq(self, group_id: GroupId, user_id: UserId) -> int | None:
        """The record behind which a member's part of a group's log begins; None for whoever does not belong."""

    async def list_heads(self, user_id: UserId) -> Mapping[GroupId, int]:
        """The groups a person belongs to, each with the seq of its last record, read at one moment."""


class TalkRepository(Protocol):
    """Dialogues: how talks stand on people's lists. NotFriend or NotMember when the person is not in the talk."""

    async def open(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        """List the dialogue: with a friend on both lists, a group's on one's own."""

    async def hide(self, talk_id: TalkId, user_id: UserId, now_ms: int) -> None:
        """Take the dialogue off one's list until the next message."""

    async def set_flags(
        self, talk_id: TalkId, user_id: UserId, *, pinned: bool | None, muted: bool | None, now_ms: int
    ) -> None:
        """Pin or mute; None leaves as it is."""

    async def get_talk(self, talk_id: TalkId, user_id: UserId) -> Talk:
        """One dialogue as `user_id` sees it."""

    async def list_audience(self, talk_id: TalkId, user_id: UserId, *, most: int) -> tuple[UserId, ...]:
        """The other members, or nobody when they are more than `most`."""

    async def read_snapshot(self, user_id: UserId, *, since_ms: int, offset: int) -> Snapshot:
        """What a client shows first: a page of 200 dialogues changed since `since_ms`, from `offset`, and all the rest."""


class MessageLog(Protocol):
    """The logs of all talks.

    `submit`, `append` and `read` take their place in the queue when called, before the first await of the caller.
    """

    def submit(self, entry: Send, settled: Callable[[Appended | Exception], None]) -> None:
        """As `append`, but `settled` is called with the record, or with why there is none: spares a coroutine for each message."""

    async def append(self, entry: Send | Recall) -> Appended:
        """Write a record; returns after the commit. NotFriend, NotMember, Forbidden, Conflict, NotFound, Unavailable."""

    async def read(self, entry: Read) -> ReadMoved:
        """Move a read position forward. NotFriend, NotMember, InvalidRequest (beyond the last message)."""

    async def history(self, talk_id: TalkId, user_id: UserId, wanted: HistoryRange) -> HistoryPage:
        """A page of a talk as far as `user_id` may read it. NotFriend, NotMember."""

    async def list_between(
        self, talk_id: TalkId, after_seq: int, before_seq: int
    ) -> tuple[tuple[Message, User], ...]:
        """The records with after_seq < seq < before_seq and their senders, for a node that missed them. At most 256."""


class PasswordHasher(Protocol):
    """Argon2id, off the reactor, bounded: raises Unavailable when too many wait."""

    async def hash(self, password: str) -> str:
        """A new hash in PHC form."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the hash's; None takes as long and is False."""

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with older parameters."""


class EventBus(Protocol):
    """Carries events to whoever delivers them. A hint: losing one loses nothing that the log holds."""

    def publish(self, event: Event) -> None:
        """Hand an event on; never raises, never waits."""

    def subscribe(self, receiver: Callable[[Event], None]) -> None:
        """Call `receiver` with every event published from now on, in order."""

    def unsubscribe(self, receiver: Callable[[Event], None]) -> None:
        """Call `receiver` no more."""


class PresenceDirectory(Protocol):
    """Who is connected, on any node."""

    async def online_among(self, user_ids: Collection[UserId]) -> frozenset[UserId]:
        """Those of `user_ids` with at least one session."""

    def reachable_among(self, user_ids: Collection[UserId]) -> tuple[UserId, ...]:
        """Those of `user_ids` who may have one: all but those of whom it is known at once that they have none."""
