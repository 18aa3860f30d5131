from datetime import date

import pytest

from tkclient.model.chat import ChatModel
from tkclient.model.people import Found, FoundStatus, FriendRequest, Group, Member, Person
from tkclient.model.talk import FRIEND, MOST_UNREAD, Talk, TalkKey
from tkclient.ui.lists.badges import badge_text
from tkclient.ui.lists.contact_rows import ContactKind, ContactRow, LetterRow, SectionRow, contact_rows
from tkclient.ui.lists.talk_rows import talk_rows
from tkclient.ui.pages.group_rows import MembersRow, WaitingRow, group_rows
from tkclient.ui.pages.people_rows import FoundRow, Note, NoteRow, Standing, people_rows

LI = Person(user_id="li", nickname="Li")
DAY = date(2025, 11, 26)


@pytest.fixture
def model():
    return ChatModel(user=Person(user_id="me", nickname="Me"))


@pytest.mark.parametrize(
    ("count", "text"), [(0, ""), (1, "1"), (MOST_UNREAD - 1, "99"), (MOST_UNREAD, "99+"), (3000, "99+")]
)
def test_a_badge_counts_as_far_as_the_node_does(count, text):
    assert badge_text(count) == text


def test_the_draft_of_the_dialogue_on_the_screen_is_no_sketch(model):
    key = TalkKey(FRIEND, "li")
    model.upsert_talk(Talk(key=key, name="Li"))
    model.set_draft(key, "hello")
    assert [row.draft for row in talk_rows(model, DAY)] == ["hello"]
    model.selected = key
    assert [row.draft for row in talk_rows(model, DAY)] == [""]


def test_every_row_of_contacts_has_a_key_of_its_own(model):
    # A friend, a group and an official account may have the same id.
    model.set_friends((Person(user_id="a", nickname="A"), Person(user_id="#", nickname="#")))
    model.set_groups(
        (
            Group(group_id="a", name="A", owner_id="a"),
            Group(group_id="#", name="#", owner_id="a", is_official=True),
        )
    )
    keys = [row.key for row in contact_rows(model)]
    assert len(keys) == len(set(keys))


def test_a_closed_section_is_its_head(model):
    model.set_friends((LI,))
    rows = list(contact_rows(model, {ContactKind.FRIEND}))
    assert not any(isinstance(row, ContactRow | LetterRow) for row in rows)
    (head,) = [row for row in rows if isinstance(row, SectionRow)]
    assert (head.count, head.is_open) == (1, False)


def notes(model, sought, *, is_waiting=False):
    rows = people_rows(model, sought, lambda _: 18, is_waiting=is_waiting)
    return [row.note for row in rows if isinstance(row, NoteRow)]


def test_a_search_says_that_it_goes_on_until_its_own_answer_comes(model):
    assert notes(model, "li", is_waiting=True) == [Note.SEARCHING, Note.NOBODY_ASKS]
    model.set_found("other", (), False)
    assert notes(model, "li", is_waiting=True) == [Note.SEARCHING, Note.NOBODY_ASKS]
    model.set_found("li", (), False)
    assert notes(model, "li", is_waiting=True) == [Note.NOBODY, Note.NOBODY_ASKS]


def test_a_search_that_failed_does_not_say_that_nobody_was_found(model):
    assert notes(model, "li") == [Note.NOBODY_ASKS]


def test_more_than_is_shown_is_told(model):
    model.set_found("li", (Found(person=LI, status=FoundStatus.ADDABLE),), True)
    assert notes(model, "li") == [Note.MORE, Note.NOBODY_ASKS]


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (FoundStatus.ADDABLE, Standing.ADDABLE),
        (FoundStatus.ASKED, Standing.ASKED),
        (FoundStatus.FRIEND, Standing.FRIEND),
    ],
)
def test_who_is_found_stands_as_the_search_says(model, status, standing):
    model.set_found("li", (Found(person=LI, status=status),), False)
    (row,) = [
        row for row in people_rows(model, "li", lambda _: 0, is_waiting=False) if isinstance(row, FoundRow)
    ]
    assert row.standing is standing


def test_who_has_become_a_friend_since_the_search_is_one_and_oneself_is_oneself(model):
    model.set_friends((LI,))
    found = (Found(person=LI, status=FoundStatus.ASKED), Found(person=model.user, status=FoundStatus.ADDABLE))
    model.set_found("x", found, False)
    rows = [
        row for row in people_rows(model, "x", lambda _: 0, is_waiting=False) if isinstance(row, FoundRow)
    ]
    assert [row.standing for row in rows] == [Standing.FRIEND, Standing.ONESELF]


def test_a_long_greeting_makes_a_row_higher(model):
    model.requests = (FriendRequest(person=LI, greeting="…"),)
    low, high = (
        next(
            row.height
            for row in people_rows(model, "", lambda _, h=h: h, is_waiting=False)
            if hasattr(row, "request")
        )
        for h in (18, 90)
    )
    assert high - low == 34 + 90 + 14 - 66


def test_members_stand_in_rows_and_all_of_them(model):
    members = tuple(Member(person=Person(user_id=str(i), nickname=str(i))) for i in range(11))
    group = Group(group_id="g", name="G", owner_id="0", members=members)
    rows = [row for row in group_rows(group, 4, lambda _: 22) if isinstance(row, MembersRow)]
    assert [len(row.members) for row in rows] == [4, 4, 3]
    assert sum((row.members for row in rows), ()) == members


def test_members_that_are_not_known_yet_are_waited_for_but_not_those_of_official_accounts(model):
    group = Group(group_id="g", name="G", owner_id="0", member_count=3)
    assert any(isinstance(row, WaitingRow) for row in group_rows(group, 4, lambda _: 22))
    official = Group(group_id="o", name="O", owner_id="0", is_official=True)
    assert list(group_rows(official, 4, lambda _: 22)) == []
