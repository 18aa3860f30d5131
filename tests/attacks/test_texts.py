"""Texts that mean something to a database, a pattern or a terminal mean themselves, on every database."""

from collections.abc import Iterator
from contextlib import ExitStack

import attrs
import pytest

from naivechat.protocol import friend, group, message, profile, session
from tests.databases import DATABASES
from tests.servers import NodeProcess
from tests.wire import PASSWORD, WireClient, new_person

TEXTS = {
    "a quote": "'",
    "the end of a statement": "'; DROP TABLE user; -- ",
    "always true": "' OR '1'='1",
    "a quote that is escaped": "\\' OR 1=1 -- ",
    "a backslash at the end": "name\\",
    "double quotes": '"; SELECT 1; --',
    "a placeholder": "%s ? :name %(name)s",
    "a comment": "/*!50000 SLEEP(9) */",
    "wildcards": "%_%",
    "brackets": "[a-z]*",
    "a template": "{{7*7}} ${7*7} {0.__class__}",
    "a script": "<img src=x onerror=a>",
    "right to left": "\u202egnp.exe",
    "a wide character": "ЁЖ\U0001f600\U0001f468\u200d\U0001f469",
}
"""Each has at most 32 characters and none that names may not have."""


@attrs.frozen
class Pair:
    """Two friends with a group."""

    port: int
    ann: WireClient
    bob: WireClient
    group_id: str


@pytest.fixture(scope="module", params=DATABASES)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    databases = DATABASES[request.param]
    url = databases.create_migrated()
    with ExitStack() as ending:
        ending.callback(databases.remove, url)
        node = ending.enter_context(NodeProcess(db=url, registration="open", limits="off"))
        ann, bob = (ending.enter_context(new_person(node.port, name)) for name in ("ann", "bob"))
        ann.accepted(friend.AddFriendRequest(rid=0, friend_id="bob"))
        made = ann.accepted(group.CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
        yield Pair(node.port, ann, bob, made.group.group_id)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_comes_back_as_it_went_wherever_it_is_kept(pair: Pair, text: str) -> None:
    ann, uuid = pair.ann, text.encode()[:16].ljust(16)
    ann.accepted(message.MsgRequest(rid=0, friend_id="bob", msg_uuid=uuid, msg_type=0, msg_text=text))
    ann.accepted(profile.UpdateProfileRequest(rid=0, nickname=text, avatar=text[:16]))
    ann.accepted(friend.SetRemarkRequest(rid=0, friend_id="bob", remark=text))
    ann.accepted(group.UpdateGroupRequest(rid=0, group_id=pair.group_id, name=text, notice=text))
    with WireClient(pair.port) as again:
        state = again.login("ann", device=text)
    page = ann.accepted(message.HistoryRequest(rid=0, talk_type=0, talk_id="bob", limit=1))
    assert page.messages[0].msg_text == text
    assert (state.user.nickname, state.user.avatar) == (text, text[:16])
    assert state.friends[0].remark == text
    assert (state.groups[0].name, state.groups[0].notice) == (text, text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_search_finds_whose_name_holds_the_very_text_and_nobody_else(pair: Pair, text: str) -> None:
    pair.ann.accepted(profile.UpdateProfileRequest(rid=0, nickname="Ann"))
    assert found_by(pair.bob, text) == []
    pair.ann.accepted(profile.UpdateProfileRequest(rid=0, nickname=f"{text[:31]}"))
    assert found_by(pair.bob, text[:31]) == ["ann"]


def found_by(client: WireClient, key: str) -> list[str]:
    answer = client.accepted(friend.SearchFriendRequest(rid=0, search_key=key))
    return [found.user_id for found in answer.users]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_is_an_account_or_a_password(pair: Pair, text: str) -> None:
    with WireClient(pair.port) as door:
        for user_id, password, code in (("ann", text, "AUTH_FAILED"), (text, PASSWORD, "BAD_REQUEST")):
            request = session.LoginRequest(rid=0, protocol=1, user_id=user_id, password=password)
            assert door.refused(request) == code
