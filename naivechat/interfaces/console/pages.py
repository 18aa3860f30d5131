"""Which page answers which path, and for whom."""

import attrs
from twisted.internet.interfaces import IReactorTime

from naivechat.application.admin_services import AdminServices
from naivechat.interfaces.console import paths
from naivechat.interfaces.console.answer import Answer, see_other
from naivechat.interfaces.console.app import Console, Route, Routes
from naivechat.interfaces.console.audit import AuditView
from naivechat.interfaces.console.chat_routes import (
    announcement_routes,
    group_routes,
    message_routes,
    webhook_routes,
)
from naivechat.interfaces.console.cookies import SessionCookie
from naivechat.interfaces.console.live import LiveFeed
from naivechat.interfaces.console.login import LoginPage
from naivechat.interfaces.console.nodes import NodesPage
from naivechat.interfaces.console.operator_routes import account_routes, operator_routes
from naivechat.interfaces.console.overview import Overview
from naivechat.interfaces.console.own_account import OwnAccountPage
from naivechat.interfaces.console.people_routes import people_routes, person_routes
from naivechat.interfaces.console.visit import Visit
from naivechat.interfaces.public_address import PublicAddress


@attrs.frozen(kw_only=True)
class RunningConsole:
    """The console's resource, and what has to be ended with it."""

    resource: Console
    feed: LiveFeed

    def end(self) -> None:
        """End what has no end of its own."""
        self.feed.end()


def make_console(services: AdminServices, *, public_url: str, clock: IReactorTime) -> RunningConsole:
    """The console.

    Args:
        public_url: where browsers reach it, as https://console.example; "" where that is the node's own address.
        clock: timers.
    """
    public = PublicAddress.of_url(public_url)
    logins, audit = services.operators.logins, services.operators.audit
    overview = Overview(cluster=services.cluster, audit=audit)

    async def check(visit: Visit) -> object:
        token = visit.known_seat.session_token
        return await logins.find_seat(token, visit.from_address, is_use=False)

    feed = LiveFeed(overview.draw, check, clock)
    cookie = SessionCookie(is_secure=public.is_secure)
    door = LoginPage(logins=logins, cookie=cookie, ended=feed.end_session)
    account = OwnAccountPage(services=services.operators, cookie=cookie, ended=feed.end_session)
    routes = {
        **_door_routes(door),
        **account_routes(account, services.operators),
        **_overview_routes(overview, feed),
        **_node_routes(NodesPage(cluster=services.cluster, control=services.control)),
        **group_routes(services.directory),
        **webhook_routes(services.directory, services.webhooks),
        **message_routes(services.directory),
        **announcement_routes(services.directory, services.cluster),
        **people_routes(services.directory),
        **person_routes(services.directory),
        **operator_routes(services.operators),
        **_audit_routes(AuditView(audit=audit)),
    }
    console = Console(routes, logins=logins, audit=audit, public=public)
    return RunningConsole(resource=console, feed=feed)


def _door_routes(door: LoginPage) -> Routes:
    return {
        ("GET", paths.LOGIN): Route(door.show, is_open=True, is_use=False),
        ("POST", paths.LOGIN): Route(door.log_in, is_open=True, is_use=False),
        ("POST", paths.LOGOUT): Route(door.log_out),
    }


def _overview_routes(overview: Overview, feed: LiveFeed) -> Routes:
    return {
        ("GET", "/"): Route(_to_the_overview, is_open=True, is_use=False),
        ("GET", paths.ROOT): Route(_to_the_overview, is_open=True, is_use=False),
        ("GET", paths.OVERVIEW): Route(overview.show),
        ("GET", paths.HISTORY): Route(overview.history, is_use=False),
        ("GET", paths.LIVE): Route(feed.show, is_use=False),
    }


def _node_routes(nodes: NodesPage) -> Routes:
    return {
        ("GET", paths.NODES): Route(nodes.show),
        ("GET", paths.NODE_CARDS): Route(nodes.refresh, is_use=False),
        ("POST", paths.NODE_DRAIN): Route(nodes.drain, changes=True),
        ("POST", paths.NODE_RESUME): Route(nodes.resume, changes=True),
        ("POST", paths.NODE_LOG_LEVEL): Route(nodes.set_log_level, changes=True),
    }


def _audit_routes(audit: AuditView) -> Routes:
    return {
        ("GET", paths.AUDIT): Route(audit.show),
        ("GET", paths.AUDIT_EXPORT): Route(audit.export),
    }


async def _to_the_overview(visit: Visit) -> Answer:
    return see_other(paths.OVERVIEW)
