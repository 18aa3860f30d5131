"""The list of dialogues: what each row shows follows from what is known, and only what differs is told."""

from naivechat.client import TalkKey as ClientKey
from naivechat.protocol.message import MessageRecord
from tkclient.logic.session import Session
from tkclient.logic.unsent import Unsent
from tkclient.logic.values import message_of, talk_of
from tkclient.model.talk import Kind, Message, Talk, TalkKey

_NEWEST = 8
"""How many kept messages are looked through for the last one that is shown."""


class Rows:
    """See the module."""

    def __init__(self, session: Session, unsent: Unsent) -> None:
        self._session = session
        self._unsent = unsent
        self._told: dict[TalkKey, Talk] | None = None
        self._newest: dict[TalkKey, tuple[int, MessageRecord | None]] = {}

    @property
    def keys(self) -> tuple[TalkKey, ...]:
        """The dialogues on the list, the newest first."""
        told = self._told or {}
        return tuple(sorted(told, key=lambda key: -told[key].date_ms))

    def find(self, key: TalkKey) -> Talk | None:
        """A row as it was told last."""
        return (self._told or {}).get(key)

    def refresh(self, key: TalkKey) -> None:
        """Something about a dialogue may have changed."""
        told = self._told
        if told is None:
            return
        talk = self._build(key)
        if talk is None and told.pop(key, None) is not None:
            self._session.ui.remove_talk(key)
        elif talk is not None and told.get(key) != talk:
            told[key] = talk
            self._session.ui.upsert_talk(talk)

    def refresh_all(self) -> None:
        """Anything may have changed."""
        state = self._session.state
        keys = {TalkKey(*key) for key in (*state.talks, *state.ended)}
        talks = {key: talk for key in keys if (talk := self._build(key)) is not None}
        if talks != self._told:
            self._tell_gone(talks)
            self._told = talks
            self._session.ui.set_talks(tuple(talks.values()))

    def message_came(self, key: TalkKey, record: MessageRecord) -> None:
        """The next message of a dialogue was shown."""
        if record.msg_type == Kind.RECALL:
            self._newest.pop(key, None)
        else:
            self._newest[key] = (record.seq, record)
        self.refresh(key)

    def forget_messages_of(self, key: TalkKey) -> None:
        """The store has others of a dialogue."""
        self._newest.pop(key, None)

    def forget_messages(self) -> None:
        """What was shown is void."""
        self._newest.clear()

    def _tell_gone(self, talks: dict[TalkKey, Talk]) -> None:
        """One by one, so that a dialogue that is gone leaves the screen, too."""
        for key in (self._told or {}).keys() - talks.keys():
            self._session.ui.remove_talk(key)

    def _build(self, key: TalkKey) -> Talk | None:
        state = self._session.state
        record = state.talks.get(ClientKey(*key)) or state.ended.get(ClientKey(*key))
        if record is None:
            return None
        return talk_of(record, self._last_of(key, record.last_seq), state)

    def _last_of(self, key: TalkKey, last_seq: int) -> Message | None:
        """The last message, an unsent one too; None while later ones than are kept are known to exist."""
        seq, record = self._newest.get(key) or self._read_newest(key)
        stored = message_of(record, self._session.state) if record is not None and seq >= last_seq else None
        written = self._unsent.last_of(key)
        if written is not None and (stored is None or written.sent_at_ms >= stored.sent_at_ms):
            return written
        return stored

    def _read_newest(self, key: TalkKey) -> tuple[int, MessageRecord | None]:
        records = self._session.store.list_messages(ClientKey(*key), limit=_NEWEST)
        shown = (record for record in reversed(records) if record.msg_type != Kind.RECALL)
        newest = (records[-1].seq if records else 0, next(shown, None))
        self._newest[key] = newest
        return newest
