"""What operators do to people, groups and messages: the one place that asks whether they may, and writes down that they did.

Looking at lists needs no more than being an operator, and is not written down; see `PeopleDirectory` and `GroupList`. What is done
is written down afterwards, and so is what was refused, with why. What gives out much (a talk's words, all accounts) is written
down before it is given. Where the audit log cannot be written, Unavailable says that; what was done before is done.
"""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import attrs

from naivechat.application.accounts import Accounts
from naivechat.application.audit import AuditTrail
from naivechat.application.devices import Devices
from naivechat.application.group_administration import GroupAdministration
from naivechat.application.moderation import Moderation, require_reason
from naivechat.application.node_announcements import NodeAnnouncements
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.application.people_csv import csv_head, csv_lines
from naivechat.application.people_directory import PeopleDirectory
from naivechat.application.people_import import ImportOutcome, PeopleImport
from naivechat.application.supervision import Supervision
from naivechat.domain.appending import Appended
from naivechat.domain.audit import AuditAction, DetailValue
from naivechat.domain.directory import DEFAULT_PAGE, FoundMessages
from naivechat.domain.group import Group, GroupId
from naivechat.domain.message import Message
from naivechat.domain.names import require_avatar, require_name, require_password
from naivechat.domain.node_account import node_account_id
from naivechat.domain.operator import ActingOperator
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Administration:
    """Every method takes who asks for it, and refuses those who may only look. Forbidden, beside what each refuses itself."""

    _accounts: Accounts
    _people: PeopleDirectory
    _people_import: PeopleImport
    _devices: Devices
    _groups: GroupAdministration
    _officials: OfficialAccounts
    _node_announcements: NodeAnnouncements
    _moderation: Moderation
    _audit: AuditTrail

    async def create_user(
        self, by: ActingOperator, user_id: UserId, password: str, nickname: str, avatar: str = ""
    ) -> User:
        """Make an account. InvalidRequest, WeakPassword, UserExists."""

        async def work() -> User:
            require_name("nickname", nickname)
            require_avatar(avatar)
            require_password(password)
            return await self._accounts.add(user_id, password, nickname, avatar)

        return await self._do(by, AuditAction.USER_CREATE, user_id, work)

    async def set_password(self, by: ActingOperator, user_id: UserId, password: str) -> None:
        """Set somebody's password; all their sessions and tokens end. InvalidRequest, WeakPassword, NotFound."""

        async def work() -> None:
            require_password(password)
            await self._accounts.set_password(user_id, password)

        await self._do(by, AuditAction.USER_SET_PASSWORD, user_id, work)

    async def set_disabled(self, by: ActingOperator, user_id: UserId, disabled: bool) -> None:
        """Disable an account, which ends all its sessions and tokens, or enable it again. NotFound."""
        action = AuditAction.USER_DISABLE if disabled else AuditAction.USER_ENABLE
        await self._do(by, action, user_id, lambda: self._accounts.set_disabled(user_id, disabled))

    async def kick(self, by: ActingOperator, user_id: UserId, device: str | None = None) -> None:
        """End what is logged in on one device, or everything of a person where none is named. NotFound."""
        if device is None:
            await self._do(by, AuditAction.USER_KICK, user_id, lambda: self._devices.kick_all(user_id))
            return
        await self._do(
            by, AuditAction.USER_KICK, user_id, lambda: self._devices.kick(user_id, device), device=device
        )

    async def import_people(self, by: ActingOperator, text: str) -> ImportOutcome:
        """Add all people of a CSV file, or nobody; see `people_csv.read_people`. UserExists."""

        async def work() -> ImportOutcome:
            return await self._people_import.run(text)

        outcome = await self._permitted(by, AuditAction.USER_IMPORT, "", work)
        await self._audit.record(
            by, AuditAction.USER_IMPORT, added=len(outcome.added), faults=len(outcome.faults)
        )
        return outcome

    async def export_people(self, by: ActingOperator) -> AsyncIterator[str]:
        """All accounts as CSV, in pieces; viewers may have it too, for they may look at each."""
        await self._audit.record(by, AuditAction.USER_EXPORT)
        yield csv_head()
        async for portion in self._people.go_through():
            yield csv_lines(portion)

    async def rename_group(self, by: ActingOperator, group_id: GroupId, name: str) -> Group:
        """Give a group another name. NotFound, InvalidRequest."""
        return await self._do(
            by,
            AuditAction.GROUP_RENAME,
            group_id,
            lambda: self._groups.rename(group_id, name),
            name=name,
        )

    async def dissolve_group(self, by: ActingOperator, group_id: GroupId) -> Group:
        """End a group or an official account. NotFound."""
        return await self._do(
            by, AuditAction.GROUP_DISSOLVE, group_id, lambda: self._groups.dissolve(group_id)
        )

    async def create_official(self, by: ActingOperator, name: str, avatar: str = "") -> Group:
        """Make an official account of everybody. InvalidRequest."""
        return await self._do(
            by, AuditAction.OFFICIAL_CREATE, name, lambda: self._officials.create(name, avatar)
        )

    async def enrol_everybody(self, by: ActingOperator, group_id: GroupId) -> int:
        """Go on with an enrolment that was broken off: how many joined an official account. NotFound."""
        return await self._do(
            by,
            AuditAction.OFFICIAL_CREATE,
            group_id,
            lambda: self._officials.enrol_everybody(group_id),
            enrolment=True,
        )

    async def announce(
        self, by: ActingOperator, group_id: GroupId, text: str, msg_uuid: bytes | None = None
    ) -> Appended:
        """Write to everybody in an official account; see `OfficialAccounts.announce` for `msg_uuid` and what is refused."""
        name = msg_uuid or uuid.uuid4().bytes
        return await self._do(
            by,
            AuditAction.OFFICIAL_ANNOUNCE,
            group_id,
            lambda: self._officials.announce(group_id, text, name),
            characters=len(text),
        )

    async def announce_to_node(
        self, by: ActingOperator, node: str, text: str, msg_uuid: bytes | None = None
    ) -> Appended:
        """Write to the people of one node; see `NodeAnnouncements.announce`."""
        name = msg_uuid or uuid.uuid4().bytes
        return await self._do(
            by,
            AuditAction.OFFICIAL_ANNOUNCE,
            node_account_id(node),
            lambda: self._node_announcements.announce(node, text, name),
            node=node,
            characters=len(text),
        )

    async def search_messages(
        self,
        by: ActingOperator,
        talk_id: TalkId,
        text: str,
        reason: str,
        *,
        before_seq: int | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> FoundMessages:
        """Look for words in one talk; the reason is written down before anything is found. InvalidRequest, NotFound."""

        async def work() -> FoundMessages:
            require_reason(reason)
            await self._audit.record(by, AuditAction.MESSAGE_SEARCH, talk_id, reason=reason, text=text)
            return await self._moderation.search(talk_id, text, reason, before_seq=before_seq, limit=limit)

        return await self._permitted(by, AuditAction.MESSAGE_SEARCH, talk_id, work)

    async def read_around(
        self, by: ActingOperator, talk_id: TalkId, seq: int, reason: str
    ) -> tuple[tuple[Message, User], ...]:
        """What was written around a message; see `Moderation.read_around`. The reason is written down before anything is read."""

        async def work() -> tuple[tuple[Message, User], ...]:
            require_reason(reason)
            await self._audit.record(by, AuditAction.MESSAGE_SEARCH, talk_id, reason=reason, around=seq)
            return await self._moderation.read_around(talk_id, seq, reason)

        return await self._permitted(by, AuditAction.MESSAGE_SEARCH, talk_id, work)

    async def recall_message(
        self, by: ActingOperator, talk_id: TalkId, seq: int, reason: str, msg_uuid: bytes | None = None
    ) -> Appended:
        """Take somebody's message back, with a reason. InvalidRequest, NotFound, Forbidden."""
        name = msg_uuid or uuid.uuid4().bytes

        async def work() -> Appended:
            require_reason(reason)
            return await self._moderation.recall(talk_id, seq, name)

        return await self._do(by, AuditAction.MESSAGE_RECALL, talk_id, work, seq=seq, reason=reason)

    async def _do(
        self,
        by: ActingOperator,
        action: AuditAction,
        subject: str,
        work: Callable[[], Awaitable[T]],
        **detail: DetailValue,
    ) -> T:
        """Do it and write it down."""
        result = await self._permitted(by, action, subject, work, **detail)
        await self._audit.record(by, action, subject, **detail)
        return result

    async def _permitted(
        self,
        by: ActingOperator,
        action: AuditAction,
        subject: str,
        work: Callable[[], Awaitable[T]],
        **detail: DetailValue,
    ) -> T:
        return await Supervision(self._audit).permitted(by, action, subject, work, **detail)
