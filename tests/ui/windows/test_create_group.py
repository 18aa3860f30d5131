import pytest

from tests.ui.windows.people import TEAM
from tkclient.model.people import Person
from tkclient.ui.windows.create_group import CreateGroupDialog, InviteDialog


@pytest.fixture
def made():
    return []


@pytest.fixture
def dialog(root, look, model, hand, made):
    hand.work()
    dialog = CreateGroupDialog(root, look, model, lambda name, ids: made.append((name, ids)))
    hand.until(dialog.winfo_viewable)
    return dialog


def tick(hand, rows, user_id):
    hand.click(rows, *rows.place_of(user_id))


def ids(rows):
    return [row.key for row in rows.rows]


def test_friends_are_ticked_and_the_group_is_called_after_them(dialog, hand, made):
    tick(hand, dialog.chooser.offered, "panda")
    tick(hand, dialog.chooser.offered, "alice")
    hand.click(dialog.submit_button)
    assert made == [("小狐狸, 李大熊, Alice Johnson", ("panda", "alice"))]
    assert not dialog.is_open


def test_a_name_of_ones_own_is_taken(dialog, hand, made):
    tick(hand, dialog.chooser.offered, "panda")
    hand.click(dialog.name)
    hand.paste("火锅🍲")
    hand.press("Return")
    assert made == [("火锅🍲", ("panda",))]


def test_nobody_makes_a_group_of_himself(dialog, hand, made):
    hand.click(dialog.submit_button)
    hand.press("Return")
    assert made == []
    assert dialog.is_open


def test_a_tick_is_taken_back_in_either_list(dialog, hand):
    for user_id in ("panda", "alice"):
        tick(hand, dialog.chooser.offered, user_id)
    tick(hand, dialog.chooser.offered, "panda")
    assert ids(dialog.chooser.taken) == ["alice"]
    hand.click(dialog.chooser.taken, *dialog.chooser.taken.place_of("alice", "remove"))
    assert ids(dialog.chooser.taken) == []


def test_search_narrows_by_remark_nickname_and_id(dialog, hand):
    for key in ("johnson", "alice", "ALIC"):
        dialog.chooser.search.value = ""
        hand.type(key)
        assert ids(dialog.chooser.offered) == ["alice"]


def test_return_in_the_search_ticks_the_first_and_goes_on(dialog, hand, made):
    hand.type("pan")
    hand.press("Return")
    hand.type("mam")
    hand.press("Return")
    assert ids(dialog.chooser.taken) == ["panda", "mama"]
    assert made == []


def test_who_is_chosen_stays_so_while_others_are_searched(dialog, hand, made):
    tick(hand, dialog.chooser.offered, "panda")
    hand.click(dialog.chooser.search)
    hand.type("alice")
    hand.click(dialog.submit_button)
    assert made[0][1] == ("panda",)


def test_a_group_begins_with_the_friend_it_was_begun_from(root, look, model, hand, made):
    hand.work()
    dialog = CreateGroupDialog(root, look, model, lambda *group: made.append(group), chosen=("mama",))
    hand.until(dialog.winfo_viewable)
    tick(hand, dialog.chooser.offered, "panda")
    hand.click(dialog.submit_button)
    assert made[0][1] == ("mama", "panda")


def test_only_friends_outside_a_group_can_be_invited(root, look, model, hand, made):
    hand.work()
    dialog = InviteDialog(root, look, model, TEAM, made.append)
    hand.until(dialog.winfo_viewable)
    assert ids(dialog.chooser.offered) == ["mama"]
    tick(hand, dialog.chooser.offered, "mama")
    hand.click(dialog.submit_button)
    assert made == [("mama",)]


def test_two_thousand_friends_are_drawn_no_more_than_are_seen(root, look, model, hand, made):
    model.set_friends(tuple(Person(user_id=f"u{i}", nickname=f"Friend {i:04}") for i in range(2_000)))
    hand.work()
    dialog = CreateGroupDialog(root, look, model, lambda *group: None)
    hand.until(dialog.winfo_viewable)
    assert len(dialog.chooser.offered.find_all()) < 100
