"""An operator of one node turns another one's switches: console, audit log, Redis and the other process, all real."""

import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clusters import started_at_once
from tests.integration.test_cli import Operator
from tests.processes import wait_until
from tests.redis_server import RedisServer, require_redis
from tests.servers import NodeProcess, shared_mariadb
from tests.wire import ConnectionEnded, WireClient

PASSWORD = "correct horse battery"

Nodes = tuple[NodeProcess, NodeProcess]


@pytest.fixture(scope="module")
def database() -> str:
    require_redis()
    return shared_mariadb().create_database()


@pytest.fixture(scope="module")
def shell(database: str, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Commands on the database of the nodes, where olga is an operator."""
    folder: Path = tmp_path_factory.mktemp("shell")
    shell = Operator(folder, before=f"import os; os.environ['NAIVECHAT_DB'] = {database!r}; ")
    shell.succeeds("admin", "add", "olga", typed=f"{PASSWORD}\n")
    return shell


@pytest.fixture(scope="module")
def nodes(database: str, shell: Operator) -> Iterator[Nodes]:
    """alpha and beta."""
    with RedisServer() as redis:
        alpha, beta = (
            NodeProcess(
                db=database,
                redis=redis.url,
                node_name=name,
                registration="open",
                limits="off",
            )
            for name in ("alpha", "beta")
        )
        with started_at_once((alpha, beta)):
            yield alpha, beta


class Browser:
    """Olga's, at the console of a node."""

    def __init__(self, node: NodeProcess) -> None:
        self._url = node.admin_url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.post("/console/login", operator_id="olga", password=PASSWORD)

    def page(self, path: str) -> str:
        with self._opener.open(self._url + path, timeout=10) as answer:
            return html.unescape(answer.read().decode())

    def press(self, path: str, **form: str) -> None:
        """What a button of the nodes' page sends."""
        token = re.search(r'"X-CSRF-Token": "([^"]+)"', self.page("/console/nodes"))
        assert token is not None
        self.post(path, token[1], **form)

    def post(self, path: str, token: str = "", **form: str) -> None:
        headers = {"Origin": self._url, "X-CSRF-Token": token}
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self._url + path, body, headers)
        with self._opener.open(request, timeout=10) as answer:
            assert answer.status == 200


@pytest.fixture
def browser(nodes: Nodes) -> Browser:
    browser = Browser(nodes[0])
    until(lambda: "beta" in browser.page("/console/nodes"), nodes)
    return browser


def is_draining(node: NodeProcess) -> bool:
    try:
        with urllib.request.urlopen(f"{node.admin_url}/readyz", timeout=10) as answer:
            return bool(json.load(answer)["draining"])
    except urllib.error.HTTPError as error:
        with error:
            return bool(json.load(error)["draining"])


def until(condition: Callable[[], bool], nodes: Nodes) -> None:
    wait_until(condition, 20, lambda: "\n".join(node.log_text for node in nodes))


def test_a_node_is_drained_and_resumes_from_the_console_of_another(nodes: Nodes, browser: Browser) -> None:
    alpha, beta = nodes
    with WireClient(alpha.port) as li, WireClient(beta.port) as han:
        for wire, user_id in ((li, "li"), (han, "han")):
            wire.register(user_id)
            wire.login(user_id)
        browser.press("/console/nodes/drain", node="beta")
        until(lambda: is_draining(beta), nodes)
        assert [packet.reason for packet in han.read_to_end()[-1:]] == ["shutdown"]
        assert not is_draining(alpha)
    with pytest.raises((ConnectionEnded, ConnectionError)), WireClient(beta.port) as wire:
        wire.login("han")
    # Clients of the other node are not told to go there.
    until(lambda: not neighbours(alpha), nodes)
    browser.press("/console/nodes/resume", node="beta")
    until(lambda: not is_draining(beta), nodes)
    with WireClient(beta.port) as wire:
        wire.login("han")
    until(lambda: neighbours(alpha) == (f"127.0.0.1:{beta.port}",), nodes)


def test_the_level_of_the_log_is_chosen_for_one_node(nodes: Nodes, browser: Browser) -> None:
    alpha, beta = nodes
    browser.press("/console/nodes/log-level", node="beta", level="debug")
    until(lambda: "the log is written from level debug on" in beta.log_text, nodes)
    assert "the log is written from level" not in alpha.log_text
    browser.press("/console/nodes/log-level", node="beta", level="info")


def test_all_of_it_is_in_the_audit_log(nodes: Nodes, browser: Browser, shell: Operator) -> None:
    browser.press("/console/nodes/drain", node="alpha")
    until(lambda: is_draining(nodes[0]), nodes)
    browser.press("/console/nodes/resume", node="alpha")
    until(lambda: not is_draining(nodes[0]), nodes)
    written = shell.succeeds("admin", "audit")
    for action in ("node.drain", "node.resume"):
        assert re.search(rf"olga.*{action}|{action}.*olga", written)


def test_a_node_that_is_not_there_is_not_told(nodes: Nodes, browser: Browser) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        browser.press("/console/nodes/drain", node="gamma")
    with caught.value as error:
        assert error.code == 404


def neighbours(node: NodeProcess) -> tuple[str, ...]:
    """Where clients of a node are told that others are."""
    with WireClient(node.port) as wire:
        return tuple(wire.login("li").nodes or ())
