"""What each command does. Requests go by the client, answers to the screen, refusals become one line."""

from collections.abc import Awaitable, Callable
from typing import Any

from naivechat.client.client import ChatClient
from naivechat.client.errors import ClientError, RequestRefused
from naivechat.client.reconnection import ConnectionState
from naivechat.client.talk import FRIEND, GROUP, TalkKey
from naivechat.protocol.friend import FriendRecord
from naivechat.terminal import lines
from naivechat.terminal.chat import FIRST_MESSAGES, Chat, Screen
from naivechat.terminal.commands import Command, CommandError, Say, help_lines, parse
from naivechat.terminal.names import find_talk
from naivechat.terminal.text import harmless

MOST_HISTORY = 100


class Actions:
    """Carries out typed lines, one after the other. `send` queues a message; `quit` leaves the program."""

    def __init__(
        self,
        chat: Chat,
        client: ChatClient,
        screen: Screen,
        *,
        send: Callable[[TalkKey, str], object],
        quit_program: Callable[[], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._chat = chat
        self._client = client
        self._screen = screen
        self._send = send
        self._quit_program = quit_program
        self._now_ms = now_ms

    async def carry_out(self, line: str) -> None:
        """Do what a typed line asks for; whatever is wrong is shown in one line."""
        try:
            asked = parse(line)
            if isinstance(asked, Say):
                self._say(asked.text)
            elif asked is not None:
                await _DEEDS[asked.name](self, asked)
        except CommandError as error:
            self._screen.show(harmless(str(error)), "error")
        except RequestRefused as refusal:
            self._screen.show(harmless(refusal.message or refusal.code), "error")
        except ClientError as error:
            self._screen.show(f"Not done: {harmless(str(error))}", "error")

    def _say(self, text: str) -> None:
        self._send(self._open_key(), text)
        if self._client.connection_state is not ConnectionState.ONLINE:
            self._screen.show("Not connected: this is sent once the node can be reached again.", "notice")

    def _open_key(self, talk_type: int | None = None) -> TalkKey:
        key = self._chat.key
        if key is None:
            raise CommandError("No dialogue is open: /list shows them, /open NAME opens one.")
        if talk_type is not None and key.talk_type != talk_type:
            raise CommandError("No group is open: /groups shows yours, /open NAME opens one.")
        return key

    async def _list(self, command: Command) -> None:
        state = self._client.state
        talks = state.talk_list
        self._show_all([lines.talk_line(state, talk, self._now_ms()) for talk in talks], "No dialogues yet: /friends, /groups, /find KEY.")  # fmt: skip

    async def _open(self, command: Command) -> None:
        await self._chat.open(find_talk(self._client.state, " ".join(command.arguments)))

    async def _close(self, command: Command) -> None:
        self._chat.close()

    async def _history(self, command: Command) -> None:
        count = _number(command.arguments[0]) if command.arguments else FIRST_MESSAGES
        await self._chat.show_history(self._open_key(), min(count, MOST_HISTORY))

    async def _friends(self, command: Command) -> None:
        state = self._client.state
        friends = sorted(state.friends.values(), key=lambda friend: (not friend.online, friend.nickname))
        asked = [lines.asked_line(request) for request in state.asked.values()]
        self._show_all([*asked, *map(lines.friend_line, friends)], "No friends yet: /find KEY finds people.")

    async def _groups(self, command: Command) -> None:
        groups = sorted(self._client.state.groups.values(), key=lambda group: group.name)
        self._show_all(list(map(lines.group_line, groups)), "No groups yet: /create NAME ID… makes one.")

    async def _members(self, command: Command) -> None:
        members = await self._client.members(self._open_key(GROUP).talk_id)
        self._show_all(list(map(lines.member_line, members)), "Nobody.")

    async def _find(self, command: Command) -> None:
        page = await self._client.search(" ".join(command.arguments))
        more = ["… and more: a longer key finds fewer."] if page.has_more else []
        self._show_all([*map(lines.found_line, page.users), *more], "Nobody is called so.")

    async def _add(self, command: Command) -> None:
        user_id, *words = command.arguments
        friend = await self._client.add_friend(user_id, " ".join(words))
        if friend is not None:
            self._tell_of_friend(friend)
        else:
            self._screen.show(f"{harmless(user_id)} was asked, and has to accept.", "notice")

    async def _accept(self, command: Command) -> None:
        friend = await self._client.answer_friend(command.arguments[0], accept=True)
        if friend is not None:
            self._tell_of_friend(friend)

    async def _refuse(self, command: Command) -> None:
        await self._client.answer_friend(command.arguments[0], accept=False)
        self._screen.show("Refused; nobody is told.", "notice")

    async def _unfriend(self, command: Command) -> None:
        (user_id,) = command.arguments
        await self._client.remove_friend(user_id)
        if self._chat.key == TalkKey(FRIEND, user_id):
            self._chat.close()
        self._screen.show(f"{harmless(user_id)} is no longer your friend.", "notice")

    async def _create(self, command: Command) -> None:
        name, *user_ids = command.arguments
        group = await self._client.create_group(name, user_ids)
        await self._chat.open(TalkKey(GROUP, group.group_id))

    async def _invite(self, command: Command) -> None:
        await self._client.invite(self._open_key(GROUP).talk_id, command.arguments)

    async def _leave(self, command: Command) -> None:
        await self._client.leave_group(self._open_key(GROUP).talk_id)
        self._chat.close()
        self._screen.show("You have left the group.", "notice")

    async def _recall(self, command: Command) -> None:
        key = self._open_key()
        seq = _number(command.arguments[0]) if command.arguments else self._chat.last_own_seq
        if not seq:
            raise CommandError("You have said nothing here lately: /recall N takes message number N back.")
        await self._client.recall(*key, seq)

    async def _me(self, command: Command) -> None:
        name = self._client.state.name_of(self._client.user_id)
        self._screen.show(f"{harmless(name)}  [{self._client.user_id}]")

    async def _help(self, command: Command) -> None:
        self._show_all(list(help_lines()), "")

    async def _quit(self, command: Command) -> None:
        self._quit_program()

    def _tell_of_friend(self, friend: FriendRecord) -> None:
        self._screen.show(f"{harmless(friend.nickname)} is your friend: /open {friend.user_id}", "notice")

    def _show_all(self, texts: list[str], otherwise: str) -> None:
        for text in texts or [otherwise]:
            self._screen.show(text)


_DEEDS: dict[str, Callable[[Actions, Command], Awaitable[Any]]] = {
    "list": Actions._list,
    "open": Actions._open,
    "close": Actions._close,
    "history": Actions._history,
    "friends": Actions._friends,
    "groups": Actions._groups,
    "members": Actions._members,
    "find": Actions._find,
    "add": Actions._add,
    "accept": Actions._accept,
    "refuse": Actions._refuse,
    "unfriend": Actions._unfriend,
    "create": Actions._create,
    "invite": Actions._invite,
    "leave": Actions._leave,
    "recall": Actions._recall,
    "me": Actions._me,
    "help": Actions._help,
    "quit": Actions._quit,
}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**53):
        raise CommandError(f"{text} is not a number from 1 on.")
    return int(text)
