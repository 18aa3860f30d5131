"""The console in a real browser, on two nodes with MariaDB and Redis: all of it from either node."""

from collections.abc import Iterator

import pytest

from tests.clusters import started_at_once
from tests.integration.test_cli import Operator
from tests.redis_server import RedisServer, require_redis
from tests.servers import NodeProcess, shared_mariadb
from tests.web.conftest import Visit, add_operators
from tests.wire import WireClient, new_person


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


def test_a_user_is_seen_and_logged_out_from_either_node(
    visit: Visit, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    alpha, beta = nodes
    with new_person(beta.port, "zhou", device="phone") as phone, WireClient(alpha.port) as desktop:
        desktop.login("zhou", device="desktop")
        page = visit(at=alpha)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{alpha.admin_url}/console/users?state=online&text=zho")
        assert page.locator("main tbody .note").all_inner_texts() == ["desktop · alpha", "phone · beta"]
        page.click("main tbody a")
        page.wait_for_selector("h2:text-is('Devices and sessions')")
        where = page.locator("section tbody tr td:nth-child(2)").all_inner_texts()
        assert where == ["alpha", "beta"]
        page.click("tr:has-text('phone') >> button:has-text('Log out')")
        phone.read_to_end()
        page.locator("section tbody tr").nth(1).wait_for(state="detached")
        page.click("button:has-text('Disable')")
        desktop.read_to_end()
        page.wait_for_selector("text=Nothing to show.")


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


def test_who_was_on_a_node_that_was_killed_is_not_shown_there(
    visit: Visit, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    alpha, beta = nodes
    with new_person(beta.port, "wu") as wu:
        beta.kill()
        wu.read_to_end()
        page = visit(at=alpha)
        page.goto(f"{alpha.admin_url}/console/users?state=online")
        page.wait_for_selector("text=Nothing to show.")
        page.goto(f"{alpha.admin_url}/console/users/one?id=wu")
        page.wait_for_selector(".pill >> text=Offline")
        assert page.locator("section tbody td:nth-child(2)").inner_text() == "–"
        assert page.locator(".warn").count() == 0
    beta.start()
