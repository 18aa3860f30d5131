import attrs
import pytest

from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.controls.dialog import Confirmation
from tkclient.ui.pages.friend_page import FriendPage


@pytest.fixture
def page(root, look, model, events, place):
    return place(FriendPage(root, look, model, events, "wang"))


def question(page):
    return next((child for child in page.winfo_children() if isinstance(child, Confirmation)), None)


def test_the_page_says_who_the_friend_is(page):
    assert (page.name.text, page.nickname.text, page.account.text) == ("Backend Wang", "Wang Lei", "wang")
    assert page.remark.text == "Backend Wang"
    assert page.state["text"] == "Online"


def test_a_friend_who_goes_offline_is_seen_to_be(page, model):
    model.set_presence("wang", False)
    page.refresh()
    assert page.state["text"] == "Offline"


def test_the_button_opens_the_dialogue(page, hand, events):
    hand.click(page.message_button)
    assert events.calls == [("open_talk", TalkKey(FRIEND, "wang"))]


def test_the_account_can_be_copied(page, hand, root):
    hand.click(page.copy_button)
    assert root.clipboard_get() == "wang"


@pytest.mark.parametrize("way", ["pencil", "text"])
def test_the_remark_is_written_in_its_place(page, hand, events, way):
    if way == "pencil":
        hand.click(page.remark.pencil)
    else:
        hand.click(page.remark, 20, 16)
    hand.press("Control+a")
    hand.type("Wang from work")
    hand.press("Return")
    assert events.calls == [("set_remark", "wang", "Wang from work")]
    assert page.remark.field is None


def test_the_remark_is_saved_when_one_goes_elsewhere(page, hand, events):
    hand.click(page.remark.pencil)
    hand.press("Control+a")
    hand.type("W")
    hand.press("Tab")
    assert events.calls == [("set_remark", "wang", "W")]


def test_escape_leaves_the_remark_as_it_was(page, hand, events):
    hand.click(page.remark.pencil)
    hand.type("xyz")
    hand.press("Escape")
    assert events.calls == []
    assert page.remark.text == "Backend Wang"
    assert page.remark.field is None


def test_an_unchanged_remark_is_not_sent(page, hand, events):
    hand.click(page.remark.pencil)
    hand.press("Return")
    assert events.calls == []


def test_what_is_being_written_survives_news_of_the_friend(page, hand, model):
    hand.click(page.remark.pencil)
    hand.press("Control+a")
    hand.type("half")
    model.upsert_friend(attrs.evolve(model.friends["wang"], is_online=False, nickname="Lei"))
    page.refresh()
    assert page.remark.field.value == "half"


def test_a_friend_is_deleted_after_a_question(page, hand, events):
    hand.click(page.delete_button)
    hand.until(lambda: question(page) is not None and question(page).winfo_ismapped())
    assert events.calls == []
    hand.click(question(page).confirm_button)
    assert events.calls == [("remove_friend", "wang")]


def test_a_page_of_somebody_who_is_no_friend_any_more_says_so_and_offers_nothing(page, model, hand):
    model.remove_friend("wang")
    page.refresh()
    hand.until(page.gone.winfo_ismapped)
    assert page.name.text == "Backend Wang"
    assert not page.message_button.winfo_ismapped()
    assert not page.remark.pencil.winfo_ismapped()


def test_a_page_that_goes_while_the_remark_is_written_saves_nothing(page, hand, events):
    hand.click(page.remark.pencil)
    hand.press("Control+a")
    hand.type("half")
    page.destroy()
    hand.wait(0.05)
    assert events.calls == []
