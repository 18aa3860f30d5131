"""Groups, messages and announcements in a real browser, on a real node: what an operator does, and what people see of it."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from naivechat.protocol.group import CreateGroupRequest, GroupNotice
from naivechat.protocol.message import HistoryRequest, MsgGroupRequest, MsgGroupResponse
from tests.servers import NodeProcess
from tests.web.conftest import VIEWER, Visit
from tests.web.test_console import PHONE, faults_of, go
from tests.web.test_users import accept
from tests.wire import WireClient, new_person

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVIL = "<img src=x onerror=alert(1)>"
OPERATORS = "naivechat.operators"
REASON = "reported by three people"
PAGES = ("groups", "messages", "announcements")


@pytest.fixture(scope="module")
def wei(node: NodeProcess) -> Iterator[WireClient]:
    """Zhang Wei, who is connected."""
    with new_person(node.port, "zhang.wei", nickname="张伟") as client:
        yield client


def make_group(client: WireClient, name: str, *texts: str) -> str:
    """A group of one's own with some messages in it: its id."""
    notice = client.accepted(CreateGroupRequest(rid=0, name=name, member_ids=()))
    group_id: str = notice.group.group_id
    for text in texts:
        client.accepted(
            MsgGroupRequest(rid=0, group_id=group_id, msg_uuid=uuid.uuid4().bytes, msg_type=0, msg_text=text)
        )
    return group_id


def next_from_operators(client: WireClient, kind: type) -> Any:
    """The next packet of a kind that somebody is pushed because an operator did something."""
    while True:
        pushed = client.pushes.pop(0) if client.pushes else client.receive()
        if isinstance(pushed, kind) and OPERATORS in (
            getattr(pushed, "sender_id", ""),
            getattr(pushed, "by", ""),
        ):
            return pushed


def search(page: "Page", node: NodeProcess, group_id: str, words: str) -> None:
    go(page, node, f"messages?one={group_id}")
    page.fill("[name=text]", words)
    page.fill("[name=reason]", REASON)
    page.click("button:has-text('Search')")
    page.wait_for_selector("#found table")


def test_a_group_is_found_renamed_and_dissolved(visit: Visit, node: NodeProcess, wei: WireClient) -> None:
    group_id = make_group(wei, f"Rowing {EVIL}"[:32])
    page = visit()
    go(page, node, "groups")
    page.fill("[name=text]", "rowing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups?text=rowing*")
    page.click("main tbody a")
    page.wait_for_selector(f"h1:text-is('{f'Rowing {EVIL}'[:32]}')")
    assert "zhang.wei" in page.locator("main tbody").inner_text()
    page.fill("[name=name]", "Sculling")
    page.click("button:has-text('Rename')")
    page.wait_for_selector("#notice >> text=The group is called Sculling now.")
    page.wait_for_selector("h1:text-is('Sculling')")
    assert next_from_operators(wei, GroupNotice).group.name == "Sculling"
    page.fill("[name=typed]", "Sculling")
    page.click("button:has-text('Dissolve')")
    page.wait_for_selector("#notice >> text=was not typed as it is")
    page.fill("[name=typed]", group_id)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/groups")
    assert next_from_operators(wei, GroupNotice).event == "dissolved"


