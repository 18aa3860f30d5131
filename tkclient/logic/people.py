"""Oneself, friends, requests and searches."""

from collections.abc import Callable
from typing import Final

import attrs

from naivechat.protocol.friend import FoundRecord
from tkclient.logic.session import Session
from tkclient.logic.values import found_of, friend_of, request_of, user_of
from tkclient.model.people import FoundStatus

MOST_FOUND: Final = 50


class People:
    """Tells people, and does what the user asks for. `renamed` hears whose name or picture is another one now."""

    def __init__(self, session: Session, renamed: Callable[[str], None]) -> None:
        self._session = session
        self._renamed = renamed
        self._search_key = ""
        self._found: tuple[FoundRecord, ...] = ()
        self._has_more = False

    def tell_all(self) -> None:
        """Tell oneself, the friends and the requests."""
        self.tell_user()
        self._session.ui.set_friends(tuple(map(friend_of, self._session.state.friends.values())))
        self.tell_requests()

    def tell_user(self) -> None:
        """Tell who is logged in."""
        if self._session.state.user is not None:
            self._session.ui.set_user(user_of(self._session.state.user))

    def tell_requests(self) -> None:
        """Tell who wants to be a friend, the newest first."""
        asked = sorted(self._session.state.asked.values(), key=lambda record: -record.asked_at)
        self._session.ui.set_requests(tuple(map(request_of, asked)))

    def tell_friend(self, user_id: str) -> None:
        """Tell how somebody is known now: as a friend, or as none."""
        friend = self._session.state.friends.get(user_id)
        if friend is None:
            self._session.ui.remove_friend(user_id)
            self._mark_found(user_id, FoundStatus.ADDABLE)
        else:
            self._session.ui.upsert_friend(friend_of(friend))
            self._mark_found(user_id, FoundStatus.FRIEND)

    async def search(self, key: str) -> None:
        """Look for people; of several searches only the last one is told. ClientError."""
        self._search_key = key = key.strip()
        if not key:
            self._tell_found((), False)
            return
        answer = await self._session.client.search(key, limit=MOST_FOUND)
        if key == self._search_key:
            self._tell_found(answer.users, answer.has_more)

    async def add(self, user_id: str, greeting: str) -> None:
        """Ask for a friendship. ClientError."""
        friend = await self._session.client.add_friend(user_id, greeting)
        if friend is None:
            self._mark_found(user_id, FoundStatus.ASKED)
        else:
            self._befriended(user_id)

    async def answer(self, user_id: str, accept: bool) -> None:
        """Accept or refuse somebody. ClientError."""
        if await self._session.client.answer_friend(user_id, accept) is not None:
            self._befriended(user_id)
        self.tell_requests()

    async def remove(self, user_id: str) -> None:
        """End a friendship. ClientError."""
        await self._session.client.remove_friend(user_id)
        self.tell_friend(user_id)
        self._renamed(user_id)

    async def set_remark(self, user_id: str, remark: str) -> None:
        """Call a friend otherwise. ClientError."""
        await self._session.client.set_remark(user_id, remark.strip())
        self.tell_friend(user_id)
        self._renamed(user_id)

    async def update_profile(self, nickname: str, avatar: str) -> None:
        """Call oneself otherwise, or look otherwise. ClientError."""
        user = self._session.state.user
        await self._session.client.update_profile(
            nickname=None if user is not None and user.nickname == nickname else nickname,
            avatar=None if user is not None and user.avatar == avatar else avatar,
        )
        self.tell_user()
        self._renamed(self._session.client.user_id)

    def _befriended(self, user_id: str) -> None:
        self.tell_friend(user_id)
        self.tell_requests()
        self._renamed(user_id)

    def _mark_found(self, user_id: str, status: FoundStatus) -> None:
        if all(record.user_id != user_id or record.status == status for record in self._found):
            return
        marked = (
            attrs.evolve(record, status=int(status)) if record.user_id == user_id else record
            for record in self._found
        )
        self._tell_found(tuple(marked), self._has_more)

    def _tell_found(self, found: tuple[FoundRecord, ...], has_more: bool) -> None:
        self._found, self._has_more = found, has_more
        self._session.ui.set_found(self._search_key, tuple(map(found_of, found)), has_more)
