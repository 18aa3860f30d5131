import pytest

from tkclient.model.talk import FRIEND, TalkKey
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.friend_panel import FriendPanel
from tkclient.ui.windows.text_dialog import TextDialog

PANDA = TalkKey(FRIEND, "panda")


@pytest.fixture
def open_for(root, look, model, events, hand):
    def panel_of(user_id):
        panel = FriendPanel(root, look, model, events, user_id, lambda: None)
        panel.pack(side="right", fill="y")
        hand.work()
        return panel

    return panel_of


def opened(hand, panel, kind):
    (window,) = (child for child in panel.winfo_children() if isinstance(child, kind))
    hand.until(window.winfo_viewable)
    return window


def test_a_remark_is_set_and_taken_away(open_for, hand, events):
    panel = open_for("alice")
    hand.click(panel.remark.edit_button)
    opened(hand, panel, TextDialog)
    hand.press("Control+a")
    hand.press("BackSpace")
    hand.press("Return")
    assert events.calls == [("set_remark", "alice", "")]


def test_mute_and_pin(open_for, hand, events):
    panel = open_for("panda")
    hand.click(panel.switches.mute, 10)
    hand.click(panel.switches.pin, 10)
    assert events.calls == [("mute_talk", PANDA, True), ("pin_talk", PANDA, True)]


def test_a_group_is_begun_with_the_friend(open_for, hand, events):
    panel = open_for("panda")
    hand.click(panel.head_buttons[0])
    dialog = opened(hand, panel, CreateGroupDialog)
    hand.click(dialog.chooser.offered, *dialog.chooser.offered.place_of("mama"))
    hand.click(dialog.submit_button)
    assert events.of("create_group")[0][1] == ("panda", "mama")


def test_who_is_no_friend_any_more_has_no_remark_to_change(open_for, model, hand):
    panel = open_for("panda")
    model.remove_friend("panda")
    panel.refresh()
    hand.work()
    assert not panel.remark.edit_button.winfo_viewable()
    assert not panel.head_buttons[0].is_enabled


def test_a_dialogue_that_is_on_no_list_cannot_be_muted(open_for, hand, events):
    panel = open_for("alice")
    hand.click(panel.switches.mute, 10)
    assert events.calls == []
