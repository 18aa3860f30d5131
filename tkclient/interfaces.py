"""Where the two sides of the desktop client meet: what the UI raises, what the UI can be told, and what the desktop offers.

Every call returns at once. All methods are called in the main thread. What the UI is told is idempotent and keyed: telling the
same again changes nothing, and order matters only where a method says so.
"""

import enum
from typing import Protocol

import attrs

from tkclient.model.connection import Connection
from tkclient.model.people import Found, FriendRequest, Group, Person
from tkclient.model.preferences import Preferences
from tkclient.model.talk import Kind, Message, Talk, TalkKey


class Action(enum.Enum):
    """What a user has asked for and hears the outcome of."""

    SEND = "send"
    OPEN_TALK = "open_talk"
    DELETE_TALK = "delete_talk"
    PIN_TALK = "pin_talk"
    MUTE_TALK = "mute_talk"
    LOAD_OLDER = "load_older"
    RECALL = "recall"
    SEARCH_PEOPLE = "search_people"
    ADD_FRIEND = "add_friend"
    ANSWER_FRIEND = "answer_friend"
    REMOVE_FRIEND = "remove_friend"
    SET_REMARK = "set_remark"
    CREATE_GROUP = "create_group"
    LOAD_MEMBERS = "load_members"
    INVITE = "invite"
    LEAVE_GROUP = "leave_group"
    REMOVE_MEMBER = "remove_member"
    RENAME_GROUP = "rename_group"
    SET_NOTICE = "set_notice"
    SET_ROLE = "set_role"
    DISSOLVE_GROUP = "dissolve_group"
    UPDATE_PROFILE = "update_profile"
    CHANGE_PASSWORD = "change_password"


OFFLINE_CODE = "OFFLINE"
"""The outcome of what could not be asked, because there is no connection or no answer came."""


@attrs.frozen(kw_only=True)
class Outcome:
    """How an action ended. `code` is "" when it was done, else an error code of the protocol or OFFLINE_CODE.

    retry_after_ms: when the node would do it, of RATE_LIMITED and UNAVAILABLE; 0 if it does not say.
    """

    action: Action
    code: str = ""
    retry_after_ms: int = 0


@attrs.frozen(kw_only=True)
class LoginTrouble:
    """Why there is no login, in codes; the words are the UI's.

    code: an error code of the protocol (AUTH_FAILED, DISABLED, USER_EXISTS …), `UNREACHABLE` when no node answers,
        `BAD_ADDRESS` when the address cannot be read, `LOCAL_FILE` when the history file cannot, `NEEDS_TLS` when
        the node takes no password without it, `UNVERIFIED_…` with why a node's certificate is not believed (NAME, EXPIRED,
        TOO_EARLY, SELF_SIGNED, UNKNOWN, OTHER, NO_TLS), or `KICKED_…` with a reason of KickedNotice in capitals.
    detail: what the machine says, for whom it helps; "" if there is nothing.
    retry_after_ms: as in `Outcome`.
    """

    code: str
    detail: str = ""
    retry_after_ms: int = 0


@attrs.frozen(kw_only=True)
class LoginForm:
    """What the login window begins with. `can_remember`: whether the desktop can keep a secret."""

    server: str = ""
    user_id: str = ""
    remember: bool = False
    can_remember: bool = False
    nickname: str = ""
    avatar: str = ""


