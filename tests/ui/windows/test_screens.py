"""Everything fits in every window: at all scales and sizes of text, in both languages, at the least size of the chat window."""

import tkinter as tk
from collections.abc import Callable, Iterator

import attrs
import pytest

from tests.ui.recorder import Recorder
from tests.ui.windows.fitting import misfits
from tkclient.interfaces import LoginEvents, LoginForm, LoginTrouble
from tkclient.model.connection import Connection
from tkclient.model.people import Group, Member, Person, Role
from tkclient.model.preferences import Preferences
from tkclient.model.talk import FRIEND, GROUP, TalkKey
from tkclient.ui.controls.button import Button
from tkclient.ui.controls.dialog import Dialog, confirm
from tkclient.ui.lists.contact_rows import NEW_FRIENDS, ContactKind, ContactRef
from tkclient.ui.lists.nav_bar import Place
from tkclient.ui.look.look import Look
from tkclient.ui.pages.add_friend import AddFriendDialog
from tkclient.ui.windows.chat_screen import ChatScreen
from tkclient.ui.windows.chat_window import ChatWindow
from tkclient.ui.windows.create_group import CreateGroupDialog, InviteDialog
from tkclient.ui.windows.login import LoginWindow
from tkclient.ui.windows.login_fields import RegisterFields
from tkclient.ui.windows.password import PasswordDialog
from tkclient.ui.windows.person_card import PersonCard
from tkclient.ui.windows.profile import ProfileDialog
from tkclient.ui.windows.settings import SettingsWindow
from tkclient.ui.windows.text_dialog import TextDialog
from tools.screenshots.casts import CASTS

STYLES = (
    *((language, scale, 100) for language in ("zh_CN", "en") for scale in (1.0, 1.25, 1.5, 2.0)),
    ("zh_CN", 1.0, 130),
    ("en", 1.0, 130),
    ("en", 1.5, 130),
)
LONG = Person(
    user_id="a.name-that-is-as-long-as-it-gets",
    nickname="Wolfeschlegelsteinhausenbergerdo",
    remark="一个名字很长很长很长很长的好朋友，长到哪里都放不下 🏔️",
)
CROWD = Group(
    group_id="crowd",
    name="The society for names that are 😀",
    owner_id=LONG.user_id,
    notice="Whoever reads this notice to its end has read a notice that does not end soon. " * 4,
    member_count=1999,
    members=(Member(person=LONG, role=Role.OWNER),),
)


