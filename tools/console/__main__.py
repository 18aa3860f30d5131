"""Takes the pictures of docs/console.md."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright

from tools.console.cluster import PASSWORD

FOLDER = "docs/pictures"
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "console-overview": ("", {}),
    "console-users": ("users", {}),
    "console-user": ("users/one?id=chen.jing", {}),
    "console-add-users": ("users/add", {}),
    "console-groups": ("groups", {}),
    "console-group": ("groups/one?id=g06", {}),
    "console-webhooks": ("groups/webhooks?id=g04", {}),
    "console-messages": ("messages?one=g06", {}),
    "console-announcements": ("announcements", {}),
    "console-operators": ("operators", {}),
    "console-operator": ("operators/one?id=vera", {}),
    "console-codes-phone": (
        "account",
        {"locale": "zh-CN", "viewport": {"width": 380, "height": 760}},
    ),
    "console-nodes": ("nodes", {}),
    "console-audit": ("audit", {}),
    "console-dark": ("", {"locale": "zh-CN", "color_scheme": "dark"}),
    "console-users-phone": (
        "users/one?id=chen.jing",
        {"locale": "zh-CN", "color_scheme": "dark", "viewport": {"width": 380, "height": 760}},
    ),
    "console-phone": ("", {"locale": "zh-CN", "viewport": {"width": 380, "height": 760}}),
}
"""Which page each shows, and how the browser is set that shows it."""


def search_messages(page: Page) -> None:
    """Look for something, and at what is around it."""
    page.fill("[name=text]", "password")
    page.fill("[name=reason]", "reported by chen.jing at half past one")
    page.click("button:has-text('Search')")
    page.click("button:has-text('What is around it')")
    page.wait_for_selector("tr.marked")


def write_announcement(page: Page) -> None:
    """Write one to a node's people, and look at it."""
    page.select_option("[name=audience]", "node:gamma")
    page.fill("textarea", "Node gamma is restarted at 18:00. You will be connected to another one by itself.")
    page.click("button:has-text('Look at it first')")
    page.wait_for_selector("#preview form")


def offer_codes(page: Page) -> None:
    """A secret, as a QR code."""
    page.click("form[hx-post$='totp/offer'] button")
    page.wait_for_selector("#totp svg")
    page.locator("#totp svg").scroll_into_view_if_needed()


ACTS: dict[str, Callable[[Page], None]] = {
    "console-messages": search_messages,
    "console-announcements": write_announcement,
    "console-codes-phone": offer_codes,
}
"""What is done on a page before its picture is taken."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a console that is made up."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tools.console.cluster", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                yield server.stdout.readline().strip()
            finally:
                server.terminate()


def log_in(browser: Browser, address: str) -> Any:
    """What a browser keeps of a login: one for all pictures, for each is in the audit log."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.fill("[name=operator_id]", "olga")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    kept = context.storage_state()
    context.close()
    return kept


def take(browser: Browser, url: str, settings: dict[str, Any], path: Path) -> None:
    """One picture."""
    usual = {"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**{**usual, **settings})
    page = context.new_page()
    page.goto(url)
    if path.stem in ACTS:
        ACTS[path.stem](page)
    if url.endswith("/console/"):
        page.wait_for_selector(".live[data-state=on]")
        page.wait_for_selector("#chart canvas")
    # The first refresh of a page has nothing new; after it the page stands.
    page.wait_for_timeout(2_500)
    page.screenshot(path=path)
    context.close()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=FOLDER)
def main(folder: Path) -> None:
    """Take all pictures of the console into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root and in containers; it sees nothing here but our own pages.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        kept = log_in(browser, address)
        for name, (page_name, settings) in PICTURES.items():
            path = folder / f"{name}.png"
            take(browser, f"{address}/console/{page_name}", {"storage_state": kept, **settings}, path)
            click.echo(f"{path}: {path.stat().st_size // 1024} KB")
        browser.close()


if __name__ == "__main__":
    main()
