"""The works of somebody with many friends, groups and talks: logging in, reading history, and searching among many people."""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

import attrs

from bench.accounts import TokenHolder, add_group, add_people, befriend
from bench.cost import CALLED, SERVERS, timed
from bench.crowd import by_token
from bench.line import Line
from bench.readings import Reading
from bench.records import Dialogue, dialogue_of, fill
from bench.site import Site
from bench.statements import count_statements
from bench.tables import Tables, tables_of
from naivechat.domain.talk import group_talk_id
from naivechat.domain.user import UserId
from naivechat.protocol.codec import encode_frame
from naivechat.protocol.command import Command
from naivechat.protocol.friend import SearchFriendRequest
from naivechat.protocol.message import HistoryRequest
from naivechat.protocol.talk import SyncRequest

_LOGINS, _PAGES, _SEARCHES = 20, 100, 20
_COUNTED = 5
_GROUP_MEMBERS = 20
_EACH = 20
"""Messages in each talk."""
_TALKS_A_PAGE = 200


@attrs.frozen(kw_only=True)
class Asking:
    """Something that is asked several times, a connection each or all on one. `frames` go out one after the other."""

    what: str
    frames: Sequence[bytes]
    answer: Command


def measure(subject: str, site: Site, options: argparse.Namespace) -> list[Reading]:
    """The figures of all three works."""
    with tables_of(site) as tables:
        rich, friend = _make_rich(tables, options)
    login = by_token([rich])[0]
    logins = Asking(what=f"login: {_size(options)}", frames=[login] * _LOGINS, answer=Command.LOGIN_RESPONSE)
    readings = _ask_all(subject, site, logins, lambda frame: _log_in(site, frame))
    with Line(site.ports[0]) as line:
        line.ask(login, Command.LOGIN_RESPONSE)
        for asking in (*_rest_of_talks(options), _history_pages(friend)):
            readings += _ask_all(subject, site, asking, _on(line, asking.answer))
        with tables_of(site) as tables:
            add_people(tables, "crowd", options.searched)
        for asking in _searches(options.searched):
            readings += _ask_all(subject, site, asking, _on(line, asking.answer))
    return readings


def _on(line: Line, answer: Command) -> Callable[[bytes], bytes]:
    return lambda frame: line.ask(frame, answer)


def _log_in(site: Site, frame: bytes) -> bytes:
    with Line(site.ports[0]) as line:
        return line.ask(frame, Command.LOGIN_RESPONSE)


def _size(options: argparse.Namespace) -> str:
    return f"{options.rich_talks:,} talks, {options.rich_friends:,} friends, {options.rich_groups:,} groups"


def _make_rich(tables: Tables, options: argparse.Namespace) -> tuple[TokenHolder, UserId]:
    """Somebody with many of everything, and one of the friends."""
    (rich,) = add_people(tables, "rich", 1)
    friends = [holder.user_id for holder in add_people(tables, "friend", options.rich_friends)]
    befriend(tables, [(rich.user_id, friend) for friend in friends], opened=False)
    groups = [f"rich-group-{number}" for number in range(options.rich_groups)]
    for group_id in groups:
        add_group(tables, group_id, [rich.user_id, *friends[: _GROUP_MEMBERS - 1]])
    dialogues = [
        *(dialogue_of(rich.user_id, friend) for friend in friends[: options.rich_talks - len(groups)]),
        *(
            Dialogue(talk_id=group_talk_id(group_id), one=rich.user_id, other=friends[0])
            for group_id in groups
        ),
    ]
    fill(tables, dialogues[1:], _EACH)
    fill(tables, dialogues[:1], _EACH * _PAGES, first_name=len(dialogues))
    return rich, friends[0]


def _rest_of_talks(options: argparse.Namespace) -> list[Asking]:
    """A login tells the newest 200 talks."""
    frames = [
        encode_frame(SyncRequest(rid=2, offset=offset))
        for offset in range(_TALKS_A_PAGE, options.rich_talks, _TALKS_A_PAGE)
    ]
    what = f"a further page of talks, {_TALKS_A_PAGE} at most"
    return [Asking(what=what, frames=frames * 10, answer=Command.SYNC_RESPONSE)] if frames else []


def _history_pages(friend: UserId) -> Asking:
    frames = [
        encode_frame(HistoryRequest(rid=3, talk_type=0, talk_id=friend, before_seq=before, limit=100))
        for before in range(_EACH * _PAGES, _EACH * _PAGES - 1000, -10)
    ]
    return Asking(what="history: a page of 100 messages", frames=frames, answer=Command.HISTORY_RESPONSE)


def _searches(people: int) -> list[Asking]:
    """For what one person has in the name, and for what all have."""
    rare = [f"d-{number * 37 % people:06}" for number in range(_SEARCHES)]
    return [
        Asking(
            what=f"search among {people:,} people, {found} found",
            frames=[encode_frame(SearchFriendRequest(rid=4, search_key=key, limit=50)) for key in keys],
            answer=Command.SEARCH_FRIEND_RESPONSE,
        )
        for found, keys in (("one", rare), ("all", ["crowd"] * _SEARCHES))
    ]


def _ask_all(subject: str, site: Site, asking: Asking, ask: Callable[[bytes], bytes]) -> list[Reading]:
    waited_s, sizes = [], []

    def run() -> None:
        for frame in asking.frames:
            start = time.monotonic()
            sizes.append(len(ask(frame)))
            waited_s.append(time.monotonic() - start)

    _, cost = timed(site, run)
    count = len(asking.frames)
    figures = [("median until the answer", 1000 * statistics.median(waited_s), "ms")]
    figures += [
        (f"CPU of {CALLED[name]}", cost.cpu_us[name] / count / 1000, "ms")
        for name in SERVERS
        if name in cost.cpu_us
    ]
    figures.append(("bytes of the answer", statistics.median(sizes), ""))
    figures += _statements_of(site, asking, ask)
    return [
        Reading(work=asking.what, subject=subject, what=what, value=value, unit=unit)
        for what, value, unit in figures
    ]


def _statements_of(site: Site, asking: Asking, ask: Callable[[bytes], bytes]) -> list[tuple[str, float, str]]:
    """The least of a few times: a node asks for itself now and then, too."""
    if site.database is None:
        return []
    counts = []
    for frame in asking.frames[:_COUNTED]:
        before = count_statements(site)
        ask(frame)
        counts.append(count_statements(site) - before)
    return [("statements, without BEGIN and COMMIT", min(counts), "")]
