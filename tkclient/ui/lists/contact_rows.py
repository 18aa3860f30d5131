"""The contacts as rows: new friends, official accounts, groups, friends under their letters."""

import enum
from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Person
from tkclient.ui.lists.initials import initial_of, sort_key


class ContactKind(enum.Enum):
    """What a contact is; the values are those of sections, top down."""

    NEW_FRIENDS = "new_friends"
    OFFICIAL = "official"
    GROUP = "group"
    FRIEND = "friend"


class ContactRef(NamedTuple):
    """Which contact: `id` is a user_id of a FRIEND, a group_id of a GROUP or an OFFICIAL account, "" of NEW_FRIENDS."""

    kind: ContactKind
    id: str = ""


NEW_FRIENDS: Final = ContactRef(ContactKind.NEW_FRIENDS)


@attrs.frozen(kw_only=True)
class ContactRow:
    """A friend, a group or an official account."""

    key: ContactRef
    contact: Person | Group
    height: int = 60
    can_choose: bool = True


@attrs.frozen(kw_only=True)
class NewFriendsRow:
    """The way to the page of new friends. `requests`: how many wait for an answer."""

    requests: int
    key: ContactRef = NEW_FRIENDS
    height: int = 60
    can_choose: bool = True


@attrs.frozen(kw_only=True)
class SectionRow:
    """The head of a section, with how many it has; a click opens or closes it."""

    kind: ContactKind
    count: int
    is_open: bool
    height: int = 34
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        return ("section", self.kind)


@attrs.frozen(kw_only=True)
class LetterRow:
    """The letter over the friends whose names begin with it."""

    letter: str
    height: int = 24
    can_choose: bool = False

    @property
    def key(self) -> Hashable:
        return ("letter", self.letter)


AnyContactRow: TypeAlias = ContactRow | NewFriendsRow | SectionRow | LetterRow


def contact_rows(model: ChatModel, closed: Collection[ContactKind] = ()) -> Iterator[AnyContactRow]:
    """All rows, top down; sections without contacts are left out, but for that of friends.

    Args:
        closed: sections of which only the heads are shown.
    """
    yield NewFriendsRow(requests=len(model.requests))
    yield from _groups(ContactKind.OFFICIAL, model.official_accounts, closed)
    yield from _groups(ContactKind.GROUP, model.own_groups, closed)
    yield _head(ContactKind.FRIEND, len(model.friends), closed)
    if ContactKind.FRIEND not in closed:
        yield from _friends(model.friends.values())


def _head(kind: ContactKind, count: int, closed: Collection[ContactKind]) -> SectionRow:
    return SectionRow(kind=kind, count=count, is_open=kind not in closed)


def _groups(
    kind: ContactKind, groups: tuple[Group, ...], closed: Collection[ContactKind]
) -> Iterator[AnyContactRow]:
    if groups:
        yield _head(kind, len(groups), closed)
    if kind not in closed:
        for group in sorted(groups, key=lambda group: sort_key(group.name)):
            yield ContactRow(key=ContactRef(kind, group.group_id), contact=group)


def _friends(friends: Iterable[Person]) -> Iterator[AnyContactRow]:
    in_order = sorted(friends, key=lambda friend: (sort_key(friend.name), friend.user_id))
    for letter, under_it in groupby(in_order, key=lambda friend: initial_of(friend.name)):
        yield LetterRow(letter=letter)
        for friend in under_it:
            yield ContactRow(key=ContactRef(ContactKind.FRIEND, friend.user_id), contact=friend)
