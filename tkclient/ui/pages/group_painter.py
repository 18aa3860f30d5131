"""How rows about a group look."""

import tkinter as tk
from typing import Final

from tkclient.model.people import Member, Role
from tkclient.ui.lists.portraits import portrait_of
from tkclient.ui.lists.row import Area, Zone
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look
from tkclient.ui.pages.frames import SIDE
from tkclient.ui.pages.group_rows import (
    LINE_HEIGHT,
    TILE_WIDTH,
    GroupRow,
    MembersRow,
    NoticeRow,
    Title,
    TitleRow,
)
from tkclient.ui.pages.text_lines import draw_lines, lines_of
from tkclient.ui.text.line import draw_line

_AVATAR, _AVATAR_TOP, _NAME_Y = 42, 8, 64
_ROLE_HEIGHT, _ROLE_SIZE = 14, 10
_SIZE: Final = 14


class GroupPainter:
    """Draws the rows of a group's page."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def zones(self, row: GroupRow, _width: int, /) -> tuple[Zone, ...]:
        """Each member has one, named as their user_id."""
        if not isinstance(row, MembersRow):
            return ()
        wide, bottom = self._look.px(TILE_WIDTH), self._look.px(row.height)
        # The first portrait, not its place, stands under what is above.
        left = self._look.px(SIDE) - (wide - self._look.px(_AVATAR)) // 2
        return tuple(
            Zone(
                name=member.person.user_id,
                left=left + i * wide,
                top=0,
                right=left + (i + 1) * wide,
                bottom=bottom,
            )
            for i, member in enumerate(row.members)
        )

    def paint(self, canvas: tk.Canvas, row: GroupRow, area: Area, /) -> None:
        """A head, the notice, or members."""
        if isinstance(row, MembersRow):
            for member, zone in zip(row.members, self.zones(row, area.width), strict=True):
                self._paint_member(canvas, member, zone, area)
        elif isinstance(row, NoticeRow):
            x = self._look.px(SIDE)
            lines = lines_of(self._look, row.notice, _SIZE, area.width - 2 * x)
            draw_lines(
                canvas, self._look, lines, x, area.y,
                width=area.width - 2 * x, height=LINE_HEIGHT, size=_SIZE, colour=palette.TEXT, tag=area.tag,
            )  # fmt: skip
        else:
            text = (
                self._title(row) if isinstance(row, TitleRow) else self._look.words("Fetching the members…")
            )
            x, y, font = self._look.px(SIDE), area.y + area.height // 2, self._look.font(12)
            canvas.create_text(x, y, text=text, font=font, fill=palette.CHAT_NOTE, anchor="w", tags=area.tag)

    def _title(self, row: TitleRow) -> str:
        words = self._look.words
        if row.title is Title.MEMBERS:
            return words("Members ({count})", count=row.count)
        return words("Group notice") if row.title is Title.NOTICE else words("About")

    def _paint_member(self, canvas: tk.Canvas, member: Member, zone: Zone, area: Area) -> None:
        look = self._look
        middle, top = (zone.left + zone.right) // 2, area.y + look.px(_AVATAR_TOP)
        portrait = portrait_of(look, member.person, _AVATAR)
        canvas.create_image(middle, top, image=portrait, anchor="n", tags=area.tag)
        if member.role is not Role.MEMBER:
            self._paint_role(canvas, member.role, middle, top + look.px(_AVATAR - 5), area.tag)
        width = zone.right - zone.left - look.px(8)
        colour = palette.TEXT if area.zone == zone.name else palette.CHAT_NOTE
        y = area.y + look.px(_NAME_Y)
        draw_line(
            canvas, look, middle, y, member.person.name, 12, colour, width, anchor="center", tags=area.tag
        )

    def _paint_role(self, canvas: tk.Canvas, role: Role, x: int, y: int, tag: str) -> None:
        """A small sign on the lower edge of the portrait."""
        look = self._look
        is_owner = role is Role.OWNER
        text = look.words("Owner") if is_owner else look.words("Admin")
        size = (look.measure(text, _ROLE_SIZE) + 2 * look.px(5), look.px(_ROLE_HEIGHT))
        ground = look.art.rounded(*size, 4, palette.PRIMARY if is_owner else palette.ICON)
        canvas.create_image(x, y, image=ground, tags=tag)
        canvas.create_text(x, y, text=text, font=look.font(_ROLE_SIZE), fill=palette.WHITE, tags=tag)
