import tkinter

import pytest

from tests.ui.lists.seen import texts
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Person
from tkclient.model.talk import FRIEND, GROUP, TalkKey
from tkclient.ui.lists.search_field import SearchField
from tkclient.ui.lists.search_results import SearchResults


class Column:
    """The search field over its results, as in the chat window."""

    def __init__(self, root, look, model):
        self.heard = []
        self.results = SearchResults(
            root,
            look,
            model,
            on_talk=lambda key: self.heard.append(("talk", key)),
            on_people=lambda sought: self.heard.append(("people", sought)),
        )
        self.field = SearchField(
            root,
            look,
            on_change=self.results.show,
            on_plus=lambda x, y: self.heard.append(("plus", x, y)),
            on_move=self.results.move,
            on_enter=self.results.choose,
        )
        self.field.pack(fill="x")
        self.results.pack(fill="both", expand=True)

    @property
    def rows(self):
        return self.results.rows


@pytest.fixture
def column(root, look, hand):
    model = ChatModel()
    model.set_friends(
        (
            Person(user_id="alice", nickname="Alice Johnson"),
            Person(user_id="jo", nickname="Joan", remark="The neighbour"),
            Person(user_id="mama", nickname="妈妈"),
        )
    )
    model.set_groups((Group(group_id="g", name="Jogging", owner_id="jo"),))
    root.geometry("250x600+0+0")
    column = Column(root, look, model)
    hand.until(lambda: column.rows.winfo_width() == 250)
    root.focus_force()
    return column


def test_typing_finds_friends_by_name_nickname_and_account_and_groups_by_name(column, hand):
    hand.click(column.field.text)
    hand.type("jo")
    shown = texts(column.rows)
    assert "".join(shown) == "FriendsAliceJohnsonThe neighbourNickname:JoanGroupsJoggingFind people:jo"
    assert shown.count("Jo") == 3


def test_chinese_names_are_found(column, hand):
    hand.click(column.field.text)
    hand.paste("妈")
    assert texts(column.rows)[:3] == ["Friends", "妈", "妈"]


def test_return_takes_the_first_result(column, hand):
    hand.click(column.field.text)
    hand.type("ali")
    hand.press("Return")
    assert column.heard == [("talk", TalkKey(FRIEND, "alice"))]


def test_the_arrow_keys_go_through_the_results_while_one_writes(column, hand):
    hand.click(column.field.text)
    hand.type("jo")
    for key in ("Down", "Down", "Down", "Up", "Return"):
        hand.press(key)
    assert column.heard == [("talk", TalkKey(GROUP, "g"))]


def test_the_last_row_searches_all_people(column, hand):
    hand.click(column.field.text)
    hand.type("bob ")
    hand.press("Return")
    assert column.heard == [("people", "bob")]


def test_a_result_can_be_clicked(column, hand):
    hand.click(column.field.text)
    hand.type("ali")
    hand.click(column.rows, *column.rows.place_of(TalkKey(FRIEND, "alice")))
    assert column.heard == [("talk", TalkKey(FRIEND, "alice"))]


def test_escape_empties_the_field_and_leaves_it(column, hand, root):
    hand.click(column.field.text)
    hand.type("jo")
    hand.press("Escape")
    assert column.field.value == ""
    assert texts(column.rows) == []
    assert root.focus_get() is root


def test_the_cross_empties_the_field(column, hand):
    assert not column.field.clear_button.winfo_ismapped()
    hand.click(column.field.text)
    hand.type("jo")
    hand.click(column.field.clear_button)
    assert column.field.value == ""


def test_going_to_the_field_again_writes_over_what_is_there(column, hand):
    hand.click(column.field.text)
    hand.type("jo")
    column.field.focus()
    hand.type("ali")
    assert column.field.value == "ali"


def test_plus_asks_for_its_menu_below_itself(column, hand):
    hand.click(column.field.plus)
    ((_, x, y),) = column.heard
    assert (x, y) >= (column.field.plus.winfo_rootx(), column.field.plus.winfo_rooty() + 28)


def test_the_hint_goes_with_the_first_letter(column, hand):
    (hint,) = [child for child in column.field.text.winfo_children() if isinstance(child, tkinter.Label) and child["text"] == "Search"]  # fmt: skip
    hand.click(hint)
    hand.type("j")
    assert not hint.winfo_ismapped()
    hand.press("BackSpace")
    hand.until(hint.winfo_ismapped)
