import attrs
import pytest

from tests.ui.windows.people import TEAM, model_of
from tkclient.model.people import Role
from tkclient.model.talk import FRIEND, GROUP, TalkKey
from tkclient.ui.controls.dialog import Confirmation
from tkclient.ui.look.look import Look
from tkclient.ui.windows.create_group import InviteDialog
from tkclient.ui.windows.group_panel import GroupPanel
from tkclient.ui.windows.text_dialog import TextDialog

TALK = TalkKey(GROUP, TEAM)


@pytest.fixture
def closed():
    return []


@pytest.fixture
def open_as(root, look, events, hand, closed):
    def panel_of(role=Role.OWNER, model=None):
        panel = GroupPanel(root, look, model or model_of(role), events, TEAM, lambda: closed.append(1))
        panel.pack(side="right", fill="y")
        hand.work()
        return panel

    return panel_of


def windows_of(widget, kind):
    found = [child for child in widget.winfo_children() if isinstance(child, kind)]
    return found + [each for child in widget.winfo_children() for each in windows_of(child, kind)]


def opened(hand, panel, kind):
    hand.until(lambda: windows_of(panel, kind))
    (window,) = windows_of(panel, kind)
    hand.until(window.winfo_viewable)
    return window


def row(panel, user_id):
    return next(row for row in panel.members.rows.rows if row.key == user_id)


def menu_row(hand, panel, user_id, text):
    """Right click on a member, and where the item of the menu is."""
    hand.click(panel.members.rows, *panel.members.rows.place_of(user_id), button=3)
    (canvas,) = panel.members.menu.popup.body.winfo_children()
    item = next(
        item
        for item in canvas.find_all()
        if canvas.type(item) == "text" and canvas.itemcget(item, "text") == text
    )
    return canvas, canvas.coords(item)[1]


def choose(hand, panel, user_id, text):
    canvas, y = menu_row(hand, panel, user_id, text)
    hand.click(canvas, 30, y)


def test_it_asks_for_the_members_when_it_is_opened(open_as, events):
    open_as()
    assert events.calls == [("load_members", TEAM)]


def test_members_are_shown_with_their_roles_and_as_one_calls_them(open_as):
    panel = open_as()
    assert [row.person.name for row in panel.members.rows.rows] == [
        "小狐狸",
        "李大熊",
        "Alice 🎉",
        "王磊（后端）",
    ]
    assert [row.note for row in panel.members.rows.rows] == ["Owner", "Admin", "", ""]


def test_members_are_searched(open_as, hand):
    panel = open_as()
    hand.click(panel.members.search)
    panel.members.search.entry.focus_force()
    hand.type("lei")
    assert [row.key for row in panel.members.rows.rows] == ["lei.wang"]


def test_members_that_come_are_shown(open_as, hand):
    model = model_of()
    group = model.groups[TEAM]
    model.groups[TEAM] = attrs.evolve(group, members=())
    panel = open_as(model=model)
    assert panel.members.rows.rows == ()
    model.groups[TEAM] = group
    panel.refresh()
    assert len(panel.members.rows.rows) == 4


def test_a_friend_is_invited(open_as, hand, events):
    panel = open_as()
    hand.click(panel.head_buttons[0])
    dialog = opened(hand, panel, InviteDialog)
    hand.click(dialog.chooser.offered, *dialog.chooser.offered.place_of("mama"))
    hand.click(dialog.submit_button)
    assert events.calls[-1] == ("invite", TEAM, ("mama",))


def test_taking_somebody_out_is_asked_about(open_as, hand, events):
    panel = open_as()
    hand.click(panel.members.rows, *panel.members.rows.place_of("lei.wang", "remove"))
    question = opened(hand, panel, Confirmation)
    assert "王磊" in question.question.text
    assert len(events.calls) == 1
    hand.press("Return")
    assert events.calls[-1] == ("remove_member", TEAM, "lei.wang")


@pytest.mark.parametrize(
    ("role", "removable"),
    [
        (Role.OWNER, ["panda", "alice", "lei.wang"]),
        (Role.ADMIN, ["alice"]),
        (Role.MEMBER, []),
    ],
)
def test_only_those_above_somebody_can_take_them_out(open_as, role, removable):
    panel = open_as(role)
    assert [row.key for row in panel.members.rows.rows if row.can_remove] == removable


def test_the_owner_makes_an_admin(open_as, hand, events):
    panel = open_as()
    choose(hand, panel, "alice", "Make admin")
    assert events.calls[-1] == ("set_role", TEAM, "alice", Role.ADMIN)


def test_the_owner_takes_the_role_of_admin_away(open_as, hand, events):
    panel = open_as()
    choose(hand, panel, "panda", "Take admin role away")
    assert events.calls[-1] == ("set_role", TEAM, "panda", Role.MEMBER)


def test_handing_the_group_over_is_asked_about(open_as, hand, events):
    panel = open_as()
    choose(hand, panel, "panda", "Hand the group over")
    opened(hand, panel, Confirmation)
    hand.press("Return")
    assert events.calls[-1] == ("set_role", TEAM, "panda", Role.OWNER)


def test_a_friend_in_the_group_can_be_written_to(open_as, hand, events):
    panel = open_as(Role.MEMBER)
    choose(hand, panel, "alice", "Send a message")
    assert events.calls[-1] == ("open_talk", TalkKey(FRIEND, "alice"))


