"""What a node's web site takes, refuses and never tells."""

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.task import Clock
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from naivechat.interfaces.channel import Limits
from naivechat.interfaces.site import SECURITY_HEADERS, BoundedSite, Leaf, answer, make_site
from tests.logs import logged_errors
from tests.unit.interfaces.browser import Browser, advance

LIMITS = Limits(connections=3, body_bytes=1000, form_bytes=100, headers=20, header_bytes=2000)


class Echo(Leaf):
    """Says what it was told; `later` keeps a request open."""

    def __init__(self) -> None:
        super().__init__()
        self.later: list[Any] = []

    def render_GET(self, request: Any) -> bytes | int:
        if b"wait" in request.args:
            self.later.append(request)
            return int(NOT_DONE_YET)
        return answer(request, 200, "hello")

    def render_POST(self, request: Any) -> bytes:
        return bytes(request.content.read())


class Broken(Leaf):
    """Fails in every way."""

    def render_GET(self, request: Any) -> Any:
        if b"half" in request.args:
            request.write(b"half of it")
        if b"type" in request.args:
            return "no bytes"
        raise RuntimeError("the secret of the house")


class Rest(Resource):
    isLeaf = True

    def render(self, request: Any) -> bytes:
        return b"/".join(request.postpath)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> BoundedSite:
    return make_site({"echo": Echo(), "broken": Broken()}, reactor=clock, limits=LIMITS)


@pytest.fixture
def browser(site: BoundedSite) -> Browser:
    return Browser(site)


def test_a_page_is_answered_with_the_security_headers(browser: Browser) -> None:
    page = browser.ask("/echo")
    assert (page.status, page.body) == (200, b"hello")
    for name, value in SECURITY_HEADERS.items():
        assert page.headers[name.lower()] == value.lower()
    assert "server" not in page.headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/echo/below", "/%2e%2e/etc/passwd", "/../echo", "*"])
def test_what_is_not_there_is_not_found_and_nothing_is_told(browser: Browser, path: str) -> None:
    page = browser.ask(path)
    assert page.status in (404, 405)
    assert page.body in (b"404 Not Found\n", b"")
    assert page.headers["x-frame-options"] == "deny"


@pytest.mark.parametrize("method", ["DELETE", "PUT", "TRACE", "NONSENSE"])
def test_a_method_that_a_page_does_not_know_is_refused(browser: Browser, method: str) -> None:
    page = browser.ask("/echo", method)
    assert (page.status, page.body) == (405, b"405 Method Not Allowed\n")
    assert "get" in page.headers["allow"]


def test_the_head_of_a_page_has_no_body(browser: Browser) -> None:
    page = browser.ask("/echo", "HEAD")
    assert (page.status, page.headers["content-length"], page.body) == (200, "5", b"")


@pytest.mark.parametrize("query", ["", "?type=1"])
def test_a_failure_is_logged_and_told_without_details(browser: Browser, query: str) -> None:
    page = browser.ask(f"/broken{query}")
    assert (page.status, page.body) == (500, b"500 Internal Server Error\n")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert len(logged_errors.flush(RuntimeError, TypeError)) == 1


def test_a_failure_in_the_middle_of_a_page_cuts_it_off(browser: Browser) -> None:
    browser.send(b"GET /broken?half=1 HTTP/1.1\r\nHost: node\r\n\r\n")
    assert browser.wire.aborted
    assert b"secret" not in browser.received()
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_another_application_answers_the_rest_and_sees_the_whole_path(clock: Clock) -> None:
    browser = Browser(make_site({"echo": Echo()}, rest=Rest(), reactor=clock))
    assert browser.ask("/a/b").body == b"a/b"
    assert browser.ask("/").body == b""
    assert browser.ask("/echo").body == b"hello"


def test_a_body_is_taken_up_to_its_limit(browser: Browser) -> None:
    assert browser.ask("/echo", "POST", b"x" * 1000).body == b"x" * 1000
    page = browser.ask("/echo", "POST", b"x" * 1001)
    assert (page.status, page.headers["connection"]) == (413, "close")
    assert browser.wire.disconnecting


def test_a_form_has_a_smaller_limit(browser: Browser) -> None:
    kind = "Application/x-www-form-urlencoded; charset=utf-8"
    assert browser.ask("/echo", "POST", b"a=" + b"x" * 90, Content_Type=kind).status == 200
    assert browser.ask("/echo", "POST", b"a&" * 60, Content_Type=kind).status == 413


