"""Builds the graph of objects by hand: the one place that knows which class implements which port."""

import functools
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import attrs

from naivechat.admin_graph import make_admin_port, make_watch
from naivechat.application.accounts import Accounts
from naivechat.application.attendance import Attendance
from naivechat.application.friends import Friends
from naivechat.application.groups import Groups
from naivechat.application.messages import Messages
from naivechat.application.nodes import Nodes
from naivechat.application.presence import Presence
from naivechat.application.sessions import Sessions
from naivechat.application.talks import Talks
from naivechat.demo_data import GROUP_ID, DemoData
from naivechat.domain.friend import FriendPolicy
from naivechat.domain.measure import Measures
from naivechat.domain.node import NodeStatus
from naivechat.domain.ports import NodeBus, NodeDirectory
from naivechat.infrastructure.local_bus import LocalBus
from naivechat.infrastructure.lone import LoneBus, LoneDirectory
from naivechat.infrastructure.order_line import BusOrderLine
from naivechat.infrastructure.passwords import Argon2Hasher
from naivechat.infrastructure.sql.engine import StorageUrlError
from naivechat.infrastructure.sql.migrate import migrate
from naivechat.infrastructure.sql.storage import Storage, open_storage
from naivechat.last_seen import LastSeen
from naivechat.listening import make_listeners
from naivechat.log_output import LogOutput
from naivechat.membership import Alone, Member, Membership, Orders, Portrait, StartableBus
from naivechat.node import (
    Node,
    StartFailed,
    collect_garbage_seldom,
    migrate_patiently,
    raise_descriptor_limit,
)
from naivechat.operator_graph import make_operator_services
from naivechat.settings import Settings, SettingsError, shown_url
from naivechat.sockets.registry import Registry
from naivechat.sockets.server import Server, Services, build_server
from naivechat.switches import Switches


def wall_clock() -> int:
    """Milliseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1_000_000


@attrs.frozen(kw_only=True)
class Backend:
    """What works behind the use cases: the database and the threads that hash passwords."""

    storage: Storage
    hasher: Argon2Hasher
    bus: LocalBus

    @classmethod
    def for_database(
        cls, url: str, reactor: Any, *, node_instance: str | None = None, measures: Measures | None = None
    ) -> "Backend":
        """A backend on a database whose tables are up to date; not started.

        Args:
            node_instance: names this run of a node among others, for which it notes what it stores.
            measures: counts what the message log does.

        Raises:
            SettingsError: the URL cannot be used.
        """
        try:
            storage = open_storage(
                url, reactor=reactor, clock=wall_clock, node_instance=node_instance, measures=measures
            )
        except StorageUrlError as error:
            raise SettingsError(f"db: {error}") from error
        return cls(storage=storage, hasher=Argon2Hasher(reactor), bus=LocalBus())

    async def start(self) -> None:
        """Begin to work. Unavailable when the database is away."""
        self.hasher.start()
        await self.storage.start()

    async def stop(self) -> None:
        """Commit what is queued, then end all threads."""
        await self.storage.stop()
        self.hasher.stop()


@attrs.frozen(kw_only=True)
class Surroundings:
    """How a node reaches others, and knows of them. `instance` names this run of it; `redis` is the bus, where it is one."""

    instance: str
    bus: NodeBus
    directory: NodeDirectory
    redis: StartableBus | None = None

    @classmethod
    def of(cls, settings: Settings, reactor: Any) -> "Surroundings":
        """Redis, where the settings name one. SettingsError when its URL cannot be used."""
        instance = uuid4().hex
        if not settings.redis:
            return cls(instance=instance, bus=LoneBus(), directory=LoneDirectory())
        # Imported when it is needed: txredisapi installs the default reactor, and the terminal client wants another one.
        from naivechat.infrastructure.redis.address import RedisUrlError
        from naivechat.infrastructure.redis.bus import RedisBus
        from naivechat.infrastructure.redis.nodes import RedisNodeDirectory

        try:
            bus = RedisBus(settings.redis, reactor, instance=instance)
        except RedisUrlError as error:
            raise SettingsError(f"redis: {error}") from error
        return cls(instance=instance, bus=bus, directory=RedisNodeDirectory(bus), redis=bus)


def make_node(
    settings: Settings,
    *,
    reactor: Any,
    failed: Callable[[StartFailed], None],
    log_output: LogOutput | None = None,
) -> Node:
    """A node, not started.

    Args:
        failed: is called when it cannot start once the reactor runs.
        log_output: the log whose level operators may change.

    Raises:
        SettingsError: a URL or an endpoint to listen on cannot be used.
    """
    around, measures, log = Surroundings.of(settings, reactor), Measures(), log_output or LogOutput()
    noted_as = around.instance if around.bus.is_shared else None
    backend = Backend.for_database(settings.db, reactor, node_instance=noted_as, measures=measures)
    registry = Registry(around.bus, wall_clock)
    presence = Presence(friends=backend.storage.friends, bus=backend.bus, directory=registry)
    portrait = Portrait(name=settings.node_name, instance=around.instance, clock=wall_clock)
    nodes = Nodes(directory=around.directory, presence=presence, describe=portrait.draw)
    attendance = Attendance(directory=backend.storage.account_directory, clock=wall_clock)
    server = build_server(
        _make_services(backend, presence, nodes, settings),
        registry,
        log=backend.storage.log,
        events=backend.bus,
        bus=around.bus,
        directory=around.directory,
        reactor=reactor,
        wall_clock=wall_clock,
        measures=measures,
        seen=attendance.note,
    )
    watch = make_watch(
        server,
        backend.storage,
        around.bus,
        measures,
        is_draining=lambda: portrait.draining,
        wall_clock=wall_clock,
        reactor=reactor,
    )
    portrait.counts = server.counts
    portrait.figures = lambda: watch.history.latest
    portrait.log_level = lambda: log.level.value
    switches = Switches(server.doors, portrait, log)
    orders = BusOrderLine(around.bus, around.instance, switches.carry_out)
    membership = _make_membership(around, backend, server, nodes, portrait, orders, reactor)
    switches.tell = membership.tell
    admin = make_admin_port(
        settings,
        watch,
        nodes,
        make_operator_services(
            backend.storage, backend.hasher, node_name=settings.node_name, clock=wall_clock
        ),
        switches=switches,
        orders=orders,
        wall_clock=wall_clock,
        reactor=reactor,
    )
    return Node(
        node_name=settings.node_name,
        prepare=functools.partial(prepare, settings.db),
        storage=LastSeen(backend, attendance, reactor),
        doors=server.doors,
        membership=membership,
        listeners=make_listeners(settings, reactor),
        advertise=settings.advertise,
        admin=admin,
        reactor=reactor,
        failed=failed,
    )


async def list_nodes(settings: Settings, backend: Backend, reactor: Any) -> tuple[NodeStatus, ...]:
    """The living nodes on a started backend's database, by name.

    Raises:
        SettingsError: the settings name no Redis, or one that cannot be used. Unavailable: it is away.
    """
    around = Surroundings.of(settings, reactor)
    if around.redis is None:
        raise SettingsError("redis: nodes know of each other through Redis; give its URL")
    await around.redis.start(await backend.storage.read_epoch())
    try:
        return await around.directory.list_nodes()
    finally:
        await around.redis.stop()


def make_accounts(backend: Backend, *, registration_open: bool = False) -> Accounts:
    """The use cases of accounts: a node's, and an operator's commands'."""
    return Accounts(
        users=backend.storage.users,
        friends=backend.storage.friends,
        hasher=backend.hasher,
        bus=backend.bus,
        clock=wall_clock,
        registration_open=registration_open,
    )


