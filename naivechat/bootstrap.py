"""Builds a node's graph of objects by hand: the one place that knows which class implements which port."""

import functools
from collections.abc import Callable
from functools import cached_property
from typing import Any

import attrs

from naivechat.admin_graph import Watch, make_admin_port, make_watch
from naivechat.admin_port import AdminPort
from naivechat.application.attendance import Attendance
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.nodes import Nodes
from naivechat.application.operator_services import OperatorServices
from naivechat.application.presence import Presence
from naivechat.application.retention import Retention
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.backend import Backend, make_accounts, make_friends, wall_clock
from naivechat.certificates import Renewal
from naivechat.directory_graph import make_directory_services
from naivechat.domain.measure import Measures
from naivechat.expiring import Expiring
from naivechat.fair_port import FairReactor
from naivechat.infrastructure.census import BusCensus
from naivechat.infrastructure.order_line import BusOrderLine
from naivechat.infrastructure.sql.migrate import migrate
from naivechat.last_seen import LastSeen, Startable
from naivechat.listening import Listener, make_listeners
from naivechat.log_context import leave_out_log_context
from naivechat.log_output import LogOutput
from naivechat.membership import Alone, Member, Membership, Portrait
from naivechat.node import (
    Node,
    StartFailed,
    collect_garbage_seldom,
    migrate_patiently,
    most_connections,
    raise_descriptor_limit,
)
from naivechat.operator_graph import make_operator_services
from naivechat.settings import Settings, shown_url
from naivechat.shared_port import SharingReactor
from naivechat.sockets.registry import Registry
from naivechat.sockets.roster import Roster
from naivechat.sockets.server import Rules, Server, Services, build_server
from naivechat.surroundings import Surroundings
from naivechat.switches import Switches
from naivechat.webhook_graph import Webhooks, make_webhooks


def make_node(
    settings: Settings,
    *,
    reactor: Any,
    failed: Callable[[StartFailed], None],
    log_output: LogOutput | None = None,
    measures: Measures | None = None,
) -> Node:
    """A node, not started.

    Args:
        failed: is called when it cannot start once the reactor runs.
        log_output: the log whose level operators may change.
        measures: what is counted here; others may count there, too.

    Raises:
        SettingsError: a URL or an endpoint to listen on cannot be used.
    """
    graph = _Graph(
        settings=settings, reactor=reactor, log=log_output or LogOutput(), measures=measures or Measures()
    )
    graph.tie()
    return Node(
        node_name=settings.node_name,
        prepare=functools.partial(prepare, settings.db),
        storage=graph.webhooks.courier,
        doors=graph.server.doors,
        membership=graph.membership,
        listeners=graph.listeners,
        renew=graph.renewal,
        advertise=settings.advertise,
        admin=graph.admin_port,
        reactor=reactor,
        failed=failed,
    )


def prepare(url: str) -> None:
    """What comes before the reactor runs: many open files are allowed, and the database is up to date. StartFailed."""
    raise_descriptor_limit()
    leave_out_log_context()
    migrate_patiently(functools.partial(migrate, url), shown_url(url))
    collect_garbage_seldom()


