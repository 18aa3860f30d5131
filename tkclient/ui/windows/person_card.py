"""Who somebody is, in a small window beside the portrait that was clicked."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.people import FoundStatus, Person
from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.field import Field
from tkclient.ui.controls.line_label import LineLabel
from tkclient.ui.controls.popup import Popup
from tkclient.ui.controls.pressable import room_for_text
from tkclient.ui.lists.portraits import spec_of
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.windows.portrait import Portrait

_WIDTH: Final = 264
_MOST_GREETING: Final = 100


def person_known(model: ChatModel, user_id: str) -> Person:
    """All that is known about somebody: as oneself, a friend, somebody found, or a member of a group; else but the id."""
    if user_id == model.user.user_id:
        return model.user
    if user_id in model.friends:
        return model.friends[user_id]
    members = (member.person for group in model.groups.values() for member in group.members)
    others = (
        *(found.person for found in model.found),
        *(request.person for request in model.requests),
        *members,
    )
    return next(
        (person for person in others if person.user_id == user_id), Person(user_id=user_id, nickname=user_id)
    )


class PersonCard(Popup):
    """Portrait, names and id; a friend can be written to, somebody else be asked to become one. Seen after `place_at`.

    nickname, avatar: as they stand where it was clicked, for somebody of whom the model knows but the id.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        model: ChatModel,
        events: ChatEvents,
        user_id: str,
        *,
        nickname: str = "",
        avatar: str = "",
    ) -> None:
        super().__init__(parent, look)
        self._model = model
        self._events = events
        self.person = person_known(model, user_id)
        if nickname and self.person.nickname == user_id:
            self.person = Person(user_id=user_id, nickname=nickname, avatar=avatar)
        self.greeting: Field | None = None
        self.button: Button | None = None
        self._sheet = tk.Frame(self.body, background=palette.WHITE, highlightthickness=0, bd=0)
        self._sheet.pack(padx=look.px(24), pady=look.px(22))
        self._build_head()
        self._build_action()

    def _build_head(self) -> None:
        look, px, words, person = self._look, self._look.px, self._look.words, self.person
        head = tk.Frame(self._sheet, background=palette.WHITE, highlightthickness=0, bd=0)
        head.pack(fill="x")
        Portrait(head, look, 60, spec_of(person)).pack(side="left", anchor="n", padx=(0, px(16)))
        names = tk.Frame(head, background=palette.WHITE, highlightthickness=0, bd=0)
        names.pack(side="left", fill="x", expand=True)
        wide = room_for_text(look, _WIDTH)
        width = wide - 76
        LineLabel(names, look, person.name, 17, width=width).pack(fill="x")
        lines = [words("Nickname: {name}", name=person.nickname)] if person.remark else []
        for line in (*lines, words("Account: {id}", id=person.user_id)):
            LineLabel(names, look, line, 13, palette.CHAT_NOTE, width=width).pack(fill="x")
        tk.Frame(self._sheet, width=px(wide), height=1, background=palette.LINE).pack(pady=(px(18), 0))

    def _build_action(self) -> None:
        words, user_id = self._look.words, self.person.user_id
        if user_id == self._model.user.user_id:
            self._say(words("This is you."))
        elif user_id in self._model.friends:
            self._add_button(words("Send a message"), self._write)
        elif any(request.person.user_id == user_id for request in self._model.requests):
            self._add_button(words("Accept friend request"), self._accept)
        elif self._is_asked(user_id):
            self._say(words("Waiting for an answer"))
        else:
            self.greeting = Field(
                self._sheet,
                self._look,
                words("Greeting (optional)"),
                height=34,
                most=_MOST_GREETING,
                on_enter=self._ask,
            )
            self.greeting.pack(fill="x", pady=(self._look.px(16), 0))
            self._add_button(words("Add friend"), self._ask)

    def _is_asked(self, user_id: str) -> bool:
        return any(
            found.person.user_id == user_id and found.status is FoundStatus.ASKED
            for found in self._model.found
        )

    def _say(self, text: str) -> None:
        label = LineLabel(self._sheet, self._look, text, 13, palette.CHAT_NOTE, anchor="center")
        label.pack(fill="x", pady=(self._look.px(14), 0))

    def _add_button(self, text: str, command: Callable[[], object]) -> None:
        self.button = Button(self._sheet, self._look, text, command, height=36)
        self.button.pack(fill="x", pady=(self._look.px(14), 0))

    def _write(self) -> None:
        self.close()
        self._events.open_talk(TalkKey(FRIEND, self.person.user_id))

    def _accept(self) -> None:
        self.close()
        self._events.answer_friend(self.person.user_id, True)

    def _ask(self) -> None:
        greeting = self.greeting.value.strip() if self.greeting is not None else ""
        self.close()
        self._events.add_friend(self.person.user_id, greeting)
