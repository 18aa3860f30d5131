"""What strangers, other web pages and viewers try on the console: all of it is refused, and written down where it should be."""

from html.parser import HTMLParser

import pytest

from naivechat.domain.audit import AuditAction
from naivechat.domain.operator import IDLE_MS, LONGEST_SESSION_MS, OperatorId
from tests.fakes import done
from tests.logs import logged_errors
from tests.unit.interfaces.console.visitor import PASSWORD, World, status

PAGES = (
    "/console/",
    "/console/nodes",
    "/console/nodes/cards",
    "/console/audit",
    "/console/audit.csv",
    "/console/history",
    "/console/account",
    "/console/users",
    "/console/users?state=online",
    "/console/users/one?id=ann",
    "/console/users/panel?id=ann",
    "/console/users/add",
    "/console/users.csv",
    "/console/groups",
    "/console/groups/one",
    "/console/groups/panel",
    "/console/messages",
    "/console/announcements",
    "/console/announcements/accounts",
    "/console/account/tokens",
    "/console/operators",
    "/console/operators/rows",
    "/console/operators/one",
    "/console/operators/panel",
)
CHANGES = (
    "/console/nodes/drain",
    "/console/nodes/resume",
    "/console/nodes/log-level",
    "/console/logout",
    "/console/account/password",
    "/console/users/create",
    "/console/users/check",
    "/console/users/import",
    "/console/users/password",
    "/console/users/disable",
    "/console/users/enable",
    "/console/users/kick",
    "/console/groups/rename",
    "/console/groups/dissolve",
    "/console/messages/search",
    "/console/messages/around",
    "/console/messages/recall",
    "/console/announcements/create",
    "/console/announcements/enrol",
    "/console/announcements/preview",
    "/console/announcements/send",
    "/console/account/totp/offer",
    "/console/account/totp/confirm",
    "/console/account/totp/end",
    "/console/account/tokens/create",
    "/console/account/tokens/revoke",
    "/console/operators/create",
    "/console/operators/role",
    "/console/operators/disable",
    "/console/operators/enable",
    "/console/operators/password",
    "/console/operators/totp/offer",
    "/console/operators/totp/confirm",
    "/console/operators/totp/end",
    "/console/operators/tokens/create",
    "/console/operators/tokens/revoke",
)
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def wild_parts(html: str) -> list[str]:
    """Scripts, handlers, styles and links of a page that lead anywhere but to our own files and pages."""
    found: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            named = {name: value or "" for name, value in attributes}
            if tag == "script" and not named.get("src", "").startswith("/console/static/"):
                found.append(tag)
            if tag in ("style", "iframe", "object", "embed", "base", "img"):
                found.append(tag)
            for name, value in named.items():
                is_link = name in ("href", "src", "action", "hx-get", "hx-post")
                if (
                    name.startswith("on")
                    or name == "style"
                    or (is_link and not value.startswith(("/console", "#")))
                ):
                    found.append(f"{tag} {name}={value}")

    Parser().feed(html)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_there_is_only_the_door(path: str) -> None:
    page = World().visitor().get(path)
    assert (page.status, page.header("location"), page.body) == (303, "/console/login", b"")


@pytest.mark.parametrize("path", CHANGES)
def test_without_a_session_nothing_is_changed(path: str) -> None:
    world = World()
    before = world.actions()
    assert world.visitor().post(path, node="alpha").status == 303
    assert world.told.orders == []
    assert world.actions() == before


def test_without_a_session_there_are_no_events() -> None:
    page = World().visitor().get("/console/live")
    assert (page.status, page.body) == (401, b"")


