import pytest

from tests.ui.recorder import Recorder
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Member, Person, Role
from tkclient.ui.look.look import Look

WIDTH = 488
"""What the content has at least: of a window 800 wide."""


@pytest.fixture
def look(root):
    return Look.make(root, "en")


@pytest.fixture
def model():
    model = ChatModel(user=Person(user_id="fox", nickname="Foxy"))
    wang = Person(user_id="wang", nickname="Wang Lei", remark="Backend Wang", is_online=True)
    li = Person(user_id="li", nickname="李娜")
    model.set_friends((wang, li))
    members = (
        Member(person=model.user, role=Role.OWNER),
        Member(person=wang, role=Role.ADMIN),
        Member(person=li),
    )
    model.set_groups(
        (
            Group(group_id="team", name="The team", owner_id="fox", notice="Thursday at ten", member_count=3, members=members),
            Group(group_id="news", name="News", owner_id="x", notice="All that is new", is_official=True),
        )
    )  # fmt: skip
    return model


@pytest.fixture
def events():
    return Recorder()


@pytest.fixture
def place(root, hand):
    """Fills the window with a page, and lets it be drawn."""

    def put(page):
        page.place(relwidth=1, relheight=1)
        root.geometry(f"{WIDTH}x600+0+0")
        hand.until(lambda: page.winfo_width() == WIDTH and page.winfo_height() == 600)
        root.focus_force()
        hand.move(page, 4, 4)
        return page

    return put
