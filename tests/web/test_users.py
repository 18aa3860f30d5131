"""Users in a real browser, on a real node: what an operator finds, changes, takes in and out."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import NodeProcess
from tests.web.conftest import VIEWER, Visit
from tests.web.test_console import PHONE, faults_of, go, wait_for
from tests.wire import WireClient, new_person

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVIL = "<img src=x onerror=alert(1)>"
HEAD = "user_id,nickname,password\n"


@pytest.fixture(scope="module")
def wei(node: NodeProcess) -> Iterator[WireClient]:
    """Zhang Wei, who is connected by a phone."""
    with new_person(node.port, "zhang.wei", device="phone", nickname="张伟") as client:
        yield client


def accept(page: "Page") -> list[str]:
    """Say yes to whatever is asked, and note it."""
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def names(page: "Page") -> list[str]:
    return page.locator("main tbody td:first-child a").all_inner_texts()


def test_a_user_is_found_and_looked_at_by_the_keyboard_alone(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    page = visit()
    go(page, node, "users")
    page.focus("[name=text]")
    page.keyboard.type("ZHANG")
    page.keyboard.press("Enter")
    page.wait_for_url("**/users?text=ZHANG*")
    assert names(page) == ["张伟"]
    assert "Online" in page.locator("main tbody").inner_text()
    assert "phone · alpha" in page.locator("main tbody").inner_text()
    page.focus("main tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/users/one?id=zhang.wei")
    row = page.locator("section table tbody tr td").all_inner_texts()
    assert row[:3] == ["phone", "alpha", "127.0.0.1"]


def test_the_list_is_sorted_by_a_click_and_narrowed_down(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    for user_id in ("aaa", "zzz"):
        new_person(node.port, user_id).close()
    page = visit(VIEWER)
    go(page, node, "users")
    page.click("th >> text=User id")
    page.wait_for_selector("th[aria-sort=descending] >> text=User id")
    assert names(page)[0] == "zzz"
    page.select_option("[name=state]", "online")
    page.click("button:has-text('Search')")
    page.wait_for_url("**state=online*")
    assert names(page) == ["张伟"]
    assert page.locator("main >> text=Add users").count() == 0


def test_a_user_comes_and_is_given_another_password(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    asked = accept(page)
    go(page, node, "users/add")
    page.fill("[name=id]", "chen.jing")
    page.fill("[name=nickname]", EVIL)
    page.click("button:text-is('Add')")
    page.wait_for_selector("#notice >> text=chen.jing can log in now.")
    made_up = page.inner_text("#notice .secret")
    with WireClient(node.port) as client:
        client.login("chen.jing", password=made_up)
        go(page, node, "users/one?id=chen.jing")
        assert page.inner_text("h1") == EVIL
        page.fill("[name=password]", "typed by olga")
        page.click("button:has-text('Set the password')")
        page.wait_for_selector("#notice >> text=chen.jing has another password")
        client.read_to_end()
    assert asked == ["Give chen.jing another password?"]
    assert page.locator("#notice .secret").count() == 0
    with WireClient(node.port) as client:
        client.login("chen.jing", password="typed by olga")


def test_a_password_that_is_shown_once_stays_when_the_page_cannot_be_refreshed(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    page = visit()
    go(page, node, "users/add")
    page.fill("[name=id]", "once")
    page.click("button:text-is('Add')")
    made_up = page.inner_text("#notice .secret")
    go(page, node, "users/one?id=once")
    accept(page)
    refusal = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML", "Content-Type": "text/html"}
    page.route("**/users/panel*", lambda route: route.fulfill(headers=refusal, body="<p>Refused.</p>"))
    page.wait_for_selector("#notice >> text=Refused.")
    page.click("button:has-text('Set the password')")
    page.wait_for_selector("#notice .secret")
    assert page.inner_text("#notice .secret") != made_up
    for _ in range(2):
        with page.expect_response("**/users/panel*"):
            pass
    assert page.locator("#notice .secret").count() == 1


def test_a_user_is_logged_out_disabled_and_enabled(visit: Visit, node: NodeProcess) -> None:
    desktop = new_person(node.port, "spam_17", device="desktop")
    phone = WireClient(node.port)
    phone.login("spam_17", device="phone")
    page = visit()
    accept(page)
    go(page, node, "users/one?id=spam_17")
    page.click("tr:has-text('phone') >> button:has-text('Log out')")
    page.wait_for_selector("#notice >> text=spam_17 was logged out on phone.")
    phone.read_to_end()
    wait_for(page, "document.querySelectorAll('section tbody tr').length === 1")
    page.click("button:has-text('Disable')")
    page.wait_for_selector(".pill >> text=Disabled")
    desktop.read_to_end()
    page.click("button:has-text('Enable')")
    page.wait_for_selector(".pill >> text=Offline")
    for client in (desktop, phone):
        client.close()
    with WireClient(node.port) as client:
        client.login("spam_17")
        page.wait_for_selector(".pill >> text=Online")
        page.click("button:has-text('Log out everywhere')")
        client.read_to_end()
    page.wait_for_selector("text=Nothing to show.")


def test_a_file_is_shown_checked_and_taken_in(visit: Visit, node: NodeProcess, tmp_path: Path) -> None:
    page = visit()
    go(page, node, "users/add")
    file = tmp_path / "people.csv"
    file.write_text(HEAD + f"li.na,李娜,password one\nwang,{EVIL},short\n", encoding="utf-8-sig")
    page.set_input_files("#file", file)
    wait_for(page, "document.querySelector('textarea').value.includes('李娜')")
    page.click("button:has-text('Check only')")
    page.wait_for_selector("#outcome >> text=Nobody was added.")
    assert page.locator(".faults li").all_inner_texts() == ["Line 3: password has at least 8 characters"]
    page.fill("textarea", HEAD + "li.na,李娜,password one\n")
    page.click("button:has-text('Check only')")
    page.wait_for_selector("#outcome >> text=1 person can be added.")
    page.click("button:has-text('Add all')")
    page.wait_for_selector("#outcome >> text=1 person can log in now.")
    with WireClient(node.port) as client:
        client.login("li.na", password="password one")
    page.click("button:has-text('Add all')")
    page.wait_for_selector("#outcome >> text=Line 2: user_id li.na is taken")


def test_a_file_that_is_no_text_or_too_long_is_not_sent(
    visit: Visit, node: NodeProcess, tmp_path: Path
) -> None:
    page = visit()
    go(page, node, "users/add")
    file = tmp_path / "people.csv"
    file.write_bytes("账号,昵称".encode("gbk"))
    page.set_input_files("#file", file)
    page.wait_for_selector("#outcome >> text=The file is not UTF-8 text.")
    longer = tmp_path / "more.csv"
    longer.write_text("x" * 1_000_001)
    page.set_input_files("#file", longer)
    wait_for(page, "document.querySelector('textarea').value.length > 1000000")
    page.click("button:has-text('Add all')")
    page.wait_for_selector("#outcome >> text=The table is too long.")


def test_all_users_are_taken_out_as_a_table(visit: Visit, node: NodeProcess, wei: WireClient) -> None:
    page = visit(VIEWER)
    go(page, node, "users")
    with page.expect_download() as download:
        page.click("text=Export as CSV")
    path: Path = download.value.path()
    table = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert table[0][:2] == ["user_id", "nickname"]
    assert ["zhang.wei", "张伟"] in [line[:2] for line in table]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_a_users_page_fits_on_a_phone(
    visit: Visit, node: NodeProcess, wei: WireClient, language: str
) -> None:
    page = visit(width=PHONE, language=language)
    for name in ("users/one?id=zhang.wei", "users?state=online"):
        go(page, node, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name


def test_a_phone_shows_which_page_it_is_on(visit: Visit, node: NodeProcess) -> None:
    page = visit(width=PHONE)
    go(page, node, "audit")
    box = page.locator("nav a[aria-current]").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= PHONE - box["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_by_how_a_users_page_is_made(
    visit: Visit, node: NodeProcess, wei: WireClient, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(scheme=scheme)
    accept(page)
    go(page, node, "users?state=online")
    faults = [*faults_of(Axe(), page)]
    go(page, node, "users/one?id=zhang.wei")
    faults += faults_of(Axe(), page)
    go(page, node, "users/add")
    page.fill("textarea", "user_id\n")
    page.click("button:has-text('Check only')")
    page.wait_for_selector(".faults")
    page.fill("[name=id]", f"somebody.{scheme}")
    page.click("button:text-is('Add')")
    page.wait_for_selector("#notice .secret")
    assert faults + faults_of(Axe(), page) == []
