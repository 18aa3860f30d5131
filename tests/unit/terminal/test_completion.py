"""What the Tab key offers."""

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from naivechat.terminal.completion import ChatCompleter, list_completions
from tests.unit.terminal.fakes import FakeClient, friend


@pytest.mark.parametrize(
    ("line", "begun", "offered"),
    [
        ("hello", "", ()),
        ("//he", "", ()),
        ("/he", "he", ("help",)),
        ("/open ", "", ("李雷", "Mei", "Weekend", "li", "han", "g1")),
        ("/open m", "m", ("Mei",)),
        ("/invite li h", "h", ("han",)),
        ("/help h", "h", ()),
    ],
)
def test_commands_names_and_ids_are_offered(
    client: FakeClient, line: str, begun: str, offered: tuple[str, ...]
) -> None:
    assert list_completions(line, client.state) == (begun, offered)


def test_a_name_with_control_characters_is_not_offered(client: FakeClient) -> None:
    client.state.friends["x"] = friend("x", "M\x1b")
    assert list_completions("/open m", client.state) == ("m", ("Mei",))


def test_a_completion_replaces_what_was_begun(client: FakeClient) -> None:
    completer = ChatCompleter(client.state)
    (completion,) = completer.get_completions(Document("/open we"), CompleteEvent())
    assert (completion.text, completion.start_position) == ("Weekend", -2)
