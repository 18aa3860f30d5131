"""Announcements: to everybody, or to the people of one node, by official accounts."""

import uuid
from typing import Any, Final

import attrs

from naivechat.application.administration import Administration
from naivechat.application.cluster import Cluster
from naivechat.application.group_administration import GroupList
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.domain.appending import Appended
from naivechat.domain.directory import MOST_A_PAGE, GroupQuery
from naivechat.domain.errors import InvalidRequest, NotFound
from naivechat.domain.group import Group, GroupId
from naivechat.domain.message import MOST_TEXT_CHARACTERS
from naivechat.domain.names import LONGEST_NAME
from naivechat.domain.node_account import is_node_account, node_account_id
from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.notices import done
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit

TO_NODE: Final = "node"
TO_ACCOUNT: Final = "account"


@attrs.frozen(kw_only=True)
class AnnouncementsPage:
    """Two steps: what is written is shown with how many people get it, and sent from there.

    What is shown has a message's id in it, so it is stored once however often it is sent.
    """

    _groups: GroupList
    _administration: Administration
    _cluster: Cluster

    async def show(self, visit: Visit) -> Answer:
        """Official accounts, and the form for an announcement."""
        return page(render("announcements.html", visit, **await self._seen(visit)))

    async def refresh(self, visit: Visit) -> Answer:
        """The accounts as they are now, to be put into the page."""
        return page(render("official_accounts.html", visit, **await self._seen(visit)))

    async def create(self, visit: Visit) -> Answer:
        """A new official account of everybody."""
        name = visit.arrival.form.get("name", "").strip()
        group = await self._administration.create_official(visit.acting, name)
        sentence = visit.words(
            "The official account {name} is there; {count} people belong to it.",
            name=group.name,
            count=visit.words.number(people_in(group)),
        )
        return done(visit, sentence)

    async def enrol(self, visit: Visit) -> Answer:
        """Go on with an enrolment that was broken off."""
        group_id = GroupId(visit.arrival.form.get("id", ""))
        count = await self._administration.enrol_everybody(visit.acting, group_id)
        return done(
            visit, visit.words.count("{count} person was missing.", "{count} people were missing.", count)
        )

    async def preview(self, visit: Visit) -> Answer:
        """What would be sent, and to how many; nothing is sent yet."""
        text = _text(visit)
        OfficialAccounts.require_announceable(text)
        audience = visit.arrival.form.get("audience", "")
        return page(
            render(
                "announcement.html",
                visit,
                audience=audience,
                text=text,
                people=await self._people(visit, audience),
                msg_uuid=uuid.uuid4().hex,
            )
        )

    async def send(self, visit: Visit) -> Answer:
        """Send what was shown."""
        appended = await self._send(visit)
        if appended.duplicate:
            sentence = visit.words("This had been announced already: nothing was sent again.")
        else:
            sentence = visit.words("It was announced.")
        return done(visit, sentence)

    async def _send(self, visit: Visit) -> Appended:
        form = visit.arrival.form
        kind, name = _audience(form.get("audience", ""))
        text, msg_uuid = _text(visit), _uuid(form.get("msg_uuid", ""))
        if kind == TO_NODE:
            return await self._administration.announce_to_node(visit.acting, name, text, msg_uuid)
        return await self._administration.announce(visit.acting, GroupId(name), text, msg_uuid)

    async def _people(self, visit: Visit, audience: str) -> str:
        """To how many people it goes, in words."""
        kind, name = _audience(audience)
        words = visit.words
        if kind == TO_ACCOUNT:
            group = (await self._groups.get_group(GroupId(name))).group
            count = people_in(group)
            return words.count(
                "{name}: {n} person", "{name}: {n} people", count, name=group.name, n=words.number(count)
            )
        node = next((node for node in self._cluster.list_nodes() if node.name == name), None)
        if node is None:
            raise NotFound("There is no such node.")
        return words(
            "{node}: {online} people are connected to it now, {members} belong to its account from before",
            node=name,
            online=words.number(node.users),
            members=words.number(await self._members_of(name)),
        )

    async def _members_of(self, node: str) -> int:
        try:
            return people_in((await self._groups.get_group(node_account_id(node))).group)
        except NotFound:
            return 0

    async def _seen(self, visit: Visit) -> dict[str, Any]:
        found = await self._groups.search(GroupQuery(official=True, limit=MOST_A_PAGE))
        return {
            "accounts": [(each.group, is_node_account(each.group.group_id)) for each in found.groups],
            "people_in": people_in,
            "nodes": self._cluster.list_nodes(),
            "longest": MOST_TEXT_CHARACTERS,
            "longest_name": LONGEST_NAME,
            "may_change": visit.acting.may_change,
        }


def people_in(group: Group) -> int:
    """How many people belong to an official account: its owner, in whose name operators act, is none."""
    return max(group.member_count - 1, 0)


def _text(visit: Visit) -> str:
    # Forms end lines as HTTP does, whatever was typed.
    return visit.arrival.form.get("text", "").replace("\r\n", "\n").strip()


def _audience(text: str) -> tuple[str, str]:
    kind, _, name = text.partition(":")
    if kind not in (TO_NODE, TO_ACCOUNT):
        raise InvalidRequest("audience", "is an official account or a node")
    return kind, name


def _uuid(text: str) -> bytes:
    try:
        return uuid.UUID(hex=text).bytes
    except ValueError:
        raise InvalidRequest("msg_uuid", "is 32 hexadecimal digits") from None
