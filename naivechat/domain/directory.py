"""What operators look through: people, their devices, groups, and the words of one talk."""

import enum

import attrs

from naivechat.domain.errors import InvalidRequest
from naivechat.domain.group import Group
from naivechat.domain.message import Message
from naivechat.domain.names import require_text
from naivechat.domain.session import TOKEN_LIFETIME_MS
from naivechat.domain.talk import TalkId, friend_talk_id, group_talk_id
from naivechat.domain.user import User, UserId, is_user_id

DEFAULT_PAGE = 50
MOST_A_PAGE = 200
FURTHEST = 100_000
"""Lists are paged and counted this far: a count of as many stands for that or more, and what lies behind is found by searching."""
LONGEST_SEARCH = 64
SHORTEST_REASON = 10
MOST_IDS = 5_000
"""Ids of people that one question about who is there is answered with."""
MOST_LOOKED_THROUGH = 5_000
"""Records of a talk that one search looks through; it says where the next one goes on."""

OPERATORS = User(user_id=UserId("naivechat.operators"), nickname="Operators")
"""In whose name operators act in talks: an account that nobody can log in to, made when it is first needed.

A record of a talk names a person as its sender, and operators are none; which of them it was is in the audit log alone.
"""


def is_operators(user_id: str) -> bool:
    """Whether an id is that of `OPERATORS`, in whatever case: nobody may take one that looks like it."""
    return user_id.casefold() == OPERATORS.user_id


def talk_named(one: str, other: str = "") -> TalkId:
    """The talk of a group, or of two people where `other` is given. InvalidRequest: not the shape of an id."""
    for name in (one, other) if other else (one,):
        if not is_user_id(name):
            raise InvalidRequest("talk", "is named by a group's id, or by the ids of two people")
    return friend_talk_id(UserId(one), UserId(other)) if other else group_talk_id(one)


class AccountSort(enum.StrEnum):
    """In which order accounts are listed; of equals the one whose id comes first."""

    ID = "id"
    NICKNAME = "nickname"
    CREATED = "created"
    LAST_SEEN = "last_seen"


class GroupSort(enum.StrEnum):
    """In which order groups are listed; of equals the one whose id comes first."""

    ID = "id"
    NAME = "name"
    CREATED = "created"
    MEMBERS = "members"


@attrs.frozen(kw_only=True)
class AccountQuery:
    """Which accounts: those whose id or nickname contains `text`, whatever the case of letters.

    An id that equals it comes first, then what begins with it, then the rest, each in the order of `sort`.
    disabled: None for all.
    """

    text: str = ""
    disabled: bool | None = None
    sort: AccountSort = AccountSort.ID
    descending: bool = False
    limit: int = DEFAULT_PAGE
    offset: int = 0

    def __attrs_post_init__(self) -> None:
        require_page(self.text, self.limit, self.offset)


@attrs.frozen(kw_only=True)
class GroupQuery:
    """Which groups: those whose id or name contains `text`, found and ordered as people are. Dissolved ones are never found.

    The case of letters beyond ASCII matters on SQLite. official: None for all.
    """

    text: str = ""
    official: bool | None = None
    sort: GroupSort = GroupSort.NAME
    descending: bool = False
    limit: int = DEFAULT_PAGE
    offset: int = 0

    def __attrs_post_init__(self) -> None:
        require_page(self.text, self.limit, self.offset)


def require_page(text: str, limit: int, offset: int, *, most: int = MOST_A_PAGE) -> None:
    """Keep a question within bounds: InvalidRequest, with the name of what is out of them."""
    require_text("text", text)
    if len(text) > LONGEST_SEARCH:
        raise InvalidRequest("text", f"has at most {LONGEST_SEARCH} characters")
    if not 1 <= limit <= most:
        raise InvalidRequest("limit", f"is 1 to {most}")
    if not 0 <= offset <= FURTHEST:
        raise InvalidRequest("offset", f"is 0 to {FURTHEST}")


@attrs.frozen(kw_only=True)
class ListedAccount:
    """An account as operators see it. last_seen_ms: when a session of it last came or went; 0 where that is not known.

    bot: whether programs write for it, and nobody can log in to it.
    """

    user: User
    disabled: bool
    created_at_ms: int
    last_seen_ms: int
    bot: bool = False


@attrs.frozen(kw_only=True)
class AccountPage:
    """Accounts in the order asked for; `total` that match, `FURTHEST` standing for that or more."""

    accounts: tuple[ListedAccount, ...]
    total: int


@attrs.frozen(kw_only=True)
class Device:
    """Where a person may come back without a password, by a token that is good until `expires_at_ms`."""

    name: str
    expires_at_ms: int

    @property
    def last_login_ms(self) -> int:
        """When the token was given or last used: each use moves its end."""
        return self.expires_at_ms - TOKEN_LIFETIME_MS


@attrs.frozen(kw_only=True)
class Bonds:
    """How many friends somebody has, and to how many groups they belong, official accounts among them."""

    friends: int
    groups: int


@attrs.frozen(kw_only=True)
class LiveSession:
    """A connection that somebody is logged in by. node: its name. address: the client's, "" where it has none. began_at_ms: by that node."""

    user_id: UserId
    device: str
    node: str
    address: str
    began_at_ms: int


@attrs.frozen(kw_only=True)
class LiveSessions:
    """Sessions on all nodes, by node and device. is_whole: False where not every node has answered."""

    sessions: tuple[LiveSession, ...] = ()
    is_whole: bool = True

    def of(self, user_id: UserId) -> tuple[LiveSession, ...]:
        """Those of one person."""
        return tuple(session for session in self.sessions if session.user_id == user_id)


@attrs.frozen(kw_only=True)
class OnlineQuery:
    """Which of those who are there now: the first `limit` by id behind `after` whose id or nickname contains `text`, in whatever case.

    node: the name of the node that they are connected to, "" for any. limit: 1 … MOST_IDS.
    """

    text: str = ""
    node: str = ""
    after: str = ""
    limit: int = DEFAULT_PAGE

    def __attrs_post_init__(self) -> None:
        require_page(self.text, self.limit, 0, most=MOST_IDS)


@attrs.frozen(kw_only=True)
class OnlineIds:
    """People who are there now, by id, and whether there are more behind them. is_whole: as of `LiveSessions`."""

    user_ids: tuple[UserId, ...]
    has_more: bool
    is_whole: bool = True


@attrs.frozen(kw_only=True)
class ListedGroup:
    """A group as operators see it."""

    group: Group
    created_at_ms: int


@attrs.frozen(kw_only=True)
class GroupPage:
    """Groups in the order asked for; `total` as of `AccountPage`."""

    groups: tuple[ListedGroup, ...]
    total: int


@attrs.frozen(kw_only=True)
class Enrolment:
    """A portion of people, by id, who came into an official account behind its record `seq`; `is_last`: nobody behind them is missing."""

    group: Group
    joined: tuple[UserId, ...]
    seq: int
    is_last: bool


@attrs.frozen(kw_only=True)
class FoundMessages:
    """Messages of a talk, newest first. `go_on_before`: from where the search goes on, None at the talk's beginning."""

    messages: tuple[Message, ...]
    go_on_before: int | None
