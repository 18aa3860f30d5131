"""The console in a real browser, on a real node: what an operator sees and does."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import NodeProcess
from tests.web.conftest import OPERATOR, VIEWER, Visit
from tests.wire import WireClient

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = ("", "users", "users/add", "nodes", "audit", "account")
PHONE = 380


def go(page: "Page", node: NodeProcess, name: str) -> None:
    page.goto(f"{node.admin_url}/console/{name}")


def wait_for(page: "Page", condition: str) -> None:
    """Wait until a JavaScript expression is true. Not by the page itself: its policy forbids to evaluate texts."""
    for _ in range(150):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {condition}")


def test_the_overview_is_live(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    page.wait_for_selector(".live[data-state=on]")
    page.wait_for_selector("#chart canvas")
    assert page.locator(".figure").nth(1).inner_text() == "0"
    with WireClient(node.port) as li:
        li.register("li")
        li.login("li")
        wait_for(page, "document.querySelectorAll('.figure')[1].textContent === '1'")
    wait_for(page, "document.querySelectorAll('.figure')[1].textContent === '0'")


def test_times_are_shown_by_the_browsers_clock_also_in_what_comes_later(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector(".live[data-state=on]")
    visit(VIEWER)
    wait_for(page, "document.querySelector('.entries tbody tr td:nth-child(4)').textContent === 'vera'")
    assert re.match(r"\d\d/\d\d/\d{4}, ", page.locator(".entries time").first.inner_text())


def test_an_operator_drains_and_resumes_a_node_and_sets_its_log_level(
    visit: Visit, node: NodeProcess
) -> None:
    page = visit()
    asked: list[str] = []

    def accept(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", accept)
    go(page, node, "nodes")
    page.click("button:has-text('Drain')")
    page.wait_for_selector("#notice >> text=alpha was told to drain")
    page.wait_for_selector(".pill >> text=Draining")
    assert asked == ["Send everybody on alpha to other nodes?"]
    page.click("button:has-text('Resume')")
    page.wait_for_selector(".pill >> text=Running")
    page.select_option("select[name=level]", "warn")
    page.click("button:has-text('Set')")
    wait_for(page, "document.querySelector('.facts').textContent.includes('warn')")


def test_what_an_operator_is_choosing_stays_while_the_page_is_refreshed(
    visit: Visit, node: NodeProcess
) -> None:
    page = visit()
    go(page, node, "nodes")
    with page.expect_response("**/nodes/cards"):
        page.select_option("select[name=level]", "debug")
    with page.expect_response("**/nodes/cards"):
        pass
    assert page.input_value("select[name=level]") == "debug"


def test_a_viewer_sees_nodes_and_no_switches(visit: Visit, node: NodeProcess) -> None:
    page = visit(VIEWER)
    go(page, node, "nodes")
    page.wait_for_selector("text=alpha")
    assert page.locator("main button").count() == 0
    assert page.locator("main select").count() == 0


def test_the_audit_log_is_filtered_and_exported(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    go(page, node, "audit")
    page.fill("[name=action]", "operator.create")
    page.fill("[name=subject]", VIEWER)
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit?*")
    assert page.locator(".entries tbody tr").count() == 1
    assert "role: viewer" in page.locator(".entries tbody").inner_text()
    with page.expect_download() as download:
        page.click("text=Export as CSV")
    path: Path = download.value.path()
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [line[3:5] for line in lines] == [["action", "subject"], ["operator.create", VIEWER]]


def test_language_and_colours_are_chosen_and_kept(visit: Visit, node: NodeProcess) -> None:
    page = visit("", language="zh-CN", scheme="dark")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert _background(page) == "rgb(22, 24, 28)"
    page.click("button:has-text('浅色')")
    page.wait_for_selector("html[data-theme=light]")
    assert _background(page) == "rgb(244, 246, 248)"
    page.click("button:has-text('English')")
    page.wait_for_selector("html[lang=en]")
    go(page, node, "login")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_logging_out_closes_the_door_behind(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    page.click("button:has-text('Log out')")
    page.wait_for_url("**/console/login")
    go(page, node, "")
    page.wait_for_url("**/console/login")


def test_an_open_page_goes_to_the_door_when_its_session_has_ended(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    go(page, node, "nodes")
    page.context.clear_cookies()
    page.wait_for_url("**/console/login")


def test_no_script_reads_the_sessions_cookie(visit: Visit) -> None:
    page = visit()
    assert [cookie["httpOnly"] for cookie in page.context.cookies() if "console" in cookie["name"]] == [True]
    assert "naivechat_console" not in page.evaluate("document.cookie")


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_everything_fits_on_a_phone(visit: Visit, node: NodeProcess, language: str) -> None:
    page = visit("", width=PHONE, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page = visit(width=PHONE, language=language)
    for name in PAGES:
        go(page, node, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_by_how_the_pages_are_made(visit: Visit, node: NodeProcess, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit("", scheme=scheme)
    faults = [*faults_of(Axe(), page)]
    page = visit(OPERATOR, scheme=scheme)
    page.wait_for_selector("#chart canvas")
    faults += faults_of(Axe(), page)
    for name in PAGES[1:]:
        go(page, node, name)
        faults += faults_of(Axe(), page)
    assert faults == []


def test_every_page_is_reached_by_the_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/users")


def _background(page: "Page") -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def faults_of(axe: Any, page: "Page") -> list[str]:
    """What axe-core takes for serious or worse, with the first element of each."""
    found = axe.run(page).response["violations"]
    return [
        f"{page.url}: {fault['id']}: {fault['nodes'][0]['html'][:120]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
