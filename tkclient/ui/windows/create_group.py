"""Making groups of friends, and asking friends into groups."""

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from tkclient.model.chat import ChatModel
from tkclient.model.people import Person
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog
from tkclient.ui.controls.field import Field
from tkclient.ui.lists.initials import sort_key
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.friend_chooser import FriendChooser

MOST_NAME: Final = 32
"""Characters of a name."""
_FOOT: Final = 16


def joined_names(names: Iterable[str], separator: str) -> str:
    """A name for a group of these people: as many names as MOST_NAME characters hold, whole ones but for a single long one."""
    joined = ""
    for name in names:
        longer = f"{joined}{separator}{name}" if joined else name
        if len(longer) > MOST_NAME:
            break
        joined = longer
    return joined


def in_order(people: Iterable[Person]) -> tuple[Person, ...]:
    """By name, as in the list of contacts."""
    return tuple(sorted(people, key=lambda person: (sort_key(person.name), person.user_id)))


class _ChooserDialog(Dialog):
    """Friends to choose from, and a button that is alive while some are chosen."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        friends: Sequence[Person],
        submit_text: str,
        chosen: Sequence[Person] = (),
    ) -> None:
        super().__init__(parent, look, title, margin=(0, 0), on_return=self.submit)
        px = look.px
        self.chooser = FriendChooser(self.body, look, friends, self._update, chosen)
        self.chooser.pack(fill="both", expand=True)
        tk.Frame(self.body, height=1, background=palette.LINE).pack(fill="x")
        self.foot = tk.Frame(self.body, background=palette.WHITE, highlightthickness=0, bd=0)
        self.foot.pack(fill="x", padx=px(_FOOT), pady=px(_FOOT))
        self.add_foot()
        self.cancel_button = Button(self.foot, look, look.words("Cancel"), self.close, kind="plain", width=88)
        self.submit_button = Button(self.foot, look, submit_text, self.submit, width=88)
        self.add_buttons(self.cancel_button, self.submit_button)
        self.begin_at(self.chooser.search)
        self._update()

    def add_foot(self) -> None:
        """What stands left of the buttons."""

    def submit(self) -> None:
        """Do it with those chosen, and close."""
        if self.chooser.chosen:
            action = self.action()
            self.close()
            action()

    def action(self) -> Callable[[], object]:
        """What is done with those who are chosen now, once the dialog is closed."""
        raise NotImplementedError

    @property
    def chosen_ids(self) -> tuple[str, ...]:
        """Who is chosen."""
        return tuple(person.user_id for person in self.chooser.chosen)

    def _update(self) -> None:
        self.submit_button.set_enabled(bool(self.chooser.chosen))


class CreateGroupDialog(_ChooserDialog):
    """Asks whom a new group shall have, and what it is called.

    chosen: ids of friends who are in it from the beginning. on_create: hears name and user_ids.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        on_create: Callable[[str, tuple[str, ...]], object],
        chosen: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._on_create = on_create
        friends = in_order(model.friends.values())
        first = tuple(friend for friend in friends if friend.user_id in chosen)
        super().__init__(parent, look, look.words("New group"), friends, look.words("Create"), first)

    def add_foot(self) -> None:
        hint = self._look.words("Group name (optional)")
        self.name = Field(self.foot, self._look, hint, width=260, height=32, most=MOST_NAME)
        self.name.pack(side="left")

    def action(self) -> Callable[[], object]:
        return partial(self._on_create, self._group_name(), self.chosen_ids)

    def _group_name(self) -> str:
        typed = self.name.value.strip()
        names = (self._model.user.nickname, *(person.nickname for person in self.chooser.chosen))
        return typed or joined_names(names, self._look.words(", "))


class InviteDialog(_ChooserDialog):
    """Asks whom to invite; whoever is a member is not offered. on_invite: hears user_ids."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        group_id: str,
        on_invite: Callable[[tuple[str, ...]], object],
    ) -> None:
        self._on_invite = on_invite
        group = model.groups.get(group_id)
        inside = {member.person.user_id for member in group.members} if group else set()
        friends = in_order(friend for friend in model.friends.values() if friend.user_id not in inside)
        super().__init__(parent, look, look.words("Invite friends"), friends, look.words("Invite"))

    def action(self) -> Callable[[], object]:
        return partial(self._on_invite, self.chosen_ids)
