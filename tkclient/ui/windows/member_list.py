"""Who is in a group, and what can be done about them."""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Member, Person, Role
from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.controls.dialog import confirm
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.menu import Menu, MenuItem
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.group_roles import can_remove, role_in
from tkclient.ui.windows.people_rows import REMOVE, PeoplePainter, PersonRow, matching
from tkclient.ui.windows.person_card import PersonCard

_MARGIN: Final = 16
_MOST_KEY: Final = 64


class MemberList(tk.Frame):
    """The members of a group, owner and admins first, below a search.

    A click shows who somebody is; the menu and the cross are for those who may take others out or change their roles.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, group_id: str
    ) -> None:
        super().__init__(parent, background=palette.WHITE, highlightthickness=0, bd=0)
        self._look = look
        self._model = model
        self._events = events
        self._group_id = group_id
        self.menu = Menu(look, self)
        self.card: PersonCard | None = None
        self.search = Field(
            self, look, look.words("Search members"), height=32, most=_MOST_KEY, on_change=self.refresh
        )
        self.search.pack(fill="x", padx=look.px(_MARGIN), pady=look.px(8))
        self.rows: RowList[PersonRow] = RowList(
            self,
            look,
            PeoplePainter(look, palette.WHITE),
            on_click=self._clicked,
            on_menu=self._show_menu,
            background=palette.WHITE,
        )
        self.rows.pack(fill="both", expand=True)

    def refresh(self) -> None:
        """Show what the model knows now."""
        group = self._model.groups.get(self._group_id)
        if group is None:
            return
        members = {member.person.user_id: member for member in group.members}
        own = role_in(group, self._model.user.user_id)
        shown = matching((self._as_known(member.person) for member in group.members), self.search.value)
        self.rows.set_rows([self._row(person, members[person.user_id], own) for person in shown])

    def menu_items(self, group: Group, member: Member) -> Sequence[MenuItem | None]:
        """What can be done about a member."""
        person = self._as_known(member.person)
        user_id, words = person.user_id, self._look.words
        items: list[MenuItem | None] = []
        if user_id in self._model.friends:
            items.append(
                MenuItem(words("Send a message"), lambda: self._events.open_talk(TalkKey(FRIEND, user_id)))
            )
        own = role_in(group, self._model.user.user_id)
        if own is Role.OWNER and member.role is not Role.OWNER:
            items += self._role_items(member, person)
        if can_remove(own, member):
            items += [None] if items else []
            items.append(
                MenuItem(words("Remove from the group"), lambda: self._ask_to_remove(person), danger=True)
            )
        return items

    def _row(self, person: Person, member: Member, own: Role) -> PersonRow:
        words = self._look.words
        notes = {Role.OWNER: words("Owner"), Role.ADMIN: words("Admin"), Role.MEMBER: ""}
        return PersonRow(
            person=person, note=notes[member.role], can_remove=can_remove(own, member), height=44
        )

    def _as_known(self, person: Person) -> Person:
        """Somebody as one calls them: friends by their remarks."""
        return self._model.friends.get(person.user_id, person)

    def _role_items(self, member: Member, person: Person) -> Sequence[MenuItem]:
        words = self._look.words
        other = Role.MEMBER if member.role is Role.ADMIN else Role.ADMIN
        text = words("Make admin") if other is Role.ADMIN else words("Take admin role away")
        return (
            MenuItem(text, lambda: self._events.set_role(self._group_id, person.user_id, other)),
            MenuItem(words("Hand the group over"), lambda: self._ask_to_hand_over(person)),
        )

    def _clicked(self, row: PersonRow, zone: str) -> None:
        if zone == REMOVE:
            self._ask_to_remove(row.person)
            return
        self.card = PersonCard(self, self._look, self._model, self._events, row.person.user_id)
        self.card.update_idletasks()
        _, y = self.rows.place_of(row.key)
        # Beside the list, so that it hides nobody; on top of it where the window stands at the screen's edge.
        self.card.place_at(
            self.winfo_rootx() - self.card.winfo_reqwidth(), self.rows.winfo_rooty() + round(y)
        )

    def _show_menu(self, row: PersonRow, x_root: int, y_root: int) -> None:
        group = self._model.groups.get(self._group_id)
        if group is None:
            return
        member = next((each for each in group.members if each.person.user_id == row.person.user_id), None)
        items = self.menu_items(group, member) if member is not None else ()
        if items:
            self.menu.show(x_root, y_root, items)

    def _ask_to_remove(self, person: Person) -> None:
        words, group_id = self._look.words, self._group_id
        question = words("Remove {name} from the group?", name=person.name)
        confirm(
            self,
            self._look,
            question,
            words("Remove"),
            lambda: self._events.remove_member(group_id, person.user_id),
        )

    def _ask_to_hand_over(self, person: Person) -> None:
        words, group_id = self._look.words, self._group_id
        question = words("Make {name} the owner of this group? You will be an admin.", name=person.name)
        confirm(
            self,
            self._look,
            question,
            words("Hand over"),
            lambda: self._events.set_role(group_id, person.user_id, Role.OWNER),
        )
