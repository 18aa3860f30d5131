"""What a person may type: a line that begins with `/` is a command, any other a message to the open talk."""

import shlex

import attrs


class CommandError(Exception):
    """A line that cannot be carried out. Its text is the sentence for the person."""


@attrs.frozen
class CommandHelp:
    """One command: its name, the words that follow it, what it does, and how many words there must be."""

    name: str
    arguments: str
    effect: str
    least: int = 0
    most: int | None = 0

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.arguments}".rstrip()


@attrs.frozen(kw_only=True)
class Command:
    """A command as typed."""

    name: str
    arguments: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Say:
    """A message for the open talk."""

    text: str


COMMANDS: dict[str, CommandHelp] = {
    command.name: command
    for command in (
        CommandHelp("list", "", "all dialogues, with unread counts"),
        CommandHelp("open", "NAME", "open the dialogue with a friend or group", 1, None),
        CommandHelp("close", "", "close the open dialogue; it stays on the list"),
        CommandHelp("history", "[N]", "the last N messages (20), numbered; again: those before", 0, 1),
        CommandHelp("friends", "", "your friends, and who asks to be one"),
        CommandHelp("groups", "", "your groups"),
        CommandHelp("members", "", "who is in the open group"),
        CommandHelp("find", "KEY", "look for people by id or name", 1, None),
        CommandHelp("add", "ID [WORDS]", "become friends with somebody", 1, None),
        CommandHelp("accept", "ID", "accept a friend request", 1, 1),
        CommandHelp("refuse", "ID", "refuse a friend request", 1, 1),
        CommandHelp("unfriend", "ID", "end a friendship", 1, 1),
        CommandHelp("create", "NAME ID…", 'create a group ("two words" in quotation marks)', 1, None),
        CommandHelp("invite", "ID…", "bring people into the open group", 1, None),
        CommandHelp("leave", "", "leave the open group"),
        CommandHelp("recall", "[N]", "take your last message of this talk back, or message number N", 0, 1),
        CommandHelp("me", "", "who you are and where you are connected"),
        CommandHelp("help", "", "this list"),
        CommandHelp("quit", "", "leave (or Ctrl-D)"),
    )
}


def parse(line: str) -> Command | Say | None:
    """What a line asks for; None when it is blank. `//…` is a message that begins with one slash.

    Raises:
        CommandError: no such command, or the wrong number of words behind it.
    """
    if not line.strip():
        return None
    if not line.startswith("/"):
        return Say(text=line)
    if line.startswith("//"):
        return Say(text=line[1:])
    name, *arguments = _words(line[1:])
    known = COMMANDS.get(name.lower())
    if known is None:
        raise CommandError(f"There is no command /{name}: /help lists them.")
    if len(arguments) < known.least or (known.most is not None and len(arguments) > known.most):
        raise CommandError(f"Usage: {known.usage}")
    return Command(name=known.name, arguments=tuple(arguments))


def help_lines() -> tuple[str, ...]:
    """The commands, one a line."""
    width = max(len(command.usage) for command in COMMANDS.values())
    about = [f"{command.usage:<{width}}  {command.effect}" for command in COMMANDS.values()]
    return (*about, "Any other line is sent to the open talk; //… sends a line that begins with a slash.")


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text) or [""]
    except ValueError:
        return text.replace('"', " ").replace("'", " ").split() or [""]
