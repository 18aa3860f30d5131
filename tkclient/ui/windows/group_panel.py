"""The side panel of a group's dialogue."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Role
from tkclient.model.talk import GROUP, TalkKey
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import confirm
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.create_group import MOST_NAME, InviteDialog
from tkclient.ui.windows.details import INNER, MARGIN, DetailsPanel
from tkclient.ui.windows.editable import Editable
from tkclient.ui.windows.group_roles import can_edit, role_in
from tkclient.ui.windows.member_list import MemberList
from tkclient.ui.windows.text_dialog import TextDialog

_MOST_NOTICE: Final = 500


class GroupPanel(DetailsPanel):
    """Members, name, notice, mute and pin; leaving, and for the owner dissolving. Asks for the members when it is made."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        group_id: str,
        on_close: Callable[[], object],
    ) -> None:
        self._group_id = group_id
        super().__init__(parent, look, model, events, TalkKey(GROUP, group_id), on_close)
        events.load_members(group_id)

    def build(self) -> None:
        words, px = self.look.words, self.look.px
        self._title = self.add_head(("person-plus", words("Invite friends"), self._invite))
        self.members = MemberList(self, self.look, self.model, self.events, self._group_id)
        foot = self._foot = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        self.add_line(foot, 0, 6)
        name, notice = self._titles
        self.name = self._add_editable(foot, name, self._edit_name, 2)
        self.notice = self._add_editable(foot, notice, self._edit_notice, 4)
        self.add_line(foot, 4, 10)
        self.switches = self.make_switches(foot)
        self.switches.pack(fill="x", padx=px(MARGIN - 2))
        self.add_line(foot, 10, 8)
        self.leave_button = Button(
            foot, self.look, words("Leave the group"), self._ask_to_leave, kind="danger_link"
        )
        self.leave_button.pack(pady=(0, px(4)))
        self.dissolve_button = Button(
            foot, self.look, words("Dissolve the group"), self._ask_to_dissolve, kind="danger_link"
        )
        # What is below the members keeps its place, however little room there is for them.
        foot.pack(side="bottom", fill="x", pady=(0, px(12)))

    def refresh(self) -> None:
        group = self.model.groups.get(self._group_id)
        if group is None:
            return
        words, own = self.look.words, role_in(group, self.model.user.user_id)
        self._update_members(group)
        self.name.show(group.name, can_edit(own))
        self.notice.show(group.notice or words("None"), can_edit(own))
        self.switches.refresh()
        self.leave_button.set_text(words("Unfollow") if group.is_official else words("Leave the group"))
        if own is Role.OWNER:
            self.dissolve_button.pack(pady=(0, self.look.px(4)))
        else:
            self.dissolve_button.pack_forget()

    @property
    def _titles(self) -> tuple[str, str]:
        """What stands over name and notice."""
        words, group = self.look.words, self.model.groups.get(self._group_id)
        if group is not None and group.is_official:
            return words("Name"), words("About")
        return words("Group name"), words("Group notice")

    def _update_members(self, group: Group) -> None:
        words = self.look.words
        if group.is_official:
            self._title.text = words("Official account")
            self.members.pack_forget()
            self.head_buttons[0].pack_forget()
            self._foot.pack(side="top", pady=(self.look.px(16), 0))
            return
        self._title.text = words("Members ({count})", count=group.member_count or len(group.members))
        self.members.refresh()
        self.members.pack(fill="both", expand=True)

    def _add_editable(
        self, parent: tk.Misc, title: str, on_edit: Callable[[], object], most_lines: int
    ) -> Editable:
        editable = Editable(parent, self.look, title, on_edit, width=INNER, most_lines=most_lines)
        editable.pack(fill="x", padx=self.look.px(MARGIN), pady=(0, self.look.px(6)))
        return editable

    def _invite(self) -> None:
        group_id = self._group_id
        InviteDialog(
            self, self.look, self.model, group_id, lambda user_ids: self.events.invite(group_id, user_ids)
        )

    def _edit_name(self) -> None:
        group_id, group = self._group_id, self.model.groups.get(self._group_id)
        TextDialog(
            self,
            self.look,
            self.look.words("Group name"),
            group.name if group else "",
            lambda name: self.events.rename_group(group_id, name),
            most=MOST_NAME,
        )

    def _edit_notice(self) -> None:
        group_id, group = self._group_id, self.model.groups.get(self._group_id)
        TextDialog(
            self,
            self.look,
            self.look.words("Group notice"),
            group.notice if group else "",
            lambda notice: self.events.set_notice(group_id, notice),
            most=_MOST_NOTICE,
            long=True,
            may_be_empty=True,
        )

    def _ask_to_leave(self) -> None:
        words, group = self.look.words, self.model.groups.get(self._group_id)
        if group is None:
            return
        question = words('Leave "{name}"? You will not receive its messages any more.', name=group.name)
        if role_in(group, self.model.user.user_id) is Role.OWNER:
            question = words(
                'Leave "{name}"? An admin or the oldest member becomes its owner.', name=group.name
            )
        confirm(self, self.look, question, words("Leave"), lambda: self.events.leave_group(group.group_id))

    def _ask_to_dissolve(self) -> None:
        words, group = self.look.words, self.model.groups.get(self._group_id)
        if group is None:
            return
        question = words('Dissolve "{name}"? Nobody can write in it afterwards.', name=group.name)
        confirm(
            self, self.look, question, words("Dissolve"), lambda: self.events.dissolve_group(group.group_id)
        )