def test_a_session_that_is_not_used_ends_and_an_open_page_does_not_use_it() -> None:
    world = World()
    olga = world.visitor("olga")
    for _ in range(IDLE_MS // 600_000):
        world.wall.now_ms += 600_000
        assert olga.get("/console/nodes/cards").status in (200, 303)
        olga.get("/console/history")
    assert olga.get("/console/").status == 303
    assert olga.cookies == {}


def test_a_session_that_is_used_lasts_twelve_hours_and_no_longer() -> None:
    world = World()
    olga = world.visitor("olga")
    for _ in range(LONGEST_SESSION_MS // 1_200_000 - 1):
        world.wall.now_ms += 1_200_000
        assert olga.get("/console/nodes").status == 200
    world.wall.now_ms += 1_200_000
    assert olga.get("/console/nodes").status == 303


def test_a_session_that_somebody_else_has_put_into_the_browser_is_not_the_one_that_logs_in() -> None:
    world = World()
    thief = world.visitor("vera")
    planted = dict(thief.cookies)
    victim = world.visitor()
    victim.cookies = dict(planted)
    victim.log_in("olga")
    assert victim.cookies != planted
    assert thief.get("/console/").status == 303
    invented = world.visitor()
    invented.cookies = {"naivechat_console": "A" * 43}
    assert invented.get("/console/").status == 303
    invented.log_in("olga")
    assert invented.cookies["naivechat_console"] != "A" * 43


def test_a_session_that_was_stolen_is_worth_nothing_after_its_owner_has_logged_out() -> None:
    world = World()
    olga = world.visitor("olga")
    thief = world.visitor()
    thief.cookies = dict(olga.cookies)
    assert thief.get("/console/").status == 200
    assert olga.post("/console/logout").header("hx-redirect") == "/console/login"
    assert olga.cookies == {}
    assert thief.get("/console/").status == 303


def test_a_disabled_operators_session_ends_at_once() -> None:
    world = World()
    olga = world.visitor("olga")
    world.store.evolve(OperatorId("olga"), disabled=True)
    assert olga.get("/console/").status == 303
    assert olga.post("/console/nodes/drain", node="alpha").status == 303
    assert world.told.orders == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "https://127.0.0.1:7398",
        "http://127.0.0.1:7399",
        "http://127.0.0.1",
    ],
)
@pytest.mark.parametrize("path", [*CHANGES, "/console/login"])
def test_another_sites_page_changes_nothing_even_with_the_token(path: str, origin: str) -> None:
    world = World()
    olga = world.visitor("olga")
    page = olga.post(path, Origin=origin, node="alpha", operator_id="olga", password=PASSWORD)
    assert page.status == 403
    assert world.told.orders == []
    assert olga.get("/console/").status == 200


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
@pytest.mark.parametrize("path", CHANGES)
def test_without_the_sessions_own_token_nothing_is_changed_and_the_try_is_written_down(
    path: str, token: str
) -> None:
    world = World()
    olga, vera = world.visitor("olga"), world.visitor("vera")
    assert olga.post(path, X_CSRF_Token=token, node="alpha").status == 403
    assert olga.post(path, X_CSRF_Token=vera.csrf, node="alpha").status == 403
    assert world.told.orders == []
    assert olga.get("/console/").status == 200
    entry = world.store.entries[-1]
    assert (entry.action, entry.operator_id, entry.subject) == (AuditAction.OPERATOR_REFUSED, "olga", path)
    assert entry.detail == {"reason": "csrf"}


@pytest.mark.parametrize("path", CHANGES)
def test_a_link_changes_nothing(path: str) -> None:
    world = World()
    olga = world.visitor("olga")
    page = olga.get(f"{path}?node=alpha")
    assert (page.status, page.header("allow")) == (405, "POST")
    assert world.told.orders == []


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7398", "127.0.0.1.evil.example", "", "[", "a b"]
)
def test_a_strangers_name_that_leads_here_gets_no_page(host: str) -> None:
    visitor = World().visitor(host=host)
    page = visitor.get("/console/login")
    assert page.status in (400, 421)
    assert visitor.post("/console/login", operator_id="olga", password=PASSWORD).status in (400, 403, 421)


@pytest.mark.parametrize(
    "path", ["/console/nodes/drain", "/console/nodes/resume", "/console/nodes/log-level"]
)
def test_a_viewer_does_no_operators_work_and_the_try_is_written_down(path: str) -> None:
    world = World()
    vera = world.visitor("vera")
    page = vera.post(path, node="alpha", level="debug", HX_Request="true")
    assert page.status == 403
    assert "A viewer may look" in page.text
    assert world.told.orders == []
    entry = world.store.entries[-1]
    assert (entry.action, entry.operator_id, entry.subject, entry.from_address) == (
        AuditAction.OPERATOR_REFUSED,
        "vera",
        path,
        "192.168.1.1",
    )
    assert entry.detail == {"reason": "viewer"}


def test_a_viewer_sees_the_nodes_but_none_of_their_switches() -> None:
    page = World().visitor("vera").get("/console/nodes")
    assert "alpha" in page.text
    assert 'hx-post="/console/nodes' not in page.text


@pytest.mark.parametrize("path", ["/console/", "/console/nodes", "/console/audit", "/console/nodes/cards"])
def test_what_names_and_audit_entries_say_is_text_and_never_a_part_of_the_page(path: str) -> None:
    world = World()
    world.own = status(EVIL, addresses=(EVIL,), log_level=EVIL)
    world.directory.others = (status(f"'\"{EVIL}", addresses=(f"javascript:{EVIL}",)),)
    done(world.nodes.beat())
    world.note(AuditAction.USER_KICK, EVIL, reason=EVIL, **{EVIL: EVIL})
    olga = world.visitor("olga")
    page = olga.get(path)
    assert page.status == 200
    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text
    assert "<img" not in page.text
    assert wild_parts(page.text) == []


