"""What is to be seen in each picture, and how one gets there."""

from pathlib import Path

import attrs

from tkclient.model.talk import TalkKey
from tkclient.ui.controls.dialog import Confirmation
from tkclient.ui.lists.contact_rows import NEW_FRIENDS, ContactKind, ContactRef
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.windows.chat_screen import ChatScreen
from tkclient.ui.windows.create_group import CreateGroupDialog
from tkclient.ui.windows.group_panel import GroupPanel
from tkclient.ui.windows.login import LoginWindow
from tkclient.ui.windows.profile import ProfileDialog
from tkclient.ui.windows.settings import SettingsWindow
from tools.screenshots.casts import Cast
from tools.screenshots.stage import Stage


def login(stage: Stage, cast: Cast, path: Path) -> None:
    """Somebody logs in."""
    window = stage.open_login()
    window.show(cast.world.form)
    stage.settle()
    server = window.links[1]
    stage.hand.click(server)
    stage.hand.click(window.fields.place_for())
    stage.hand.type("password")
    _take_login(stage, window, path)


def login_register(stage: Stage, cast: Cast, path: Path) -> None:
    """Somebody opens an account."""
    window = stage.open_login()
    window.show(attrs.evolve(cast.world.form, user_id="", nickname="", avatar=""))
    stage.settle()
    stage.hand.click(window.links[0])
    stage.hand.type("maya")
    stage.hand.press("Tab")
    stage.hand.paste(cast.nickname)
    stage.hand.press("Tab")
    stage.hand.type("password")
    _take_login(stage, window, path)


def chat(stage: Stage, cast: Cast, path: Path) -> None:
    """A group talks."""
    screen = _open(stage, cast, cast.group)
    stage.hand.paste(cast.written)
    stage.take(screen.window, path)


def messages(stage: Stage, cast: Cast, path: Path) -> None:
    """Messages that were recalled, refused, or are on their way."""
    screen = _open(stage, cast, cast.lively)
    stage.take(screen.window, path, when=lambda: _last_dot_is_dark(screen))


def emoji(stage: Stage, cast: Cast, path: Path) -> None:
    """Emoji are picked."""
    screen = _open(stage, cast, cast.group)
    stage.hand.paste(cast.written)
    tools = screen.content.panel.writing.tools
    stage.hand.click(tools.emoji_button)
    assert tools.picker.panel is not None
    strip = tools.picker.panel.strip
    stage.hand.click(strip, strip.middle_of(1), strip.winfo_height() / 2)
    stage.settle()
    stage.take(screen.window, path)


def faces(stage: Stage, cast: Cast, path: Path) -> None:
    """A face is picked."""
    screen = _open(stage, cast, cast.friend)
    tools = screen.content.panel.writing.tools
    stage.hand.click(tools.emoji_button)
    panel = tools.picker.panel
    assert panel is not None
    stage.hand.click(panel.strip, panel.strip.middle_of(panel.face_tab), panel.strip.winfo_height() / 2)
    stage.hand.move(panel.grid_of_cells, *panel.grid_of_cells.place_of("f_22"))
    stage.take(screen.window, path)


def contacts(stage: Stage, cast: Cast, path: Path) -> None:
    """A friend's page."""
    screen = _open_contact(stage, cast, ContactRef(ContactKind.FRIEND, cast.contact))
    stage.take(screen.window, path)


def group_page(stage: Stage, cast: Cast, path: Path) -> None:
    """A group's page."""
    screen = _open_contact(stage, cast, ContactRef(ContactKind.GROUP, cast.group.talk_id))
    stage.take(screen.window, path)


def official(stage: Stage, cast: Cast, path: Path) -> None:
    """An official account's page."""
    screen = _open_contact(stage, cast, ContactRef(ContactKind.OFFICIAL, "news"))
    stage.take(screen.window, path)


def new_friends(stage: Stage, cast: Cast, path: Path) -> None:
    """People are searched for, and some ask."""
    screen = _open_contact(stage, cast, NEW_FRIENDS)
    page = screen.content.page
    assert page is not None
    stage.hand.click(page.field)
    stage.hand.paste(cast.world.sought)
    stage.hand.press("Return")
    stage.settle()
    stage.take(screen.window, path)


