"""What the chat window raises, carried out."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from naivechat.client import NotConnected
from naivechat.client import TalkKey as ClientKey
from naivechat.protocol.group import GroupRecord
from tkclient.interfaces import Action, ChatMethods
from tkclient.logic.attention import Attention, Typing
from tkclient.logic.conversations import Conversations
from tkclient.logic.groups import Groups
from tkclient.logic.news import News
from tkclient.logic.people import People
from tkclient.logic.ports import Choices
from tkclient.logic.rows import Rows
from tkclient.logic.session import Session
from tkclient.logic.unsent import Unsent
from tkclient.logic.values import well_formed
from tkclient.logic.warm_up import WarmUp
from tkclient.model.preferences import Preferences
from tkclient.model.talk import GROUP, Kind, TalkKey


class Chat:
    """Implements `interfaces.ChatEvents` for one session.

    Args:
        logout, quit_program: what follows when the user asks for it.
    """

    def __init__(
        self,
        session: Session,
        choices: Choices,
        *,
        logout: Callable[[], None],
        quit_program: Callable[[], None],
    ) -> None:
        self._session = session
        self._choices = choices
        self._logout = logout
        self._quit_program = quit_program
        self._opening: TalkKey | None = None
        self._unsent = Unsent(session)
        self._conversations = Conversations(session, self._unsent)
        self._rows = Rows(session, self._unsent)
        self._people = People(session, self._renamed)
        self._groups = Groups(session, self._rows, self._conversations)
        self._typing = Typing(session)
        self._news = News(
            session=session,
            unsent=self._unsent,
            conversations=self._conversations,
            rows=self._rows,
            people=self._people,
            groups=self._groups,
            typing=self._typing,
            attention=Attention(session),
            warm_up=WarmUp(session, self._rows, self._groups),
        )

    def begin(self, ui: ChatMethods) -> None:
        """Tell all that is known, and from then on what changes."""
        self._session.ui = ui
        self._session.ui.set_preferences(self._choices.preferences)
        self._session.ui.set_drafts({TalkKey(*key): text for key, text in self._session.store.list_drafts()})
        self._news.begin()
        self._session.ui.show()

    def end(self) -> None:
        """Tell nothing any more."""
        self._news.end()
        self._session.tasks.cancel_all()

    def bring_up(self, talk: TalkKey | None) -> None:
        """Show the window, and in it a dialogue that is on the list."""
        self._session.ui.show()
        if talk is not None and self._rows.find(talk) is not None:
            self._session.ui.select(talk)

    def send(self, talk: TalkKey, text: str, kind: Kind = Kind.TEXT) -> None:
        with suppress(NotConnected):  # for good: the login window is on its way
            message = self._unsent.send(talk, well_formed(text), kind)
            self._typing.sent(talk)
            self._conversations.write(talk, message)
            self._rows.refresh(talk)

    def retry(self, talk: TalkKey, msg_uuid: bytes) -> None:
        with suppress(NotConnected):
            message = self._unsent.retry(talk, msg_uuid)
            if message is not None and message.msg_uuid != msg_uuid:
                self._conversations.remove(talk, msg_uuid)
            if message is not None:
                self._conversations.put(talk, message)
                self._rows.refresh(talk)

    def discard(self, talk: TalkKey, msg_uuid: bytes) -> None:
        if self._unsent.discard(talk, msg_uuid):
            self._conversations.remove(talk, msg_uuid)
            self._rows.refresh(talk)

    def open_talk(self, talk: TalkKey) -> None:
        self._opening = talk
        opening = self._session.client.open_talk(*talk)
        if self._rows.find(talk) is None:
            self._session.ask(Action.OPEN_TALK, self._open(talk, opening))
        else:
            self._session.ui.select(talk)
            self._session.ask_quietly(self._open(talk, opening))

    def select_talk(self, talk: TalkKey | None) -> None:
        self._opening = None
        self._conversations.select(talk)
        if talk is not None and talk.is_group:
            self._groups.need_members(talk.talk_id)

    def delete_talk(self, talk: TalkKey) -> None:
        self._session.ask(Action.DELETE_TALK, self._delete(talk))

    def pin_talk(self, talk: TalkKey, pinned: bool) -> None:
        self._session.ask(Action.PIN_TALK, self._set(talk, pinned=pinned))

    def mute_talk(self, talk: TalkKey, muted: bool) -> None:
        self._session.ask(Action.MUTE_TALK, self._set(talk, muted=muted))

    def mark_read(self, talk: TalkKey) -> None:
        record = self._session.state.talks.get(ClientKey(*talk))
        if record is not None and record.unread:
            self._session.client.mark_read(*talk, record.last_seq)
            self._rows.refresh(talk)

    def keep_draft(self, talk: TalkKey, text: str) -> None:
        self._session.store.set_draft(ClientKey(*talk), well_formed(text))

    def load_older(self, talk: TalkKey) -> None:
        self._session.ask(Action.LOAD_OLDER, self._conversations.load_older(talk))

    def recall(self, talk: TalkKey, seq: int) -> None:
        self._session.ask(Action.RECALL, self._session.client.recall(*talk, seq))

    def typing(self, talk: TalkKey) -> None:
        self._typing.say(talk)

    def search_people(self, key: str) -> None:
        self._session.ask(Action.SEARCH_PEOPLE, self._people.search(well_formed(key)))

    def add_friend(self, user_id: str, greeting: str) -> None:
        self._session.ask(Action.ADD_FRIEND, self._people.add(user_id, well_formed(greeting)))

    def answer_friend(self, user_id: str, accept: bool) -> None:
        self._session.ask(Action.ANSWER_FRIEND, self._people.answer(user_id, accept))

    def remove_friend(self, user_id: str) -> None:
        self._session.ask(Action.REMOVE_FRIEND, self._people.remove(user_id))

    def set_remark(self, user_id: str, remark: str) -> None:
        self._session.ask(Action.SET_REMARK, self._people.set_remark(user_id, well_formed(remark)))

    def create_group(self, name: str, member_ids: tuple[str, ...]) -> None:
        self._session.ask(Action.CREATE_GROUP, self._create_group(name, member_ids))

    def load_members(self, group_id: str) -> None:
        self._session.ask(Action.LOAD_MEMBERS, self._groups.load_members(group_id))

    def invite(self, group_id: str, user_ids: tuple[str, ...]) -> None:
        doing = self._session.client.invite(group_id, user_ids)
        self._change_group(Action.INVITE, group_id, doing)

    def leave_group(self, group_id: str) -> None:
        doing = self._session.client.leave_group(group_id)
        self._change_group(Action.LEAVE_GROUP, group_id, doing)

    def remove_member(self, group_id: str, user_id: str) -> None:
        doing = self._session.client.remove_member(group_id, user_id)
        self._change_group(Action.REMOVE_MEMBER, group_id, doing)

    def rename_group(self, group_id: str, name: str) -> None:
        doing = self._session.client.update_group(group_id, name=well_formed(name.strip()))
        self._change_group(Action.RENAME_GROUP, group_id, doing)

    def set_notice(self, group_id: str, notice: str) -> None:
        doing = self._session.client.update_group(group_id, notice=well_formed(notice.strip()))
        self._change_group(Action.SET_NOTICE, group_id, doing)

    def set_role(self, group_id: str, user_id: str, role: int) -> None:
        doing = self._session.client.set_role(group_id, user_id, role)
        self._change_group(Action.SET_ROLE, group_id, doing)

    def dissolve_group(self, group_id: str) -> None:
        doing = self._session.client.dissolve(group_id)
        self._change_group(Action.DISSOLVE_GROUP, group_id, doing)

    def update_profile(self, nickname: str, avatar: str) -> None:
        self._session.ask(Action.UPDATE_PROFILE, self._people.update_profile(well_formed(nickname), avatar))

    def change_password(self, old_password: str, new_password: str) -> None:
        doing = self._session.client.change_password(old_password, new_password)
        self._session.ask(Action.CHANGE_PASSWORD, doing)

    def set_preferences(self, preferences: Preferences) -> None:
        self._choices.keep_preferences(preferences)
        self._session.ui.set_preferences(preferences)

    def logout(self) -> None:
        self._logout()

    def quit(self) -> None:
        self._quit_program()

    def _renamed(self, user_id: str) -> None:
        self._news.renamed(user_id)

    async def _open(self, talk: TalkKey, opening: Awaitable[object]) -> None:
        await opening
        self._rows.refresh(talk)
        if self._opening == talk:
            self._session.ui.select(talk)

    async def _delete(self, talk: TalkKey) -> None:
        if ClientKey(*talk) in self._session.state.ended:
            self._session.state.talk_removed(ClientKey(*talk))
        else:
            await self._session.client.delete_talk(*talk)
        self._rows.refresh(talk)

    async def _set(self, talk: TalkKey, *, pinned: bool | None = None, muted: bool | None = None) -> None:
        await self._session.client.set_talk(*talk, pinned=pinned, muted=muted)
        self._rows.refresh(talk)

    async def _create_group(self, name: str, member_ids: tuple[str, ...]) -> None:
        talk = TalkKey(GROUP, await self._groups.create(well_formed(name.strip()), member_ids))
        self._opening = talk
        self._session.ask_quietly(self._open(talk, self._session.client.open_talk(*talk)))

    def _change_group(self, action: Action, group_id: str, doing: Awaitable[GroupRecord]) -> None:
        self._session.ask(action, self._groups.change(group_id, doing))