@pytest.mark.parametrize("field", ["operator", "action", "subject", "since", "until", "before", "%22%3E"])
def test_what_an_address_says_is_text_too(field: str) -> None:
    page = World().visitor("olga").get(f"/console/audit?{field}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.status == 200
    assert "<script>" not in page.text


def test_the_name_somebody_typed_at_the_door_is_text() -> None:
    page = World().visitor().post("/console/login", operator_id=EVIL, password="x")
    assert page.status == 403
    assert "<script>" not in page.text


def test_wildcards_and_quotes_in_a_filter_mean_themselves() -> None:
    world = World()
    world.note(AuditAction.USER_KICK, "li")
    olga = world.visitor("olga")
    for text in ("%25", "_i", "li'--", "l*", "%27 OR 1=1"):
        assert "user.kick</code>" not in olga.get(f"/console/audit?subject={text.replace(' ', '%20')}").text
    assert "user.kick</code>" in olga.get("/console/audit?subject=li").text


@pytest.mark.parametrize("length", [65_537, 2_000_000])
def test_a_huge_form_is_refused(length: int) -> None:
    visitor = World().visitor()
    headers = {"Origin": visitor.origin, "Content_Type": "application/x-www-form-urlencoded"}
    assert visitor.ask("POST", "/console/login", b"a" * length, **headers).status == 413


def test_a_huge_form_of_another_kind_is_refused_too() -> None:
    visitor = World().visitor()
    headers = {"Origin": visitor.origin, "Content_Type": "text/plain"}
    assert visitor.ask("POST", "/console/login", b"a" * 65_537, **headers).status == 413


def test_a_form_of_very_many_fields_is_refused() -> None:
    visitor = World().visitor()
    headers = {"Origin": visitor.origin, "Content_Type": "text/plain"}
    assert visitor.ask("POST", "/console/login", b"a=1&" * 1000, **headers).status == 400
    assert visitor.get("/console/login?" + "a=1&" * 1000).status == 400


@pytest.mark.parametrize(
    "name",
    [
        "../words.py",
        "..%2fwords.py",
        "%2e%2e/words.py",
        "....//words.py",
        "/etc/passwd",
        "..\\words.py",
        "console.css%00.js",
        "",
        ".",
        "nothing.js",
    ],
)
def test_no_path_leads_out_of_the_static_files(name: str) -> None:
    page = World().visitor().get(f"/console/static/{name}")
    assert page.status == 404
    assert b"import" not in page.body


@pytest.mark.parametrize(
    "path",
    [
        "/console/login?next=http://evil.example",
        "/console//evil.example",
        "/console/%0d%0aSet-Cookie:%20a=b",
        "/console/audit?operator=%0d%0aSet-Cookie:%20a=b",
        "/console/\xff",
    ],
)
def test_nothing_that_is_asked_for_becomes_a_header_or_a_way_out(path: str) -> None:
    page = World().visitor().get(path)
    assert "set-cookie" not in page.headers
    assert "evil.example" not in page.header("location")


def test_no_page_may_stand_in_a_frame_and_none_is_kept() -> None:
    world = World()
    olga = world.visitor("olga")
    for path in (*PAGES, "/console/login", "/console/nothing"):
        page = olga.get(path)
        assert page.header("x-frame-options") == "DENY"
        assert "frame-ancestors 'none'" in page.header("content-security-policy")
        assert page.header("cache-control") == "no-store"
        assert page.header("x-content-type-options") == "nosniff"


def test_pages_have_no_script_or_style_of_their_own() -> None:
    world = World()
    olga = world.visitor("olga")
    for path in ("/console/", "/console/nodes", "/console/audit", "/console/nothing"):
        assert wild_parts(olga.get(path).text) == []


def test_guesses_have_to_wait_longer_and_longer_and_are_told_so_in_words() -> None:
    world = World()
    stranger = world.visitor()
    answers = [stranger.log_in("olga", f"guess {number}") for number in range(8)]
    assert [answer.status for answer in answers] == [403] * 5 + [429] * 3
    assert "try again in 30 seconds" in answers[-1].text
    assert stranger.log_in("olga").status == 429
    assert world.actions().count(AuditAction.OPERATOR_LOGIN_FAILED) == 5
    assert world.actions().count(AuditAction.OPERATOR_LOCKED_OUT) == 1
    world.wall.now_ms += 30_000
    assert stranger.log_in("olga").status == 303


def test_nothing_tells_which_operators_there_are() -> None:
    world = World()
    stranger = world.visitor()
    known = stranger.log_in("olga", "wrong password")
    unknown = stranger.log_in("oleg", "wrong password")
    assert known.status == unknown.status == 403
    assert known.text.replace("olga", "oleg") == unknown.text


def test_a_page_that_fails_tells_nothing() -> None:
    world = World()
    olga = world.visitor("olga")
    world.cluster._own_figures = lambda: 1 / 0  # type: ignore[assignment, return-value]
    page = olga.get("/console/")
    assert page.status == 500
    assert "ZeroDivisionError" not in page.text
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
