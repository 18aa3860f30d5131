"""Users in the browser: found and listed, added one at a time or many, taken out as a table."""

import csv
import io
import re

import pytest

from naivechat.domain.audit import AuditAction
from naivechat.domain.directory import LiveSession
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.logs import logged_errors
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.test_pages import _dechunked, rows
from tests.unit.interfaces.console.visitor import Page, Visitor, World

HEAD = "user_id,nickname,password\n"


@pytest.fixture
def world() -> World:
    """Ann and Bob, of whom Ann is connected to two nodes."""
    world = World()
    world.chat.people("ann bob")
    for node, device in (("alpha", "desktop"), ("beta", "phone")):
        come(world, "ann", node, device)
    return world


def come(world: World, user_id: str, node: str, device: str = "desktop") -> None:
    """Somebody is connected to a node."""
    world.chat.directory.online.add(UserId(user_id))
    world.desk.sessions.sessions.append(
        LiveSession(user_id=UserId(user_id), device=device, node=node, address="192.0.2.9", began_at_ms=1_000)
    )


def names(page: Page) -> list[str]:
    return re.findall(r'<a href="/console/users/one\?[^"]*">([^<]*)</a>', page.text)


def send(visitor: Visitor, table: str | bytes, path: str = "/console/users/import") -> Page:
    body = table if isinstance(table, bytes) else table.encode()
    kind = "text/csv; charset=utf-8"
    return visitor.ask(
        "POST", path, body, Content_Type=kind, Origin=visitor.origin, X_CSRF_Token=visitor.csrf
    )


def test_users_are_listed_with_where_they_are(world: World) -> None:
    text = world.visitor("vera").get("/console/users").text
    ann, bob = ([re.sub(r"\s+", " ", cell) for cell in row] for row in rows(text))
    assert ann[:3] == ["AAnn", "ann", "Onlinedesktop · alphaphone · beta"]
    assert bob[:4] == ["BBob", "bob", "Offline", "–"]
    assert "1 to 2 of 2" in text


def test_users_are_searched_narrowed_down_and_sorted(world: World) -> None:
    olga = world.visitor("olga")
    done(world.chat.accounts.set_disabled(UserId("bob"), True))
    assert names(olga.get("/console/users?sort=nickname&order=down")) == ["Bob", "Ann"]
    assert names(olga.get("/console/users?text=AN")) == ["Ann"]
    assert names(olga.get("/console/users?state=disabled")) == ["Bob"]
    assert names(olga.get("/console/users?state=enabled")) == ["Ann"]
    for wildcard in ("%25", "_nn", "a*", "%27", "%27+OR+1%3D1--"):
        assert names(olga.get(f"/console/users?text={wildcard}")) == []
    assert names(olga.get("/console/users?sort=password_hash;--&order=x&page=x&state=y")) == ["Ann", "Bob"]


def test_many_users_come_in_pages(world: World) -> None:
    world.chat.people(" ".join(f"u{number:02}" for number in range(60)))
    olga = world.visitor("olga")
    first = olga.get("/console/users?text=u")
    assert len(names(first)) == 50
    ((following,),) = [re.findall(r'rel="next" href="([^"]+)"', first.text)]
    second = olga.get(following.replace("&amp;", "&"))
    assert (len(names(second)), "51 to 60 of 60" in second.text) == (10, True)
    assert 'rel="next"' not in second.text


def test_who_is_online_is_listed_by_id_in_pages(world: World) -> None:
    world.chat.people(" ".join(f"u{number:02}" for number in range(60)))
    for number in range(60):
        come(world, f"u{number:02}", "alpha")
    olga = world.visitor("olga")
    first = olga.get("/console/users?state=online")
    assert names(first)[:2] == ["Ann", "U00"]
    assert "aria-sort" not in first.text
    assert names(olga.get("/console/users?state=online&text=bob")) == []
    ((following,),) = [re.findall(r'rel="next" href="([^"]+)"', first.text)]
    rest = olga.get(following.replace("&amp;", "&"))
    assert names(rest) == [f"U{number}" for number in range(49, 60)]
    assert ('rel="next"' in rest.text, "From the beginning" in rest.text) == (False, True)


