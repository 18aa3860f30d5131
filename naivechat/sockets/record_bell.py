"""Records of logs as bells."""

from naivechat.domain.group_record import change_in
from naivechat.domain.message import GROUP_EVENT, Message
from naivechat.domain.talk import friend_of, is_group_talk
from naivechat.domain.user import User, UserId
from naivechat.protocol.codec import encode_frame
from naivechat.sockets import presenter
from naivechat.sockets.bell import Change, Record, Topic, owner_of


def record_for(topic: Topic, message: Message, sender: User) -> Record:
    """A record of a log as the people of a topic, who are in the talk, are told of it."""
    owner_id = owner_of(topic)
    if is_group_talk(message.talk_id):
        frame = encode_frame(presenter.group_message_push(message, sender, owner_id))
        return Record(message.talk_id, message.seq, frame, _change_of(message))
    frame = encode_frame(presenter.message_push(message, friend_of(UserId(owner_id), message.talk_id)))
    return Record(message.talk_id, message.seq, frame)


def _change_of(message: Message) -> Change | None:
    if message.msg_type != GROUP_EVENT:
        return None
    kind, user_ids = change_in(message.text)
    return Change(kind.value, user_ids)
