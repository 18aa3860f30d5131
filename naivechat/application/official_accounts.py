"""Official accounts: groups of everybody, in which operators alone write."""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial

import attrs

from naivechat.application.groups import make_random_group_id, tell_of_change
from naivechat.application.messages import Messages
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.domain import group_administration as rules
from naivechat.domain.appending import Appended
from naivechat.domain.directory import OPERATORS, Enrolment
from naivechat.domain.directory_ports import GroupDirectory
from naivechat.domain.errors import Forbidden, InvalidRequest, NotFound, TooLarge
from naivechat.domain.events import PeopleEnrolled
from naivechat.domain.group import Group, GroupEventKind, GroupId
from naivechat.domain.message import MOST_TEXT_CHARACTERS, TEXT
from naivechat.domain.names import require_avatar, require_name, require_text
from naivechat.domain.node_account import is_node_account
from naivechat.domain.ports import Clock, EventBus, PresenceDirectory
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId


@attrs.frozen(kw_only=True)
class OfficialAccounts:
    """Makes official accounts and writes in them, in the name of the operators' account, which owns them.

    Whoever registers later joins by registering; those who are there already are enrolled in portions. An enrolment that was
    broken off, by the node's end or the database's, is gone on with by `enrol_everybody`.
    """

    _directory: GroupDirectory
    _voice: OperatorsVoice
    _messages: Messages
    _presence: PresenceDirectory
    _bus: EventBus
    _clock: Clock
    _make_group_id: Callable[[], GroupId] = make_random_group_id

    async def create(self, name: str, avatar: str = "") -> Group:
        """A new official account; when this returns, everybody belongs to it.

        Raises:
            InvalidRequest: no name, or no picture. Unavailable: it may be there, and its enrolment not at its end.
        """
        require_name("name", name)
        require_avatar(avatar)
        group_id = self._make_group_id()
        await self._make(group_id, name, avatar)
        await self.enrol_everybody(group_id)
        return (await self._directory.get_group(group_id)).group

    async def require_account(self, group_id: GroupId, name: str) -> None:
        """Make an official account of nobody yet, unless there is one of this id."""
        try:
            await self._directory.get_group(group_id)
        except NotFound:
            # Where another operator is quicker, the account is there all the same.
            with contextlib.suppress(Forbidden):
                await self._make(group_id, name, "")

    async def _make(self, group_id: GroupId, name: str, avatar: str) -> None:
        actor = await self._voice.get_actor()
        group = Group(group_id=group_id, name=name, avatar=avatar, owner_id=OPERATORS.user_id, member_count=1)
        decide = partial(rules.create_official, group=group)
        stored = await self._directory.administer(group_id, decide, actor.user, self._clock())
        tell_of_change(self._bus, actor, GroupEventKind.CREATED, stored)

    async def enrol_everybody(self, group_id: GroupId) -> int:
        """Let all who do not belong to an official account join it, those who are connected hear of it; how many.

        Raises:
            NotFound: there is no such official account. Unavailable: some may have joined.
        """
        if is_node_account(group_id):
            raise NotFound("There is no such official account.")
        count = await self._go_through(group_id)
        # Who registered while the account was being made may have been passed over.
        return count + await self._go_through(group_id)

    async def enrol(self, group_id: GroupId, user_ids: Sequence[UserId]) -> int:
        """Let some people, 500 at most, join an official account; those who are connected hear of it. How many were not in it.

        Raises:
            NotFound: there is no such official account.
        """
        portion = await self._directory.enrol_these(group_id, user_ids, self._clock())
        await self._tell(portion)
        return len(portion.joined)

    async def _go_through(self, group_id: GroupId) -> int:
        count, after = 0, ""
        while True:
            portion = await self._directory.enrol(group_id, after, self._clock())
            await self._tell(portion)
            count += len(portion.joined)
            if portion.is_last:
                return count
            after = portion.joined[-1]

    async def _tell(self, portion: Enrolment) -> None:
        online = await self._presence.online_among(portion.joined)
        if online:
            user_ids = tuple(sorted(online))
            self._bus.publish(
                PeopleEnrolled(group=portion.group, user_ids=user_ids, seq=portion.seq, by=OPERATORS.user_id)
            )

    async def announce(self, group_id: GroupId, text: str, msg_uuid: bytes) -> Appended:
        """Write to everybody; those who are away read it later. The same `msg_uuid` again changes nothing.

        Raises:
            NotFound: there is no such official account. InvalidRequest: nothing is said. TooLarge, Conflict, Unavailable: as
            `Messages.send`.
        """
        self.require_announceable(text)
        group = (await self._directory.get_group(group_id)).group
        if not group.official:
            raise NotFound("There is no such official account.")
        actor = await self._voice.get_actor()
        address = TalkAddress(talk_type=TalkType.GROUP, other_id=group_id)
        return await self._messages.send(actor, address, msg_uuid, TEXT, text)

    @staticmethod
    def require_announceable(text: str) -> None:
        """Refuse what cannot be announced. InvalidRequest: nothing is said, or no text. TooLarge."""
        if not text.strip():
            raise InvalidRequest("text", "is empty")
        require_text("text", text)
        if len(text) > MOST_TEXT_CHARACTERS:
            raise TooLarge
