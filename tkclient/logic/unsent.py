"""What the user has written and the node has not stored: on its way, or refused. The store keeps it over the end of the program."""

import attrs

from naivechat.client import Outgoing, Refused
from naivechat.protocol.errors import ErrorCode
from tkclient.logic.session import Session
from tkclient.logic.values import failed_of, pending_of
from tkclient.model.talk import Kind, Message, Sending, TalkKey


class Unsent:
    """All such messages, each talk's in the order they were written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._messages: dict[TalkKey, dict[bytes, Message]] = {}
        kept = [failed_of(refused, session.state) for refused in session.store.list_refused()]
        kept += [_pending(outgoing, session) for outgoing in session.store.list_outgoing()]
        for key, message in sorted(kept, key=lambda each: each[1].sent_at_ms):
            self._put(key, message)

    def of(self, key: TalkKey) -> tuple[Message, ...]:
        """Those of one talk."""
        return tuple(self._messages.get(key, {}).values())

    def last_of(self, key: TalkKey) -> Message | None:
        """The last one written in a talk."""
        return next(reversed(self._messages.get(key, {}).values()), None)

    def send(self, key: TalkKey, text: str, kind: Kind) -> Message:
        """Put a message on its way."""
        outgoing = self._session.client.submit(*key, text, int(kind))
        return self._put(*_pending(outgoing, self._session))

    def retry(self, key: TalkKey, msg_uuid: bytes) -> Message | None:
        """Put a refused message on its way again; None if there is none.

        The one whose name the node knows with another content gets another name.
        """
        message = self._find_failed(key, msg_uuid)
        if message is None:
            return None
        is_taken = message.failure == ErrorCode.CONFLICT
        if is_taken:
            self.discard(key, msg_uuid)
        outgoing = self._session.client.submit(
            *key, message.text, int(message.kind), msg_uuid=None if is_taken else msg_uuid
        )
        self.drop(key, msg_uuid)
        return self._put(*_pending(outgoing, self._session))

    def refused(self, outgoing: Outgoing, code: str) -> tuple[TalkKey, Message]:
        """The node refuses a message for good."""
        key, message = failed_of(Refused(outgoing=outgoing, code=code), self._session.state)
        return key, self._put(key, message)

    def discard(self, key: TalkKey, msg_uuid: bytes) -> bool:
        """Forget a refused message; whether there was one."""
        if self._find_failed(key, msg_uuid) is None:
            return False
        self._session.client.discard(msg_uuid)
        self.drop(key, msg_uuid)
        return True

    def drop(self, key: TalkKey, msg_uuid: bytes) -> None:
        """It is stored, or no more."""
        messages = self._messages.get(key, {})
        messages.pop(msg_uuid, None)
        if not messages:
            self._messages.pop(key, None)

    def rename(self, name: str, avatar: str) -> None:
        """The user is called otherwise, or looks otherwise."""
        for messages in self._messages.values():
            for msg_uuid, message in messages.items():
                messages[msg_uuid] = attrs.evolve(message, sender_name=name, sender_avatar=avatar)

    def _put(self, key: TalkKey, message: Message) -> Message:
        self._messages.setdefault(key, {})[message.msg_uuid] = message
        return message

    def _find_failed(self, key: TalkKey, msg_uuid: bytes) -> Message | None:
        message = self._messages.get(key, {}).get(msg_uuid)
        return message if message is not None and message.sending is Sending.FAILED else None


def _pending(outgoing: Outgoing, session: Session) -> tuple[TalkKey, Message]:
    return TalkKey(*outgoing.talk), pending_of(outgoing, session.state)
