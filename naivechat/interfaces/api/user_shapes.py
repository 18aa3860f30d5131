"""What requests and answers about people look like."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from naivechat.application.people_directory import ListedPerson, Person
from naivechat.domain.directory import DEFAULT_PAGE, MOST_A_PAGE, AccountSort, LiveSession
from naivechat.domain.user import User
from naivechat.interfaces.api.shapes import (
    Avatar,
    Device,
    Id,
    Name,
    Page,
    Part,
    SearchText,
    UserPassword,
    View,
)


class UserPlace(Part, frozen=True, kw_only=True):
    """A person, by id."""

    user_id: Id


class UserQuery(Page, frozen=True, kw_only=True):
    """Which people: those whose id or nickname contains `text`. An id that equals it comes first, then what begins with it."""

    text: SearchText = ""
    disabled: bool | UnsetType = UNSET
    sort: AccountSort = AccountSort.ID
    descending: bool = False


class WantedOnline(Part, frozen=True, kw_only=True):
    """Which of those who are there now: the first `limit` by id behind `after`, whose id or nickname contains `text`."""

    text: SearchText = ""
    node: SearchText = ""
    after: SearchText = ""
    limit: Annotated[int, Meta(ge=1, le=MOST_A_PAGE)] = DEFAULT_PAGE


class NewUser(Part, frozen=True, kw_only=True):
    """An account to be made."""

    user_id: Id
    nickname: Name
    password: UserPassword
    avatar: Avatar = ""


class NewUserPassword(Part, frozen=True, kw_only=True):
    """Somebody's password from now on."""

    password: UserPassword


class Kick(Part, frozen=True, kw_only=True):
    """What ends: what is logged in on a device, or everything where none is named."""

    device: Device | UnsetType = UNSET


class ImportQuery(Part, frozen=True, kw_only=True):
    """check: only look at the file, and add nobody."""

    check: bool = False


class UserView(View, frozen=True, kw_only=True):
    """A person as others see them."""

    user_id: str
    nickname: str
    avatar: str


class SessionView(View, frozen=True, kw_only=True):
    """A session of somebody who is there now."""

    node: str
    device: str
    address: str
    since_ms: int


class ListedUserView(UserView, frozen=True, kw_only=True):
    """An account. last_seen_ms: when a session last came or went; 0 where that is not known.

    bot: programs write for it, and nobody can log in to it.
    """

    disabled: bool
    bot: bool
    online: bool
    created_at_ms: int
    last_seen_ms: int
    sessions: tuple[SessionView, ...]


class DeviceView(View, frozen=True, kw_only=True):
    """Where somebody may come back without a password until `expires_at_ms`."""

    name: str
    last_login_ms: int
    expires_at_ms: int


class PersonView(ListedUserView, frozen=True, kw_only=True):
    """An account with its devices. friends, groups: how many. sessions_known: whether every node has told its sessions."""

    friends: int
    groups: int
    devices: tuple[DeviceView, ...]
    sessions_known: bool


class OnlineView(View, frozen=True, kw_only=True):
    """People who are there now, by id; has_more: go on with `after` the last one. sessions_known: as of one."""

    users: tuple[ListedUserView, ...]
    has_more: bool
    sessions_known: bool


class UserPageView(View, frozen=True, kw_only=True):
    """A page of people; total: how many match, 100,000 standing for that or more. sessions_known: as of one."""

    users: tuple[ListedUserView, ...]
    total: int
    sessions_known: bool


class ImportView(View, frozen=True, kw_only=True):
    """Who was added, or would be, in the order of the file."""

    added: Annotated[tuple[str, ...], Meta(description="Their ids.")]


def user_view(user: User) -> UserView:
    """A person as the API shows them."""
    return UserView(user_id=user.user_id, nickname=user.nickname, avatar=user.avatar)


def listed_view(person: ListedPerson) -> ListedUserView:
    """An account as lists show it."""
    account = person.account
    return ListedUserView(
        user_id=account.user.user_id,
        nickname=account.user.nickname,
        avatar=account.user.avatar,
        disabled=account.disabled,
        bot=account.bot,
        online=person.online,
        created_at_ms=account.created_at_ms,
        last_seen_ms=account.last_seen_ms,
        sessions=tuple(map(_session, person.sessions)),
    )


def person_view(person: Person) -> PersonView:
    """An account with its devices."""
    listed = ListedPerson(account=person.account, online=person.online, sessions=person.sessions)
    devices = (
        DeviceView(name=one.name, last_login_ms=one.last_login_ms, expires_at_ms=one.expires_at_ms)
        for one in person.devices
    )
    return PersonView(
        **msgspec.structs.asdict(listed_view(listed)),
        friends=person.bonds.friends,
        groups=person.bonds.groups,
        devices=tuple(devices),
        sessions_known=person.is_whole,
    )


def _session(session: LiveSession) -> SessionView:
    return SessionView(
        node=session.node, device=session.device, address=session.address, since_ms=session.began_at_ms
    )
