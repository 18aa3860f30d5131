"""Whom a search has found and who asks, as rows."""

import enum
from collections.abc import Callable, Hashable, Iterator
from typing import Final, TypeAlias

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.people import Found, FoundStatus, FriendRequest, Person

LINE_HEIGHT: Final = 18
"""Of a line of a greeting, at scale 1 and before the user's text size."""
_LEAST_HEIGHT: Final = 66
_GREETING_TOP, _BELOW = 34, 14


class Title(enum.Enum):
    """The heads over what is found and over who asks."""

    FOUND = "found"
    ASKING = "asking"


class Note(enum.Enum):
    """What is said where there are no rows, or not all."""

    SEARCHING = "searching"
    NOBODY = "nobody"
    MORE = "more"
    NOBODY_ASKS = "nobody_asks"


class Standing(enum.Enum):
    """How somebody who is found stands to oneself."""

    ADDABLE = "addable"
    ASKED = "asked"
    FRIEND = "friend"
    ONESELF = "oneself"


@attrs.frozen(kw_only=True)
class TitleRow:
    """A head."""

    title: Title
    height: int = 36
    can_choose: bool = False

    @property
    def key(self) -> Hashable:
        """Which head."""
        return self.title


@attrs.frozen(kw_only=True)
class NoteRow:
    """A note."""

    note: Note
    height: int = 44
    can_choose: bool = False

    @property
    def key(self) -> Hashable:
        """Which note."""
        return self.note


@attrs.frozen(kw_only=True)
class FoundRow:
    """Somebody who is found."""

    person: Person
    standing: Standing
    height: int = _LEAST_HEIGHT
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        """Who, among those found."""
        return (Title.FOUND, self.person.user_id)


@attrs.frozen(kw_only=True)
class AskRow:
    """Somebody who asks, with a greeting of so many lines."""

    request: FriendRequest
    height: int
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        """Who, among those who ask."""
        return (Title.ASKING, self.request.person.user_id)


PeopleRow: TypeAlias = TitleRow | NoteRow | FoundRow | AskRow


def people_rows(
    model: ChatModel, sought: str, greeting_height: Callable[[str], int], *, is_waiting: bool
) -> Iterator[PeopleRow]:
    """All rows, top down: what is found, if anything was `sought`, then who asks.

    Args:
        greeting_height: of a greeting's lines, at scale 1. is_waiting: whether an answer is still to come.
    """
    if sought:
        yield TitleRow(title=Title.FOUND)
        yield from _found(model, sought, is_waiting)
    yield TitleRow(title=Title.ASKING)
    for request in model.requests:
        height = _GREETING_TOP + greeting_height(request.greeting) + _BELOW
        yield AskRow(request=request, height=max(height, _LEAST_HEIGHT))
    if not model.requests:
        yield NoteRow(note=Note.NOBODY_ASKS)


def standing_of(model: ChatModel, found: Found) -> Standing:
    """What the model knows now counts more than what the search knew then."""
    if found.person.user_id == model.user.user_id:
        return Standing.ONESELF
    if found.person.user_id in model.friends or found.status is FoundStatus.FRIEND:
        return Standing.FRIEND
    return Standing.ASKED if found.status is FoundStatus.ASKED else Standing.ADDABLE


def _found(model: ChatModel, sought: str, is_waiting: bool) -> Iterator[PeopleRow]:
    if model.found_key != sought:
        if is_waiting:
            yield NoteRow(note=Note.SEARCHING)
        return
    for found in model.found:
        yield FoundRow(person=found.person, standing=standing_of(model, found))
    if not model.found:
        yield NoteRow(note=Note.NOBODY)
    elif model.has_more_found:
        yield NoteRow(note=Note.MORE)
