"""What a search finds, as rows."""

from collections.abc import Hashable, Iterator
from itertools import groupby
from typing import Final, TypeAlias

import attrs

from tkclient.model.chat import ChatModel
from tkclient.ui.lists.matching import Found, Match, search

FIND_PEOPLE: Final = "find_people"
"""The key of the row that leads to a search among all people of the node."""


@attrs.frozen(kw_only=True)
class HeadRow:
    """The head over a section."""

    section: Found
    height: int = 28
    can_choose: bool = False

    @property
    def key(self) -> Hashable:
        """Of the section."""
        return self.section


@attrs.frozen(kw_only=True)
class MatchRow:
    """A friend, a group or a dialogue that is found."""

    match: Match
    height: int = 60
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        """The dialogue."""
        return self.match.talk


@attrs.frozen(kw_only=True)
class PeopleRow:
    """The way to a search for `sought` among all people."""

    sought: str
    height: int = 60
    can_choose: bool = True
    key: Hashable = FIND_PEOPLE


SearchRow: TypeAlias = HeadRow | MatchRow | PeopleRow


def search_rows(model: ChatModel, sought: str) -> Iterator[SearchRow]:
    """All rows for what was typed, top down; none for blanks."""
    sought = sought.strip()
    for section, matches in groupby(search(model, sought), key=lambda match: match.section):
        yield HeadRow(section=section)
        yield from (MatchRow(match=match) for match in matches)
    if sought:
        yield PeopleRow(sought=sought)
