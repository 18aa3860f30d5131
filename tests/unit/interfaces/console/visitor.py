"""A console in memory, and somebody who visits it with a browser that keeps cookies."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import attrs
from twisted.internet.task import Clock

from naivechat.application.admin_services import AdminServices
from naivechat.application.api_tokens import ApiTokens
from naivechat.application.audit import AuditTrail
from naivechat.application.cluster import Cluster
from naivechat.application.login_guard import LoginGuard
from naivechat.application.node_control import NodeControl
from naivechat.application.nodes import Nodes
from naivechat.application.operator_logins import OperatorLogins
from naivechat.application.operator_services import OperatorServices
from naivechat.application.operators import Operators
from naivechat.application.own_totp import OwnTotp
from naivechat.application.presence import Presence
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.domain.audit import AuditAction, AuditEntry
from naivechat.domain.errors import Unavailable
from naivechat.domain.figures import Figures
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_order import NodeOrder
from naivechat.domain.operator import COMMAND_LINE, ActingOperator, OperatorId, OperatorRole
from naivechat.infrastructure.lone import LoneDirectory
from naivechat.interfaces.channel import Limits
from naivechat.interfaces.console.pages import make_console
from naivechat.interfaces.site import make_site
from tests.directory_fakes import AdministrationWorld
from tests.fakes import PlainHasher, done
from tests.operator_fakes import (
    MemoryApiTokens,
    MemoryAuditLog,
    MemoryOperators,
    MemoryOperatorSessions,
    OperatorStore,
    PlainCodes,
)
from tests.unit.application.conftest import World as ChatWorld
from tests.unit.interfaces.browser import Browser
from tests.webhook_fakes import MemoryHooks, ScriptedSender

PASSWORD = "correct horse battery"


def status(name: str, **more: Any) -> NodeStatus:
    return NodeStatus(name=name, instance=f"run-{name}", version="1", started_at_ms=0, beat_at_ms=0, **more)


class Neighbours(LoneDirectory):
    """Other nodes."""

    def __init__(self) -> None:
        self.others: tuple[NodeStatus, ...] = ()

    async def list_nodes(self) -> tuple[NodeStatus, ...]:
        return self.others


class Told:
    """The switches of this node, and the line to others; `orders` lists who was told what."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, NodeOrder]] = []

    def carry_out(self, order: NodeOrder) -> None:
        self.orders.append(("here", order))

    async def send(self, instance: str, order: NodeOrder) -> None:
        self.orders.append((instance, order))


@attrs.frozen
class BreakableAuditLog(MemoryAuditLog):
    """`down` holds a true value while the database is away."""

    down: list[bool] = attrs.Factory(list)

    async def append(self, entry: AuditEntry) -> None:
        if self.down:
            raise Unavailable
        await super().append(entry)

    async def read_page(self, *args: Any, **kwargs: Any) -> Any:
        if self.down:
            raise Unavailable
        return await super().read_page(*args, **kwargs)


