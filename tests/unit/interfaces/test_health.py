"""Whether a node lives, and whether it can serve."""

import json
from collections.abc import Iterator

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.errors import Unavailable
from naivechat.interfaces.health import Alive, Ready
from naivechat.interfaces.readiness import FRESH_S, LOOK_S, Readiness
from naivechat.interfaces.site import make_site
from tests.logs import logged_errors
from tests.unit.interfaces.browser import Answer, Browser


@attrs.frozen
class Certified:
    """What is known of certificates."""

    is_current: bool = True
    expires_at_s: int | None = 1_800_000_000


@attrs.define
class Node:
    """A node to look at; each look at its database waits while `is_slow`."""

    clock: Clock = attrs.Factory(Clock)
    error: Exception | None = None
    is_slow: bool = False
    bus_connected: bool | None = True
    bus_full: bool = False
    draining: bool = False
    database: DatabaseState = DatabaseState.UP
    certificates: "Certified | None" = None
    looks: list[Deferred[None]] = attrs.Factory(list)

    async def look(self) -> DatabaseState:
        self.looks.append(Deferred())
        if not self.is_slow:
            self.looks[-1].callback(None)
        await self.looks[-1]
        if self.error is not None:
            raise self.error
        return self.database

    def browser(self) -> Browser:
        readiness = Readiness(
            self.look,
            bus_connected=lambda: self.bus_connected,
            bus_full=lambda: self.bus_full,
            is_draining=lambda: self.draining,
            clock=self.clock,
        )
        return Browser(
            make_site({"healthz": Alive(), "readyz": Ready(readiness, self.certificates)}, reactor=self.clock)
        )


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def browser(node: Node) -> Iterator[Browser]:
    browser = node.browser()
    yield browser
    browser.leave()
    node.is_slow = False


def _told(answer: Answer) -> tuple[int, dict[str, object]]:
    assert answer.headers["content-type"] == "application/json"
    return answer.status, json.loads(answer.body)


def test_a_process_that_turns_is_alive(browser: Browser) -> None:
    assert (browser.ask("/healthz").status, browser.ask("/healthz").body) == (200, b"ok\n")


def test_a_node_that_can_serve_is_ready(browser: Browser) -> None:
    parts = {"ready": True, "database": "up", "bus": "up", "draining": False}
    assert _told(browser.ask("/readyz")) == (200, parts)


@pytest.mark.parametrize(("is_current", "word"), [(True, "current"), (False, "stale")])
def test_certificates_that_could_not_be_read_are_told_and_the_node_serves_on(
    is_current: bool, word: str
) -> None:
    node = Node(certificates=Certified(is_current=is_current))
    browser = node.browser()
    status, parts = _told(browser.ask("/readyz"))
    assert (status, parts["ready"], parts["certificates"]) == (200, True, word)
    browser.leave()


def test_where_there_are_no_certificates_nothing_is_told_of_them() -> None:
    browser = Node(certificates=Certified(expires_at_s=None)).browser()
    assert "certificates" not in _told(browser.ask("/readyz"))[1]
    browser.leave()


def test_a_node_without_its_database_is_not(node: Node, browser: Browser) -> None:
    node.error = Unavailable()
    parts = {"ready": False, "database": "down", "bus": "up", "draining": False}
    assert _told(browser.ask("/readyz")) == (503, parts)
    node.error = None
    node.clock.advance(FRESH_S)
    assert browser.ask("/readyz").status == 200


@pytest.mark.parametrize("state", [DatabaseState.FULL, DatabaseState.READ_ONLY])
def test_a_node_whose_database_takes_nothing_new_is_not(
    node: Node, browser: Browser, state: DatabaseState
) -> None:
    node.database = state
    status, parts = _told(browser.ask("/readyz"))
    assert (status, parts["database"]) == (503, state.value)


def test_a_node_that_drains_is_not(node: Node, browser: Browser) -> None:
    node.draining = True
    assert _told(browser.ask("/readyz"))[0] == 503


@pytest.mark.parametrize(
    ("connected", "full", "word"), [(False, True, "down"), (None, False, "none"), (True, True, "full")]
)
def test_a_node_serves_without_the_bus(
    node: Node, browser: Browser, connected: bool | None, full: bool, word: str
) -> None:
    node.bus_connected, node.bus_full = connected, full
    status, parts = _told(browser.ask("/readyz"))
    assert (status, parts["bus"]) == (200, word)


def test_the_database_is_looked_at_once_a_second_however_many_ask(node: Node, browser: Browser) -> None:
    for _ in range(50):
        browser.ask("/readyz")
    assert len(node.looks) == 1
    node.clock.advance(FRESH_S)
    browser.ask("/readyz")
    assert len(node.looks) == 2


def test_all_who_ask_wait_for_one_look(node: Node) -> None:
    node.is_slow = True
    site = node.browser().channel.site
    browsers = [Browser(site) for _ in range(3)]
    for browser in browsers:
        browser.send(b"GET /readyz HTTP/1.1\r\nHost: node\r\n\r\n")
        assert browser.received() == b""
    node.looks[0].callback(None)
    assert [Answer.parse(browser.received()).status for browser in browsers] == [200] * 3


def test_a_database_that_hangs_is_down_and_no_looks_pile_up(node: Node, browser: Browser) -> None:
    node.is_slow = True
    browser.send(b"GET /readyz HTTP/1.1\r\nHost: node\r\n\r\n")
    node.clock.advance(LOOK_S)
    assert _told(Answer.parse(browser.received()))[1]["database"] == "down"
    node.clock.advance(10)
    browser.send(b"GET /readyz HTTP/1.1\r\nHost: node\r\n\r\n")
    node.clock.advance(0)
    assert _told(Answer.parse(browser.received()))[0] == 503
    assert len(node.looks) == 1
    node.is_slow = False
    node.looks[0].callback(None)
    assert _told(browser.ask("/readyz"))[0] == 200


def test_a_mistake_in_the_look_is_logged_and_means_down(node: Node, browser: Browser) -> None:
    node.error = RuntimeError("mistaken")
    assert _told(browser.ask("/readyz"))[0] == 503
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_who_goes_before_the_answer_is_told_nothing(node: Node) -> None:
    node.is_slow = True
    browser = node.browser()
    browser.send(b"GET /readyz HTTP/1.1\r\nHost: node\r\n\r\n")
    browser.leave()
    node.looks[0].callback(None)
    assert browser.received() == b""
    assert node.clock.getDelayedCalls() == []


def test_the_head_is_enough(browser: Browser) -> None:
    page = browser.ask("/readyz", "HEAD")
    assert (page.status, page.body) == (200, b"")
