"""Groups and who is in them."""

from collections.abc import Awaitable

from naivechat.protocol.group import GroupRecord
from tkclient.logic.conversations import Conversations
from tkclient.logic.rows import Rows
from tkclient.logic.session import Session
from tkclient.logic.values import group_of
from tkclient.model.talk import GROUP, TalkKey


class Groups:
    """Tells groups, and does what the user asks for. Members are told once they were asked for, and kept up from then on."""

    def __init__(self, session: Session, rows: Rows, conversations: Conversations) -> None:
        self._session = session
        self._rows = rows
        self._conversations = conversations
        self._loading: dict[str, bool] = {}

    def tell_all(self) -> None:
        """Tell all groups."""
        state = self._session.state
        self._session.ui.set_groups(tuple(group_of(record, state) for record in state.groups.values()))

    def tell(self, group_id: str) -> None:
        """Tell how a group is known now, or that it is none of the user's."""
        record = self._session.state.groups.get(group_id)
        if record is None:
            self._session.ui.remove_group(group_id)
        else:
            self._session.ui.upsert_group(group_of(record, self._session.state))

    def tell_those_with(self, user_id: str) -> None:
        """Tell the groups in which somebody is known to be."""
        for group_id, members in tuple(self._session.state.members.items()):
            if any(member.user_id == user_id for member in members):
                self.tell(group_id)

    def changed(self, group_id: str) -> None:
        """Something was done to a group: whose members are known has them read anew."""
        self.tell(group_id)
        self._rows.refresh(TalkKey(GROUP, group_id))
        if group_id in self._session.state.members:
            self._session.ask_quietly(self.load_members(group_id))

    def need_members(self, group_id: str) -> None:
        """Somebody looks at a group: ask for its members, unless they are known. An official account has everybody."""
        record = self._session.state.groups.get(group_id)
        is_known = group_id in self._session.state.members or group_id in self._loading
        if record is not None and not record.official and not is_known:
            self._session.ask_quietly(self.load_members(group_id))

    async def load_members(self, group_id: str) -> None:
        """Ask who is in a group; once more, if that was asked meanwhile, for the answer may be older. ClientError."""
        if group_id in self._loading:
            self._loading[group_id] = True
            return
        self._loading[group_id] = True
        try:
            while self._loading[group_id]:
                self._loading[group_id] = False
                await self._session.client.members(group_id)
        finally:
            del self._loading[group_id]
        self.tell(group_id)
        self._rows.refresh(TalkKey(GROUP, group_id))
        self._conversations.learn_names(TalkKey(GROUP, group_id))

    async def create(self, name: str, member_ids: tuple[str, ...]) -> str:
        """Make a group; its id. ClientError."""
        record = await self._session.client.create_group(name, member_ids)
        self.tell(record.group_id)
        self._session.ask_quietly(self.load_members(record.group_id))
        return record.group_id

    async def change(self, group_id: str, doing: Awaitable[GroupRecord]) -> None:
        """Await a change that the user makes, and show what the group's talk says about it. ClientError."""
        await doing
        self.changed(group_id)
        if group_id in self._session.state.groups:
            self._session.ask_quietly(self._session.client.catch_up(GROUP, group_id))
