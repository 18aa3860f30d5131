"""The console in a real browser, on two nodes with MariaDB and Redis: all of it from either node."""

from collections.abc import Iterator

import pytest

from tests.clusters import started_at_once
from tests.integration.test_cli import Operator
from tests.redis_server import RedisServer, require_redis
from tests.servers import NodeProcess, shared_mariadb
from tests.web.conftest import Visit, add_operators
from tests.wire import WireClient


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NodeProcess, NodeProcess]]:
    """alpha and beta."""
    require_redis()
    database = shared_mariadb().create_database()
    with RedisServer() as redis:
        options = {"db": database, "redis": redis.url, "registration": "open", "limits": "off"}
        alpha, beta = (NodeProcess(node_name=name, **options) for name in ("alpha", "beta"))
        with started_at_once((alpha, beta)):
            add_operators(Operator(tmp_path_factory.mktemp("cluster")), NAIVECHAT_DB=database)
            yield alpha, beta


@pytest.fixture
def node(nodes: tuple[NodeProcess, NodeProcess]) -> NodeProcess:
    """The one whose console is opened."""
    return nodes[0]


def test_either_node_sums_up_both(visit: Visit, nodes: tuple[NodeProcess, NodeProcess]) -> None:
    alpha, beta = nodes
    with WireClient(alpha.port) as li, WireClient(beta.port) as han:
        for wire, user_id in ((li, "li"), (han, "han")):
            wire.register(user_id)
            wire.login(user_id)
        for at in nodes:
            page = visit(at=at)
            page.wait_for_selector(".cards >> text=2 nodes")
            page.wait_for_selector(".figure:text-is('2') >> nth=1")
            page.wait_for_selector("text=Bus works")
            names = page.locator("[data-part=nodes] tbody td:first-child").all_inner_texts()
            assert names == ["alpha", "beta"]


def test_an_operator_at_one_node_drains_and_resumes_the_other(visit: Visit) -> None:
    page = visit()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("nav >> text=Nodes")
    card = page.locator("section", has=page.locator("h2:text-is('beta')"))
    card.locator("button:has-text('Drain')").click()
    card.locator("text=Draining").wait_for()
    assert page.locator(".pill >> text=Running").count() == 1
    card.locator("button:has-text('Resume')").click()
    card.locator("text=Running").wait_for()
    page.click("nav >> text=Audit log")
    assert page.locator(".entries tbody td:nth-child(3)").all_inner_texts()[:2] == [
        "node.resume",
        "node.drain",
    ]
    assert page.locator(".entries tbody td:nth-child(4)").all_inner_texts()[:2] == ["beta", "beta"]


def test_who_logs_out_at_one_node_is_out_at_the_other(
    visit: Visit, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    _, beta = nodes
    page = visit()
    # Cookies do not know ports: the session is the same at both.
    other = page.context.new_page()
    other.goto(f"{beta.admin_url}/console/")
    other.wait_for_selector(".live[data-state=on]")
    stolen = page.context.cookies()
    page.click("button:has-text('Log out')")
    page.wait_for_url("**/console/login")
    page.context.add_cookies(stolen)
    other.wait_for_url("**/console/login", timeout=40_000)