def test_a_body_that_does_not_tell_its_length_is_counted(browser: Browser) -> None:
    browser.send(b"POST /echo HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"1f4\r\n" + b"x" * 500 + b"\r\n"
    browser.send(chunk + chunk)
    assert browser.received() == b""
    browser.send(chunk + b"0\r\n\r\nGET /echo HTTP/1.1\r\nHost: node\r\n\r\n")
    assert browser.received().startswith(b"HTTP/1.1 413 ")
    browser.send(chunk)
    assert browser.received() == b""


def test_nobody_is_told_to_go_on_with_a_body_that_is_too_large(browser: Browser) -> None:
    browser.send(b"POST /echo HTTP/1.1\r\nHost: n\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n")
    received = browser.received()
    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in received


@pytest.mark.parametrize(
    "head",
    [
        b"X-Long: " + b"x" * 2000 + b"\r\n",
        b"".join(b"X-%d: 1\r\n" % number for number in range(30)),
        b"Content-Length: ten\r\n",
        b"X: a\x00b\r\n",
    ],
)
def test_headers_beyond_measure_end_the_connection(browser: Browser, head: bytes) -> None:
    browser.send(b"GET /echo HTTP/1.1\r\nHost: node\r\n" + head + b"\r\n")
    assert browser.received().startswith(b"HTTP/1.1 400 ")
    assert browser.wire.disconnecting


def test_a_request_that_drips_is_cut_off(browser: Browser, clock: Clock) -> None:
    for _ in range(int(LIMITS.request_s)):
        assert not browser.wire.aborted
        browser.send(b"G")
        clock.advance(1)
    assert browser.wire.aborted


def test_a_connection_that_asks_again_has_its_time_for_each_request(browser: Browser, clock: Clock) -> None:
    for _ in range(5):
        assert browser.ask("/echo").status == 200
        advance(clock, 15)
    assert not browser.wire.aborted
    assert not browser.wire.disconnecting
    advance(clock, LIMITS.idle_s)
    assert browser.wire.disconnecting
    assert not browser.wire.aborted


def test_a_peer_that_does_not_take_the_end_is_cut_off(browser: Browser, clock: Clock) -> None:
    browser.ask("/echo", "POST", b"x" * 1001)
    advance(clock, LIMITS.stalled_s)
    assert browser.wire.aborted


def test_an_answer_may_take_as_long_as_it_wants(site: BoundedSite, browser: Browser, clock: Clock) -> None:
    browser.send(b"GET /echo?wait=1 HTTP/1.1\r\nHost: node\r\n\r\n")
    advance(clock, 600)
    assert not browser.wire.aborted
    (request,) = site.resource.children[b"echo"].later
    request.write(b"at last")
    request.finish()
    assert b"at last" in browser.received()


def test_a_peer_that_does_not_read_is_cut_off(browser: Browser, clock: Clock) -> None:
    browser.send(b"GET /echo?wait=1 HTTP/1.1\r\nHost: node\r\n\r\n")
    browser.channel.pauseProducing()
    advance(clock, LIMITS.stalled_s - 1)
    browser.channel.resumeProducing()
    advance(clock, LIMITS.stalled_s)
    assert not browser.wire.aborted
    browser.channel.pauseProducing()
    advance(clock, LIMITS.stalled_s)
    assert browser.wire.aborted


def test_connections_are_counted_while_they_last(site: BoundedSite, clock: Clock) -> None:
    browsers = [Browser(site) for _ in range(LIMITS.connections)]
    assert site.buildProtocol(None) is None
    browsers[0].leave()
    assert Browser(site).ask("/echo").status == 200
    site.end()
    assert all(browser.wire.aborted for browser in browsers[1:])


def test_what_is_over_leaves_no_timer(site: BoundedSite, clock: Clock) -> None:
    idle, asking = Browser(site), Browser(site)
    asking.ask("/echo")
    asking.channel.pauseProducing()
    for browser in (idle, asking):
        browser.leave()
    assert clock.getDelayedCalls() == []


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: stolen=1", "a\nb"])
def test_a_header_cannot_be_smuggled_into_an_answer(clock: Clock, value: str) -> None:
    def render(request: Any) -> bytes:
        request.setHeader("X-Name", value)
        return b""

    page = Browser(make_site({"x": _page(render)}, reactor=clock)).ask("/x")
    assert "set-cookie" not in page.headers
    assert "b" not in page.headers


def _page(render: Callable[[Any], bytes]) -> Leaf:
    page = Leaf()
    page.render_GET = render
    return page