def test_who_can_do_nothing_about_somebody_gets_no_menu(open_as, hand):
    panel = open_as(Role.MEMBER)
    hand.click(panel.members.rows, *panel.members.rows.place_of("lei.wang"), button=3)
    assert not panel.members.menu.is_open


def test_a_click_on_a_member_shows_who_it_is(open_as, hand):
    panel = open_as()
    hand.click(panel.members.rows, *panel.members.rows.place_of("lei.wang"))
    assert panel.members.card.is_open
    assert panel.members.card.person.user_id == "lei.wang"
    hand.press("Escape")
    assert not panel.members.card.is_open


def test_the_group_is_renamed(open_as, hand, events):
    panel = open_as()
    hand.click(panel.name.edit_button)
    opened(hand, panel, TextDialog)
    hand.press("Control+a")
    hand.paste("火锅🍲")
    hand.press("Return")
    assert events.calls[-1] == ("rename_group", TEAM, "火锅🍲")


def test_a_group_is_never_without_a_name(open_as, hand, events):
    panel = open_as()
    hand.click(panel.name.edit_button)
    dialog = opened(hand, panel, TextDialog)
    hand.press("Control+a")
    hand.press("BackSpace")
    hand.press("Return")
    assert dialog.is_open
    assert len(events.calls) == 1


def test_the_notice_is_written_in_several_lines(open_as, hand, events):
    panel = open_as()
    hand.click(panel.notice.edit_button)
    dialog = opened(hand, panel, TextDialog)
    hand.press("Control+a")
    hand.type("one\ntwo")
    hand.click(dialog.save_button)
    assert events.calls[-1] == ("set_notice", TEAM, "one\ntwo")


def test_the_notice_can_be_taken_away(open_as, hand, events):
    panel = open_as()
    hand.click(panel.notice.edit_button)
    opened(hand, panel, TextDialog)
    hand.press("Control+a")
    hand.press("BackSpace")
    hand.press("Control+Return")
    assert events.calls[-1] == ("set_notice", TEAM, "")


def test_a_long_notice_is_read_by_a_click(open_as, hand):
    model = model_of(Role.MEMBER)
    model.groups[TEAM] = attrs.evolve(model.groups[TEAM], notice="会议室已订 " * 60)
    panel = open_as(model=model)
    hand.click(panel.notice, 40, panel.notice.winfo_height() - 10)
    assert panel.notice.all_of_it.winfo_viewable()
    hand.press("Escape")
    assert not panel.notice.all_of_it.is_open


@pytest.mark.parametrize(("role", "may"), [(Role.OWNER, True), (Role.ADMIN, True), (Role.MEMBER, False)])
def test_only_owner_and_admins_have_pencils(open_as, role, may):
    panel = open_as(role)
    assert panel.name.edit_button.winfo_viewable() == may
    assert panel.notice.edit_button.winfo_viewable() == may


def test_mute_and_pin(open_as, hand, events):
    panel = open_as()
    assert panel.switches.pin.value
    hand.click(panel.switches.mute, 10)
    hand.click(panel.switches.pin, 10)
    assert events.calls[-2:] == [("mute_talk", TALK, True), ("pin_talk", TALK, False)]


def test_leaving_is_asked_about_and_an_owner_hears_who_comes_after(open_as, hand, events):
    panel = open_as()
    hand.click(panel.leave_button)
    question = opened(hand, panel, Confirmation)
    assert "becomes its owner" in question.question.text
    hand.press("Return")
    assert events.calls[-1] == ("leave_group", TEAM)


def test_only_the_owner_dissolves_and_is_asked(open_as, hand, events):
    panel = open_as()
    hand.click(panel.dissolve_button)
    opened(hand, panel, Confirmation)
    hand.press("Escape")
    assert len(events.calls) == 1
    hand.click(panel.dissolve_button)
    opened(hand, panel, Confirmation)
    hand.press("Return")
    assert events.calls[-1] == ("dissolve_group", TEAM)


def test_others_cannot_dissolve(open_as):
    assert not open_as(Role.ADMIN).dissolve_button.winfo_viewable()


def test_an_official_account_has_no_members_to_see(open_as):
    model = model_of(Role.MEMBER)
    model.groups[TEAM] = attrs.evolve(model.groups[TEAM], is_official=True)
    panel = open_as(model=model)
    assert not panel.members.winfo_viewable()
    assert panel.name.winfo_rooty() - panel.winfo_rooty() < panel.winfo_height() / 4
    assert not panel.head_buttons[0].winfo_viewable()
    assert panel.leave_button.text == "Unfollow"


def test_the_cross_closes_it(open_as, hand, closed):
    hand.click(open_as().head_buttons[-1])
    assert closed == [1]


def test_a_group_that_is_gone_is_no_trouble(open_as):
    model = model_of()
    panel = open_as(model=model)
    model.remove_group(TEAM)
    panel.refresh()


@pytest.mark.parametrize("text_size", [100, 130])
def test_everything_has_room_in_a_small_window(root, events, hand, text_size):
    look = Look.make(root, "en", text_size=text_size)
    root.geometry("800x540")
    panel = GroupPanel(root, look, model_of(), events, TEAM, lambda: None)
    panel.pack(side="right", fill="y")
    hand.work()
    bottom = panel.dissolve_button.winfo_rooty() + panel.dissolve_button.winfo_height()
    assert bottom <= root.winfo_rooty() + root.winfo_height()
    assert panel.members.rows.winfo_height() >= 44
