"""Reading ahead, after a login: the last messages of the newest dialogues, and who is in their groups.

So rows show what was said and portraits of groups show their people, and a dialogue opens without waiting. One thing at a
time, so that nothing the user asks for waits behind it.
"""

from typing import Final

from naivechat.client import RequestRefused
from naivechat.client import TalkKey as ClientKey
from naivechat.client.tasks import sleep
from tkclient.logic.conversations import PAGE
from tkclient.logic.groups import Groups
from tkclient.logic.rows import Rows
from tkclient.logic.session import Session
from tkclient.model.talk import TalkKey

MOST_TALKS: Final = 40
MOST_MEMBERS: Final = 200
_PAUSE_S: Final = 1.0


class WarmUp:
    """See the module."""

    def __init__(self, session: Session, rows: Rows, groups: Groups) -> None:
        self._session = session
        self._rows = rows
        self._groups = groups
        self._is_running = False

    def start(self) -> None:
        """Begin, unless it is under way. Ends by itself, also when the connection does."""
        if not self._is_running:
            self._session.ask_quietly(self._run())

    async def _run(self) -> None:
        self._is_running = True
        try:
            for key in self._rows.keys[:MOST_TALKS]:
                await self._read(key)
        finally:
            self._is_running = False

    async def _read(self, key: TalkKey) -> None:
        try:
            await self._read_messages(key)
            await self._read_members(key)
        except RequestRefused:
            await sleep(self._session.clock, _PAUSE_S)

    async def _read_messages(self, key: TalkKey) -> None:
        talk = self._session.state.talks.get(ClientKey(*key))
        if talk is None or not talk.last_seq or self._session.store.list_messages(ClientKey(*key), limit=1):
            return
        page = await self._session.client.history(*key, limit=PAGE)
        if self._session.store.add_older(ClientKey(*key), page.messages):
            self._rows.forget_messages_of(key)
            self._rows.refresh(key)

    async def _read_members(self, key: TalkKey) -> None:
        state = self._session.state
        group = state.groups.get(key.talk_id) if key.is_group else None
        if group is None or group.official or group.group_id in state.members:
            return
        if group.member_count <= MOST_MEMBERS:
            await self._groups.load_members(group.group_id)
