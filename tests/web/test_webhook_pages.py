"""Webhooks of a group in a real browser, on a real node and with a real receiver: made, tried, switched off, removed."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from naivechat.protocol.message import MsgGroupRequest
from tests.integration.test_cli import Operator
from tests.node_log import complaints
from tests.servers import NodeProcess
from tests.web.conftest import VIEWER, Visit, add_operators
from tests.web.test_chat_pages import make_group
from tests.web.test_console import PHONE, faults_of, go, wait_for
from tests.web.test_users import accept
from tests.webhook_receivers import Receiver
from tests.wire import WireClient, new_person

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    """A node whose webhooks may go to this machine."""
    folder: Path = tmp_path_factory.mktemp("webhooks")
    add_operators(Operator(folder))
    with NodeProcess(
        db=f"sqlite:///{folder}/var/naivechat.db",
        registration="open",
        limits="off",
        webhook_allow="127.0.0.1",
    ) as node:
        yield node
        assert complaints(node.log_text) == []


@pytest.fixture(scope="module")
def wei(node: NodeProcess) -> Iterator[WireClient]:
    with new_person(node.port, "zhang.wei", nickname="张伟") as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def say(client: WireClient, group_id: str, text: str) -> None:
    client.accepted(
        MsgGroupRequest(rid=0, group_id=group_id, msg_uuid=uuid.uuid4().bytes, msg_type=0, msg_text=text)
    )


def make_webhook(page: "Page", node: NodeProcess, group_id: str, url: str) -> str:
    """Fill in the form: the secret that is shown."""
    go(page, node, f"groups/webhooks?id={group_id}")
    page.fill("section[aria-labelledby=new] [name=url]", url)
    page.click("button:has-text('Make a webhook')")
    page.wait_for_selector("#webhooks section")
    return page.inner_text("#notice .secret")


def test_a_webhook_is_made_tried_and_delivers(
    visit: Visit, node: NodeProcess, wei: WireClient, receiver: Receiver
) -> None:
    group_id = make_group(wei, "Rowing")
    page = visit()
    go(page, node, f"groups/one?id={group_id}")
    page.click("main a:has-text('Webhooks')")
    page.wait_for_url("**/groups/webhooks?id=*")
    secret = make_webhook(page, node, group_id, receiver.url("/in"))
    page.click("button:has-text('Send a test')")
    page.wait_for_selector("#notice >> text=The test: arrived (204).")
    assert receiver.delivered["/in"][0].is_signed_by(secret)
    say(wei, group_id, "hello")
    receiver.wait_for(lambda: receiver.texts("/in") == ["hello"])


def test_a_webhook_is_switched_off_changed_switched_on_and_removed(
    visit: Visit, node: NodeProcess, wei: WireClient, receiver: Receiver
) -> None:
    group_id = make_group(wei, "Sculling")
    page = visit()
    asked = accept(page)
    first = make_webhook(page, node, group_id, receiver.url("/in"))
    page.click("button:has-text('Switch off')")
    page.wait_for_selector("#webhooks .pill:text-is('Off')")
    say(wei, group_id, "missed")
    page.click("details summary")
    page.fill("#webhooks [name=url]", receiver.url("/new"))
    page.uncheck("#webhooks [name=recall]")
    page.click("button:has-text('Save')")
    page.wait_for_selector("#notice >> text=The webhook was changed.")
    page.wait_for_selector("#webhooks dd:text-is('Messages, Events of the group')")
    page.click("button:has-text('A new secret')")
    wait_for(page, "document.querySelector('#notice .secret') !== null")
    assert page.inner_text("#notice .secret") != first
    page.click("button:has-text('Switch on, with what was missed')")
    page.wait_for_selector("#webhooks .pill:text-is('On')")
    receiver.wait_for(lambda: receiver.texts("/new") == ["missed"])
    assert receiver.delivered["/in"] == []
    page.click("button:has-text('Remove')")
    page.wait_for_selector("#webhooks >> text=Nothing is sent.")
    assert [question.partition("?")[0] for question in asked] == [
        "Make a new secret",
        f"Remove the webhook to {receiver.url('')}",
    ]


def test_a_viewer_finds_no_switches(
    visit: Visit, node: NodeProcess, wei: WireClient, receiver: Receiver
) -> None:
    group_id = make_group(wei, "Quiet")
    make_webhook(visit(), node, group_id, receiver.url("/in?key=secret"))
    page = visit(VIEWER)
    go(page, node, f"groups/webhooks?id={group_id}")
    assert page.locator("main [hx-post]").count() == 0
    assert "secret" not in page.inner_text("main")


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_it_fits_on_a_phone(visit: Visit, node: NodeProcess, wei: WireClient, language: str) -> None:
    group_id = make_group(wei, "W" * 32)
    page = visit()
    make_webhook(page, node, group_id, "https://" + "w" * 60 + ".example/" + "W" * 300)
    phone = visit(width=PHONE, language=language)
    go(phone, node, f"groups/webhooks?id={group_id}")
    phone.click("details summary")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_by_how_it_is_made(
    visit: Visit, node: NodeProcess, wei: WireClient, receiver: Receiver, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    group_id = make_group(wei, "Words")
    page = visit(scheme=scheme)
    make_webhook(page, node, group_id, receiver.url("/in"))
    page.click("details summary")
    assert faults_of(Axe(), page) == []