@pytest.mark.parametrize(
    "path", ["/console/users", "/console/users?state=online", "/console/users/one?id=ann"]
)
def test_it_is_said_when_a_node_has_not_answered(world: World, path: str) -> None:
    olga = world.visitor("olga")
    assert "Not every node has answered" not in olga.get(path).text
    world.desk.sessions.silent = True
    assert "Not every node has answered" in olga.get(path).text


def test_a_user_is_added_with_the_password_that_was_typed(world: World) -> None:
    page = world.visitor("olga").post("/console/users/create", id=" carl ", nickname="", password="password")
    assert (page.status, page.header("hx-trigger")) == (200, "changed")
    assert "carl can log in now." in page.text
    assert "secret" not in page.text
    assert done(world.chat.accounts.authenticate(UserId("carl"), "password")).user.nickname == "carl"
    assert world.actions()[-1] == AuditAction.USER_CREATE


def test_a_password_that_was_not_typed_is_made_up_and_shown_once(world: World) -> None:
    page = world.visitor("olga").post("/console/users/create", id="carl", nickname="Carl C.")
    ((password,),) = [re.findall(r'class="secret">([^<]+)<', page.text)]
    assert done(world.chat.accounts.authenticate(UserId("carl"), password)).user.nickname == "Carl C."
    assert not any(password in str(entry) for entry in world.store.entries)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"id": "ann"}, 409, "This account name is taken."),
        ({"id": "a b"}, 400, "user_id: 1 to 32"),
        ({"id": ""}, 400, "nickname: has 1 to 32 characters"),
        ({"id": "carl", "nickname": "\x1b[31m"}, 400, "nickname: has no control characters"),
        ({"id": "carl", "nickname": "x" * 33}, 400, "nickname: has 1 to 32 characters"),
        ({"id": "carl", "password": "short"}, 409, "A password needs at least 8 characters."),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(
    world: World, fields: dict[str, str], status: int, reason: str
) -> None:
    page = world.visitor("olga").post("/console/users/create", HX_Request="true", **fields)
    assert (page.status, page.header("hx-retarget")) == (status, "#notice")
    assert reason in page.text
    assert world.store.entries[-1].detail["refused"]
    assert set(world.chat.store.accounts) == {"ann", "bob"}


def test_a_table_is_checked_and_nobody_is_added(world: World) -> None:
    page = send(world.visitor("olga"), HEAD + "carl,Carl,password\n", "/console/users/check")
    assert "1 person can be added." in page.text
    assert "carl" not in world.chat.store.accounts


def test_all_people_of_a_table_are_added(world: World) -> None:
    table = "\ufeff" + HEAD + "".join(f"u{number},李 {number},password\n" for number in range(300))
    page = send(world.visitor("olga"), table)
    assert "300 people can log in now." in page.text
    assert world.chat.store.accounts[UserId("u7")].user.nickname == "李 7"
    entry = world.store.entries[-1]
    assert (entry.action, dict(entry.detail)) == (AuditAction.USER_IMPORT, {"added": 300, "faults": 0})


def test_with_one_fault_nobody_is_added_and_its_line_is_told(world: World) -> None:
    page = send(world.visitor("olga"), HEAD + f"carl,Carl,password\nann,{EVIL},password\n<b>,B,short\n")
    assert "Nobody was added." in page.text
    assert "Line 3: nickname has 1 to 32 characters" in page.text
    assert "Line 4: password has at least 8 characters" in page.text
    assert wild_parts(page.text) == []
    assert "carl" not in world.chat.store.accounts


