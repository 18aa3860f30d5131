"""The console's pages as an operator uses them."""

import csv
import io
import json
import re

import attrs
import pytest

from naivechat.domain.audit import AuditAction
from naivechat.domain.node_order import Drain, LogLevel, Resume, SetLogLevel
from naivechat.domain.operator import OperatorId
from tests.fakes import done
from tests.unit.interfaces.console.visitor import PASSWORD, World, status


def rows(html: str) -> list[list[str]]:
    """The cells of a page's table rows, as texts."""
    cells = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)
    ]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells if row]


def test_who_logs_in_comes_to_the_overview_with_a_cookie_that_no_script_reads() -> None:
    world = World()
    visitor = world.visitor()
    page = visitor.log_in("olga")
    assert (page.status, page.header("location")) == (303, "/console/")
    assert re.fullmatch(
        r"naivechat_console=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict", page.header("set-cookie")
    )
    assert "olga · Operator" in visitor.get("/console/").text
    assert visitor.get("/console/login").header("location") == "/console/"
    assert visitor.get("/console").header("location") == "/console/"
    assert visitor.get("/").header("location") == "/console/"


def test_behind_a_proxy_cookies_are_secure_and_addresses_are_the_clients() -> None:
    world = World("https://console.example")
    page = (visitor := world.visitor(host="console.example", origin="https://console.example")).log_in("olga")
    assert re.fullmatch(
        r"__Host-naivechat_console=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure",
        page.header("set-cookie"),
    )
    assert visitor.get("/console/").status == 200
    assert world.visitor(host="console.example", origin="http://console.example").log_in("olga").status == 403
    assert world.visitor(host="127.0.0.1:7398", origin="https://console.example").log_in("olga").status == 303


def test_a_code_is_asked_for_where_the_operator_has_a_secret() -> None:
    world = World()
    world.store.evolve(OperatorId("olga"), totp_secret="S")
    visitor = world.visitor()
    assert visitor.log_in("olga").status == 403
    code = f"S:{world.wall.now_ms // 30_000}"
    assert visitor.log_in("olga", code=code).status == 303
    assert world.visitor().log_in("olga", code=code).status == 403


def test_a_wrong_password_leaves_the_name_in_its_field() -> None:
    page = World().visitor().log_in("olga", "wrong")
    assert page.status == 403
    assert "The account, the password or the code is wrong." in page.text
    assert 'value="olga"' in page.text
    assert PASSWORD not in page.text


def test_the_door_speaks_the_browsers_language_or_the_chosen_one() -> None:
    visitor = World().visitor()
    assert '<html lang="zh-CN"' in (page := visitor.get("/console/login", Accept_Language="zh-CN")).text
    assert "登录" in page.text
    visitor.cookies = {"naivechat_language": "en", "naivechat_theme": "dark"}
    page = visitor.get("/console/login", Accept_Language="zh-CN")
    assert '<html lang="en" data-theme="dark">' in page.text
    visitor.cookies = {"naivechat_theme": '"><script>'}
    assert 'data-theme="auto"' in visitor.get("/console/login").text


def test_the_overview_sums_up_all_nodes() -> None:
    world = World()
    world.directory.others = (status("beta", connections=1_200, users=40, messages_per_s=3.5, draining=True),)
    done(world.nodes.beat())
    text = world.visitor("olga").get("/console/").text
    assert re.findall(r'class="figure">([^<]*)<', text) == ["1,203", "42", "3.5", "–", "–"]
    assert "2 nodes" in text
    assert ["alpha", "3", "0", "Running"] in rows(text)
    assert ["beta", "1,200", "3.5", "Draining"] in rows(text)
    assert any(row[2] == "operator.login" for row in rows(text))


def test_the_overview_says_what_works_and_is_there_without_the_database() -> None:
    world = World()
    olga = world.visitor("olga")
    world.figures = attrs.evolve(world.figures, bus_connected=True)
    assert "Bus works" in (text := olga.get("/console/").text)
    assert "Database works" in text
    world.figures = attrs.evolve(world.figures, bus_connected=False)
    world.log.down.append(True)
    assert "Bus is away" in (text := olga.get("/console/").text)
    assert "Database is away" in text
    assert olga.get("/console/audit").status == 503
    assert "The node cannot reach its storage" in olga.get("/console/audit").text


def test_the_last_hour_comes_as_columns_of_numbers() -> None:
    world = World()
    world.own = status("alpha", messages_per_s=2.5, delivery_p99_ms=12.5)
    done(world.nodes.beat())
    done(world.cluster.take())
    page = world.visitor("olga").get("/console/history")
    assert json.loads(page.body) == {
        "time": [world.wall.now_ms / 1000],
        "messages": [2.5],
        "delivery": [12.5],
    }


def test_a_nodes_card_says_where_it_is_and_how_it_does() -> None:
    world = World()
    world.own = status(
        "alpha", addresses=("127.0.0.1:7397",), commit_p50_ms=1.5, commit_p99_ms=8.0, log_level="info"
    )
    done(world.nodes.beat())
    olga = world.visitor("olga")
    for path in ("/console/nodes", "/console/nodes/cards"):
        text = olga.get(path).text
        assert "127.0.0.1:7397" in text
        assert "1.5 ms / 8 ms" in text
        assert '<time datetime="1970-01-01T00:00:00Z">' in text
        assert "<option selected>info</option>" in text
        assert "You are connected to this one." in text


