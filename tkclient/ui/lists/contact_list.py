"""The list of contacts."""

import tkinter as tk
from collections.abc import Callable

from tkclient.model.chat import ChatModel
from tkclient.ui.lists.contact_painter import ContactPainter
from tkclient.ui.lists.contact_rows import (
    AnyContactRow,
    ContactKind,
    ContactRef,
    ContactRow,
    NewFriendsRow,
    SectionRow,
    contact_rows,
)
from tkclient.ui.lists.row_list import RowList
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look


class ContactList(tk.Frame):
    """New friends, official accounts, groups, and friends under the letters of their names.

    Args:
        on_select: a contact was clicked, or Return pressed on it.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, model: ChatModel, on_select: Callable[[ContactRef], object]
    ) -> None:
        super().__init__(parent, background=palette.LIST, bd=0, highlightthickness=0)
        self._model = model
        self._on_select = on_select
        self._closed: set[ContactKind] = set()
        self.rows: RowList[AnyContactRow] = RowList(self, look, ContactPainter(look), on_click=self._clicked)
        self.rows.pack(fill="both", expand=True)
        self.refresh()

    def refresh(self) -> None:
        """Show what the model says now."""
        self.rows.set_rows(tuple(contact_rows(self._model, self._closed)))

    def select(self, contact: ContactRef | None) -> None:
        """Mark the contact whose page is shown."""
        self.rows.select(contact)

    def _clicked(self, row: AnyContactRow, _zone: str) -> None:
        if isinstance(row, SectionRow):
            self._closed.symmetric_difference_update({row.kind})
            self.refresh()
        elif isinstance(row, ContactRow | NewFriendsRow):
            self._on_select(row.key)
