"""The one model from which everything on the screen follows."""

from typing import Final

import attrs

from tkclient.model.connection import Connection
from tkclient.model.conversation import Conversation
from tkclient.model.people import Found, FriendRequest, Group, Person
from tkclient.model.preferences import Preferences
from tkclient.model.talk import FRIEND, GROUP, MOST_UNREAD, Message, Talk, TalkKey

_NOBODY: Final = Person(user_id="", nickname="")


@attrs.define(eq=False)
class ChatModel:
    """What the chat window was told. Its methods have the names and meanings of `interfaces.ChatMethods`; they draw nothing.

    selected: the dialogue on the screen, which alone decides what panel, selection, sending, drafts and badge are about.
    typing: who is typing, by dialogue. found: what the search for `found_key` has found.
    """

    user: Person = _NOBODY
    preferences: Preferences = attrs.Factory(Preferences)
    connection: Connection = Connection.OFFLINE
    selected: TalkKey | None = None
    talks: dict[TalkKey, Talk] = attrs.Factory(dict)
    drafts: dict[TalkKey, str] = attrs.Factory(dict)
    conversations: dict[TalkKey, Conversation] = attrs.Factory(dict)
    friends: dict[str, Person] = attrs.Factory(dict)
    groups: dict[str, Group] = attrs.Factory(dict)
    requests: tuple[FriendRequest, ...] = ()
    typing: dict[TalkKey, str] = attrs.Factory(dict)
    found_key: str = ""
    found: tuple[Found, ...] = ()
    has_more_found: bool = False

    def set_talks(self, talks: tuple[Talk, ...]) -> None:
        self.talks = {talk.key: talk for talk in talks}

    def upsert_talk(self, talk: Talk) -> None:
        self.talks[talk.key] = talk

    def remove_talk(self, key: TalkKey) -> None:
        """Also takes it off the screen."""
        self.talks.pop(key, None)
        if self.selected == key:
            self.selected = None

    def set_drafts(self, drafts: dict[TalkKey, str]) -> None:
        self.drafts = {key: text for key, text in drafts.items() if text}

    def set_draft(self, key: TalkKey, text: str) -> None:
        """What is typed but not sent; "" is nothing."""
        if text:
            self.drafts[key] = text
        else:
            self.drafts.pop(key, None)

    def set_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        self.conversations[key] = Conversation(messages, has_older)

    def prepend_messages(self, key: TalkKey, messages: tuple[Message, ...], has_older: bool) -> None:
        self._conversation(key).prepend(messages, has_older)

    def append_message(self, key: TalkKey, message: Message) -> None:
        self._conversation(key).put(message)

    def update_message(self, key: TalkKey, message: Message) -> None:
        self._conversation(key).update(message)

    def remove_message(self, key: TalkKey, msg_uuid: bytes) -> None:
        self._conversation(key).remove(msg_uuid)

    def set_friends(self, friends: tuple[Person, ...]) -> None:
        self.friends = {friend.user_id: friend for friend in friends}

    def upsert_friend(self, friend: Person) -> None:
        self.friends[friend.user_id] = friend

    def remove_friend(self, user_id: str) -> None:
        self.friends.pop(user_id, None)

    def set_presence(self, user_id: str, is_online: bool) -> None:
        if user_id in self.friends:
            self.friends[user_id] = attrs.evolve(self.friends[user_id], is_online=is_online)

    def set_groups(self, groups: tuple[Group, ...]) -> None:
        """Members that are known already are kept, unless others are told."""
        self.groups = {group.group_id: self._with_members(group) for group in groups}

    def upsert_group(self, group: Group) -> None:
        self.groups[group.group_id] = self._with_members(group)

    def remove_group(self, group_id: str) -> None:
        self.groups.pop(group_id, None)

    def set_found(self, key: str, found: tuple[Found, ...], has_more: bool) -> None:
        self.found_key, self.found, self.has_more_found = key, found, has_more

    def set_typing(self, key: TalkKey, name: str) -> None:
        if name:
            self.typing[key] = name
        else:
            self.typing.pop(key, None)

    @property
    def rows(self) -> tuple[Talk, ...]:
        """The dialogues as the list shows them: pinned ones first, then the newest."""
        return tuple(
            sorted(self.talks.values(), key=lambda talk: (not talk.is_pinned, -talk.date_ms, talk.key))
        )

    @property
    def unread(self) -> int:
        """Unread messages of all dialogues that are not muted, MOST_UNREAD at most."""
        return min(sum(talk.unread for talk in self.talks.values() if not talk.is_muted), MOST_UNREAD)

    @property
    def official_accounts(self) -> tuple[Group, ...]:
        """By name."""
        return tuple(sorted((group for group in self.groups.values() if group.is_official), key=_by_name))

    @property
    def own_groups(self) -> tuple[Group, ...]:
        """The groups that are no official accounts, by name."""
        return tuple(sorted((group for group in self.groups.values() if not group.is_official), key=_by_name))

    @property
    def friend_list(self) -> tuple[Person, ...]:
        """By name."""
        return tuple(sorted(self.friends.values(), key=_by_name))

    def messages(self, key: TalkKey) -> Conversation:
        """What is known of a dialogue; empty if nothing is."""
        return self.conversations.get(key) or Conversation()

    def avatar_of(self, user_id: str) -> str:
        """The picture of somebody who is known as oneself or a friend, else ""."""
        person = self.user if self.user.user_id == user_id else self.friends.get(user_id)
        return person.avatar if person else ""

    def find_group(self, key: TalkKey) -> Group | None:
        """The group of a group talk."""
        return self.groups.get(key.talk_id) if key.talk_type == GROUP else None

    def find_friend(self, key: TalkKey) -> Person | None:
        """The friend of a friend talk."""
        return self.friends.get(key.talk_id) if key.talk_type == FRIEND else None

    def _with_members(self, group: Group) -> Group:
        known = self.groups.get(group.group_id)
        return attrs.evolve(group, members=known.members) if known and not group.members else group

    def _conversation(self, key: TalkKey) -> Conversation:
        return self.conversations.setdefault(key, Conversation())


def _by_name(known: Person | Group) -> tuple[str, str]:
    identity = known.user_id if isinstance(known, Person) else known.group_id
    return known.name.casefold(), identity
