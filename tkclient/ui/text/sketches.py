"""What a row of the list says about a dialogue."""

import re
from typing import Final

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.talk import Kind, Message, Sending, Talk
from tkclient.ui.text.group_events import event_sentence
from tkclient.ui.text.words import Words

_FACE_ID: Final = re.compile(r"f_\d\d")
_LONGEST: Final = 200


@attrs.frozen(kw_only=True)
class Sketch:
    """One line. `mark` stands before it in the colour of drafts; `sending` of the message it shows."""

    text: str
    mark: str = ""
    sending: Sending = Sending.SENT


def row_sketch(talk: Talk, model: ChatModel, words: Words) -> Sketch:
    """A dialogue in one line: its draft unless it is the one on the screen, else its last message."""
    draft = model.drafts.get(talk.key, "")
    if draft.strip() and model.selected != talk.key:
        return Sketch(text=_one_line(draft), mark=words("[Draft]"))
    text = _last(talk, words)
    if talk.is_muted and talk.unread > 1:
        text = words("[{count}] {text}", count=talk.unread, text=text)
    return Sketch(text=text, sending=talk.last.sending if talk.last else Sending.SENT)


def message_sketch(message: Message, is_group: bool, words: Words) -> str:
    """A message in one line, in groups with the name of whoever else wrote it."""
    if message.is_recalled or message.kind is Kind.RECALL:
        return recall_sentence(message, words)
    if message.kind is Kind.EVENT:
        return event_sentence(message.event, words)
    text = _content(message, words)
    if is_group and not message.is_mine:
        return words("{name}: {text}", name=message.sender_name, text=text)
    return text


def recall_sentence(message: Message, words: Words) -> str:
    """That a message was taken back."""
    if message.is_mine:
        return words("You recalled a message")
    return words("{name} recalled a message", name=message.sender_name)


def _last(talk: Talk, words: Words) -> str:
    if talk.last is not None:
        return message_sketch(talk.last, talk.key.is_group and not talk.is_official, words)
    # The node's sketch is the beginning of the record's text, which for faces and events is not for reading.
    if talk.sketch.startswith('{"event"'):
        return ""
    return words("[Sticker]") if _FACE_ID.fullmatch(talk.sketch) else _one_line(talk.sketch)


def _content(message: Message, words: Words) -> str:
    if message.kind is Kind.FACE:
        return words("[Sticker]")
    if message.kind is Kind.IMAGE:
        return words("[Picture]")
    if message.kind is Kind.FILE:
        return words("[File] {name}", name=_one_line(message.text))
    if message.kind is Kind.UNKNOWN:
        return words("[Message of a kind this version does not know]")
    return _one_line(message.text)


def _one_line(text: str) -> str:
    return " ".join(text[:_LONGEST].split())
