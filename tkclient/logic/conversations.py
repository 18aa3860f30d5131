"""The messages of talks, as far as the UI has them: what is kept first, then what comes, then older ones as they are asked for.

The messages of a talk are told once it was on the screen. A conversation that has grown long is read anew when the user
comes back to it. Everything the node gives is in the client's store, where that leaves no gap.
"""

from collections.abc import Iterable
from typing import Any, Final

import attrs

from naivechat.client import TalkKey as ClientKey
from naivechat.protocol.message import MessageRecord
from tkclient.logic.session import Session
from tkclient.logic.unsent import Unsent
from tkclient.logic.values import message_of
from tkclient.model.conversation import Conversation
from tkclient.model.talk import Kind, Message, TalkKey

PAGE: Final = 50
FEW: Final = 20
"""With fewer messages there is room on the screen for more."""
LONG: Final = 400
"""Messages from which on a conversation is not kept while another one is on the screen."""


@attrs.define
class _Open:
    """A conversation the UI has.

    first: the lowest seq that was read, 0 if none was. is_wanted: older messages were asked for and did not come.
    """

    conversation: Conversation
    first: int = 0
    is_loading: bool = False
    is_wanted: bool = False


class Conversations:
    """See the module.

    Attributes:
        selected: the talk on the screen.
    """

    def __init__(self, session: Session, unsent: Unsent) -> None:
        self.selected: TalkKey | None = None
        self._session = session
        self._unsent = unsent
        self._open: dict[TalkKey, _Open] = {}

    def select(self, key: TalkKey | None) -> None:
        """Another talk is on the screen, or none."""
        before, self.selected = self.selected, key
        if before is not None and before != key:
            self._close_if_long(before)
        if key is not None:
            self._tell_all(key)

    def fill_selected(self) -> None:
        """Fetch older messages of the talk on the screen if hardly any is there, or they could not be fetched before."""
        key = self.selected
        opened = self._open.get(key) if key is not None else None
        if key is None or opened is None or not opened.conversation.has_older:
            return
        if opened.is_wanted or len(opened.conversation.messages) < FEW:
            self._session.ask_quietly(self.load_older(key))

    def forget_all(self) -> None:
        """The node has another history: what was shown is void, what the user wrote is not."""
        for key in tuple(self._open):
            del self._open[key]
            self._session.ui.set_messages(key, (), True)
        if self.selected is not None:
            self._tell_all(self.selected)

    def put(self, key: TalkKey, message: Message) -> None:
        """A message has come, or an own one is in another state."""
        opened = self._open.get(key)
        if opened is None:
            return
        if message.seq and not opened.first:
            opened.first = message.seq
        opened.conversation.put(message)
        self._session.ui.append_message(key, message)

    def write(self, key: TalkKey, message: Message) -> None:
        """The user has written a message, in whichever talk."""
        if key not in self._open:
            self._tell_all(key)
        self.put(key, message)

    def remove(self, key: TalkKey, msg_uuid: bytes) -> None:
        """A message is no more."""
        opened = self._open.get(key)
        if opened is not None:
            opened.conversation.remove(msg_uuid)
            self._session.ui.remove_message(key, msg_uuid)

    def recalled(self, key: TalkKey, seq: int) -> None:
        """The message `seq` was taken back."""
        taken_back = [message for message in self._messages(key) if message.seq == seq]
        self._change(key, taken_back, text="", is_recalled=True)

    def rename(self, user_id: str, name: str, avatar: str) -> None:
        """Somebody is called otherwise, or looks otherwise."""
        for key in self._open:
            theirs = [message for message in self._messages(key) if message.sender_id == user_id]
            self._change(key, theirs, sender_name=name, sender_avatar=avatar)

    def learn_names(self, key: TalkKey) -> None:
        """More is known of who speaks in a talk, and of whom its events are about."""
        opened = self._open.get(key)
        messages = self._messages(key)
        newest = max((message.seq for message in messages), default=0)
        if opened is None or not newest:
            return
        records = self._session.store.list_messages(ClientKey(*key), limit=newest - opened.first + 1)
        known = {message.msg_uuid: message for message in messages}
        for message in self._shown(records):
            if message.msg_uuid in known and message != known[message.msg_uuid]:
                opened.conversation.put(message)
                self._session.ui.update_message(key, message)

    async def load_older(self, key: TalkKey) -> None:
        """Tell what was before the oldest message told: from the store, else from the node. ClientError."""
        opened = self._open.get(key)
        if opened is None or opened.is_loading:
            return
        opened.is_loading = opened.is_wanted = True
        try:
            messages: tuple[Message, ...] = ()
            while not messages and opened.conversation.has_older:
                messages = await self._read_older(key, opened)
            opened.is_wanted = False
        finally:
            opened.is_loading = False
        if self._open.get(key) is opened:
            self._session.ui.prepend_messages(key, messages, opened.conversation.has_older)

    async def _read_older(self, key: TalkKey, opened: _Open) -> tuple[Message, ...]:
        """Take a page into the conversation; what of it is shown, which may be nothing."""
        records = self._kept(key, opened.first)
        has_older = bool(records) and records[0].seq > 1
        if not records and ClientKey(*key) not in self._session.state.ended:
            before = opened.first or None
            page = await self._session.client.history(*key, before_seq=before, limit=PAGE)
            self._session.store.add_older(ClientKey(*key), page.messages)
            records, has_older = page.messages, page.has_more and bool(page.messages)
        if records:
            opened.first = min(records[0].seq, opened.first or records[0].seq)
        messages = self._shown(records)
        opened.conversation.prepend(messages, has_older)
        return messages

    def _tell_all(self, key: TalkKey) -> None:
        opened = self._open.get(key) or self._read(key)
        conversation = opened.conversation
        self._session.ui.set_messages(key, tuple(conversation.messages), conversation.has_older)
        self.fill_selected()

    def _read(self, key: TalkKey) -> _Open:
        records = self._kept(key, 0)
        conversation = Conversation(self._shown(records), self._may_have_older(key, records))
        for message in self._unsent.of(key):
            conversation.put(message)
        opened = self._open[key] = _Open(conversation, records[0].seq if records else 0)
        return opened

    def _may_have_older(self, key: TalkKey, records: tuple[MessageRecord, ...]) -> bool:
        if records:
            return records[0].seq > 1
        talk = self._session.state.talks.get(ClientKey(*key))
        return talk is None or talk.last_seq > 0

    def _kept(self, key: TalkKey, before_seq: int) -> tuple[MessageRecord, ...]:
        return self._session.store.list_messages(ClientKey(*key), before_seq=before_seq or None, limit=PAGE)

    def _shown(self, records: Iterable[MessageRecord]) -> tuple[Message, ...]:
        state = self._session.state
        return tuple(message_of(record, state) for record in records if record.msg_type != Kind.RECALL)

    def _messages(self, key: TalkKey) -> tuple[Message, ...]:
        opened = self._open.get(key)
        return tuple(opened.conversation.messages) if opened is not None else ()

    def _change(self, key: TalkKey, messages: Iterable[Message], **values: Any) -> None:
        for message in messages:
            changed = attrs.evolve(message, **values)
            if changed != message:
                self._open[key].conversation.put(changed)
                self._session.ui.update_message(key, changed)

    def _close_if_long(self, key: TalkKey) -> None:
        opened = self._open.get(key)
        if opened is not None and len(opened.conversation.messages) > LONG and not opened.is_loading:
            del self._open[key]
            tail = tuple(opened.conversation.messages)[-PAGE:]
            self._session.ui.set_messages(key, tail, True)
