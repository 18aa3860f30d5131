"""The conversation on the screen: which talk is open, what of it was shown, what happens elsewhere.

Knows no terminal: it gets typed lines from `actions` and hands lines of text to a `Screen`.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from naivechat.client.client import ChatClient
from naivechat.client.errors import ClientError
from naivechat.client.events import MessageShown, SendRefused, StateChanged, StateSynced
from naivechat.client.reconnection import ConnectionState
from naivechat.client.talk import FRIEND, GROUP, TalkKey
from naivechat.protocol.friend import (
    AddFriendResponse,
    FriendAskedNotice,
    FriendRemovedNotice,
    PresenceNotice,
)
from naivechat.protocol.group import GroupNotice
from naivechat.protocol.message import MessageRecord
from naivechat.terminal import lines
from naivechat.terminal.names import title
from naivechat.terminal.text import harmless

FIRST_MESSAGES = 20
_CONNECTION_WORDS = {
    ConnectionState.OFFLINE: "offline",
    ConnectionState.CONNECTING: "connecting …",
    ConnectionState.ONLINE: "online",
    ConnectionState.KICKED: "logged out",
    ConnectionState.LOGGED_OUT: "logged out",
}


class Screen(Protocol):
    """Where lines go: above the prompt, in their order."""

    def show(self, text: str, style: str = "") -> None:
        """Show one line; `style` is one of "", mine, notice, error, title."""


class Chat:
    """See the module. `ended` is called with a sentence when the session is over for good.

    Attributes:
        key: the open talk, None without.
        last_own_seq: of one's last message that was shown since the talk was opened; 0 without.
    """

    def __init__(
        self, client: ChatClient, screen: Screen, now_ms: Callable[[], int], ended: Callable[[str], None]
    ) -> None:
        self.key: TalkKey | None = None
        self.last_own_seq = 0
        self._client = client
        self._screen = screen
        self._now_ms = now_ms
        self._ended = ended
        self._earliest = 0
        self._was_online = client.connection_state is ConnectionState.ONLINE
        self._reading: set[TalkKey] = set()
        self._listen()

    @property
    def prompt(self) -> str:
        """What stands before the line that is being typed."""
        return f"{harmless(title(self._client.state, self.key))} ❯ " if self.key else "❯ "

    @property
    def status(self) -> str:
        """One line about oneself: who, how connected, what is unread where."""
        state = self._client.state
        me = harmless(state.user.nickname) if state.user else "nobody"
        unread = ", ".join(
            f"{harmless(talk.talk_name)} ({lines.unread_sign(talk.unread)})"
            for talk in state.talk_list
            if talk.unread
        )
        return f" {me} · {_CONNECTION_WORDS[self._client.connection_state]} · {unread or 'nothing'} unread "

    async def open(self, key: TalkKey) -> None:
        """Make a talk the open one: show its last messages, and read them. ClientError."""
        if key.talk_type == GROUP:
            await self._client.members(key.talk_id)
        page = await self._client.history(*key, limit=FIRST_MESSAGES)
        self.key, self._earliest, self.last_own_seq = key, 0, 0
        self._screen.show(f"── {harmless(title(self._client.state, key))} ──", "title")
        for message in page.messages:
            self._show_message(message)
        if page.messages:
            await self._client.read(*key, page.messages[-1].seq)
        else:
            self._screen.show("No messages yet: what you type is the first one.", "notice")

    def close(self) -> None:
        """No talk is open."""
        self.key = None

    async def show_history(self, key: TalkKey, count: int) -> None:
        """Show the last `count` messages of the open talk with their numbers, the next time those before. ClientError."""
        page = await self._client.history(*key, before_seq=self._earliest or None, limit=count)
        if not page.messages:
            self._screen.show("There are no earlier messages.", "notice")
            return
        self._earliest = page.messages[0].seq
        self._screen.show("── history ──", "title")
        for message in page.messages:
            self._show_message(message, f"#{message.seq} ")
        self._screen.show("── up to here ──", "title")

    def _listen(self) -> None:
        listeners: tuple[tuple[type[Any], Callable[[Any], Awaitable[None] | None]], ...] = (
            (MessageShown, self._message_shown),
            (SendRefused, self._send_refused),
            (StateChanged, self._state_changed),
            (StateSynced, self._state_synced),
            (FriendAskedNotice, self._friend_asked),
            (AddFriendResponse, self._friend_added),
            (FriendRemovedNotice, self._friend_removed),
            (PresenceNotice, self._presence_changed),
            (GroupNotice, self._group_changed),
        )
        for event_type, callback in listeners:
            self._client.on(event_type, callback)

    def _show_message(self, message: MessageRecord, number: str = "") -> None:
        is_mine = message.sender_id == self._client.user_id
        style = "mine" if is_mine else ""
        if is_mine and message.msg_type not in (lines.GROUP_EVENT, lines.RECALL):
            self.last_own_seq = max(self.last_own_seq, message.seq)
        first, *others = lines.message_lines(self._client.state, message, self._now_ms())
        for line in (number + first, *others):
            self._screen.show(line, style)

    async def _message_shown(self, event: MessageShown) -> None:
        key = TalkKey(event.talk_type, event.talk_id)
        if key == self.key:
            self._show_message(event.message)
            if not event.mine:
                await self._read_quietly(key)
        elif not event.mine:
            self._show_notice(key, event.message)

    def _show_notice(self, key: TalkKey, message: MessageRecord) -> None:
        state = self._client.state
        talk = state.talks.get(key)
        if talk is None or not talk.muted:
            unread = talk.unread if talk is not None else 0
            self._screen.show(lines.notice_line(state, key, message, unread), "notice")

    async def _read_quietly(self, key: TalkKey) -> None:
        """Read all that has come, one request at a time; one that fails is made up for by the next message."""
        talk = self._client.state.talks.get(key)
        if talk is None or key in self._reading:
            return
        self._reading.add(key)
        try:
            while key == self.key and talk is not None and talk.read_seq < talk.last_seq:
                await self._client.read(*key, talk.last_seq)
                talk = self._client.state.talks.get(key)
        except ClientError:
            return
        finally:
            self._reading.discard(key)

    def _send_refused(self, event: SendRefused) -> None:
        name = harmless(title(self._client.state, event.outgoing.talk))
        self._screen.show(
            f"Not sent to {name}: {harmless(event.refusal.message or event.refusal.code)}", "error"
        )

    def _state_changed(self, event: StateChanged) -> None:
        if event.state in (ConnectionState.KICKED, ConnectionState.LOGGED_OUT):
            self._ended(harmless(event.reason) or "The session has ended.")
        elif event.state is ConnectionState.ONLINE:
            if self._was_online:
                self._screen.show("Connected again.", "notice")
            self._was_online = True
        elif event.state is ConnectionState.CONNECTING and event.reason and self._was_online:
            self._screen.show(f"Not connected ({harmless(event.reason)}): trying again …", "error")

    def _state_synced(self, event: StateSynced) -> None:
        if self.key is not None and not self._is_mine(self.key):
            self.close()

    def _is_mine(self, key: TalkKey) -> bool:
        state = self._client.state
        return key.talk_id in (state.friends if key.talk_type == FRIEND else state.groups)

    def _friend_asked(self, notice: FriendAskedNotice) -> None:
        self._screen.show(lines.asked_line(notice.asked), "notice")

    def _friend_added(self, notice: AddFriendResponse) -> None:
        friend = notice.friend
        self._screen.show(f"{harmless(friend.nickname)} is your friend now: /open {friend.user_id}", "notice")

    def _friend_removed(self, notice: FriendRemovedNotice) -> None:
        self._screen.show(
            f"{harmless(self._client.state.name_of(notice.user_id))} is no longer your friend.", "notice"
        )
        self._gone(TalkKey(FRIEND, notice.user_id))

    def _presence_changed(self, notice: PresenceNotice) -> None:
        if self.key == TalkKey(FRIEND, notice.user_id):
            word = "online" if notice.online else "offline"
            self._screen.show(f"{harmless(self._client.state.name_of(notice.user_id))} is {word}.", "notice")

    def _group_changed(self, notice: GroupNotice) -> None:
        group_id, name = notice.group.group_id, harmless(notice.group.name)
        concerns_me = self._client.user_id in notice.user_ids
        if group_id not in self._client.state.groups:
            self._screen.show(f"You no longer belong to the group {name}.", "notice")
            self._gone(TalkKey(GROUP, group_id))
        elif concerns_me and notice.event in ("created", "joined"):
            self._screen.show(f"You belong to the group {name} now: /open {group_id}", "notice")

    def _gone(self, key: TalkKey) -> None:
        if self.key == key:
            self.close()
