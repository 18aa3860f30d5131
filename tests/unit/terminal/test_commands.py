"""What a typed line asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.terminal.commands import COMMANDS, Command, CommandError, Say, help_lines, parse


def test_a_line_without_a_slash_is_a_message() -> None:
    assert parse("  hello /open ") == Say(text="  hello /open ")


def test_two_slashes_send_one() -> None:
    assert parse("//etc/passwd") == Say(text="/etc/passwd")


@pytest.mark.parametrize("line", ["", "   ", "\t"])
def test_a_blank_line_asks_for_nothing(line: str) -> None:
    assert parse(line) is None


def test_a_command_has_words_behind_it() -> None:
    assert parse("/open 李 雷") == Command(name="open", arguments=("李", "雷"))
    assert parse("/LIST") == Command(name="list")


def test_quotation_marks_keep_words_together() -> None:
    assert parse('/create "Sunday hike" li wang') == Command(
        name="create", arguments=("Sunday hike", "li", "wang")
    )


def test_an_apostrophe_is_no_error() -> None:
    assert parse("/add li It's me") == Command(name="add", arguments=("li", "It", "s", "me"))


def test_an_unknown_command_points_to_help() -> None:
    with pytest.raises(CommandError, match="There is no command /dance: /help"):
        parse("/dance")
    with pytest.raises(CommandError, match="There is no command /: /help"):
        parse("/")


@pytest.mark.parametrize("line", ["/open", "/accept", "/accept a b", "/history 1 2", "/list all"])
def test_a_wrong_number_of_words_shows_the_usage(line: str) -> None:
    with pytest.raises(CommandError, match=f"Usage: {line.split()[0]}"):
        parse(line)


@given(st.text().map(lambda text: "/" + text))
def test_any_line_is_a_command_or_an_error(line: str) -> None:
    try:
        parsed = parse(line)
    except CommandError:
        return
    assert isinstance(parsed, Command | Say)


def test_help_tells_of_every_command() -> None:
    text = "\n".join(help_lines())
    assert all(command.usage in text and command.effect in text for command in COMMANDS.values())
