"""Groups in the browser: found, looked at, renamed and dissolved."""

import re

import pytest

from naivechat.domain.group import GroupId
from naivechat.domain.operator import COMMAND_LINE
from tests.fakes import done
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.test_pages import rows
from tests.unit.interfaces.console.visitor import World


@pytest.fixture
def world() -> World:
    """Ann and Bob, and a group of theirs."""
    world = World()
    ann, bob = world.chat.people("ann bob")
    done(world.chat.groups.create(ann, "Rowing", "", (bob.user_id,)))
    return world


def group_id(world: World) -> GroupId:
    (found,) = [group.group_id for group in world.chat.store.groups.values() if not group.official]
    return found


def names(html: str) -> list[str]:
    return re.findall(r'<a href="/console/groups/one\?[^"]*">([^<]*)</a>', html)


def test_groups_are_listed_with_owner_and_number_of_members(world: World) -> None:
    text = world.visitor("vera").get("/console/groups").text
    ((name, identity, owner, members, _),) = rows(text)
    assert (name, identity, owner, members) == ("RRowing", group_id(world), "ann", "2")
    assert "1 to 1 of 1" in text


def test_groups_are_searched_narrowed_down_and_sorted(world: World) -> None:
    olga = world.visitor("olga")
    done(world.desk.administration.create_official(COMMAND_LINE, "Announcements"))
    assert names(olga.get("/console/groups").text) == ["Announcements", "Rowing"]
    assert names(olga.get("/console/groups?sort=name&order=down").text) == ["Rowing", "Announcements"]
    assert names(olga.get("/console/groups?text=row").text) == ["Rowing"]
    assert names(olga.get("/console/groups?kind=official").text) == ["Announcements"]
    assert names(olga.get("/console/groups?kind=plain").text) == ["Rowing"]
    for wildcard in ("%25", "_owing", "R*", "%27"):
        assert names(olga.get(f"/console/groups?text={wildcard}").text) == []
    assert names(olga.get("/console/groups?sort=;drop&page=x&kind=y").text) == ["Announcements", "Rowing"]


def test_many_groups_come_in_pages(world: World) -> None:
    (ann,) = world.chat.people("ann2")
    for number in range(60):
        done(world.chat.groups.create(ann, f"Team {number:02}", "", ()))
    olga = world.visitor("olga")
    first = olga.get("/console/groups?text=Team")
    assert names(first.text)[0] == "Team 00"
    assert len(names(first.text)) == 50
    ((following,),) = [re.findall(r'rel="next" href="([^"]+)"', first.text)]
    second = olga.get(following.replace("&amp;", "&"))
    assert len(names(second.text)) == 10
    assert "51 to 60 of 60" in second.text


def test_a_groups_page_shows_its_members_with_their_roles(world: World) -> None:
    text = world.visitor("vera").get(f"/console/groups/one?id={group_id(world)}").text
    assert [(identity, role) for _, identity, role in rows(text)] == [("ann", "Owner"), ("bob", "Member")]
    assert "hx-post" not in text.split("<main")[1]


def test_an_operator_renames_a_group(world: World) -> None:
    olga = world.visitor("olga")
    page = olga.post("/console/groups/rename", id=group_id(world), name=" Sculling ", HX_Request="true")
    assert (page.status, page.header("hx-trigger")) == (200, "changed")
    assert "The group is called Sculling now." in page.text
    assert "Sculling" in olga.get(f"/console/groups/panel?id={group_id(world)}").text
    entry = world.store.entries[-1]
    assert (entry.operator_id, entry.action, entry.subject) == ("olga", "group.rename", group_id(world))


def test_a_name_that_is_none_is_refused_in_words(world: World) -> None:
    page = world.visitor("olga").post(
        "/console/groups/rename", id=group_id(world), name=" ", HX_Request="true"
    )
    assert (page.status, page.header("hx-retarget")) == (400, "#notice")


def test_a_group_is_dissolved_only_where_its_id_is_typed(world: World) -> None:
    olga, identity = world.visitor("olga"), group_id(world)
    for typed in ("", "Rowing", identity.upper()):
        page = olga.post("/console/groups/dissolve", id=identity, typed=typed, HX_Request="true")
        assert (page.status, "was not typed as it is" in page.text) == (400, True)
    assert identity in world.chat.store.groups
    page = olga.post("/console/groups/dissolve", id=identity, typed=f" {identity} ", HX_Request="true")
    assert page.header("hx-redirect") == "/console/groups"
    assert identity not in world.chat.store.groups
    again = olga.post("/console/groups/dissolve", id=identity, typed=identity, HX_Request="true")
    assert again.status == 404


@pytest.mark.parametrize("identity", ["", "nothing", "%C3%A9", "a%3Ab", "%27%20OR%201=1"])
def test_a_group_that_is_not_there_is_not_found(world: World, identity: str) -> None:
    assert world.visitor("olga").get(f"/console/groups/one?id={identity}").status == 404


def test_names_of_groups_and_people_are_text(world: World) -> None:
    store, identity = world.chat.store, group_id(world)
    object.__setattr__(store.groups[identity], "name", EVIL)
    object.__setattr__(store.groups[identity], "notice", EVIL)
    object.__setattr__(next(iter(store.accounts.values())).user, "nickname", EVIL)
    olga = world.visitor("olga")
    for path in ("", f"/one?id={identity}", f"/panel?id={identity}"):
        text = olga.get(f"/console/groups{path}").text
        assert "&lt;script&gt;" in text
        assert "<script>" not in text
        assert wild_parts(text) == []
    page = olga.post("/console/groups/rename", id=identity, name="<i>x</i>")
    assert "&lt;i&gt;" in page.text
