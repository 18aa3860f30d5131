"""What tests in a browser get: a node with operators, and Chromium without a screen. Without Chromium they are skipped."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.test_cli import Operator
from tests.node_log import complaints
from tests.servers import NodeProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "correct horse battery"
OPERATOR, VIEWER = "olga", "vera"

Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """The browser of Debian's package: none is downloaded.

    Not for longer than a module: while it is there asyncio has a running loop, and nobody else could have one.
    """
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("NAIVECHAT_REQUIRE_SERVERS") == "1":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root and in containers; it sees nothing here but our own pages.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    """A node named alpha, on which olga is an operator and vera a viewer."""
    folder: Path = tmp_path_factory.mktemp("web")
    add_operators(Operator(folder))
    with NodeProcess(
        db=f"sqlite:///{folder}/var/naivechat.db", node_name="alpha", registration="open", limits="off"
    ) as node:
        yield node
        assert complaints(node.log_text) == []


def add_operators(shell: Operator, **environment: str) -> None:
    """Make olga an operator and vera a viewer."""
    for operator_id, role in ((OPERATOR, "operator"), (VIEWER, "viewer")):
        arguments = ("admin", "add", operator_id, "--role", role)
        status, written = shell.run(*arguments, typed=f"{PASSWORD}\n", environment=environment)
        assert status == 0, written


@pytest.fixture
def visit(chromium: "Browser", node: NodeProcess) -> Iterator[Visit]:
    """Opens the console of a node, `node` if no other is named, in a new browser, and logs in.

    A page that complains (errors, what the policy forbids) fails the test.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(
        operator_id: str = OPERATOR,
        *,
        at: NodeProcess = node,
        width: int = 1280,
        language: str = "en-GB",
        scheme: Any = "light",
    ) -> "Page":
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language, color_scheme=scheme
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.goto(at.admin_url)
        if operator_id:
            log_in(page, operator_id)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def is_complaint(said: Any) -> bool:
    """Whether a message of the browser's console is one; that something was refused is none, that it is not there (404) is."""
    return said.type == "error" and re.search(r"status of 4(00|01|03|09)\b", said.text) is None


def log_in(page: "Page", operator_id: str) -> None:
    """By the keyboard alone: the first field has it, once the page is there."""
    page.wait_for_selector("[name=operator_id]:focus")
    for text in (operator_id, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