def make_demo_data(backend: Backend) -> DemoData:
    """What adds the demo data, whatever a node's own policies are."""
    storage, bus = backend.storage, backend.bus
    return DemoData(
        accounts=make_accounts(backend),
        friends=_make_friends(backend, FriendPolicy.OPEN),
        groups=Groups(groups=storage.groups, bus=bus, clock=wall_clock, make_group_id=lambda: GROUP_ID),
        messages=Messages(log=storage.log, bus=bus, clock=wall_clock),
    )


def prepare(url: str) -> None:
    """What comes before the reactor runs: many open files are allowed, and the database is up to date. StartFailed."""
    raise_descriptor_limit()
    migrate_patiently(functools.partial(migrate, url), shown_url(url))
    collect_garbage_seldom()


def _make_friends(backend: Backend, policy: FriendPolicy) -> Friends:
    return Friends(
        users=backend.storage.users,
        friends=backend.storage.friends,
        bus=backend.bus,
        clock=wall_clock,
        policy=policy,
    )


def _make_services(backend: Backend, presence: Presence, nodes: Nodes, settings: Settings) -> Services:
    storage, bus = backend.storage, backend.bus
    accounts = make_accounts(backend, registration_open=settings.registration)
    return Services(
        accounts=accounts,
        sessions=Sessions(accounts=accounts, tokens=storage.tokens, bus=bus, clock=wall_clock),
        presence=presence,
        friends=_make_friends(backend, settings.friend_policy),
        groups=Groups(groups=storage.groups, bus=bus, clock=wall_clock),
        messages=Messages(log=storage.log, bus=bus, clock=wall_clock),
        talks=Talks(talks=storage.talks, bus=bus, clock=wall_clock),
        nodes=nodes,
    )


def _make_membership(
    around: Surroundings,
    backend: Backend,
    server: Server,
    nodes: Nodes,
    portrait: Portrait,
    orders: Orders,
    reactor: Any,
) -> Membership:
    if around.redis is None:
        return Alone(server, nodes, portrait, reactor)
    return Member(
        server=server,
        bus=around.redis,
        feed=backend.storage.make_news_feed(around.instance),
        nodes=nodes,
        portrait=portrait,
        orders=orders,
        read_epoch=backend.storage.read_epoch,
        clock=reactor,
    )