def test_an_operator_drains_and_resumes_nodes_and_sets_what_they_log() -> None:
    world = World()
    world.directory.others = (status("beta", draining=True),)
    done(world.nodes.beat())
    olga = world.visitor("olga")
    page = olga.post("/console/nodes/drain", node="alpha")
    assert (page.status, "alpha was told to drain" in page.text) == (200, True)
    assert olga.post("/console/nodes/resume", node="beta").status == 200
    assert olga.post("/console/nodes/log-level", node="beta", level="debug").status == 200
    assert world.told.orders == [
        ("here", Drain()),
        ("run-beta", Resume()),
        ("run-beta", SetLogLevel(LogLevel.DEBUG)),
    ]
    assert world.actions()[-3:] == [
        AuditAction.NODE_DRAIN,
        AuditAction.NODE_RESUME,
        AuditAction.NODE_LOG_LEVEL,
    ]
    text = olga.get("/console/nodes").text
    assert 'hx-post="/console/nodes/drain"' in text
    assert 'hx-post="/console/nodes/resume"' in text


@pytest.mark.parametrize(("fields", "refused"), [({"node": "gamma"}, 404), ({}, 404)])
def test_a_node_that_is_not_there_is_told_nothing(fields: dict[str, str], refused: int) -> None:
    world = World()
    page = world.visitor("olga").post("/console/nodes/drain", HX_Request="true", **fields)
    assert (page.status, page.header("hx-retarget")) == (refused, "#notice")
    assert "There is no such node." in page.text
    assert world.told.orders == []


def test_a_level_that_there_is_not_is_refused() -> None:
    page = World().visitor("olga").post("/console/nodes/log-level", node="alpha", level="everything")
    assert page.status == 400


def test_the_audit_log_is_filtered_and_turned_over_page_by_page() -> None:
    world = World()
    for number in range(120):
        world.note(AuditAction.USER_DISABLE, f"user{number}", devices=number)
    olga = world.visitor("olga")
    seen: list[str] = []
    path = "/console/audit?action=user."
    pages = 0
    while path:
        text = olga.get(path).text
        seen += [row[3] for row in rows(text)]
        pages += 1
        older = re.search(r'href="([^"]+)">Older<', text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"user{number}" for number in reversed(range(120))]
    assert pages == 3
    assert "devices: 119" in olga.get("/console/audit").text
    assert [row[3] for row in rows(olga.get("/console/audit?subject=user7&operator=olga").text)] == ["user7"]
    assert rows(olga.get("/console/audit?operator=nobody").text) == [["Nothing to show."]]


def test_the_audit_log_is_filtered_by_days() -> None:
    world = World()
    world.note(AuditAction.USER_KICK, "early")  # 2023-11-14
    world.wall.now_ms += 24 * 3_600_000
    world.note(AuditAction.USER_KICK, "late")
    olga = world.visitor("olga")

    def subjects(query: str) -> list[str]:
        return [row[3] for row in rows(olga.get(f"/console/audit?action=user.kick&{query}").text)]

    assert subjects("since=2023-11-15") == ["late"]
    assert subjects("until=2023-11-14") == ["early"]
    assert subjects("since=2023-11-14&until=2023-11-15") == ["late", "early"]
    assert subjects("since=yesterday&until=9999999-99-99&before=x") == ["late", "early"]


def test_the_audit_log_is_exported_whole_as_it_is_filtered_and_the_export_is_written_down() -> None:
    world = World()
    for number in range(250):
        world.note(AuditAction.USER_DISABLE, "=cmd()" if number == 7 else f"user{number}")
    olga = world.visitor("vera")
    page = olga.get("/console/audit.csv?action=user.&operator=olga")
    assert page.header("content-disposition") == 'attachment; filename="naivechat-audit.csv"'
    assert page.header("transfer-encoding") == "chunked"
    text = _dechunked(page.body).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 251
    assert lines[0][:4] == ["id", "time", "operator", "action"]
    assert lines[1][4] == "user249"
    assert lines[243][4] == "'=cmd()"
    entry = world.store.entries[-1]
    assert (entry.action, entry.operator_id, entry.detail) == (
        AuditAction.AUDIT_EXPORT,
        "vera",
        {"filter": "operator=olga&action=user."},
    )


def test_htmx_goes_to_the_door_with_the_whole_page() -> None:
    page = World().visitor().get("/console/nodes/cards", HX_Request="true")
    assert (page.status, page.header("hx-redirect")) == (401, "/console/login")


def test_what_is_not_there_has_a_page_of_its_own_and_head_has_no_body() -> None:
    world = World()
    olga = world.visitor("olga")
    page = olga.get("/console/nothing")
    assert (page.status, "There is no such page." in page.text) == (404, True)
    assert olga.ask("HEAD", "/console/", b"").body == b""
    assert olga.ask("DELETE", "/console/audit", b"", Origin=olga.origin).status == 405
    for path in ("/console/live", "/console/audit.csv"):
        assert olga.ask("HEAD", path, b"").status == 405


def test_a_browser_that_goes_before_the_answer_is_there_breaks_nothing() -> None:
    world = World()
    olga = world.visitor("olga")
    olga.get("/console/live")
    assert olga.raw is not None
    olga.raw.leave()
    world.clock.advance(60)


def _dechunked(body: bytes) -> bytes:
    whole = b""
    while body:
        length, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(length, 16)], body[int(length, 16) + 2 :]
    return whole
