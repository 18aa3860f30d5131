"""A row of the matrix: one way to use a command, and what each kind of person is answered.

An outcome is the name of the packet that answers, or the code of a refusal. A row says what those who are logged in are
answered: `everybody`, and by name whoever is answered otherwise; who is not logged in is answered NOT_LOGGED_IN where nothing else is said.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet
from tests.attacks.scene import OUTSIDE, Scene, Who

FRIEND, GROUP = 0, 1

Make: TypeAlias = Callable[[Scene, Who], Packet]


@attrs.frozen
class Row:
    """One way to use a command."""

    command: Command
    case: str
    make: Make
    outcomes: dict[Who, str]


def row(command: Command, make: Make, everybody: str = "", *, case: str = "", **others: str) -> Row:
    """A row; `others` are answered otherwise than `everybody`, by the name of who they are."""
    outcomes = {who: "NOT_LOGGED_IN" if who in OUTSIDE else everybody for who in Who}
    outcomes |= {Who[name.upper()]: outcome for name, outcome in others.items()}
    assert all(outcomes.values()), f"{command.name}: somebody's outcome is not told"
    return Row(command, case, make, outcomes)


def of_members(command: Command, make: Make, outcome: str, *, case: str = "", **others: str) -> Row:
    """What only the group's members may, each of them unless told otherwise."""
    outsiders = dict.fromkeys(("friend", "stranger", "ex_member"), "NOT_MEMBER")
    return row(command, make, outcome, case=case, **outsiders, **others)


def of_friends(command: Command, make: Make, outcome: str, *, case: str = "") -> Row:
    """What only friends may."""
    return row(command, make, "NOT_FRIEND", case=case, friend=outcome)


def in_talks(command: Command, kind: type[Any], outcome: str, **values: Any) -> list[Row]:
    """What only people in a talk may, once for a friend talk and once for a group's."""

    def to_friend(scene: Scene, who: Who) -> Packet:
        made: Packet = kind(rid=0, talk_type=FRIEND, talk_id=scene.named(who), **values)
        return made

    def to_group(scene: Scene, who: Who) -> Packet:
        made: Packet = kind(rid=0, talk_type=GROUP, talk_id=scene.group_id, **values)
        return made

    return [
        of_friends(command, to_friend, outcome, case="friend"),
        of_members(command, to_group, outcome, case="group"),
    ]


def fixed(packet: Packet) -> Make:
    """The same packet for everybody."""
    return lambda scene, who: packet
