"""Builds what operators look through and do to people, groups and messages, by hand as `bootstrap` does it with the rest."""

from typing import Any

from naivechat.application.accounts import Accounts
from naivechat.application.administration import Administration
from naivechat.application.audit import AuditTrail
from naivechat.application.bot_administration import BotAdministration
from naivechat.application.bots import Bots
from naivechat.application.devices import Devices
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.friends import Friends
from naivechat.application.group_administration import GroupAdministration, GroupList
from naivechat.application.messages import Messages
from naivechat.application.moderation import Moderation
from naivechat.application.node_announcements import NodeAnnouncements
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.application.people_directory import PeopleDirectory
from naivechat.application.people_import import PeopleImport
from naivechat.domain.directory_ports import SessionDirectory
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.ports import Clock, EventBus, PasswordHasher, PresenceDirectory
from naivechat.infrastructure.sql.storage import Storage


def make_directory_services(
    storage: Storage,
    hasher: PasswordHasher,
    *,
    bus: EventBus,
    presence: PresenceDirectory,
    sessions: SessionDirectory,
    audit: AuditTrail,
    clock: Clock,
) -> DirectoryServices:
    """The use cases of the directory on a storage.

    Args:
        bus: the node's, so that people see what is done; the command line's reaches nobody.
        presence: knows who is connected, on any node. sessions: knows where and since when.
        audit: the one of `OperatorServices`.
    """
    world: dict[str, Any] = {"bus": bus, "clock": clock}
    people = PeopleDirectory(directory=storage.account_directory, presence=presence, sessions=sessions)
    people_import = PeopleImport(directory=storage.account_directory, hasher=hasher, clock=clock)
    voice = OperatorsVoice(users=storage.users, clock=clock)
    officials = _make_officials(storage, voice, presence, world)
    administration = Administration(
        accounts=_make_accounts(storage, hasher, world),
        people=people,
        people_import=people_import,
        devices=Devices(directory=storage.account_directory, tokens=storage.tokens, bus=bus),
        groups=GroupAdministration(directory=storage.group_directory, voice=voice, **world),
        officials=officials,
        node_announcements=NodeAnnouncements(officials=officials, sessions=sessions),
        moderation=Moderation(search=storage.talk_search, log=storage.log, voice=voice, **world),
        audit=audit,
    )
    return DirectoryServices(
        people=people,
        groups=GroupList(directory=storage.group_directory),
        people_import=people_import,
        administration=administration,
        bots=BotAdministration(bots=_make_bots(storage, world), audit=audit),
    )


def _make_accounts(storage: Storage, hasher: PasswordHasher, world: dict[str, Any]) -> Accounts:
    return Accounts(
        users=storage.users, friends=storage.friends, hasher=hasher, registration_open=False, **world
    )


def _make_officials(
    storage: Storage, voice: OperatorsVoice, presence: PresenceDirectory, world: dict[str, Any]
) -> OfficialAccounts:
    return OfficialAccounts(
        directory=storage.group_directory,
        voice=voice,
        messages=Messages(log=storage.log, **world),
        presence=presence,
        **world,
    )


def _make_bots(storage: Storage, world: dict[str, Any]) -> Bots:
    # Of friends, bots only answer who has asked: the policy does not matter to them.
    friends = Friends(users=storage.users, friends=storage.friends, policy=FriendPolicy.APPROVE, **world)
    return Bots(
        users=storage.users,
        friends=friends,
        messages=Messages(log=storage.log, **world),
        clock=world["clock"],
    )
