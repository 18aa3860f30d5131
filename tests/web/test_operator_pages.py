"""Operators' accounts in a real browser, on a real node."""

import re
import time
from typing import TYPE_CHECKING

import pyotp
import pytest

from tests.servers import NodeProcess
from tests.web.conftest import OPERATOR, PASSWORD, VIEWER, Visit
from tests.web.test_console import PHONE, faults_of, go
from tests.web.test_users import accept

if TYPE_CHECKING:
    from playwright.sync_api import Page


def log_in(page: "Page", operator_id: str, password: str, code: str = "") -> None:
    page.fill("[name=operator_id]", operator_id)
    page.fill("[name=password]", password)
    page.fill("[name=code]", code)
    page.keyboard.press("Enter")


def add(page: "Page", node: NodeProcess, operator_id: str, role: str = "operator") -> str:
    """Somebody new: the password that was made up."""
    go(page, node, "operators")
    page.fill("[name=id]", operator_id)
    page.select_option("[name=role]", role)
    page.click("button:text-is('Add')")
    page.wait_for_selector(f"#notice >> text={operator_id} may log in now.")
    page.wait_for_selector(f"main tbody >> text={operator_id}")
    return page.inner_text("#notice .secret")


def test_an_operator_is_added_and_logs_in_with_the_password_that_was_made_up(
    visit: Visit, node: NodeProcess
) -> None:
    password = add(visit(), node, "nina", "viewer")
    page = visit("")
    log_in(page, "nina", password)
    page.wait_for_url("**/console/")
    page.wait_for_selector("text=nina · Viewer")


def test_an_operator_changes_another_one(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    accept(page)
    add(page, node, "otto")
    page.click("main tbody a:text-is('otto')")
    page.wait_for_url("**/operators/one?id=otto")
    page.select_option("form[hx-post$='operators/role'] select", "viewer")
    page.click("form[hx-post$='operators/role'] button")
    page.wait_for_selector(".facts >> text=Viewer")
    page.click("button:has-text('Disable')")
    page.wait_for_selector(".pill >> text=Disabled")
    page.click("button:has-text('Enable')")
    page.wait_for_selector(".pill >> text=May log in")
    page.fill("[name=password]", "typed by olga herself")
    page.click("button:has-text('Change the password')")
    page.wait_for_selector("#notice >> text=otto has another password")
    other = visit("")
    log_in(other, "otto", "typed by olga herself")
    other.wait_for_url("**/console/")


def test_a_token_is_made_shown_once_and_revoked(visit: Visit, node: NodeProcess) -> None:
    page = visit(VIEWER)
    accept(page)
    go(page, node, "account")
    page.fill("#tokens input[maxlength][name=name]", "backup")
    page.click("button:has-text('Make a token')")
    page.wait_for_selector("#notice .secret")
    assert re.fullmatch(r"nc_[\w-]{43}", page.inner_text("#notice .secret"))
    page.wait_for_selector("#tokens tbody >> text=backup")
    page.click("#tokens >> button:has-text('Revoke')")
    page.wait_for_selector("#notice >> text=good for nothing any more")
    page.wait_for_selector("#tokens >> text=Nothing to show.")


def test_one_time_codes_are_set_up_asked_for_and_ended(visit: Visit, node: NodeProcess) -> None:
    password = add(visit(), node, "toni", "viewer")
    page = visit("")
    accept(page)
    log_in(page, "toni", password)
    page.wait_for_url("**/console/")
    go(page, node, "account")
    page.click("button:has-text('Set up one-time codes')")
    secret = page.inner_text("#totp .secret")
    codes = pyotp.TOTP(secret)
    page.fill("#totp [name=code]", codes.now())
    page.fill("#totp [name=password]", password)
    page.click("button:has-text('Ask for codes from now on')")
    page.wait_for_url("**/console/login")
    log_in(page, "toni", password)
    page.wait_for_selector("text=The account, the password or the code is wrong.")
    # The code that confirmed the secret is used: the next one is good, for clocks may differ by a step.
    log_in(page, "toni", password, codes.at(time.time() + 30))
    page.wait_for_url("**/console/")
    go(page, node, "account")
    page.fill("form[hx-post$='totp/end'] [name=password]", password)
    page.click("button:text-is('End one-time codes')")
    page.wait_for_url("**/console/login")
    log_in(page, "toni", password)
    page.wait_for_url("**/console/")


def test_a_viewer_sees_all_operators_and_changes_none(visit: Visit, node: NodeProcess) -> None:
    page = visit(VIEWER)
    for name in ("operators", f"operators/one?id={OPERATOR}"):
        go(page, node, name)
        assert page.locator(f"main >> text={OPERATOR}").count() > 0
        assert page.locator("main [hx-post]").count() == 0, name


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_they_fit_on_a_phone(visit: Visit, node: NodeProcess, language: str) -> None:
    page = visit(width=PHONE, language=language)
    for name in ("operators", f"operators/one?id={VIEWER}", "account"):
        go(page, node, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
        if name != "operators":
            page.click("form[hx-post$='totp/offer'] button")
            page.wait_for_selector("#totp .secret")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_by_how_they_are_made(visit: Visit, node: NodeProcess, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(scheme=scheme)
    faults: list[str] = []
    for name in ("operators", f"operators/one?id={VIEWER}", "account"):
        go(page, node, name)
        if name != "operators":
            page.click("form[hx-post$='totp/offer'] button")
            page.wait_for_selector("#totp .secret")
        faults += faults_of(Axe(), page)
    page.fill("#tokens input[maxlength][name=name]", f"axe-{scheme}")
    page.click("button:has-text('Make a token')")
    page.wait_for_selector("#notice .secret")
    page.wait_for_selector("#tokens tbody >> text=Revoke")
    assert faults + faults_of(Axe(), page) == []
    assert PASSWORD not in page.content()
