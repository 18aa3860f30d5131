"""A Text in which emoji, and all else that Tk must not draw, stand as pictures: from the outside it holds plain text."""

import tkinter
from collections.abc import Iterator, Sequence
from typing import Final

from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.chat.pieces import MOST_JOINED, Piece, fold, may_join, picture_name, pieces, text_of, tidy
from tkclient.ui.look import palette
from tkclient.ui.look.look import Look

MOST_SHOWN: Final = 10_000
MOST_PICTURES: Final = 1_000
"""Of what comes at once. Tk compares each new picture with all others, and lays a line out anew at each key: 10,000 pictures take three seconds."""

_EMOJI_TO_TEXT: Final = 20 / 14
_INTERCEPTION: Final = (
    "proc {widget} {{method args}} {{ switch -- $method {{ insert - delete - replace {{ {change} $method {{*}}$args }} "
    "default {{ tailcall {original} $method {{*}}$args }} }} }}"
)


class PictureText(tkinter.Text):
    """Intercepts Tk's own command of the widget, through which all that is typed, pasted or inserted comes.

    What is very long is shown in part, and the rest as a note that stands for it.
    """

    def __init__(self, parent: tkinter.Misc, look: Look, size: float, colour: str, background: str) -> None:
        super().__init__(
            parent,
            font=look.font(size),
            foreground=colour,
            background=background,
            highlightthickness=0,
            bd=0,
            padx=0,
            pady=0,
            undo=False,
        )
        self._look = look
        self._size = size
        self._find = Catalogue.load().find
        self._folded: dict[str, str] = {}
        self._widget = str(self)
        self._original = f"{self._widget}_original"
        self.tk.call("rename", self._widget, self._original)
        change = self.register(self._intercept)
        self.tk.eval(_INTERCEPTION.format(widget=self._widget, original=self._original, change=change))

    def destroy(self) -> None:
        """Also forgets the command that intercepts."""
        super().destroy()
        self.tk.call("rename", self._widget, "")

    def text_between(self, start: str, end: str) -> str:
        """The text from one index to another."""
        return "".join(self._units(start, end))

    def _intercept(self, method: str, *args: str) -> None:
        if self["state"] == "disabled":
            return
        if method == "insert":
            self._change("insert", str(self.index(args[0])), (), "".join(args[1::2]))
        elif method == "delete":
            self._change("delete", str(self.index(args[0])), args, "")
        else:
            self._change("replace", str(self.index(args[0])), args[:2], "".join(args[2::2]))

    def _change(self, method: str, index: str, deleted: Sequence[str], text: str) -> None:
        """Every change is made here: what is between (or at) the indices `deleted` goes, then `text` comes."""
        if deleted:
            self._call("delete", *deleted)
        if text:
            self._put(index, tidy(text))

    def _put(self, index: str, text: str) -> None:
        self._call("mark", "set", "put", index)
        text = self._take_back(text) + text
        room = max(0, MOST_PICTURES - len(self.image_names()))
        shown, rest = fold(text, MOST_SHOWN, room, self._find)
        for piece in shown:
            self._put_piece(piece)
        if rest:
            self._put_folded(rest)
        self._call("mark", "unset", "put")

    def _put_piece(self, piece: Piece) -> None:
        if not piece.is_picture:
            self._call("insert", "put", piece.text)
            return
        image, gap = self._picture(piece.text), self._look.px(1)
        self._call("image", "create", "put", "-image", image, "-name", picture_name(piece.text), "-padx", gap)

    def _put_folded(self, text: str) -> None:
        words = self._look.words.count("{count} more character", "{count} more characters", len(text))
        note = tkinter.Label(
            self, text=f" {words} ", font=self["font"], bg=palette.PILL, fg=palette.TEXT, bd=0
        )
        self._folded[str(note)] = text
        self._call("window", "create", "put", "-window", note)

    def _take_back(self, text: str) -> str:
        """Take away what stands before the mark "put" and is one emoji together with the beginning of `text`."""
        before = list(self._units(f"put - {MOST_JOINED} indices", "put"))
        joined = "".join(before)
        if not may_join(joined, text):
            return ""
        start = 0
        for piece in pieces(joined + text, self._find):
            if start + len(piece.text) > len(joined):
                break
            start += len(piece.text)
        taken = joined[start:]
        count = _units_at_the_end(before, taken) if piece.is_picture else 0
        if count:
            self._call("delete", f"put - {count} indices", "put")
        return taken if count else ""

    def _picture(self, text: str) -> tkinter.PhotoImage:
        size = self._size * self._look.text_size / 100
        if self._find(text, 0):
            return self._look.art.emoji(text, size * _EMOJI_TO_TEXT)
        width, height = self._look.px(size * 0.8), self._look.px(size)
        return self._look.art.rounded(width, height, 2, palette.FIELD, border=palette.CHAT_NOTE)

    def _units(self, start: str, end: str) -> Iterator[str]:
        """Each character, picture and note from one index to another, as the text that it stands for."""
        found = self.tk.splitlist(self._call("dump", "-text", "-image", "-window", start, end))
        for kind, value in zip(found[::3], found[1::3], strict=True):
            if kind == "text":
                yield from value
            else:
                yield text_of(value) if kind == "image" else self._folded.get(value, "")

    def _call(self, *args: object) -> str:
        return self.tk.call(self._original, *args)  # type: ignore[no-any-return]


def _units_at_the_end(units: Sequence[str], text: str) -> int:
    """How many of the last units are `text` together; 0 if it ends within one."""
    length = 0
    for count, unit in enumerate(reversed(units), 1):
        length += len(unit)
        if length >= len(text):
            return count if length == len(text) and text else 0
    return 0
