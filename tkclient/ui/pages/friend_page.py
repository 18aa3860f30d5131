"""Who a friend is."""

import tkinter as tk
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import Person
from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import confirm
from tkclient.ui.controls.icon_button import IconButton
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.toast import Toast
from tkclient.ui.lists.portraits import spec_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.editable_line import EditableLine
from tkclient.ui.pages.frames import SIDE, line, middle_column, plain_frame
from tkclient.ui.text.line import line_width
from tkclient.ui.text.plain import bmp
from tkclient.ui.windows.portrait import Portrait

_WIDTH, _TOP = 400, 96
_PORTRAIT: Final = 64
_LABEL_WIDTH: Final = 96
_MOST_IN_REMARK: Final = 32
_DOT: Final = 10


class FriendPage(tk.Frame):
    """A friend's portrait, names and account; to write to them, to call them otherwise, to end the friendship."""

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, events: ChatEvents, user_id: str
    ) -> None:
        super().__init__(parent, background=palette.CHAT, bd=0, highlightthickness=0)
        self._look = look
        self._model = model
        self._events = events
        self._user_id = user_id
        self._person = Person(user_id=user_id, nickname="")
        self._toast = Toast(self, look)
        column = middle_column(self, look, width=_WIDTH, top=_TOP)
        self._make_head(column)
        line(column).pack(fill="x", padx=look.px(SIDE), pady=look.px(20))
        self._make_details(column)
        line(column).pack(fill="x", padx=look.px(SIDE), pady=look.px(20))
        self._make_buttons(column)
        self.refresh()

    def _make_head(self, column: tk.Misc) -> None:
        look = self._look
        head = plain_frame(column)
        head.pack(fill="x", padx=look.px(SIDE))
        self._portrait = Portrait(head, look, _PORTRAIT)
        self._portrait.pack(side="left", padx=(0, look.px(16)))
        self.name = LineLabel(head, look, size=17)
        self.name.pack(fill="x", pady=(look.px(6), look.px(4)))
        state = plain_frame(head)
        state.pack(fill="x")
        self._dot = tk.Label(state, background=palette.CHAT, bd=0, padx=0, pady=0)
        self._dot.pack(side="left", padx=(0, look.px(6)))
        self.state = tk.Label(state, font=look.font(12), bd=0, padx=0, pady=0)
        self.state.configure(background=palette.CHAT, foreground=palette.CHAT_NOTE)
        self.state.pack(side="left")

    def _make_details(self, column: tk.Misc) -> None:
        look, words = self._look, self._look.words
        self.remark = EditableLine(
            self._detail(column, words("Remark")),
            look,
            hint=words("Add a remark"),
            tooltip=words("Edit the remark"),
            on_save=lambda text: self._events.set_remark(self._user_id, text),
            most=_MOST_IN_REMARK,
        )
        self.remark.pack(side="left", fill="x", expand=True)
        self.nickname = LineLabel(self._detail(column, words("Nickname")), look)
        self.nickname.pack(side="left", fill="x", expand=True)
        account = self._detail(column, words("Account"))
        self.copy_button = IconButton(
            account, look, "copy", self._copy_id, size=14, tooltip=words("Copy the account")
        )
        self.account = LineLabel(account, look, self._user_id, width=self._id_width())
        self.account.pack(side="left")
        self.copy_button.pack(side="left", padx=(look.px(4), 0))

    def _id_width(self) -> float:
        most = self._look.px(_WIDTH - _LABEL_WIDTH - 40)
        return min(line_width(self._look, self._user_id, 14) + 2, most) / self._look.scale.factor

    def _detail(self, column: tk.Misc, title: str) -> tk.Frame:
        """A line with its name at the left."""
        look = self._look
        row = plain_frame(column)
        row.configure(height=look.px(36))
        row.pack_propagate(False)
        row.pack(fill="x", padx=look.px(SIDE))
        label = tk.Label(row, text=title, font=look.font(13), anchor="w", bd=0, padx=0, pady=0)
        label.configure(background=palette.CHAT, foreground=palette.CHAT_NOTE)
        holder = plain_frame(row)
        holder.configure(width=look.px(_LABEL_WIDTH), height=look.px(20))
        holder.pack(side="left")
        label.place(in_=holder, x=0, rely=0.5, anchor="w")
        label.lift()
        return row

    def _make_buttons(self, column: tk.Misc) -> None:
        look, words = self._look, self._look.words
        self._buttons = plain_frame(column)
        self.message_button = Button(
            self._buttons, look, words("Send a message"), self._write, width=160, height=38
        )
        self.message_button.pack(pady=(look.px(8), look.px(14)))
        self.delete_button = Button(
            self._buttons, look, words("Delete friend"), self._ask_to_delete, kind="link"
        )
        self.delete_button.pack()
        self.gone = tk.Label(column, text=words("You are no longer friends."), font=look.font(13), bd=0)
        self.gone.configure(background=palette.CHAT, foreground=palette.CHAT_NOTE)

    def refresh(self) -> None:
        """Show what the model says now; of somebody who is no friend any more, what was known."""
        friend = self._model.friends.get(self._user_id)
        self._person = friend or self._person
        look, person = self._look, self._person
        is_online = friend is not None and friend.is_online
        self._portrait.show(spec_of(person))
        self.name.text, self.nickname.text, self.remark.text = person.name, person.nickname, person.remark
        self.remark.set_enabled(friend is not None)
        dot = look.art.dot(_DOT, palette.ONLINE if is_online else palette.BAR_ICON)
        self._dot.configure(image=dot)
        self.state.configure(text=look.words("Online") if is_online else look.words("Offline"))
        shown, hidden = (self._buttons, self.gone) if friend else (self.gone, self._buttons)
        hidden.pack_forget()
        shown.pack()

    def _write(self) -> None:
        self._events.open_talk(TalkKey(FRIEND, self._user_id))

    def _copy_id(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._user_id)
        self._toast.say(self._look.words("Copied"))

    def _ask_to_delete(self) -> None:
        words = self._look.words
        question = words("Delete {name} from your friends? You can no longer write to each other then.", name=bmp(self._person.name))  # fmt: skip
        confirm(
            self, self._look, question, words("Delete"), lambda: self._events.remove_friend(self._user_id)
        )