class Windows:
    """One chat window with a lively world and long names, at its least size, and what can be opened over it."""

    def __init__(self, root: tk.Tk, hand, language: str, scale: float, text_size: int) -> None:
        self.root, self.hand = root, hand
        self.look = Look.make(root, language, text_size, scale)
        self.events = Recorder()
        self.chat = ChatWindow(
            root,
            self.events,
            None,
            make_look=lambda _: self.look,
            geometry=f"{self.look.px(800)}x{self.look.px(600)}+0+0",
        )
        world = CASTS[language].world
        self.group, self.friend = CASTS[language].group, CASTS[language].friend
        self.chat.set_preferences(Preferences(text_size=text_size, language=language))
        world.tell(self.chat)
        self.chat.upsert_friend(LONG)
        self.chat.upsert_group(CROWD)
        self.chat.set_found(world.sought, world.found, True)
        self.chat.show()
        self.chat.select(self.group)

    @property
    def screen(self) -> ChatScreen:
        assert self.chat.screen is not None
        return self.chat.screen

    def look_at(self, window: tk.Misc) -> list[str]:
        """What does not fit, once everything is drawn."""
        self.hand.until(window.winfo_viewable)
        self.hand.work()
        return list(misfits(window))

    def dialogues(self) -> Iterator[str]:
        """The panel, and the panels beside it."""
        yield from self.look_at(self.screen.window)
        for key in (self.group, self.friend, TalkKey(GROUP, CROWD.group_id), TalkKey(FRIEND, LONG.user_id)):
            self.chat.set_typing(key, LONG.name)
            self.screen.select(key)
            self.screen.content.panel.header.details_button.press()
            yield from self.look_at(self.screen.window)
            self.screen.content.panel.header.details_button.press()
        for state in (Connection.CONNECTING, Connection.OFFLINE):
            self.chat.set_connection(state)
            yield from self.look_at(self.screen.window)

    def contacts(self) -> Iterator[str]:
        """All kinds of pages."""
        self.screen.nav.buttons[Place.CONTACTS].press()
        yield from self.look_at(self.screen.window)
        rows = self.screen.column.contacts.rows
        for contact in (
            NEW_FRIENDS,
            ContactRef(ContactKind.FRIEND, LONG.user_id),
            ContactRef(ContactKind.GROUP, CROWD.group_id),
            ContactRef(ContactKind.GROUP, self.group.talk_id),
            ContactRef(ContactKind.OFFICIAL, "news"),
        ):
            rows.on_click(next(row for row in rows.rows if row.key == contact), "")
            yield from self.look_at(self.screen.window)
        self.screen.content.seek_people("a")
        yield from self.look_at(self.screen.window)
        self.screen.column.search.text.value = "a"
        yield from self.look_at(self.screen.window)

    def settings(self) -> Iterator[str]:
        """All its pages."""
        window = SettingsWindow(self.screen.window, self.look, self.chat.model, self.events)
        for tab in window.tabs.tabs.values():
            tab.press()
            yield from self.look_at(window)
        window.close()

    def dialogs(self) -> Iterator[str]:
        """What opens over the window."""
        parent, look, model = self.screen.window, self.look, self.chat.model
        makers: tuple[Callable[[], Dialog], ...] = (
            lambda: ProfileDialog(parent, look, model, self.events),
            lambda: PasswordDialog(parent, look, self.events),
            lambda: CreateGroupDialog(parent, look, model, print, (LONG.user_id,)),
            lambda: InviteDialog(parent, look, model, self.group.talk_id, print),
            lambda: TextDialog(parent, look, look.words("Group name"), CROWD.name, print, most=32),
            lambda: TextDialog(
                parent, look, look.words("Group notice"), CROWD.notice, print, most=500, long=True
            ),
            lambda: AddFriendDialog(parent, look, LONG, CROWD.notice, print),
            lambda: confirm(parent, look, CROWD.notice, look.words("Hand over"), print),
        )
        for make in makers:
            dialog = make()
            yield from self.look_at(dialog)
            dialog.close()

    def cards(self) -> Iterator[str]:
        """Who somebody is: a friend, oneself, somebody who asks, a stranger."""
        model = self.chat.model
        for user_id in (LONG.user_id, model.user.user_id, model.requests[0].person.user_id, "stranger"):
            card = PersonCard(self.screen.window, self.look, model, self.events, user_id)
            card.place_at(10, 10)
            yield from self.look_at(card)
            card.close()

    def picker(self) -> Iterator[str]:
        """Emoji and faces."""
        self.screen.select(self.friend)
        tools = self.screen.content.panel.writing.tools
        tools.emoji_button.press()
        assert tools.picker.panel is not None
        yield from self.look_at(tools.picker.panel)
        tools.picker.panel.show_tab(tools.picker.panel.face_tab)
        yield from self.look_at(tools.picker.panel)
        tools.picker.close()


@pytest.mark.parametrize(("language", "scale", "text_size"), STYLES)
def test_everything_fits_in_the_chat_window_and_what_opens_over_it(root, hand, language, scale, text_size):
    root.withdraw()
    hand.let_go()
    windows = Windows(root, hand, language, scale, text_size)
    views = (
        windows.dialogues,
        windows.contacts,
        windows.settings,
        windows.dialogs,
        windows.cards,
        windows.picker,
    )
    found = [f"{view.__name__}: {misfit}" for view in views for misfit in view()]
    windows.chat.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "scale", "text_size"), STYLES)
def test_everything_fits_in_the_login_window(root, hand, language, scale, text_size):
    root.withdraw()
    hand.let_go()
    look = Look.make(root, language, text_size, scale)
    window = LoginWindow(root, look, Recorder(LoginEvents))
    form = LoginForm(
        server="chat.example.org", user_id=LONG.user_id, nickname=LONG.nickname, can_remember=True
    )
    found: list[str] = []

    def look_again() -> None:
        hand.until(window.window.winfo_viewable)
        hand.work()
        found.extend(misfits(window.window))

    for each in (form, attrs.evolve(form, remember=True), attrs.evolve(form, nickname="", server="")):
        window.show(each)
        look_again()
        window.error(LoginTrouble(code="UNREACHABLE", detail="connection refused by 192.0.2.1:7397"))
        look_again()
        window.busy()
        look_again()
        window.error(LoginTrouble(code="AUTH_FAILED"))
        look_again()
    window.show(form)
    window.links[0].press()
    assert isinstance(window.fields, RegisterFields)
    window.submit_button.press()
    look_again()
    assert not found, "\n".join(found)


def test_what_does_not_fit_is_found(root, hand):
    look = Look.make(root, "en")
    frame = tk.Frame(root, width=100, height=100)
    frame.pack_propagate(False)
    frame.pack()
    button = Button(frame, look, "Far too long for this little frame", print, width=20)
    button.pack(fill="x")
    label = tk.Label(frame, text="Far too long for this little frame")
    label.pack(fill="x")
    line = tk.Frame(frame, width=10, height=10, background="black")
    line.place(x=95, y=50)
    hand.until(line.winfo_viewable)
    found = list(misfits(root))
    assert [one.split()[0].rstrip(",") for one in found] == [str(button), str(label), str(line)]