def test_a_message_is_found_seen_with_what_is_around_it_and_taken_back(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    group_id = make_group(wei, "Trouble", "hello", f"a rude word {EVIL}", "bye")
    page = visit()
    asked = accept(page)
    search(page, node, group_id, "RUDE")
    assert page.locator(".said").all_inner_texts() == [f"a rude word {EVIL}"]
    page.click("button:has-text('What is around it')")
    page.wait_for_selector("tr.marked")
    assert page.locator(".said").all_inner_texts()[1:] == ["hello", f"a rude word {EVIL}", "bye"]
    page.click("tr.marked >> button:has-text('Take back')")
    page.wait_for_selector("#found >> text=Message 3 was taken back")
    assert "rude" not in page.inner_text("#found")
    assert asked == ["Take message 3 back? Its text will be gone for everybody."]
    assert next_from_operators(wei, MsgGroupResponse).target_seq == 3
    go(page, node, "audit?action=message.")
    assert page.locator(".entries tbody td:nth-child(3)").all_inner_texts()[:3] == [
        "message.recall",
        "message.search",
        "message.search",
    ]
    assert REASON in page.locator(".entries tbody tr").first.inner_text()


def test_without_a_reason_the_browser_sends_nothing(visit: Visit, node: NodeProcess) -> None:
    page = visit()
    go(page, node, "messages?one=g1")
    page.fill("[name=text]", "rude")
    page.fill("[name=reason]", "because")
    page.click("button:has-text('Search')")
    assert page.evaluate("!document.querySelector('[name=reason]').checkValidity()")
    assert page.inner_html("#found") == ""


def test_an_announcement_is_seen_first_and_reaches_everybody_once(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    page = visit()
    go(page, node, "announcements")
    page.fill("textarea", f"down at six\n{EVIL}")
    page.fill("[name=name]", "News")
    page.click("button:has-text('Make it')")
    page.wait_for_selector("#notice >> text=The official account News is there")
    page.wait_for_selector("#accounts >> text=News")
    assert next_from_operators(wei, GroupNotice).group.official
    page.select_option("[name=audience]", label="Everybody, by News")
    page.click("button:has-text('Look at it first')")
    page.wait_for_selector("#preview >> text=News:")
    assert page.inner_text("#preview .said") == f"down at six\n{EVIL}"
    page.dblclick("button:has-text('Send it')")
    page.wait_for_selector("#preview .good")
    assert next_from_operators(wei, MsgGroupResponse).msg_text == f"down at six\n{EVIL}"
    group_id = page.inner_text("#accounts code")
    history = wei.accepted(HistoryRequest(rid=0, talk_type=1, talk_id=group_id))
    assert [record.msg_text for record in history.messages] == [f"down at six\n{EVIL}"]


def test_a_viewer_reads_lists_and_finds_no_switches(visit: Visit, node: NodeProcess, wei: WireClient) -> None:
    group_id = make_group(wei, "Quiet")
    page = visit(VIEWER)
    for name in (*PAGES, f"groups/one?id={group_id}"):
        go(page, node, name)
        assert page.locator("main [hx-post]").count() == 0, name


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_they_fit_on_a_phone(visit: Visit, node: NodeProcess, wei: WireClient, language: str) -> None:
    group_id = make_group(wei, "W" * 32, "W" * 400)
    page = visit(width=PHONE, language=language)
    for name in (*PAGES, f"groups/one?id={group_id}"):
        go(page, node, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
    go(page, node, f"messages?one={group_id}")
    page.fill("[name=text]", "www")
    page.fill("[name=reason]", REASON)
    page.keyboard.press("Enter")
    page.wait_for_selector("#found table")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    go(page, node, "announcements")
    page.fill("textarea", "W" * 400)
    page.click("form:has(textarea) button")
    page.wait_for_selector("#preview .said")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_by_how_they_are_made(
    visit: Visit, node: NodeProcess, wei: WireClient, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    group_id = make_group(wei, "Words", "one rude word", "two")
    page = visit(scheme=scheme)
    faults: list[str] = []
    for name in (*PAGES, f"groups/one?id={group_id}"):
        go(page, node, name)
        faults += faults_of(Axe(), page)
    search(page, node, group_id, "rude")
    faults += faults_of(Axe(), page)
    page.click("button:has-text('What is around it')")
    page.wait_for_selector("tr.marked")
    faults += faults_of(Axe(), page)
    go(page, node, "announcements")
    page.select_option("[name=audience]", index=0)
    page.fill("textarea", "hello")
    page.click("button:has-text('Look at it first')")
    page.wait_for_selector("#preview .said")
    assert faults + faults_of(Axe(), page) == []


def test_a_search_is_made_and_a_message_taken_back_by_the_keyboard_alone(
    visit: Visit, node: NodeProcess, wei: WireClient
) -> None:
    group_id = make_group(wei, "Keys", "a rude word")
    page = visit()
    accept(page)
    go(page, node, "messages")
    page.focus("[name=one]")
    for text in (group_id, "", "rude", REASON):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found table")
    page.focus("#found button:has-text('Take back')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found >> text=was taken back")
