"""What is typed but not sent, of the dialogue on the screen."""

from collections.abc import Callable
from typing import Final

import attrs

from tkclient.interfaces import ChatEvents
from tkclient.model.chat import ChatModel
from tkclient.model.talk import TalkKey

KEPT_AFTER_MS: Final = 500


@attrs.define(eq=False)
class Draft:
    """Keeps the text of `talk`: a moment after the last change, or at once by `keep`.

    later: calls a function after milliseconds, and gives what `cancel` takes. text: what stands in the field.
    """

    _model: ChatModel
    _events: ChatEvents
    _text: Callable[[], str]
    _later: Callable[[int, Callable[[], None]], str]
    _cancel: Callable[[str], None]
    talk: TalkKey | None = None
    _kept: str = ""
    _timer: str = ""

    def begin(self, talk: TalkKey | None) -> str:
        """Another dialogue is on the screen; returns its text. Call `keep` for the one before."""
        self.talk = talk
        self._kept = self._model.drafts.get(talk, "") if talk else ""
        return self._kept

    def news(self) -> str | None:
        """What has become of the draft elsewhere, if nothing has been written here; else None."""
        told = self._model.drafts.get(self.talk, "") if self.talk else ""
        if told == self._kept or self._text() != self._kept:
            return None
        self._kept = told
        return told

    def changed(self) -> None:
        """Something was written."""
        self._stop()
        self._timer = self._later(KEPT_AFTER_MS, self.keep)

    def keep(self) -> None:
        """Keep it now."""
        self._stop()
        text = self._text()
        if self.talk is not None and text != self._kept:
            self._kept = text
            self._model.set_draft(self.talk, text)
            self._events.keep_draft(self.talk, text)

    def _stop(self) -> None:
        if self._timer:
            self._cancel(self._timer)
            self._timer = ""