def search(stage: Stage, cast: Cast, path: Path) -> None:
    """Somebody is sought among contacts and dialogues."""
    screen = _open(stage, cast, cast.group)
    stage.hand.press("Control+f")
    stage.hand.paste(cast.sought)
    stage.take(screen.window, path)


def group_panel(stage: Stage, cast: Cast, path: Path) -> None:
    """A group's members, notice and choices."""
    screen = _open(stage, cast, cast.group)
    _open_details(stage, screen)
    stage.take(screen.window, path)


def dissolve(stage: Stage, cast: Cast, path: Path) -> None:
    """Whether a group is to be dissolved."""
    screen = _open(stage, cast, cast.group)
    panel = _open_details(stage, screen)
    stage.hand.click(panel.dissolve_button)
    stage.child(panel, Confirmation)
    stage.settle()
    stage.take(screen.window, path)


def create_group(stage: Stage, cast: Cast, path: Path) -> None:
    """A group is put together."""
    screen = _open(stage, cast, cast.group)
    stage.hand.click(screen.column.search.plus)
    stage.hand.press("Down")
    stage.hand.press("Return")
    dialog = stage.child(screen.window, CreateGroupDialog)
    assert isinstance(dialog, CreateGroupDialog)
    offered = dialog.chooser.offered
    for friend in cast.friends:
        offered.see(friend)
        stage.hand.click(offered, *offered.place_of(friend))
    offered.scroll_to(0)
    stage.settle()
    stage.take(screen.window, path)


def settings(stage: Stage, cast: Cast, path: Path) -> None:
    """What can be chosen."""
    screen = _open(stage, cast, cast.group)
    stage.hand.click(screen.nav.buttons[Place.SETTINGS])
    window = stage.child(screen.window, SettingsWindow)
    assert isinstance(window, SettingsWindow)
    stage.hand.click(window.tabs.tabs["general"])
    stage.settle()
    stage.take(screen.window, path)


def profile(stage: Stage, cast: Cast, path: Path) -> None:
    """One's own name and picture."""
    screen = _open(stage, cast, cast.group)
    stage.hand.click(screen.nav.avatar)
    stage.child(screen.window, ProfileDialog)
    stage.settle()
    stage.take(screen.window, path)


def menu(stage: Stage, cast: Cast, path: Path) -> None:
    """What can be done with a dialogue."""
    screen = _open(stage, cast, cast.group)
    rows = screen.column.talks.rows
    stage.hand.click(rows, *rows.place_of(cast.friend), button=3)
    stage.hand.press("Down")
    stage.hand.press("Down")
    stage.settle()
    stage.take(screen.window, path)


def _open(stage: Stage, cast: Cast, key: TalkKey) -> ChatScreen:
    return stage.open_chat(cast.world, key)


def _open_contact(stage: Stage, cast: Cast, contact: ContactRef) -> ChatScreen:
    screen = _open(stage, cast, cast.group)
    stage.hand.click(screen.nav.buttons[Place.CONTACTS])
    rows = screen.column.contacts.rows
    rows.see(contact)
    stage.hand.click(rows, *rows.place_of(contact))
    stage.settle()
    return screen


def _open_details(stage: Stage, screen: ChatScreen) -> GroupPanel:
    stage.hand.click(screen.content.panel.header.details_button)
    stage.settle()
    assert isinstance(screen.drawer.details, GroupPanel)
    return screen.drawer.details


def _last_dot_is_dark(screen: ChatScreen) -> bool:
    """Whether the dots beside a message on its way, which take turns, are at their last one; also if there are none."""
    canvas = screen.content.panel.messages.canvas
    tags = {tag for item in canvas.find_all() for tag in canvas.gettags(item) if tag.endswith("waiting")}
    dots = [canvas.itemcget(item, "image") for tag in tags for item in canvas.find_withtag(tag)]
    return not dots or dots[0] == dots[1] != dots[2]


def _take_login(stage: Stage, window: LoginWindow, path: Path) -> None:
    stage.settle()
    stage.take(window.window, path)
