import pytest

from tests.ui.chat.talks import ANN, BOB, TEAM
from tests.ui.recorder import Recorder
from tkclient.model.chat import ChatModel
from tkclient.model.connection import Connection
from tkclient.model.people import Group, Member, Person
from tkclient.model.talk import Talk
from tkclient.ui.look.look import Look


@pytest.fixture
def look(root):
    return Look.make(root, "en")


@pytest.fixture
def events():
    return Recorder()


@pytest.fixture
def model():
    """One who has a friend and a group, with nothing on the screen."""
    model = ChatModel(user=Person(user_id="me", nickname="Me"), connection=Connection.ONLINE)
    model.set_friends((Person(user_id="ann", nickname="Ann"), Person(user_id="bob", nickname="Bob")))
    members = tuple(
        Member(person=Person(user_id=name, nickname=name.title())) for name in ("me", "ann", "carl")
    )
    model.set_groups((Group(group_id="team", name="Team", owner_id="ann", member_count=3, members=members),))
    model.set_talks((Talk(key=ANN, name="Ann"), Talk(key=BOB, name="Bob"), Talk(key=TEAM, name="Team")))
    return model
