"""Whose portrait stands in a row."""

import tkinter as tk

from tkclient.model.people import Group, Person
from tkclient.model.talk import Talk
from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.look.look import Look

_MOST_TILES = 9


def portrait_of(
    look: Look, shown: Person | Group | Talk, size: float, group: Group | None = None
) -> tk.PhotoImage:
    """The portrait of a person, a group or a dialogue, `size` at scale 1.

    A group without a picture of its own is shown by its first members, if they are known.

    Args:
        group: the group of a dialogue.
    """
    if isinstance(shown, Talk):
        return _talk_portrait(look, shown, size, group)
    if isinstance(shown, Group):
        tiles = _tiles(shown)
        return look.art.group_avatar(tiles, size) if tiles else look.art.avatar(_group_spec(shown), size)
    return look.art.avatar(spec_of(shown), size)


def spec_of(person: Person) -> AvatarSpec:
    """What a person's portrait is drawn from."""
    return AvatarSpec(person.avatar, person.user_id, person.name)


def _talk_portrait(look: Look, talk: Talk, size: float, group: Group | None) -> tk.PhotoImage:
    if group is not None:
        return portrait_of(look, group, size)
    return look.art.avatar(AvatarSpec(talk.avatar, talk.key.talk_id, talk.name), size)


def _group_spec(group: Group) -> AvatarSpec:
    return AvatarSpec(group.avatar, group.group_id, group.name)


def _tiles(group: Group) -> tuple[AvatarSpec, ...]:
    if group.avatar or group.is_official:
        return ()
    return tuple(spec_of(member.person) for member in group.members[:_MOST_TILES])
