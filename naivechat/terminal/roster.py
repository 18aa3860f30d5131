"""What the terminal knows of people, groups and dialogues."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import attrs

from naivechat.protocol.friend import AskedRecord, FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.protocol.talk import TalkRecord
from naivechat.terminal.commands import CommandError

FRIEND, GROUP = 0, 1
MOST_UNREAD = 100

Address: TypeAlias = tuple[int, str]
"""A talk: its type (FRIEND or GROUP) and the friend's user_id or the group's group_id."""


@attrs.define
class Roster:
    """People, groups and dialogues by what names them. Dialogues are talks on the list; any friend or group can become one."""

    me: str = ""
    nickname: str = ""
    talks: dict[Address, TalkRecord] = attrs.Factory(dict)
    friends: dict[str, FriendRecord] = attrs.Factory(dict)
    groups: dict[str, GroupRecord] = attrs.Factory(dict)
    asked: dict[str, AskedRecord] = attrs.Factory(dict)

    def replace(
        self,
        talks: Iterable[TalkRecord],
        friends: Iterable[FriendRecord],
        groups: Iterable[GroupRecord],
        asked: Iterable[AskedRecord],
    ) -> None:
        """Forget everything and keep what a node told."""
        self.talks = {(talk.talk_type, talk.talk_id): talk for talk in talks}
        self.friends = {friend.user_id: friend for friend in friends}
        self.groups = {group.group_id: group for group in groups}
        self.asked = {request.user.user_id: request for request in asked}

    def person(self, user_id: str) -> str:
        """How somebody is called here: the remark, else the nickname, else the id."""
        if user_id == self.me:
            return self.nickname or user_id
        friend = self.friends.get(user_id)
        return (friend.remark or friend.nickname) if friend is not None else user_id

    def title(self, address: Address) -> str:
        """How a talk is called here."""
        talk_type, other_id = address
        if talk_type == FRIEND:
            return self.person(other_id)
        group = self.groups.get(other_id)
        return group.name if group is not None else other_id

    def list_talks(self) -> tuple[TalkRecord, ...]:
        """Dialogues as they are listed: pinned ones first, then the newest."""
        return tuple(sorted(self.talks.values(), key=lambda talk: (not talk.pinned, -talk.talk_date)))

    def list_names(self) -> tuple[str, ...]:
        """What `find_talk` understands, without doubles: names first, then ids."""
        addresses = self._addresses()
        return tuple(dict.fromkeys([*map(self.title, addresses), *(other_id for _, other_id in addresses)]))

    def find_talk(self, name: str) -> Address:
        """The friend or group that a person means by `name`: an id, a name, or the one beginning of a name.

        Raises:
            CommandError: nobody is called so, or several are.
        """
        wanted = name.casefold()
        exact = [
            one for one in self._addresses() if wanted in (one[1].casefold(), self.title(one).casefold())
        ]
        found = exact or [one for one in self._addresses() if self.title(one).casefold().startswith(wanted)]
        by_id = [one for one in found if one[1] == name]
        if len(by_id or found) == 1:
            return (by_id or found)[0]
        if found:
            names = ", ".join(f"{self.title(one)} ({one[1]})" for one in found)
            raise CommandError(f"Several are called so: {names}. Name one by the id.")
        raise CommandError(
            f"No friend or group is called {name}: /friends, /groups and /find KEY show who there is."
        )

    def update_talk(self, address: Address, **values: Any) -> None:
        """Change what is known of a dialogue, if it is on the list."""
        talk = self.talks.get(address)
        if talk is not None:
            self.talks[address] = attrs.evolve(talk, **values)

    def _addresses(self) -> tuple[Address, ...]:
        groups = ((GROUP, group_id) for group_id in self.groups)
        friends = ((FRIEND, user_id) for user_id in self.friends)
        return (*friends, *groups)
