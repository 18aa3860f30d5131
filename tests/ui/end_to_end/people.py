"""What people do at their desks in these tests, and on their other devices."""

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest
from tests.ui.desk import Desk, friend
from tests.wire import WireClient, new_person


def user_of(client: WireClient) -> str:
    assert client.login_response is not None
    return client.login_response.user.user_id


def text(number: int, to: str, words: str) -> MsgRequest:
    return MsgRequest(rid=0, friend_id=to, msg_uuid=number.to_bytes(16, "big"), msg_type=0, msg_text=words)


def open_contact(desk: Desk, user_id: str) -> None:
    """Search for a friend by id, and press Return on what is found."""
    desk.hand.click(desk.screen.column.search.text)
    desk.hand.type(user_id)
    desk.hand.press("Return")
    desk.until(lambda: desk.model.selected == friend(user_id), "the dialogue is on the screen")


def befriend(port: int, *names: str) -> None:
    """Make accounts at a node, the first one a friend of the others."""
    first, *others = names
    for name in names:
        new_person(port, name, device="phone", nickname=name.title()).close()
    with WireClient(port) as client:
        client.login(first, device="phone")
        for other in others:
            client.accepted(AddFriendRequest(rid=0, friend_id=other))
