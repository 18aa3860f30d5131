"""What is told about a group, as rows."""

import enum
from collections.abc import Callable, Hashable, Iterator
from typing import Final, TypeAlias

import attrs

from tkclient.model.people import Group, Member

LINE_HEIGHT: Final = 22
"""Of a line of a notice, at scale 1 and before the user's text size."""
TILE_WIDTH: Final = 76
"""Of a member's place, at scale 1."""
_BELOW: Final = 14


class Title(enum.Enum):
    """The heads over the notice and over the members."""

    NOTICE = "notice"
    ABOUT = "about"
    MEMBERS = "members"


@attrs.frozen(kw_only=True)
class TitleRow:
    """A head. count: of what stands under it, 0 if that is not told."""

    title: Title
    count: int = 0
    height: int = 36
    can_choose: bool = False

    @property
    def key(self) -> Hashable:
        """Which head."""
        return self.title


@attrs.frozen(kw_only=True)
class NoticeRow:
    """The notice of a group."""

    notice: str
    height: int
    key: Hashable = "notice"
    can_choose: bool = False


@attrs.frozen(kw_only=True)
class WaitingRow:
    """The members are being fetched."""

    key: Hashable = "waiting"
    height: int = 44
    can_choose: bool = False


@attrs.frozen(kw_only=True)
class MembersRow:
    """Members beside each other. number: of the row among those of members."""

    number: int
    members: tuple[Member, ...]
    height: int = 84
    can_choose: bool = True

    @property
    def key(self) -> Hashable:
        """Its number."""
        return ("members", self.number)


GroupRow: TypeAlias = TitleRow | NoticeRow | WaitingRow | MembersRow


def group_rows(group: Group, per_row: int, notice_height: Callable[[str], int]) -> Iterator[GroupRow]:
    """All rows, top down.

    Args:
        per_row: how many members stand beside each other. notice_height: of a notice's lines, at scale 1.
    """
    if group.notice:
        yield TitleRow(title=Title.ABOUT if group.is_official else Title.NOTICE)
        yield NoticeRow(notice=group.notice, height=notice_height(group.notice) + _BELOW)
    if group.is_official:
        return
    yield TitleRow(title=Title.MEMBERS, count=max(group.member_count, len(group.members)))
    if not group.members:
        yield WaitingRow()
    for number, start in enumerate(range(0, len(group.members), per_row)):
        yield MembersRow(number=number, members=group.members[start : start + per_row])
