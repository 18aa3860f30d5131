"""What a group or an official account is."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group
from tkclient.model.talk import GROUP, TalkKey
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.frames import SIDE, line, middle_column, note, plain_frame
from tkclient.ui.pages.group_painter import GroupPainter
from tkclient.ui.pages.group_rows import LINE_HEIGHT, TILE_WIDTH, GroupRow, MembersRow, group_rows
from tkclient.ui.pages.text_lines import line_height, lines_of

_WIDTH, _TOP = 560, 96
_PORTRAIT: Final = 64
_TEXT_SIZE: Final = 14


class GroupPage(tk.Frame):
    """A group's portrait, name, notice and members, and the way to its dialogue; of an official account what there is of it.

    The members are asked for when the page is made.

    Args:
        on_person: a member was clicked.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        group_id: str,
        on_person: Callable[[str], object] = lambda _: None,
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._group = Group(group_id=group_id, name="", owner_id="")
        self._on_person = on_person
        column = middle_column(self, look, width=_WIDTH, top=_TOP)
        self._make_head(column)
        line(column).pack(fill="x", padx=look.px(SIDE), pady=(look.px(20), look.px(8)))
        self.rows: RowList[GroupRow] = RowList(
            column,
            look,
            GroupPainter(look),
            on_click=self._clicked,
            on_width=lambda _: self.refresh(),
            background=palette.CHAT,
        )
        self.rows.pack(fill="both", expand=True)
        self.refresh()
        if not self._group.is_official:
            events.load_members(group_id)

    def _make_head(self, column: tk.Misc) -> None:
        look = self._look
        head = plain_frame(column)
        head.pack(fill="x", padx=look.px(SIDE))
        self._portrait = tk.Label(head, background=palette.CHAT, bd=0, padx=0, pady=0)
        self._portrait.pack(side="left", padx=(0, look.px(16)))
        self.button = Button(head, look, "", self._open, width=104, height=36)
        self.button.pack(side="right", padx=(look.px(12), 0))
        self.name = LineLabel(head, look, size=17)
        self.name.pack(fill="x", pady=(look.px(6), look.px(4)))
        self.note = note(head, look)
        self.note.pack(fill="x")

    def refresh(self) -> None:
        """Show what the model says now; of a group that one is no longer in, what was known."""
        known = self._model.groups.get(self._group.group_id)
        self._group = group = known or self._group
        look, words = self._look, self._look.words
        self._portrait.configure(image=portrait_of(look, group, _PORTRAIT))
        self.name.text = group.name
        self.note.configure(text=self._note_on(group) if known else words("You are no longer in this group."))
        self.button.set_text(words("View messages") if group.is_official else words("Send a message"))
        self.button.set_enabled(known is not None)
        per_row = max(self._text_width // look.px(TILE_WIDTH), 1)
        self.rows.set_rows(tuple(group_rows(group, per_row, self._notice_height)))

    def _note_on(self, group: Group) -> str:
        words = self._look.words
        if group.is_official:
            return words("Official account")
        return words.count("{count} member", "{count} members", max(group.member_count, len(group.members)))

    @property
    def _text_width(self) -> int:
        return self.rows.winfo_width() - 2 * self._look.px(SIDE)

    def _notice_height(self, notice: str) -> int:
        lines = lines_of(self._look, notice, _TEXT_SIZE, self._text_width)
        return len(lines) * line_height(self._look, LINE_HEIGHT)

    def _open(self) -> None:
        self._events.open_talk(TalkKey(GROUP, self._group.group_id))

    def _clicked(self, row: GroupRow, zone: str) -> None:
        if isinstance(row, MembersRow) and zone:
            self._on_person(zone)