class LoginEvents(Protocol):
    """What the login window raises. After `login` or `register` it is told `busy`, then `success` or `error`."""

    def login(self, server: str, user_id: str, password: str, remember: bool) -> None:
        """Log in; an empty password means the remembered login."""
        ...

    def register(self, server: str, user_id: str, password: str, nickname: str) -> None:
        """Open an account and log in."""
        ...

    def cancel(self) -> None:
        """Give up the login under way."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...


class LoginMethods(Protocol):
    """What the login window can be told."""

    def show(self, form: LoginForm) -> None:
        """Show the window, ready for a login."""
        ...

    def busy(self) -> None:
        """A login is under way."""
        ...

    def error(self, trouble: LoginTrouble) -> None:
        """There is no login: show the window with the reason in words, and what was typed."""
        ...

    def success(self) -> None:
        """Logged in: the window goes."""
        ...


class ChatEvents(Protocol):
    """What the chat window raises. What has an outcome is answered by `ChatMethods.tell` with the Action of the same name."""

    def send(self, talk: TalkKey, text: str, kind: Kind = Kind.TEXT) -> None:
        """Send a message; it is told by `append_message` before this returns, as SENDING."""
        ...

    def retry(self, talk: TalkKey, msg_uuid: bytes) -> None:
        """Send a FAILED message again."""
        ...

    def discard(self, talk: TalkKey, msg_uuid: bytes) -> None:
        """Forget a FAILED message."""
        ...

    def open_talk(self, talk: TalkKey) -> None:
        """Put a dialogue on the list, at the top, and select it."""
        ...

    def select_talk(self, talk: TalkKey | None) -> None:
        """The dialogue on the screen is this one now: its messages are told by `set_messages`."""
        ...

    def delete_talk(self, talk: TalkKey) -> None:
        """Take a dialogue off the list; its records stay."""
        ...

    def pin_talk(self, talk: TalkKey, pinned: bool) -> None: ...

    def mute_talk(self, talk: TalkKey, muted: bool) -> None: ...

    def mark_read(self, talk: TalkKey) -> None:
        """Everything of the dialogue that is known has been seen."""
        ...

    def keep_draft(self, talk: TalkKey, text: str) -> None:
        """Keep what is typed but not sent; "" is nothing."""
        ...

    def load_older(self, talk: TalkKey) -> None:
        """Fetch what was before the oldest message: told by `prepend_messages`."""
        ...

    def recall(self, talk: TalkKey, seq: int) -> None: ...

    def typing(self, talk: TalkKey) -> None:
        """The user is typing; may be raised at every key."""
        ...

    def search_people(self, key: str) -> None:
        """Look for people by id or nickname: told by `set_found`."""
        ...

    def add_friend(self, user_id: str, greeting: str) -> None: ...

    def answer_friend(self, user_id: str, accept: bool) -> None: ...

    def remove_friend(self, user_id: str) -> None: ...

    def set_remark(self, user_id: str, remark: str) -> None: ...

    def create_group(self, name: str, member_ids: tuple[str, ...]) -> None:
        """Make a group of oneself and others; it is then opened as by `open_talk`."""
        ...

    def load_members(self, group_id: str) -> None:
        """Fetch who is in a group: told by `upsert_group`."""
        ...

    def invite(self, group_id: str, user_ids: tuple[str, ...]) -> None: ...

    def leave_group(self, group_id: str) -> None: ...

    def remove_member(self, group_id: str, user_id: str) -> None: ...

    def rename_group(self, group_id: str, name: str) -> None: ...

    def set_notice(self, group_id: str, notice: str) -> None: ...

    def set_role(self, group_id: str, user_id: str, role: int) -> None: ...

    def dissolve_group(self, group_id: str) -> None: ...

    def update_profile(self, nickname: str, avatar: str) -> None: ...

    def change_password(self, old_password: str, new_password: str) -> None: ...

    def set_preferences(self, preferences: Preferences) -> None: ...

    def logout(self) -> None:
        """Give the session back and go to the login window."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...


class ChatMethods(Protocol):
    """What the chat window can be told."""

    def show(self) -> None: ...

    def close(self) -> None:
        """The window goes, and forgets all it was told."""
        ...

    def set_user(self, user: Person) -> None:
        """Who is logged in."""
        ...

    def set_preferences(self, preferences: Preferences) -> None: ...

    def set_connection(self, connection: Connection) -> None: ...

    def set_talks(self, talks: tuple[Talk, ...]) -> None:
        """All dialogues, in any order; those not among them are gone."""
        ...

    def upsert_talk(self, talk: Talk) -> None: ...

    def remove_talk(self, key: TalkKey) -> None: ...

    def select(self, key: TalkKey) -> None:
        """Bring a dialogue on the screen, as if its row were clicked."""
        ...

    def set_drafts(self, drafts: dict[TalkKey, str]) -> None: ...

    def set_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        """All messages known of a dialogue, oldest first; `has_older`: whether the node may have more before them."""
        ...

    def prepend_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        """Older ones, oldest first."""
        ...

    def append_message(self, key: TalkKey, message: Message) -> None:
        """A new one, or another state of one known already."""
        ...

    def update_message(self, key: TalkKey, message: Message) -> None:
        """Another state of a message, by its msg_uuid; nothing if it is not known."""
        ...

    def remove_message(self, key: TalkKey, msg_uuid: bytes) -> None: ...

    def set_friends(self, friends: tuple[Person, ...]) -> None: ...

    def upsert_friend(self, friend: Person) -> None: ...

    def remove_friend(self, user_id: str) -> None: ...

    def set_presence(self, user_id: str, is_online: bool) -> None: ...

    def set_groups(self, groups: tuple[Group, ...]) -> None: ...

    def upsert_group(self, group: Group) -> None: ...

    def remove_group(self, group_id: str) -> None: ...

    def set_requests(self, requests: tuple[FriendRequest, ...]) -> None: ...

    def set_found(self, key: str, found: tuple[Found, ...], has_more: bool) -> None:
        """Whom the search for `key` has found."""
        ...

    def set_typing(self, key: TalkKey, name: str) -> None:
        """Somebody is typing in a dialogue; "" nobody any more."""
        ...

    def tell(self, outcome: Outcome) -> None:
        """How something ended that the user asked for."""
        ...

    def notify(self, key: TalkKey, message: Message) -> None:
        """A message that deserves attention: the window flashes, sounds or notifies, unless the user sees it anyway."""
        ...


class Notifier(Protocol):
    """Tells the user on the desktop, outside our windows."""

    def notify(self, key: TalkKey, title: str, text: str) -> None:
        """Show a notification; a click on it selects the dialogue."""
        ...

    def sound(self) -> None: ...
