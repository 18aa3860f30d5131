"""What the Tab key offers."""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from naivechat.client.state import ChatState
from naivechat.terminal.commands import COMMANDS
from naivechat.terminal.names import list_names
from naivechat.terminal.text import harmless

_WORDS_OF: dict[str, Callable[[ChatState], Iterable[str]]] = {
    "open": list_names,
    "accept": lambda state: state.asked,
    "refuse": lambda state: state.asked,
    "unfriend": lambda state: state.friends,
    "invite": lambda state: state.friends,
    "create": lambda state: state.friends,
}


def list_completions(line: str, state: ChatState) -> tuple[str, tuple[str, ...]]:
    """The end of `line` that may be completed, and with what: commands, names of talks, ids of friends or askers."""
    if not line.startswith("/") or line.startswith("//"):
        return "", ()
    command, space, rest = line[1:].partition(" ")
    if not space:
        return command, _beginning_with(command, COMMANDS)
    # Names of talks have spaces in them and stand alone; ids have none and may be several.
    begun = rest if command == "open" else rest.rpartition(" ")[2]
    return begun, _beginning_with(begun, _WORDS_OF.get(command, _nothing)(state))


def _beginning_with(begun: str, words: Iterable[str]) -> tuple[str, ...]:
    wanted = begun.casefold()
    return tuple(word for word in words if word.casefold().startswith(wanted) and word == harmless(word))


def _nothing(_: ChatState) -> Iterable[str]:
    return ()


class ChatCompleter(Completer):
    """`list_completions` for prompt_toolkit."""

    def __init__(self, state: ChatState) -> None:
        self._state = state

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The completions at the cursor."""
        begun, words = list_completions(document.text_before_cursor, self._state)
        return (Completion(word, start_position=-len(begun)) for word in words)
