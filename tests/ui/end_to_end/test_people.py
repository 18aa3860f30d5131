"""Finding people, becoming friends, making and ending groups: two desktops and a real node."""

from collections.abc import Callable, Iterator

import pytest

from naivechat.protocol.friend import AddFriendRequest
from tests.servers import NodeProcess
from tests.ui.desk import Desk, friend
from tests.ui.end_to_end.people import text, user_of
from tests.wire import WireClient, new_person
from tkclient.model.people import Role
from tkclient.model.talk import Kind
from tkclient.ui.controls.dialog import Confirmation
from tkclient.ui.lists.contact_rows import NEW_FRIENDS
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.pages.add_friend import AddFriendDialog
from tkclient.ui.pages.new_friends_page import NewFriendsPage
from tkclient.ui.pages.people_painter import ACCEPT, ADD
from tkclient.ui.pages.people_rows import Title
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.group_panel import GroupPanel
from tkclient.ui.windows.text_dialog import TextDialog

Account = Callable[..., WireClient]
Sit = Callable[..., Desk]
Friends = tuple[WireClient, WireClient]


@pytest.fixture
def careful_node(screen: object) -> Iterator[NodeProcess]:
    """A node where whoever is asked has to agree."""
    with NodeProcess(registration="open", limits="off", friend_policy="approve") as node:
        yield node


def search(desk: Desk, sought: str) -> NewFriendsPage:
    """Search for people on the page of new friends."""
    desk.go_to(Place.CONTACTS)
    rows = desk.screen.column.contacts.rows
    desk.hand.click(rows, *rows.place_of(NEW_FRIENDS))
    page = desk.find(NewFriendsPage)
    desk.hand.click(page.field)
    desk.hand.type(sought)
    desk.hand.press("Return")
    desk.until(lambda: desk.model.found_key == sought, "the search is done")
    desk.hand.work()
    return page


def test_somebody_is_found_and_asked_and_agrees(sit: Sit, careful_node: NodeProcess) -> None:
    for name in ("ann", "bob"):
        new_person(careful_node.port, name, device="phone", nickname=name.title()).close()
    ann, bob = (sit(name, server=f"127.0.0.1:{careful_node.port}") for name in ("ann", "bob"))
    page = search(ann, "bob")
    ann.hand.click(page.rows, *page.rows.place_of((Title.FOUND, "bob"), ADD))
    dialog = ann.find(AddFriendDialog)
    ann.hand.click(dialog.field)
    ann.hand.press("Control+a")
    ann.hand.type("It is me")
    ann.hand.press("Return")
    bob.until(lambda: [r.greeting for r in bob.model.requests] == ["It is me"], "the other is asked")
    bob.go_to(Place.CONTACTS)
    contacts = bob.screen.column.contacts.rows
    bob.hand.click(contacts, *contacts.place_of(NEW_FRIENDS))
    page = bob.find(NewFriendsPage)
    bob.hand.click(page.rows, *page.rows.place_of((Title.ASKING, "ann"), ACCEPT))
    ann.until(lambda: "bob" in ann.model.friends, "they are friends")
    bob.until(lambda: "ann" in bob.model.friends and not bob.model.requests)


def test_a_group_from_its_beginning_to_its_end(sit: Sit, friends: Friends) -> None:
    ann_id, bob_id = map(user_of, friends)
    ann, bob = sit(ann_id), sit(bob_id)
    ann.hand.click(ann.screen.column.search.plus)
    ann.choose("发起群聊")
    dialog = ann.find(CreateGroupDialog)
    ann.hand.click(dialog.chooser.offered, *dialog.chooser.offered.place_of(bob_id))
    ann.hand.click(dialog.name)
    ann.hand.type("Hikers")
    ann.hand.click(dialog.submit_button)
    ann.until(lambda: ann.model.selected is not None and ann.model.selected.is_group, "it is on the screen")
    key = ann.model.selected
    assert key is not None
    ann.write("Welcome")
    bob.until(lambda: key in bob.model.talks, "the other has a row")
    bob.open(key)
    bob.until(lambda: bob.texts(key)[-1:] == ["Welcome"])
    assert bob.messages(key)[-1].sender_name == "Ann"
    assert bob.messages(key)[0].kind is Kind.EVENT

    ann.hand.click(ann.screen.content.panel.header.details_button)
    panel = ann.find(GroupPanel)
    ann.hand.click(panel.name.edit_button)
    ann.hand.click(ann.find(TextDialog).field)
    ann.hand.press("Control+a")
    ann.hand.type("Climbers")
    ann.hand.press("Return")
    bob.until(lambda: bob.model.talks[key].name == "Climbers", "the new name has come")
    ann.until(lambda: [m.role for m in ann.model.groups[key.talk_id].members] == [Role.OWNER, Role.MEMBER])

    ann.hand.click(panel.dissolve_button)
    ann.hand.click(ann.find(Confirmation).confirm_button)
    for desk in (ann, bob):
        desk.until(lambda desk=desk: key.talk_id not in desk.model.groups, "the group is gone")


def test_a_dialogue_is_pinned_muted_and_taken_off_until_the_next_message(
    sit: Sit, friends: Friends, account: Account
) -> None:
    bob_phone = friends[1]
    ann_id, bob_id = map(user_of, friends)
    cid_phone = account(f"cid-{ann_id}", "Cid")
    cid_phone.accepted(AddFriendRequest(rid=0, friend_id=ann_id))
    bob_phone.accepted(text(1, ann_id, "first"))
    cid_phone.accepted(text(1, ann_id, "second"))
    ann = sit(ann_id)
    bob, cid = friend(bob_id), friend(user_of(cid_phone))
    ann.until(lambda: [row.key for row in ann.model.rows] == [cid, bob])
    ann.choose_in_row(bob, "置顶")
    ann.until(lambda: [row.key for row in ann.model.rows] == [bob, cid], "it is on top")
    ann.choose_in_row(bob, "消息免打扰")
    ann.until(lambda: ann.model.talks[bob].is_muted and ann.model.unread == 1, "it counts no more")
    ann.choose_in_row(cid, "删除聊天")
    ann.until(lambda: cid not in ann.model.talks, "it is gone")
    cid_phone.accepted(text(2, ann_id, "again"))
    ann.until(lambda: cid in ann.model.talks, "it is back")
    ann.open(cid)
    ann.until(lambda: ann.texts(cid) == ["second", "again"], "with all that was in it")