class World:
    """A node's console with an operator `olga` and a viewer `vera`; both have PASSWORD. `chat` is the node, with its people."""

    def __init__(self, public_url: str = "") -> None:
        self.clock = Clock()
        self.chat = ChatWorld()
        self.wall = self.chat.clock
        self.store = OperatorStore()
        self.log = BreakableAuditLog(self.store)
        self.trail = AuditTrail(log=self.log, clock=self.wall, node="alpha")
        self.hooks, self.sender = MemoryHooks(self.store), ScriptedSender()
        self.told = Told()
        self.directory = Neighbours()
        self.own = status("alpha", addresses=("127.0.0.1:7397",), connections=3, users=2)
        self.figures = Figures(at_ms=0)
        nodes = Nodes(directory=self.directory, presence=_presence(), describe=lambda: self.own)
        self.nodes = nodes
        self.cluster = Cluster(nodes=nodes, own_figures=lambda: self.figures, clock=self.wall)
        operators, codes, hasher = MemoryOperators(self.store), PlainCodes(), PlainHasher()
        self.operators = Operators(
            operators=operators, hasher=hasher, codes=codes, audit=self.trail, clock=self.wall
        )
        self.logins = OperatorLogins(
            operators=operators,
            sessions=MemoryOperatorSessions(self.store),
            hasher=hasher,
            codes=codes,
            guard=LoginGuard(self.wall),
            audit=self.trail,
            clock=self.wall,
        )
        control = NodeControl(nodes=nodes, switches=self.told, line=self.told, audit=self.trail)
        self.api_tokens = ApiTokens(
            operators=operators, tokens=MemoryApiTokens(self.store), audit=self.trail, clock=self.wall
        )
        self.desk = AdministrationWorld(
            self.chat.store,
            accounts=self.chat.accounts,
            bus=self.chat.bus,
            clock=self.wall,
            presence=self.chat.directory,
            audit=self.trail,
        )
        own_totp = OwnTotp(
            operators=operators, logins=self.logins, codes=codes, audit=self.trail, clock=self.wall
        )
        self.services = AdminServices(
            operators=OperatorServices(
                operators=self.operators,
                logins=self.logins,
                own_totp=own_totp,
                api_tokens=self.api_tokens,
                audit=self.trail,
            ),
            directory=self.desk.services,
            cluster=self.cluster,
            control=control,
            webhooks=WebhookAdministration(
                hooks=self.hooks, sender=self.sender, audit=self.trail, clock=self.wall
            ),
        )
        self.console = make_console(self.services, public_url=public_url, clock=self.clock)
        self.site = make_site(
            {}, rest=self.console.resource, reactor=self.clock, limits=Limits(connections=1000)
        )
        for operator_id, role in (("olga", OperatorRole.OPERATOR), ("vera", OperatorRole.VIEWER)):
            done(self.operators.add(COMMAND_LINE, OperatorId(operator_id), PASSWORD, role))
        done(nodes.beat())

    def visitor(self, operator_id: str = "", **more: Any) -> "Visitor":
        """A browser, in which somebody has logged in where a name is given."""
        visitor = Visitor(self, **more)
        if operator_id:
            assert visitor.log_in(operator_id).status == 303
        return visitor

    def actions(self) -> list[str]:
        return [entry.action for entry in self.store.entries]

    def note(
        self, action: AuditAction = AuditAction.USER_KICK, subject: str = "", **detail: Any
    ) -> AuditEntry:
        acting = ActingOperator(operator_id=OperatorId("olga"), role=OperatorRole.OPERATOR)
        done(self.trail.record(acting, action, subject, **detail))
        return self.store.entries[-1]


@attrs.frozen(kw_only=True)
class Page:
    """An answer: header names in small letters, with all values."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name, ()))


class Visitor:
    """A browser. `host` is what it believes the console's address to be, `origin` where its pages come from."""

    def __init__(self, world: World, *, host: str = "127.0.0.1:7398", origin: str | None = None) -> None:
        self._world = world
        self.host = host
        self.origin = f"http://{host}" if origin is None else origin
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.raw: Browser | None = None

    def log_in(self, operator_id: str, password: str = PASSWORD, code: str = "", **headers: str) -> Page:
        page = self.post("/console/login", operator_id=operator_id, password=password, code=code, **headers)
        if page.status == 303:
            found = re.search(r'X-CSRF-Token": "([^"]+)"', self.get("/console/").text)
            assert found is not None
            self.csrf = found[1]
        return page

    def get(self, path: str, **headers: str) -> Page:
        return self.ask("GET", path, b"", **headers)

    def post(self, path: str, **fields: str) -> Page:
        """Send a form as htmx does; fields whose name begins with a capital letter are headers."""
        headers = {name: value for name, value in fields.items() if name[0].isupper()}
        form = {name: value for name, value in fields.items() if not name[0].isupper()}
        defaults = {"Origin": self.origin, "X_CSRF_Token": self.csrf}
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form).encode(), **{**kind, **defaults, **headers})

    def ask(self, method: str, path: str, body: bytes, **headers: str) -> Page:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        browser = self.raw = Browser(self._world.site)
        browser.send("\r\n".join([*lines, "", ""]).encode() + body)
        page = _parse(browser.received())
        for cookie in page.headers.get("set-cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]
        return page

    def more(self) -> bytes:
        """What has come since on the last connection."""
        assert self.raw is not None
        return self.raw.received()


def _parse(received: bytes) -> Page:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers[name.lower()] = (*headers.get(name.lower(), ()), value)
    return Page(status=int(first.split()[1]), headers=headers, body=body)


def _presence() -> Presence:
    nobody: Any = None
    return Presence(friends=nobody, bus=nobody, directory=nobody)
