import attrs
import pytest

from tests.ui.lists.seen import texts
from tkclient.model.people import Member, Person
from tkclient.model.talk import GROUP, TalkKey
from tkclient.ui.pages.group_page import GroupPage


@pytest.fixture
def clicked():
    return []


@pytest.fixture
def page(root, look, model, events, place, clicked):
    return place(GroupPage(root, look, model, events, "team", clicked.append))


@pytest.fixture
def official(root, look, model, events, place):
    return place(GroupPage(root, look, model, events, "news"))


def test_the_page_says_what_the_group_is(page):
    assert page.name.text == "The team"
    assert page.note["text"] == "3 members"
    assert texts(page.rows) == [
        "Group notice",
        "Thursday at ten",
        "Members (3)",
        "Owner",
        "Admin",
        "Foxy",
        "Backend…",
        "李娜",
    ]


def test_members_are_asked_for_when_the_page_is_shown(page, events):
    assert events.calls == [("load_members", "team")]


def test_members_come_later(page, model, hand):
    model.set_groups((attrs.evolve(model.groups["team"], group_id="other", members=()),))
    other = GroupPage(page.master, page._look, model, page._events, "other")
    other.place(relwidth=1, relheight=1)
    hand.until(other.winfo_ismapped)
    assert "Fetching the members…" in texts(other.rows)
    members = (Member(person=Person(user_id="eve", nickname="Eve")),)
    model.upsert_group(attrs.evolve(model.groups["other"], members=members))
    other.refresh()
    assert "Fetching the members…" not in texts(other.rows)
    assert "Eve" in texts(other.rows)


def test_a_member_can_be_clicked(page, hand, clicked):
    hand.click(page.rows, *page.rows.place_of(("members", 0), "wang"))
    assert clicked == ["wang"]


def test_the_button_opens_the_dialogue(page, hand, events):
    hand.click(page.button)
    assert events.of("open_talk") == [(TalkKey(GROUP, "team"),)]


def test_many_members_stand_in_as_many_columns_as_there_is_room_for(page, model, root, hand):
    members = tuple(Member(person=Person(user_id=f"u{i}", nickname=f"N{i}")) for i in range(500))
    model.upsert_group(attrs.evolve(model.groups["team"], members=members))
    page.refresh()
    narrow = len(page.rows.rows[-2].members)
    root.geometry("900x600")
    hand.until(lambda: page.winfo_width() == 900)
    assert len(page.rows.rows[-2].members) > narrow
    assert len(page.rows.find_all()) < 200


def test_an_official_account_has_no_members_and_none_are_asked_for(official, events, hand):
    assert texts(official.rows) == ["About", "All that is new"]
    assert events.calls == []
    hand.click(official.button)
    assert events.calls == [("open_talk", TalkKey(GROUP, "news"))]


def test_a_group_that_one_has_left_says_so_and_offers_nothing(page, model, hand, events):
    model.remove_group("team")
    page.refresh()
    assert page.note["text"] == "You are no longer in this group."
    hand.click(page.button)
    assert events.of("open_talk") == []