@pytest.mark.parametrize(
    "table",
    [
        "user_id,nickname\n",
        HEAD.replace("nickname", "nickname,colour"),
        HEAD.replace("nickname", "nickname,nickname"),
        HEAD,
        HEAD + "a,b\n",
        HEAD + "-,A,password\n",
        HEAD + "ann,A,password\n",
        HEAD + "carl,C,password\ncarl,C,password\n",
        HEAD + "carl,,password\n",
        HEAD + "carl,\x07,password\n",
        HEAD + "carl,C,short\n",
        HEAD + f"carl,C,{'x' * 1_025}\n",
        HEAD.replace("\n", ",avatar\n") + f"carl,C,password,{'x' * 65}\n",
        HEAD + "x" * 1_000_000,
        HEAD + "u,U,password\n" * 1_001,
        HEAD + '"a" b,C,password\n',
    ],
)
def test_whatever_is_wrong_with_a_table_is_told_in_chinese_too(world: World, table: str) -> None:
    olga = world.visitor("olga")
    olga.cookies["naivechat_language"] = "zh_CN"
    told = re.findall(r"<li>第 \d+ 行：(.+)</li>", send(olga, table, "/console/users/check").text)
    assert told
    assert all(re.search("[\u4e00-\u9fff]", sentence) for sentence in told)


@pytest.mark.parametrize("path", ["/console/users/check", "/console/users/import"])
def test_a_table_that_is_no_text_is_refused(world: World, path: str) -> None:
    page = send(world.visitor("olga"), "账号,昵称".encode("gbk"), path)
    assert (page.status, "The file is not UTF-8 text." in page.text) == (400, True)


def test_a_table_that_is_too_long_is_refused_by_its_length(world: World) -> None:
    olga = world.visitor("olga")
    assert "a file has at most 1,000,000 characters" in send(olga, HEAD + "x" * 1_000_000).text
    assert send(olga, b"x" * (1024 * 1024 + 1)).status == 413
    assert "a file has at most 1,000 people" in send(olga, HEAD + "u,U,password\n" * 1_001).text


def test_a_form_is_no_table_and_a_table_no_form(world: World) -> None:
    olga = world.visitor("olga")
    assert "there is no column user_id" in olga.post("/console/users/import", table=HEAD).text
    page = send(olga, b"id=carl", "/console/users/create")
    assert (page.status, "carl" in world.chat.store.accounts) == (400, False)


def test_a_strangers_table_is_not_looked_at(world: World) -> None:
    stranger = world.visitor(origin="http://elsewhere.example")
    assert send(stranger, HEAD + "carl,Carl,password\n").status == 403
    assert send(world.visitor(), HEAD + "carl,Carl,password\n").status == 303
    thief = world.visitor("olga")
    thief.csrf = "guessed"
    assert send(thief, HEAD + "carl,Carl,password\n").status == 403
    assert "carl" not in world.chat.store.accounts


def test_all_users_are_exported_as_a_table_and_it_is_written_down(world: World) -> None:
    done(world.chat.accounts.add(UserId("carl"), "password", "=cmd()", ""))
    page = world.visitor("vera").get("/console/users.csv")
    assert page.header("content-disposition") == 'attachment; filename="naivechat-users.csv"'
    assert page.header("transfer-encoding") == "chunked"
    table = list(csv.reader(io.StringIO(_dechunked(page.body).decode("utf-8-sig"))))
    assert [line[:2] for line in table] == [
        ["user_id", "nickname"],
        ["ann", "Ann"],
        ["bob", "Bob"],
        ["carl", "'=cmd()"],
    ]
    assert (world.actions()[-1], world.store.entries[-1].operator_id) == (AuditAction.USER_EXPORT, "vera")


def test_nothing_is_exported_that_cannot_be_written_down(world: World) -> None:
    vera = world.visitor("vera")
    world.log.down.append(True)
    assert b"ann" not in vera.get("/console/users.csv").body
    logged_errors.flush()


def test_a_nickname_is_text_wherever_it_stands(world: World) -> None:
    done(world.chat.accounts.add(UserId("evil"), "password", "<img src=x onerror=a()>", '"><script>'))
    come(world, "evil", "<b>node", '"><script>')
    olga = world.visitor("olga")
    for path in ("/console/users", "/console/users?state=online", "/console/users/one?id=evil"):
        text = olga.get(path).text
        assert wild_parts(text) == []
        assert ("&lt;img src=x" in text, "<b>node" in text) == (True, False)


def test_what_is_searched_for_is_text_too(world: World) -> None:
    olga = world.visitor("olga")
    page = olga.get("/console/users?text=%22%3E%3Cscript%3E&state=online&after=%22%3E%3Cscript%3E")
    assert (page.status, wild_parts(page.text)) == (200, [])
