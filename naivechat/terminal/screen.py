"""The terminal itself: a line being typed at the bottom, everything else above it. Stands on asyncio, as prompt_toolkit does."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.styles import Style
from twisted.internet.defer import Deferred

T = TypeVar("T")

_STYLE = Style.from_dict(
    {
        "prompt": "bold",
        "mine": "ansicyan",
        "notice": "ansibrightblack",
        "error": "ansired",
        "title": "bold ansigreen",
        "bottom-toolbar": "noreverse ansibrightblack",
    }
)


class Interrupted(Exception):
    """Ctrl-C: the line that was being typed is given up."""


class TerminalScreen:
    """Shows lines above the prompt and reads typed ones. `prompt` and `status` are asked again twice a second."""

    def __init__(self, prompt: Callable[[], str], status: Callable[[], str], completer: Completer) -> None:
        self._prompt = prompt
        self._waiting: list[tuple[str, str]] = []
        self._session: PromptSession[str] = PromptSession(
            completer=completer,
            complete_while_typing=False,
            style=_STYLE,
            erase_when_done=True,
            interrupt_exception=Interrupted,
            bottom_toolbar=status,
            refresh_interval=0.5,
        )

    def show(self, text: str, style: str = "") -> None:
        """Show one line. Lines shown at the same moment are written at once: the prompt is drawn anew only once for them."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting += [(f"class:{style}" if style else "", text), ("", "\n")]

    def flush(self) -> None:
        """Write what was shown and not written yet."""
        parts, self._waiting = self._waiting, []
        if parts:
            print_formatted_text(FormattedText(parts), style=_STYLE, end="")

    def keys(self) -> AbstractContextManager[None]:
        """While this is entered, every key is one to read: also those typed between two lines, Ctrl-C and Ctrl-D too."""
        return self._session.input.raw_mode()

    def read_line(self) -> "Deferred[str]":
        """The next typed line. Interrupted on Ctrl-C, EOFError on Ctrl-D."""
        return as_deferred(
            self._session.prompt_async(
                lambda: [("class:prompt", self._prompt())], handle_sigint=False, set_exception_handler=False
            )
        )

    def end(self) -> None:
        """Give up reading: `read_line` raises EOFError."""
        if self._session.app.is_running:
            self._session.app.exit(exception=EOFError)


def read_password(question: str) -> "Deferred[str]":
    """Ask for a password, which is shown as stars. Interrupted on Ctrl-C, EOFError on Ctrl-D."""
    session: PromptSession[str] = PromptSession(is_password=True, interrupt_exception=Interrupted)
    return as_deferred(session.prompt_async(question, handle_sigint=False, set_exception_handler=False))


def as_deferred(coroutine: Coroutine[Any, Any, T]) -> "Deferred[T]":
    """Run a coroutine of asyncio on the loop that the reactor stands on."""
    return Deferred.fromFuture(asyncio.ensure_future(coroutine))
