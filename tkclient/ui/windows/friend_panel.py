"""The side panel of a dialogue with a friend."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Person
from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.lists.portraits import spec_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.details import INNER, MARGIN, DetailsPanel
from tkclient.ui.windows.editable import Editable
from tkclient.ui.windows.person_card import person_known
from tkclient.ui.windows.portrait import Portrait
from tkclient.ui.windows.text_dialog import TextDialog

_MOST_REMARK: Final = 32


class FriendPanel(DetailsPanel):
    """Who it is, one's own name for them, a group to begin with them, mute and pin."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        user_id: str,
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(parent, look, model, events, TalkKey(FRIEND, user_id), on_close)

    def build(self) -> None:
        look, px, words = self.look, self.look.px, self.look.words
        title = self.add_head(("person-plus", words("New group with this friend"), self._begin_group))
        title.text = words("Details")
        head = tk.Frame(self, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x", padx=px(MARGIN), pady=(px(14), 0))
        self._portrait = Portrait(head, look, 52)
        self._portrait.pack(side="left", padx=(0, px(12)))
        names = tk.Frame(head, background=palette.WHITE, highlightthickness=0, bd=0)
        names.pack(side="left", fill="x", expand=True)
        self._nickname = LineLabel(names, look, size=15)
        self._nickname.pack(fill="x")
        self._account = LineLabel(names, look, size=12, colour=palette.CHAT_NOTE)
        self._account.pack(fill="x")
        self.add_line(self, 16, 6)
        self.remark = Editable(self, look, words("Remark"), self._edit_remark, width=INNER)
        self.remark.pack(fill="x", padx=px(MARGIN))
        self.add_line(self)
        self.switches = self.make_switches(self)
        self.switches.pack(fill="x", padx=px(MARGIN - 2))

    def refresh(self) -> None:
        person = self._person
        self._portrait.show(spec_of(person))
        self._nickname.text = person.nickname
        self._account.text = self.look.words("Account: {id}", id=person.user_id)
        is_friend = person.user_id in self.model.friends
        self.remark.show(person.remark or self.look.words("None"), is_friend)
        self.head_buttons[0].set_enabled(is_friend)
        self.switches.refresh()

    @property
    def _person(self) -> Person:
        return person_known(self.model, self.key.talk_id)

    def _begin_group(self) -> None:
        CreateGroupDialog(self, self.look, self.model, self.events.create_group, chosen=(self.key.talk_id,))

    def _edit_remark(self) -> None:
        user_id = self.key.talk_id
        TextDialog(
            self,
            self.look,
            self.look.words("Remark"),
            self._person.remark,
            lambda text: self.events.set_remark(user_id, text),
            most=_MOST_REMARK,
            may_be_empty=True,
        )
