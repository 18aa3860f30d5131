"""Builds what a node serves its operators, by hand as `bootstrap` does it with the rest: health, metrics, the console, the API."""

from collections.abc import Callable
from typing import Any

import attrs

from naivechat.admin_port import AdminPort
from naivechat.application.admin_services import AdminServices
from naivechat.application.cluster import Cluster
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.figures import EVERY_S, LatestFigures
from naivechat.application.node_control import NodeControl
from naivechat.application.nodes import Nodes
from naivechat.application.operator_services import OperatorServices
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.domain.database_state import DatabaseState
from naivechat.domain.figures import Totals
from naivechat.domain.measure import Measures
from naivechat.domain.node_order import NodeSwitches, OrderLine
from naivechat.domain.node_ports import NodeBus
from naivechat.domain.ports import Clock
from naivechat.domain.webhook import WebhookSurvey
from naivechat.infrastructure.sql.storage import Storage
from naivechat.interfaces.api.table import make_api
from naivechat.interfaces.console.pages import make_console
from naivechat.interfaces.health import Alive, Ready
from naivechat.interfaces.metrics import MetricsPage, Sources
from naivechat.interfaces.readiness import CertificateState, Readiness
from naivechat.interfaces.site import Page, make_site
from naivechat.listening import make_admin_listeners
from naivechat.operator_graph import steady_clock
from naivechat.settings import Settings
from naivechat.sockets.server import Server


@attrs.frozen(kw_only=True)
class Watch:
    """How a node is: what it has counted, in all and of late, and whether it can serve."""

    measures: Measures
    count: Callable[[], Totals]
    figures: LatestFigures
    readiness: Readiness


def make_watch(
    server: Server,
    storage: Storage,
    bus: NodeBus,
    measures: Measures,
    *,
    is_draining: Callable[[], bool],
    wall_clock: Clock,
    reactor: Any,
) -> Watch:
    """A node under observation.

    Args:
        measures: those that `server` and `storage` count in.
    """

    def bus_connected() -> bool | None:
        return bus.is_connected if bus.is_shared else None

    readiness = Readiness(
        storage.look,
        bus_connected=bus_connected,
        bus_full=lambda: bus.is_full,
        is_draining=is_draining,
        clock=reactor,
    )

    def count() -> Totals:
        counts = server.counts()
        return Totals(
            at_ms=wall_clock(),
            connections=counts.connections,
            users=counts.users,
            stored=counts.stored,
            log_queue_length=storage.log.queue_length,
            bus_connected=bus_connected(),
            bus_full=bus.is_full,
            database_up=readiness.database is DatabaseState.UP,
            logins=measures.logins["ok"],
            errors=sum(measures.errors.values()),
            published=bus.published,
            received=bus.received,
            dropped=bus.dropped,
            commit=measures.commit.snapshot(),
            delivery=measures.delivery.snapshot(),
        )

    figures = LatestFigures(count=count, look=readiness.look)
    return Watch(measures=measures, count=count, figures=figures, readiness=readiness)


def make_admin_port(
    settings: Settings,
    watch: Watch,
    nodes: Nodes,
    operators: OperatorServices,
    directory: DirectoryServices,
    webhooks: WebhookAdministration,
    *,
    survey: Callable[[], WebhookSurvey],
    switches: NodeSwitches,
    orders: OrderLine,
    certificates: CertificateState,
    wall_clock: Clock,
    reactor: Any,
) -> AdminPort:
    """The admin port, with all that is served there; where it is off, the figures are taken all the same.

    Args:
        survey: how all webhooks are.
    """
    cluster = Cluster(nodes=nodes, own_figures=lambda: watch.figures.latest, clock=wall_clock)
    control = NodeControl(nodes=nodes, switches=switches, line=orders, audit=operators.audit)
    services = AdminServices(
        operators=operators, directory=directory, cluster=cluster, control=control, webhooks=webhooks
    )
    console = make_console(services, public_url=settings.admin_url, clock=reactor)
    pages: dict[str, Page] = {
        "api": make_api(services, public_url=settings.admin_url, steady_clock=steady_clock),
        "healthz": Alive(),
        "readyz": Ready(watch.readiness, certificates),
        "metrics": MetricsPage(_make_sources(watch, nodes, certificates, survey), reactor),
    }

    async def take_figures() -> None:
        await watch.figures.take()
        await cluster.take()

    return AdminPort(
        make_admin_listeners(settings, reactor),
        make_site(pages, rest=console.resource, reactor=reactor),
        ended=console.end,
        take_figures=take_figures,
        every_s=EVERY_S,
        clock=reactor,
    )


def _make_sources(
    watch: Watch, nodes: Nodes, certificates: CertificateState, survey: Callable[[], WebhookSurvey]
) -> Sources:
    return Sources(
        measures=watch.measures,
        count=watch.count,
        own=lambda: nodes.own,
        node_count=lambda: 1 + len(nodes.now.others),
        certificates=certificates,
        webhooks=survey,
    )
