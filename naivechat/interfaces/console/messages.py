"""Messages of one talk: looked through with a written reason, and taken back with one."""

from collections.abc import Mapping
from typing import Final

import attrs

from naivechat.application.administration import Administration
from naivechat.application.moderation import AROUND
from naivechat.domain.directory import SHORTEST_REASON, talk_named
from naivechat.domain.errors import InvalidRequest
from naivechat.domain.group_record import change_in
from naivechat.domain.talk import TalkId
from naivechat.domain.user import UserId
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit

MESSAGES_SHOWN: Final = 25
_FIELDS: Final = ("one", "other", "text", "reason")
_LONGEST: Final = {"one": 32, "other": 32, "text": 64, "reason": 256}


@attrs.frozen(kw_only=True)
class MessagesPage:
    """What is asked for travels in forms, never in an address: reasons and words are no business of logs and histories."""

    _administration: Administration

    async def show(self, visit: Visit) -> Answer:
        """The form; nothing is looked for yet."""
        one = visit.arrival.query.get("one", "").strip()[: _LONGEST["one"]]
        return page(
            render(
                "messages.html",
                visit,
                one=one,
                longest=_LONGEST,
                shortest=SHORTEST_REASON,
                may_change=visit.acting.may_change,
            )
        )

    async def search(self, visit: Visit) -> Answer:
        """Messages with the words that are looked for, newest first, or those before one."""
        asked = _asked(visit.arrival.form)
        found = await self._administration.search_messages(
            visit.acting,
            _talk_id(asked),
            asked["text"],
            asked["reason"],
            before_seq=_seq(visit.arrival.form.get("before", "")),
            limit=MESSAGES_SHOWN,
        )
        html = render(
            "messages_found.html",
            visit,
            asked=asked,
            rows=[(message, None) for message in found.messages],
            go_on_before=found.go_on_before,
            change_in=_change_in,
        )
        return page(html)

    async def show_around(self, visit: Visit) -> Answer:
        """A message with what was written just before and behind it."""
        asked = _asked(visit.arrival.form)
        seq = _require_seq(visit.arrival.form)
        records = await self._administration.read_around(visit.acting, _talk_id(asked), seq, asked["reason"])
        html = render(
            "messages_around.html",
            visit,
            asked=asked,
            records=records,
            seq=seq,
            around=AROUND,
            change_in=_change_in,
        )
        return page(html)

    async def recall(self, visit: Visit) -> Answer:
        """Take a message back, and off the page; the same form sent twice takes it back once."""
        asked = _asked(visit.arrival.form)
        seq = _require_seq(visit.arrival.form)
        await self._administration.recall_message(visit.acting, _talk_id(asked), seq, asked["reason"])
        return page(render("message_recalled.html", visit, seq=seq))


def _asked(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "").strip()[: _LONGEST[name]] for name in _FIELDS}


def _change_in(text: str) -> tuple[str, tuple[UserId, ...]]:
    """What happened to a group, and to whom; kind "" for what only a newer version knows."""
    try:
        return change_in(text)
    except ValueError:
        return "", ()


def _talk_id(asked: Mapping[str, str]) -> TalkId:
    return talk_named(asked["one"], asked["other"])


def _seq(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _require_seq(form: Mapping[str, str]) -> int:
    seq = _seq(form.get("seq", ""))
    if seq is None:
        raise InvalidRequest("seq", "is the number of a message")
    return seq