@attrs.frozen(kw_only=True, slots=False)
class _Graph:
    """The objects of a node, each made with those it needs when it is asked for first."""

    settings: Settings
    reactor: Any
    log: LogOutput
    measures: Measures

    def tie(self) -> None:
        """Tell of each other what was made one after the other."""
        self.portrait.counts = self.server.counts
        self.portrait.figures = lambda: self.watch.figures.latest
        self.portrait.log_level = lambda: self.log.level.value
        self.switches.tell = self.membership.tell

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings.of(self.settings, self.reactor)

    @cached_property
    def backend(self) -> Backend:
        noted_as = self.around.instance if self.around.bus.is_shared else None
        return Backend.for_database(
            self.settings.db, self.reactor, node_instance=noted_as, measures=self.measures
        )

    @cached_property
    def registry(self) -> Registry:
        return Registry(self.around.bus, wall_clock, most_devices=self.settings.limits_in_force.devices)

    @cached_property
    def presence(self) -> Presence:
        backend = self.backend
        return Presence(friends=backend.storage.friends, bus=backend.bus, directory=self.registry)

    @cached_property
    def portrait(self) -> Portrait:
        return Portrait(name=self.settings.node_name, instance=self.around.instance, clock=wall_clock)

    @cached_property
    def nodes(self) -> Nodes:
        return Nodes(directory=self.around.directory, presence=self.presence, describe=self.portrait.draw)

    @cached_property
    def attendance(self) -> Attendance:
        return Attendance(directory=self.backend.storage.account_directory, clock=wall_clock)

    @cached_property
    def services(self) -> Services:
        backend, sizes = self.backend, self.settings.limit.sizes
        storage, bus = backend.storage, backend.bus
        accounts = make_accounts(backend, registration_open=self.settings.registration)
        return Services(
            accounts=accounts,
            sessions=Sessions(
                accounts=accounts,
                tokens=storage.tokens,
                bus=bus,
                clock=wall_clock,
                most_devices=sizes.devices,
            ),
            presence=self.presence,
            friends=make_friends(backend, self.settings.friend_policy, sizes),
            groups=Groups(groups=storage.groups, bus=bus, clock=wall_clock, sizes=sizes),
            messages=Messages(log=storage.log, bus=bus, clock=wall_clock),
            talks=Talks(talks=storage.talks, bus=bus, clock=wall_clock),
            nodes=self.nodes,
        )

    @cached_property
    def server(self) -> Server:
        settings = self.settings
        return build_server(
            self.services,
            self.registry,
            log=self.backend.storage.log,
            events=self.backend.bus,
            bus=self.around.bus,
            directory=self.around.directory,
            reactor=self.reactor,
            wall_clock=wall_clock,
            measures=self.measures,
            seen=self.attendance.note,
            rules=Rules(
                limits=settings.limits_in_force,
                most_open=most_connections,
                plain_passwords=settings.allow_plain_login,
            ),
        )

    @cached_property
    def watch(self) -> Watch:
        return make_watch(
            self.server,
            self.backend.storage,
            self.around.bus,
            self.measures,
            is_draining=lambda: self.portrait.draining,
            wall_clock=wall_clock,
            reactor=self.reactor,
        )

    @cached_property
    def switches(self) -> Switches:
        return Switches(self.server.doors, self.portrait, self.log)

    @cached_property
    def orders(self) -> BusOrderLine:
        return BusOrderLine(self.around.bus, self.around.instance, self.switches.carry_out)

    @cached_property
    def census(self) -> BusCensus:
        roster = Roster(self.registry, lambda: self.nodes.now.name)
        return BusCensus(self.around.bus, self.around.instance, roster, self.reactor)

    @cached_property
    def membership(self) -> Membership:
        if self.around.redis is None:
            return Alone(self.server, self.nodes, self.portrait, self.reactor)
        return Member(
            server=self.server,
            bus=self.around.redis,
            feed=self.backend.storage.make_news_feed(self.around.instance),
            nodes=self.nodes,
            portrait=self.portrait,
            side_lines=(self.orders, self.census),
            read_epoch=self.backend.storage.read_epoch,
            clock=self.reactor,
        )

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        make_ports = SharingReactor if self.settings.shared_port else FairReactor
        return tuple(make_listeners(self.settings, make_ports(self.reactor)))

    @cached_property
    def renewal(self) -> Renewal:
        return Renewal([listener.certificates for listener in self.listeners if listener.certificates])

    @cached_property
    def storage(self) -> Startable:
        """The backend, with what is done to it while it works."""
        keep_days, backend = self.settings.keep_messages, self.backend
        if keep_days is None:
            return LastSeen(backend, self.attendance, self.reactor)
        retention = Retention(expiry=backend.storage.expiry, keep_days=keep_days, clock=wall_clock)
        return LastSeen(Expiring(backend, retention, self.reactor), self.attendance, self.reactor)

    @cached_property
    def operators(self) -> OperatorServices:
        return make_operator_services(
            self.backend.storage,
            self.backend.hasher,
            node_name=self.settings.node_name,
            clock=wall_clock,
        )

    @cached_property
    def directory(self) -> DirectoryServices:
        return make_directory_services(
            self.backend.storage,
            self.backend.hasher,
            bus=self.backend.bus,
            presence=self.registry,
            sessions=self.census,
            audit=self.operators.audit,
            clock=wall_clock,
        )

    @cached_property
    def webhooks(self) -> Webhooks:
        return make_webhooks(
            self.settings,
            self.backend.storage,
            self.storage,
            audit=self.operators.audit,
            bus=self.backend.bus,
            measures=self.measures,
            node_instance=self.around.instance,
            clock=wall_clock,
            reactor=self.reactor,
        )

    @cached_property
    def admin_port(self) -> AdminPort:
        return make_admin_port(
            self.settings,
            self.watch,
            self.nodes,
            self.operators,
            self.directory,
            self.webhooks.administration,
            survey=lambda: self.webhooks.courier.survey,
            switches=self.switches,
            orders=self.orders,
            certificates=self.renewal,
            wall_clock=wall_clock,
            reactor=self.reactor,
        )
