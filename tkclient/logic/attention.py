"""Which messages deserve the user's attention, and who is typing."""

from typing import Final

from twisted.internet.interfaces import IDelayedCall

from naivechat.client import MessageShown
from naivechat.client import TalkKey as ClientKey
from tkclient.logic.session import Session
from tkclient.logic.values import message_of, person_of
from tkclient.model.talk import Kind, Message, TalkKey

SETTLED_S: Final = 1.0
"""How long no more old messages of a talk have come when its last one is told."""
TYPING_SHOWN_S: Final = 6.0
TYPING_EVERY_S: Final = 3.0
_WRITTEN: Final = (Kind.TEXT, Kind.FACE, Kind.IMAGE, Kind.FILE, Kind.UNKNOWN)


class Attention:
    """Tells messages of others that were not read yet, except in muted talks.

    Of what was written before the last login, which brings it all at once, one message a talk is told: the last one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._timers: dict[TalkKey, IDelayedCall] = {}
        self._old: dict[TalkKey, Message] = {}

    def message_came(self, key: TalkKey, event: MessageShown) -> None:
        """The next message of a talk was shown."""
        state = self._session.state
        message = message_of(event.message, state)
        if event.mine or message.kind not in _WRITTEN or not self._is_wanted(key, message):
            return
        if message.sent_at_ms >= state.server_time_ms:
            self._drop(key)
            self._session.ui.notify(key, message)
        else:
            self._drop(key)
            self._old[key] = message
            self._timers[key] = self._session.clock.callLater(SETTLED_S, self._tell_old, key)

    def stop(self) -> None:
        """Tell nothing any more."""
        for key in tuple(self._timers):
            self._drop(key)

    def _tell_old(self, key: TalkKey) -> None:
        del self._timers[key]
        message = self._old.pop(key)
        if self._is_wanted(key, message):
            self._session.ui.notify(key, message)

    def _is_wanted(self, key: TalkKey, message: Message) -> bool:
        """Whether the user has neither read it, here or elsewhere, nor muted the talk."""
        talk = self._session.state.talks.get(ClientKey(*key))
        return talk is not None and not talk.muted and message.seq > talk.read_seq

    def _drop(self, key: TalkKey) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
            del self._old[key]


class Typing:
    """Tells the node that the user types, every three seconds at most, and the UI who else does, for six seconds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said_s: dict[TalkKey, float] = {}
        self._typists: dict[TalkKey, tuple[str, IDelayedCall]] = {}

    def say(self, key: TalkKey) -> None:
        """The user types in a talk."""
        now_s = self._session.clock.seconds()
        if now_s - self._said_s.get(key, -TYPING_EVERY_S) >= TYPING_EVERY_S:
            self._said_s[key] = now_s
            self._session.ask_quietly(self._session.client.typing(*key))

    def heard(self, key: TalkKey, user_id: str) -> None:
        """Somebody types in a talk."""
        if user_id != self._session.client.user_id:
            self._cancel(key)
            timer = self._session.clock.callLater(TYPING_SHOWN_S, self._ended, key)
            self._typists[key] = (user_id, timer)
            self._session.ui.set_typing(key, person_of(user_id, self._session.state).name)

    def message_came(self, key: TalkKey, sender_id: str) -> None:
        """Who has written types no more."""
        if key in self._typists and self._typists[key][0] == sender_id:
            self._cancel(key)
            self._session.ui.set_typing(key, "")

    def sent(self, key: TalkKey) -> None:
        """The user has sent what was typed: the next key is news again."""
        self._said_s.pop(key, None)

    def stop(self) -> None:
        """Tell nothing any more."""
        for key in tuple(self._typists):
            self._cancel(key)

    def _ended(self, key: TalkKey) -> None:
        del self._typists[key]
        self._session.ui.set_typing(key, "")

    def _cancel(self, key: TalkKey) -> None:
        _, timer = self._typists.pop(key, ("", None))
        if timer is not None:
            timer.cancel()
