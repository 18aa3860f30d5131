"""Announcements in the browser: seen before they are sent, sent once, read by whom they are for."""

import re

import pytest

from naivechat.domain.directory import LiveSession
from naivechat.domain.group import GroupId
from naivechat.domain.message import HistoryRange, Message
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.test_pages import rows
from tests.unit.interfaces.console.visitor import Page, Visitor, World, status

NEWS = "account:official1"


@pytest.fixture
def world() -> World:
    """Ann and Bob, who is connected to alpha."""
    world = World()
    world.chat.people("ann bob")
    world.desk.sessions.sessions.append(
        LiveSession(user_id=UserId("bob"), device="desktop", node="alpha", address="", began_at_ms=0)
    )
    return world


@pytest.fixture
def olga(world: World) -> Visitor:
    """With the official account News."""
    olga = world.visitor("olga")
    page = ask(olga, "create", name="News")
    assert "The official account News is there; 2 people belong to it." in page.text
    return olga


def ask(visitor: Visitor, step: str, /, **fields: str) -> Page:
    return visitor.post(f"/console/announcements/{step}", **fields, HX_Request="true")


def hidden(page: Page) -> dict[str, str]:
    """What the form of a page sends."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


def stored(world: World, group_id: str = "official1") -> list[Message]:
    records = world.chat.store.log.records.values()
    return [r.message for r in records if r.message.talk_id == f":{group_id}" and r.message.msg_type == 0]


def test_what_is_written_is_shown_with_how_many_get_it_and_nothing_is_sent(
    world: World, olga: Visitor
) -> None:
    page = ask(olga, "preview", audience=NEWS, text="down at six")
    assert page.status == 200
    assert "down at six" in page.text
    assert "News: 2 people" in page.text
    assert stored(world) == []
    assert "official.announce" not in world.actions()


def test_what_was_shown_is_sent_once_even_when_the_form_is_sent_twice(world: World, olga: Visitor) -> None:
    form = hidden(ask(olga, "preview", audience=NEWS, text=" down\r\nat six "))
    assert "It was announced." in ask(olga, "send", **form).text
    assert "nothing was sent again" in ask(olga, "send", **form).text
    assert [message.text for message in stored(world)] == ["down\nat six"]
    other = ask(olga, "send", **{**form, "text": "something else"})
    assert other.status == 409
    assert len(stored(world)) == 1


def test_each_look_at_it_makes_an_announcement_of_its_own(world: World, olga: Visitor) -> None:
    for _ in range(2):
        ask(olga, "send", **hidden(ask(olga, "preview", audience=NEWS, text="again")))
    assert len(stored(world)) == 2


def test_who_is_away_finds_it_unread(world: World, olga: Visitor) -> None:
    ask(olga, "send", **hidden(ask(olga, "preview", audience=NEWS, text="down at six")))
    ann = world.chat.store.accounts[UserId("ann")].user
    talk = done(world.chat.talks.snapshot(ann.user_id)).talks.talks[0]
    assert (talk.address.other_id, talk.unread, talk.sketch) == ("official1", 1, "down at six")


def test_one_nodes_people_get_what_is_for_them(world: World, olga: Visitor) -> None:
    page = ask(olga, "preview", audience="node:alpha", text="down at six")
    assert "alpha: 2 people are connected to it now, 0 belong to its account from before" in page.text
    assert "It was announced." in ask(olga, "send", **hidden(page)).text
    assert "nothing was sent again" in ask(olga, "send", **hidden(page)).text
    assert [message.text for message in stored(world, "node.alpha")] == ["down at six"]
    members = world.chat.store.members[GroupId("node.alpha")]
    assert "bob" in members
    assert "ann" not in members
    again = ask(olga, "preview", audience="node:alpha", text="up again")
    assert "1 belong to its account from before" in again.text


def test_accounts_are_listed_with_who_belongs_to_them(world: World, olga: Visitor) -> None:
    ask(olga, "send", **hidden(ask(olga, "preview", audience="node:alpha", text="down at six")))
    found = [(row[1], row[2], row[3]) for row in rows(olga.get("/console/announcements/accounts").text)]
    assert found == [("official1", "Everybody", "2"), ("node.alpha", "Who was on the node", "1")]


def test_an_enrolment_that_was_broken_off_is_gone_on_with(world: World, olga: Visitor) -> None:
    world.chat.store.leave_group(GroupId("official1"), UserId("bob"))
    assert "1 person was missing." in ask(olga, "enrol", id="official1").text
    assert "bob" in world.chat.store.members[GroupId("official1")]
    assert "0 people were missing." in ask(olga, "enrol", id="official1").text


def test_all_living_nodes_and_accounts_can_be_chosen(world: World, olga: Visitor) -> None:
    world.directory.others = (status("beta"),)
    done(world.nodes.beat())
    chosen = re.findall(r'<option value="([^"]*)">', olga.get("/console/announcements").text)
    assert chosen == [NEWS, "node:alpha", "node:beta"]


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("preview", {"audience": NEWS, "text": " "}, 400),
        ("preview", {"audience": NEWS, "text": "x" * 4_001}, 409),
        ("preview", {"audience": "", "text": "hello"}, 400),
        ("preview", {"audience": "account:nothing", "text": "hello"}, 404),
        ("preview", {"audience": "node:nothing", "text": "hello"}, 404),
        ("send", {"audience": NEWS, "text": "hello", "msg_uuid": ""}, 400),
        ("send", {"audience": NEWS, "text": "hello", "msg_uuid": "x" * 32}, 400),
        ("send", {"audience": "account:g1", "text": "hello", "msg_uuid": "0" * 32}, 404),
        ("send", {"audience": "node:", "text": "hello", "msg_uuid": "0" * 32}, 404),
        ("create", {"name": " "}, 400),
        ("enrol", {"id": "nothing"}, 404),
        ("enrol", {"id": "node.alpha"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: World, olga: Visitor, name: str, fields: dict[str, str], code: int
) -> None:
    assert ask(olga, name, **fields).status == code
    assert stored(world) == []


def test_only_official_accounts_announce(world: World, olga: Visitor) -> None:
    (ann,) = world.chat.people("zoe")
    group_id = world.chat.group_of(ann)
    page = ask(olga, "send", audience=f"account:{group_id}", text="hello", msg_uuid="0" * 32)
    assert page.status == 404
    address = TalkAddress(talk_type=TalkType.GROUP, other_id=group_id)
    texts = [m.text for m in done(world.chat.messages.history(ann, address, HistoryRange())).messages]
    assert "hello" not in texts


def test_names_and_texts_are_text(world: World, olga: Visitor) -> None:
    object.__setattr__(world.chat.store.groups[GroupId("official1")], "name", EVIL)
    world.directory.others = (status(EVIL),)
    done(world.nodes.beat())
    pages = [
        olga.get("/console/announcements"),
        olga.get("/console/announcements/accounts"),
        ask(olga, "preview", audience=NEWS, text=EVIL),
        ask(olga, "preview", audience=f"node:{EVIL}", text=EVIL),
    ]
    for page in pages:
        assert page.status == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert wild_parts(page.text) == []


def test_where_there_is_no_account_of_everybody_the_page_says_what_to_do(world: World) -> None:
    olga, sentence = world.visitor("olga"), "make an official account first"
    ask(olga, "send", **hidden(ask(olga, "preview", audience="node:alpha", text="down at six")))
    assert sentence in olga.get("/console/announcements").text
    ask(olga, "create", name="News")
    assert sentence not in olga.get("/console/announcements").text


def test_a_viewer_sees_the_accounts_and_no_forms(world: World, olga: Visitor) -> None:
    main = world.visitor("vera").get("/console/announcements").text.split("<main")[1]
    assert "News" in main
    assert "hx-post" not in main
