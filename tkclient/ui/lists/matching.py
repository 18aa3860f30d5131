"""What of the model a word typed into the search field finds, at once and without the node."""

import enum
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import attrs

from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Person
from tkclient.model.talk import FRIEND, GROUP, Talk, TalkKey

Span: TypeAlias = tuple[int, int]
_NOTHING: Final = (0, 0)


class Found(enum.Enum):
    """The sections of what is found, top down."""

    FRIENDS = "friends"
    GROUPS = "groups"
    OFFICIAL = "official"
    TALKS = "talks"


class By(enum.Enum):
    """What of somebody matches, when it is not the name that is shown."""

    NAME = "name"
    NICKNAME = "nickname"
    ID = "id"


@attrs.frozen(kw_only=True)
class Match:
    """Somebody or something that is found.

    subject: the friend, the group, or the dialogue when it is with neither. by: what matches; `matched` is that text, and
    characters span[0] to span[1] of it are what was typed.
    """

    section: Found
    talk: TalkKey
    subject: Person | Group | Talk
    by: By
    matched: str
    span: Span

    @property
    def name(self) -> str:
        """What they are called."""
        return self.subject.name


def span_of(key: str, text: str) -> Span | None:
    """Where `key` stands in `text`, whatever the case; None if it does not. (0, 0) where the case changes the length."""
    folded, sought = text.casefold(), key.casefold()
    start = folded.find(sought)
    if start < 0 or not sought:
        return None
    return (start, start + len(sought)) if len(folded) == len(text) else _NOTHING


def search(model: ChatModel, key: str) -> tuple[Match, ...]:
    """All that match, by sections, those whose names begin with `key` first; nothing for a blank key."""
    key = key.strip()
    candidates = _candidates(model) if key else ()
    matches = [match for candidate in candidates if (match := _match(key, *candidate))]
    order = list(Found)
    return tuple(sorted(matches, key=lambda match: (order.index(match.section), *_rank(match))))


_Candidate: TypeAlias = tuple[Found, TalkKey, Person | Group | Talk]


def _candidates(model: ChatModel) -> Iterator[_Candidate]:
    for user_id, friend in model.friends.items():
        yield Found.FRIENDS, TalkKey(FRIEND, user_id), friend
    for group_id, group in model.groups.items():
        yield Found.OFFICIAL if group.is_official else Found.GROUPS, TalkKey(GROUP, group_id), group
    for talk_key, talk in model.talks.items():
        if model.find_friend(talk_key) is None and model.find_group(talk_key) is None:
            yield Found.TALKS, talk_key, talk


def _match(key: str, section: Found, talk: TalkKey, subject: Person | Group | Talk) -> Match | None:
    for by, text in _texts(talk, subject):
        span = span_of(key, text)
        # Part of an id means nothing to anybody.
        if span is not None and (by is not By.ID or span[0] == 0):
            return Match(section=section, talk=talk, subject=subject, by=by, matched=text, span=span)
    return None


def _texts(talk: TalkKey, subject: Person | Group | Talk) -> Iterable[tuple[By, str]]:
    yield By.NAME, subject.name
    if isinstance(subject, Person):
        yield By.NICKNAME, subject.nickname
    yield By.ID, talk.talk_id


def _rank(match: Match) -> tuple[bool, bool, str, TalkKey]:
    is_beginning = match.span[0] == 0 and match.span != _NOTHING
    return match.by is not By.NAME, not is_beginning, match.name.casefold(), match.talk
