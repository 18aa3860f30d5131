"""A console on nodes that are made up, and on a database of its own. Its time stands still: pictures of the same pages are the same."""

import math
import sys
from pathlib import Path
from typing import Any

import attrs
import click
from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from naivechat import __version__
from naivechat.application.admin_services import AdminServices
from naivechat.application.audit import AuditTrail
from naivechat.application.cluster import Cluster
from naivechat.application.node_control import NodeControl
from naivechat.application.nodes import Nodes
from naivechat.backend import Backend
from naivechat.directory_graph import make_directory_services
from naivechat.domain.audit import AuditAction, DetailValue
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import NodeOrder
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from naivechat.infrastructure.lone import LoneDirectory
from naivechat.infrastructure.one_time_codes import TotpCodes
from naivechat.infrastructure.sql.migrate import migrate
from naivechat.interfaces.console.pages import make_console
from naivechat.interfaces.site import make_site
from naivechat.operator_graph import make_operator_services
from naivechat.settings import Settings
from naivechat.webhook_graph import make_webhook_administration
from tools.console.chat import MadeUpChat
from tools.console.hooks import add_webhooks
from tools.console.people import MadeUpPeople

PASSWORD = "only for pictures"
NOW_MS = 1_795_617_120_000
"""2026-11-25T14:32Z."""
POINTS, EVERY_MS = 720, 5_000
"""An hour."""
EVENTS: tuple[tuple[int, AuditAction, str, dict[str, DetailValue]], ...] = (
    (4_000, AuditAction.USER_CREATE, "chenjing", {}),
    (2_900, AuditAction.USER_KICK, "spam_17", {"device": "desktop"}),
    (2_100, AuditAction.OFFICIAL_ANNOUNCE, "news", {"members": 48_255}),
    (900, AuditAction.NODE_DRAIN, "delta", {}),
    (300, AuditAction.GROUP_RENAME, "g-1042", {"from": "team", "to": "Team <b>"}),
)
"""What olga has done: how many seconds ago, and what."""

reactor: Any = _reactor


class MadeUpNodes(LoneDirectory):
    """Four nodes, of which this one is alpha and one is drained. `now_ms` is the made-up time."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        """The others."""
        return self.node("beta", 2, 0.98), self.node("gamma", 3, 1.02), self.node("delta", 4, 0.0)

    def node(self, name: str, number: int, share: float) -> NodeStatus:
        """A node that does its share, which is about 1, or 0 where it is drained; how much there is to do follows the time."""
        slow, quick = math.sin(self.now_ms / 420_000), math.sin(self.now_ms / 47_000 + number)
        load = share * (1.0 + 0.35 * slow + 0.12 * quick)
        return NodeStatus(
            name=name,
            instance=f"run-{name}",
            addresses=(f"tls:chat{number}.example:7397",),
            version=__version__,
            started_at_ms=NOW_MS - 86_400_000 * number,
            beat_at_ms=self.now_ms,
            connections=round(16_085 * share),
            users=round(15_200 * share),
            messages_per_s=round(372 * load, 1),
            draining=share == 0,
            log_level="info",
            log_queue_length=round(2 * share),
            commit_p50_ms=4.1 if share else None,
            commit_p99_ms=round(11 + 3 * load, 1) if share else None,
            delivery_p50_ms=7.9 if share else None,
            delivery_p99_ms=round(26 + 9 * load, 1) if share else None,
        )


class OneSecret(TotpCodes):
    """Each secret is the same."""

    def make_secret(self) -> str:
        """For a picture, and for nobody's login."""
        return "FORPICTURESONLY2FORPICTURESONLY2"


class NoSwitches:
    """Nothing is really turned."""

    def carry_out(self, order: NodeOrder) -> None:
        """Nothing happens."""

    async def send(self, instance: str, order: NodeOrder) -> None:
        """Nobody hears it."""


async def take_an_hour(made_up: MadeUpNodes, nodes: Nodes, cluster: Cluster) -> None:
    """Let the last hour go by."""
    for made_up.now_ms in range(NOW_MS - POINTS * EVERY_MS, NOW_MS + 1, EVERY_MS):
        await nodes.beat()
        await cluster.take()


async def write_down(trail: AuditTrail, backend: Backend) -> None:
    """What has happened before."""
    olga = ActingOperator(
        operator_id=OperatorId("olga"), role=OperatorRole.OPERATOR, from_address="192.0.2.40"
    )
    for seconds, action, subject, detail in EVENTS:
        entry = attrs.evolve(
            trail.entry(olga, action, subject), at_ms=NOW_MS - seconds * 1_000, detail=detail
        )
        await backend.storage.audit.append(entry)


async def make_services(backend: Backend) -> AdminServices:
    """The console's use cases, with olga as an operator and vera as a viewer."""
    nobody: Any = None
    made_up, switches, people = MadeUpNodes(), NoSwitches(), MadeUpPeople(now_ms=NOW_MS)
    nodes = Nodes(directory=made_up, presence=nobody, describe=lambda: made_up.node("alpha", 1, 1.0))
    figures = Figures(at_ms=NOW_MS, bus_connected=True)
    cluster = Cluster(nodes=nodes, own_figures=lambda: figures, clock=lambda: made_up.now_ms)
    await take_an_hour(made_up, nodes, cluster)
    await people.add(backend)
    await MadeUpChat(backend, people, NOW_MS).add()
    await add_webhooks(backend, NOW_MS)
    operators = make_operator_services(
        backend.storage, backend.hasher, node_name="alpha", clock=lambda: made_up.now_ms
    )
    operators = attrs.evolve(operators, operators=attrs.evolve(operators.operators, codes=OneSecret()))
    directory = make_directory_services(
        backend.storage,
        backend.hasher,
        bus=backend.bus,
        presence=people,
        sessions=people,
        audit=operators.audit,
        clock=lambda: made_up.now_ms,
    )
    await write_down(operators.audit, backend)
    for operator_id, role in (("olga", OperatorRole.OPERATOR), ("vera", OperatorRole.VIEWER)):
        await operators.operators.add(COMMAND_LINE, OperatorId(operator_id), PASSWORD, role)
    control = NodeControl(nodes=nodes, switches=switches, line=switches, audit=operators.audit)
    webhooks = make_webhook_administration(
        Settings(), backend.storage, audit=operators.audit, clock=lambda: made_up.now_ms, reactor=reactor
    )
    return AdminServices(
        operators=operators, directory=directory, cluster=cluster, control=control, webhooks=webhooks
    )


async def serve(folder: Path) -> None:
    """Serve it at a free port, and say at which one."""
    url = f"sqlite:///{folder / 'pictures.db'}"
    migrate(url)
    backend = Backend.for_database(url, reactor)
    await backend.start()
    reactor.addSystemEventTrigger("before", "shutdown", lambda: Deferred.fromCoroutine(backend.stop()))
    console = make_console(await make_services(backend), public_url="", clock=reactor)
    site = make_site({}, rest=console.resource, reactor=reactor)
    port = reactor.listenTCP(0, site, interface="127.0.0.1")
    click.echo(f"http://127.0.0.1:{port.getHost().port}")


def main() -> None:
    """Serve until ended."""
    Deferred.fromCoroutine(serve(Path(sys.argv[1]))).addErrback(failed)
    reactor.run()


def failed(failure: Failure) -> None:
    """Say why, and end."""
    failure.printTraceback(file=sys.stderr)
    reactor.stop()


if __name__ == "__main__":
    main()
