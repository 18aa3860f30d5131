"""A client without a node, and a screen that remembers."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import attrs

from naivechat.client import ConnectionState
from naivechat.client.commands import Commands
from naivechat.client.state import ChatState
from naivechat.protocol.friend import FriendRecord
from naivechat.protocol.group import GroupRecord
from naivechat.protocol.message import HistoryResponse, MessageRecord
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import OkResponse
from naivechat.protocol.talk import TalkRecord
from tests.fakes import done

NOW_MS = 1_700_000_000_000
USER = UserRecord(user_id="me", nickname="Myself", avatar="")


def friend(user_id: str, nickname: str, remark: str = "", *, online: bool = False) -> FriendRecord:
    return FriendRecord(user_id=user_id, nickname=nickname, avatar="", remark=remark, online=online)


def group(group_id: str, name: str, notice: str = "") -> GroupRecord:
    return GroupRecord(group_id=group_id, name=name, avatar="", notice=notice, owner_id="me", member_count=2)


def talk(talk_type: int, talk_id: str, **values: Any) -> TalkRecord:
    given = {
        "talk_name": talk_id,
        "talk_head": "",
        "talk_sketch": "",
        "talk_date": NOW_MS,
        "last_seq": 0,
        "read_seq": 0,
        "unread": 0,
        "pinned": False,
        "muted": False,
    }
    return TalkRecord(talk_type=talk_type, talk_id=talk_id, **(given | values))


def message(seq: int, sender_id: str, text: str, **values: Any) -> MessageRecord:
    given = {"msg_type": 0, "sent_at": NOW_MS, "msg_uuid": seq.to_bytes(16, "big")}
    return MessageRecord(seq=seq, sender_id=sender_id, msg_text=text, **(given | values))


def history(*messages: MessageRecord) -> HistoryResponse:
    return HistoryResponse(rid=1, talk_type=0, talk_id="li", messages=messages, has_more=False)


@attrs.define
class FakeClient(Commands):
    """Answers requests from `answers`, by the class of the request; what is not there is Ok. `asked` lists them."""

    state: ChatState = attrs.Factory(ChatState)
    answers: dict[type, Packet | Exception] = attrs.Factory(dict)
    asked: list[Packet] = attrs.Factory(list)
    connection_state: ConnectionState = ConnectionState.ONLINE
    user_id: str = "me"
    listeners: Any = attrs.Factory(lambda: defaultdict(list))

    def on(self, event_type: type, callback: Callable[[Any], Awaitable[None] | None]) -> None:
        self.listeners[event_type].append(callback)

    def emit(self, event: object) -> None:
        for callback in self.listeners[type(event)]:
            result = callback(event)
            if isinstance(result, Coroutine):
                done(result)

    async def request(self, packet: Packet) -> Packet:
        self.asked.append(packet)
        answer = self.answers.get(type(packet), OkResponse(rid=1))
        if isinstance(answer, Exception):
            raise answer
        self.state.take(answer)
        return answer


@attrs.define
class Paper:
    """A screen that remembers the lines and their styles."""

    lines: list[tuple[str, str]] = attrs.Factory(list)

    def show(self, text: str, style: str = "") -> None:
        self.lines.append((text, style))

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.lines]

    def take(self) -> list[str]:
        """What was shown since the last look."""
        texts = self.texts
        self.lines.clear()
        return texts
