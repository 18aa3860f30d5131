"""Joins services, handlers, delivery and connections to a server."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from naivechat.application.accounts import Accounts
from naivechat.application.entry_guard import EntryGuard
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.nodes import Nodes
from naivechat.application.presence import Presence
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.domain.limits import Limits
from naivechat.domain.measure import Measures
from naivechat.domain.node_ports import NewsFeed, NodeBus, NodeDirectory
from naivechat.domain.ports import Clock, EventBus, MessageLog
from naivechat.domain.user import UserId
from naivechat.protocol.command import Command
from naivechat.sockets.admission import Admission
from naivechat.sockets.delivery import Delivery
from naivechat.sockets.dispatch import Access, Dispatcher, Route, SendRoute
from naivechat.sockets.factory import ChatFactory
from naivechat.sockets.fan_out import FanOut
from naivechat.sockets.handlers import entry, friend, group, message, profile, session, talk
from naivechat.sockets.neighbours import Neighbours
from naivechat.sockets.rationing import rationed
from naivechat.sockets.registry import Registry
from naivechat.sockets.repair import Repair, Resync
from naivechat.sockets.reporter import PresenceReporter
from naivechat.sockets.sweep import Sweep
from naivechat.sockets.turnstile import Turnstile

MOST_TOKEN_LOGINS = 256
MOST_PASSWORD_LOGINS = 16
"""Logins under way at a time: as many as keep the database and the threads that hash passwords busy. Others wait in line."""


@attrs.frozen(kw_only=True)
class Services:
    """The use cases that clients may ask for."""

    accounts: Accounts
    sessions: Sessions
    presence: Presence
    friends: Friends
    groups: Groups
    messages: Messages
    talks: Talks
    nodes: Nodes


@attrs.frozen(kw_only=True)
class Rules:
    """What a server refuses whoever asks for it.

    limits: how much is too much. most_open: how many connections the system allows. plain_passwords: whether passwords are
    taken over networks without TLS.
    """

    limits: Limits = attrs.field(factory=Limits().without_rates)
    most_open: Callable[[], float] = lambda: math.inf
    plain_passwords: bool = False

    def applied(
        self, routes: Mapping[Command, Route | SendRoute], clock: IReactorTime, refused: Counter[str]
    ) -> dict[Command, Route | SendRoute]:
        """The routes, with what stands before their handlers. `clock` does not go back; `refused` counts what has to wait."""
        guard = EntryGuard(self.limits, clock.seconds, exhausted=entry.log_guesses)
        guarded = entry.guarded(routes, guard, plain_passwords=self.plain_passwords)
        return rationed(guarded, self.limits, clock, refused)


@attrs.frozen(kw_only=True)
class Counts:
    """What a node has to do: open connections, people with a session, and records stored since the start."""

    connections: int = 0
    users: int = 0
    stored: int = 0


@attrs.frozen(kw_only=True)
class Server:
    """A node's side of all connections, and what keeps it right beside other nodes.

    doors: makes connections. fan_out: hears the other nodes. resync, sweep: what is done after the bus was away.
    reporter: tells of people's coming and going.
    """

    doors: ChatFactory
    fan_out: FanOut
    resync: Resync
    sweep: Sweep
    reporter: PresenceReporter
    _registry: Registry
    _delivery: Delivery

    def counts(self) -> Counts:
        """The counts of this moment."""
        return Counts(
            connections=self.doors.connection_count,
            users=self._registry.user_count,
            stored=self._delivery.stored_count,
        )

    def make_repair(self, feed: NewsFeed, bus: NodeBus) -> Repair:
        """What pushes records that the bus does not bring."""
        return Repair(self.fan_out, feed, bus, self.resync)


def build_server(
    services: Services,
    registry: Registry,
    *,
    log: MessageLog,
    events: EventBus,
    bus: NodeBus,
    directory: NodeDirectory,
    reactor: Any,
    wall_clock: Clock,
    measures: Measures | None = None,
    seen: Callable[[UserId], None] | None = None,
    rules: Rules | None = None,
) -> Server:
    """A server, subscribed to the events of its services.

    Args:
        registry: the one that `services.presence` has as its directory of who is there.
        log: read for what was not pushed.
        events: what the services publish.
        bus: reaches the other nodes.
        directory: knows who is connected to which node.
        reactor: timers.
        wall_clock: the time that clients are told.
        measures: counts what is asked, answered and delivered.
        seen: notes whose first session came or whose last one went.
        rules: what is too much, and what is not for plain networks; by default nothing is.
    """
    measures, rules = measures or Measures(), rules or Rules()
    sweep = Sweep(registry, services.sessions)
    fan_out = FanOut(
        registry, bus, log, reactor, find_joined_seq=services.groups.find_joined_seq, sweep=sweep
    )
    delivery = Delivery(fan_out, registry, measures, wall_clock)
    events.subscribe(delivery.deliver)
    reporter = PresenceReporter(
        services.presence, registry.is_online, directory, reactor, may_move=bus.is_shared, seen=seen
    )
    registry.presence_changed = reporter.changed
    welcome = _make_welcome(services, registry, reporter, wall_clock)
    answered = _routes(services, welcome, wall_clock, measures, reactor)
    routes = rules.applied(answered, reactor, measures.refused)
    return Server(
        doors=_make_doors(routes, registry, rules, measures, wall_clock, reactor),
        registry=registry,
        delivery=delivery,
        fan_out=fan_out,
        resync=Resync(registry, reactor),
        sweep=sweep,
        reporter=reporter,
    )


def _make_welcome(
    services: Services, registry: Registry, reporter: PresenceReporter, wall_clock: Clock
) -> session.Welcome:
    return session.Welcome(
        sessions=services.sessions,
        talks=services.talks,
        groups=services.groups,
        presence=services.presence,
        registry=registry,
        reporter=reporter,
        clock=wall_clock,
        neighbours=Neighbours(services.nodes),
    )


def _make_doors(
    routes: Mapping[Command, Route | SendRoute],
    registry: Registry,
    rules: Rules,
    measures: Measures,
    wall_clock: Clock,
    reactor: Any,
) -> ChatFactory:
    return ChatFactory(
        Dispatcher(routes, wall_clock, measures),
        registry,
        reactor,
        limits=rules.limits,
        admission=Admission(rules.limits, measures.refused, reactor.seconds, rules.most_open),
        refused=measures.refused,
    )


def _routes(
    services: Services,
    welcome: session.Welcome,
    wall_clock: Clock,
    measures: Measures,
    timers: IReactorTime,
) -> dict[Command, Route | SendRoute]:
    return {
        **_session_routes(services, welcome, wall_clock, measures, timers),
        **_message_routes(services.messages),
        **_talk_routes(services, wall_clock),
        **_friend_routes(services),
        **_group_routes(services.groups),
    }


def _session_routes(
    services: Services,
    welcome: session.Welcome,
    wall_clock: Clock,
    measures: Measures,
    timers: IReactorTime,
) -> dict[Command, Route | SendRoute]:
    sessions, accounts = services.sessions, services.accounts
    by_password = session.InTurn(session.Login(sessions, welcome), Turnstile(timers, MOST_PASSWORD_LOGINS))
    by_token = session.InTurn(session.Reconnect(sessions, welcome), Turnstile(timers, MOST_TOKEN_LOGINS))
    login = session.Counted(by_password, measures.logins)
    reconnect = session.Counted(by_token, measures.logins)
    return {
        Command.REGISTER_REQUEST: Route(session.Register(accounts), Access.BEFORE_LOGIN),
        Command.LOGIN_REQUEST: Route(login, Access.BEFORE_LOGIN),
        Command.RECONNECT_REQUEST: Route(reconnect, Access.BEFORE_LOGIN),
        Command.HEARTBEAT_REQUEST: SendRoute(session.Heartbeat(wall_clock), Access.ANYBODY, queued=False),
        Command.LOGOUT_REQUEST: Route(session.Logout(sessions)),
        Command.UPDATE_PROFILE_REQUEST: Route(profile.UpdateProfile(accounts)),
        Command.CHANGE_PASSWORD_REQUEST: Route(profile.ChangePassword(accounts)),
    }


def _message_routes(messages: Messages) -> dict[Command, Route | SendRoute]:
    return {
        Command.MSG_REQUEST: SendRoute(message.SendToFriend(messages)),
        Command.MSG_GROUP_REQUEST: SendRoute(message.SendToGroup(messages)),
        Command.RECALL_REQUEST: Route(message.Recall(messages), queued=True),
        Command.READ_REQUEST: Route(message.Read(messages), queued=True),
        Command.HISTORY_REQUEST: Route(message.History(messages)),
    }


def _talk_routes(services: Services, wall_clock: Clock) -> dict[Command, Route]:
    talks = services.talks
    return {
        Command.TALK_NOTICE_REQUEST: Route(talk.OpenTalk(talks)),
        Command.DEL_TALK_REQUEST: Route(talk.HideTalk(talks)),
        Command.SET_TALK_REQUEST: Route(talk.SetTalk(talks)),
        Command.TYPING_REQUEST: Route(talk.Typing(talks)),
        Command.SYNC_REQUEST: Route(talk.Sync(talks, services.presence, wall_clock)),
    }


def _friend_routes(services: Services) -> dict[Command, Route]:
    friends, presence = services.friends, services.presence
    return {
        Command.SEARCH_FRIEND_REQUEST: Route(friend.SearchFriends(friends)),
        Command.ADD_FRIEND_REQUEST: Route(friend.AddFriend(friends, presence)),
        Command.ANSWER_FRIEND_REQUEST: Route(friend.AnswerFriend(friends, presence)),
        Command.DEL_FRIEND_REQUEST: Route(friend.RemoveFriend(friends)),
        Command.SET_REMARK_REQUEST: Route(friend.SetRemark(friends)),
    }


def _group_routes(groups: Groups) -> dict[Command, Route]:
    return {
        Command.CREATE_GROUP_REQUEST: Route(group.CreateGroup(groups)),
        Command.INVITE_GROUP_REQUEST: Route(group.InviteToGroup(groups)),
        Command.LEAVE_GROUP_REQUEST: Route(group.LeaveGroup(groups)),
        Command.REMOVE_MEMBER_REQUEST: Route(group.RemoveMember(groups)),
        Command.GROUP_MEMBERS_REQUEST: Route(group.ListMembers(groups)),
        Command.UPDATE_GROUP_REQUEST: Route(group.UpdateGroup(groups)),
        Command.SET_ROLE_REQUEST: Route(group.SetRole(groups)),
        Command.DISSOLVE_GROUP_REQUEST: Route(group.DissolveGroup(groups)),
    }
