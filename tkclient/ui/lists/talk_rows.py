"""The dialogues as rows."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.people import Group
from tkclient.model.talk import Talk, TalkKey

_HEIGHT: Final = 66


@attrs.frozen(kw_only=True)
class TalkRow:
    """A dialogue. draft: what is typed there but not sent, "" while it is on the screen. group: of a group's dialogue, if known.

    day: today, on which the words for the time depend.
    """

    talk: Talk
    draft: str
    group: Group | None
    day: date
    height: int = _HEIGHT
    can_choose: bool = True

    @property
    def key(self) -> TalkKey:
        """Which dialogue."""
        return self.talk.key


def talk_rows(model: ChatModel, day: date) -> Iterator[TalkRow]:
    """The rows of all dialogues, top down."""
    for talk in model.rows:
        draft = "" if talk.key == model.selected else model.drafts.get(talk.key, "")
        yield TalkRow(talk=talk, draft=draft, group=model.find_group(talk.key), day=day)
