"""How rows of people who are found or who ask look."""

import tkinter as tk
from typing import Final

from tkclient.model.people import Person
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.frames import SIDE
from tkclient.ui.pages.people_rows import (
    LINE_HEIGHT,
    AskRow,
    FoundRow,
    Note,
    NoteRow,
    PeopleRow,
    Standing,
    Title,
    TitleRow,
)
from tkclient.ui.pages.pills import Pill, paint_pills, pill_zones
from tkclient.ui.pages.text_lines import draw_lines, lines_of
from tkclient.ui.text.line import draw_line

ADD: Final = "add"
ACCEPT: Final = "accept"
DECLINE: Final = "decline"

_AVATAR, _MIDDLE, _TEXT_X = 42, 33, SIDE + 54
_NAME_Y, _NOTE_Y, _GREETING_Y = 22, 44, 34
_GAP: Final = 16
_NOTE_SIZE: Final = 12
_BUTTONS_ROOM: Final = 190
"""What greetings leave free at the right, so that their lines are known before the buttons are."""


class PeoplePainter:
    """Draws the rows of the page of new friends."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def greeting_width(self, width: int) -> int:
        """How wide the lines of greetings are in rows of `width`, in pixels."""
        return max(width - self._look.px(_TEXT_X + _BUTTONS_ROOM + SIDE), 1)

    def zones(self, row: PeopleRow, width: int, /) -> tuple[Zone, ...]:
        """The buttons."""
        return pill_zones(self._look, self._pills(row), width - self._look.px(SIDE), self._look.px(_MIDDLE))

    def paint(self, canvas: tk.Canvas, row: PeopleRow, area: Area, /) -> None:
        """Somebody with buttons, a head or a note."""
        if isinstance(row, TitleRow):
            self._paint_words(canvas, self._title(row.title), area)
        elif isinstance(row, NoteRow):
            self._paint_words(canvas, self._note(row.note), area)
        else:
            self._paint_person(canvas, row, area)

    def _paint_words(self, canvas: tk.Canvas, text: str, area: Area) -> None:
        x, y = self._look.px(SIDE), area.y + area.height // 2
        font = self._look.font(_NOTE_SIZE)
        canvas.create_text(x, y, text=text, font=font, fill=palette.CHAT_NOTE, anchor="w", tags=area.tag)

    def _title(self, title: Title) -> str:
        words = self._look.words
        return words("Search results") if title is Title.FOUND else words("Friend requests")

    def _note(self, note: Note) -> str:
        words = self._look.words
        return {
            Note.SEARCHING: words("Searching…"),
            Note.NOBODY: words("Nobody was found."),
            Note.MORE: words("There are more: write more of the name."),
            Note.NOBODY_ASKS: words("There are no requests."),
        }[note]

    def _pills(self, row: PeopleRow) -> tuple[Pill, ...]:
        words = self._look.words
        if isinstance(row, AskRow):
            accept = Pill(name=ACCEPT, text=words("Accept"), is_primary=True)
            return Pill(name=DECLINE, text=words("Decline")), accept
        if isinstance(row, FoundRow) and row.standing is Standing.ADDABLE:
            return (Pill(name=ADD, text=words("Add"), is_primary=True),)
        return ()

    def _paint_person(self, canvas: tk.Canvas, row: FoundRow | AskRow, area: Area) -> None:
        look = self._look
        ground = palette.PILL if area.has_cursor else palette.CHAT
        bottom = area.y + area.height
        canvas.create_rectangle(0, area.y, area.width, bottom, width=0, fill=ground, tags=area.tag)
        side = look.px(SIDE)
        canvas.create_line(side, bottom - 1, area.width - side, bottom - 1, fill=palette.LINE, tags=area.tag)
        person = row.person if isinstance(row, FoundRow) else row.request.person
        portrait = portrait_of(look, person, _AVATAR)
        canvas.create_image(side, area.y + look.px(_MIDDLE), image=portrait, anchor="w", tags=area.tag)
        zones = self.zones(row, area.width)
        paint_pills(canvas, look, self._pills(row), zones, area)
        if isinstance(row, FoundRow):
            right = zones[0].left if zones else self._paint_standing(canvas, row.standing, area)
            self._paint_found(canvas, person, right - look.px(_GAP), area)
        else:
            self._paint_asking(canvas, row, zones[0].left - look.px(_GAP), area)

    def _paint_standing(self, canvas: tk.Canvas, standing: Standing, area: Area) -> int:
        """Words in the place of a button; returns where they begin."""
        look = self._look
        text = {
            Standing.ASKED: look.words("Waiting for an answer"),
            Standing.FRIEND: look.words("Added"),
            Standing.ONESELF: look.words("You"),
        }[standing]
        right = area.width - look.px(SIDE)
        at = (right, area.y + look.px(_MIDDLE))
        note = palette.CHAT_NOTE
        canvas.create_text(*at, text=text, font=look.font(13), fill=note, anchor="e", tags=area.tag)
        return right - look.measure(text, 13)

    def _paint_found(self, canvas: tk.Canvas, person: Person, right: int, area: Area) -> None:
        look, x = self._look, self._look.px(_TEXT_X)
        lines = ((_NAME_Y, person.name, 14, palette.TEXT), (_NOTE_Y, person.user_id, 12, palette.CHAT_NOTE))
        for y, text, size, colour in lines:
            draw_line(
                canvas, look, x, area.y + look.px(y), text, size, colour, right - x, anchor="w", tags=area.tag
            )

    def _paint_asking(self, canvas: tk.Canvas, row: AskRow, right: int, area: Area) -> None:
        """The name with the id behind it, and the greeting under them."""
        look, x, person = self._look, self._look.px(_TEXT_X), row.request.person
        y, note = area.y + look.px(_NAME_Y), palette.CHAT_NOTE
        id_width = look.measure(person.user_id, _NOTE_SIZE) + look.px(8)
        room = max(right - x - id_width, look.px(60))
        name_end = x + draw_line(
            canvas, look, x, y, person.name, 14, palette.TEXT, room, anchor="w", tags=area.tag
        )
        id_left = name_end + look.px(8)
        id_room = max(right - id_left, 0)
        draw_line(
            canvas, look, id_left, y, person.user_id, _NOTE_SIZE, note, id_room, anchor="w", tags=area.tag
        )
        width = self.greeting_width(area.width)
        draw_lines(
            canvas, look, lines_of(look, row.request.greeting, _NOTE_SIZE, width), x, area.y + look.px(_GREETING_Y),
            width=width, height=LINE_HEIGHT, size=_NOTE_SIZE, colour=note, tag=area.tag,
        )  # fmt: skip
