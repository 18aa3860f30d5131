"""A node played by the test: it sees what a client writes and says what the test tells it to."""

from collections.abc import Coroutine
from typing import Any

import attrs
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost, ConnectionRefusedError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from naivechat.client import ChatClient, ReconnectPolicy, ServerAddress
from naivechat.protocol.codec import decode, encode_frame
from naivechat.protocol.friend import FriendRecord
from naivechat.protocol.message import (
    MessageRecord,
    MsgAckResponse,
    MsgGroupResponse,
    MsgResponse,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import (
    ErrorResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    LoginResponse,
    OkResponse,
)
from naivechat.protocol.talk import TalkRecord

NOW_MS = 1_700_000_000_000
TOKEN = b"t" * 32
POLICY = ReconnectPolicy(draw=lambda: 0.0)


def uuid_of(number: int) -> bytes:
    return number.to_bytes(16, "big")


def record(seq: int, *, sender_id: str = "li", text: str = "", sent_at: int = NOW_MS) -> MessageRecord:
    return MessageRecord(
        seq=seq,
        sender_id=sender_id,
        msg_type=0,
        msg_text=text or f"text {seq}",
        sent_at=sent_at,
        msg_uuid=uuid_of(seq),
    )


def push(seq: int, talk_id: str = "li", *, sent_at: int = NOW_MS) -> MsgResponse:
    return MsgResponse(
        talk_id=talk_id,
        seq=seq,
        sender_id="li",
        msg_type=0,
        msg_text=f"text {seq}",
        sent_at=sent_at,
        msg_uuid=uuid_of(seq),
    )


def group_push(seq: int, group_id: str = "g1", name: str = "Wang") -> MsgGroupResponse:
    return MsgGroupResponse(
        talk_id=group_id,
        seq=seq,
        sender_id="wang",
        sender_name=name,
        sender_head="",
        msg_type=0,
        msg_text=f"text {seq}",
        sent_at=NOW_MS,
        msg_uuid=uuid_of(seq),
    )


def talk(talk_id: str = "li", last_seq: int = 0, **changes: Any) -> TalkRecord:
    known = TalkRecord(
        talk_type=0,
        talk_id=talk_id,
        talk_name=talk_id,
        talk_head="",
        talk_sketch="",
        talk_date=NOW_MS,
        last_seq=last_seq,
        read_seq=0,
        unread=0,
        pinned=False,
        muted=False,
    )
    return attrs.evolve(known, **changes)


def friend(user_id: str = "li", **changes: Any) -> FriendRecord:
    known = FriendRecord(user_id=user_id, nickname=user_id.title(), avatar="", remark="", online=False)
    return attrs.evolve(known, **changes)


def login_response(**changes: Any) -> LoginResponse:
    known = LoginResponse(
        rid=0,
        user=UserRecord(user_id="me", nickname="Me", avatar=""),
        token=TOKEN,
        expires_at=NOW_MS + 1000,
        server_time=NOW_MS,
        node="n1",
        epoch="e1",
        talks=(),
        has_more=False,
        groups=(),
        friends=(),
        asked=(),
        heartbeat_ms=30_000,
        max_frame=65_536,
    )
    return attrs.evolve(known, **changes)


class Line(StringTransport):
    """The node's end of one connection."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False

    def abortConnection(self) -> None:
        self.aborted = True
        super().abortConnection()


class FakeNode:
    """Plays all nodes of a system. `line` is the connection that is open, if any."""

    def __init__(self, *, address: str = "me@127.0.0.1", **options: Any) -> None:
        self.reactor = MemoryReactorClock()
        self.line: Line | None = None
        self.protocol: Any = None
        self.events: list[Any] = []
        options = {"password": "secret pw", "policy": POLICY} | options
        self.client = ChatClient(self.reactor, ServerAddress.parse(address), **options)

    def listen(self, *event_types: type) -> None:
        for event_type in event_types:
            self.client.on(event_type, self.events.append)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Deferred[Any]:
        return Deferred.fromCoroutine(coroutine)

    def accept(self) -> None:
        """Take the connection that the client is making."""
        factory = self.reactor.tcpClients[-1][2]
        self.protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 7397))
        self.line = Line()
        self.protocol.makeConnection(self.line)

    def refuse(self) -> None:
        """Refuse the connection that the client is making."""
        factory = self.reactor.tcpClients[-1][2]
        factory.clientConnectionFailed(None, Failure(ConnectionRefusedError()))

    def take(self) -> list[Packet]:
        """The requests since the last call."""
        assert self.line is not None
        data = self.line.value()
        self.line.clear()
        packets = []
        while data:
            end = 4 + int.from_bytes(data[:4], "big")
            packets.append(decode(data[4], data[5:end]))
            data = data[end:]
        return packets

    def take_one(self, kind: type) -> Any:
        """The one request since the last call, which must be of this kind."""
        packets = self.take()
        assert [type(packet) for packet in packets] == [kind], packets
        return packets[0]

    def say(self, *packets: Packet) -> None:
        """Write packets to the client, in one piece."""
        self.protocol.dataReceived(b"".join(map(encode_frame, packets)))

    def answer(self, request: Any, answer: Any) -> None:
        self.say(attrs.evolve(answer, rid=request.rid))

    def ok(self, request: Any) -> None:
        self.say(OkResponse(rid=request.rid))

    def refuse_request(
        self, request: Any, code: str, retry_after_ms: int | None = None, *, message: str = "no"
    ) -> None:
        self.say(ErrorResponse(rid=request.rid, code=code, message=message, retry_after_ms=retry_after_ms))

    def ack(self, request: Any, seq: int, *, duplicate: bool = False) -> None:
        talk_id = getattr(request, "friend_id", None) or getattr(request, "group_id", None) or request.talk_id
        self.say(
            MsgAckResponse(
                rid=request.rid,
                talk_type=1 if hasattr(request, "group_id") else 0,
                talk_id=talk_id,
                msg_uuid=request.msg_uuid,
                seq=seq,
                sent_at=NOW_MS,
                duplicate=duplicate,
            )
        )

    def answer_heartbeats_only(self) -> list[Packet]:
        """Let 16 s pass in which the node gives no other answer; the requests since the last call."""
        requests = []
        for _ in range(16):
            self.reactor.advance(1)
            for request in self.take():
                if isinstance(request, HeartbeatRequest):
                    self.answer(request, HeartbeatResponse(rid=0, server_time=NOW_MS))
                else:
                    requests.append(request)
        return requests

    def lose(self) -> None:
        """The connection breaks."""
        protocol, self.protocol, self.line = self.protocol, None, None
        protocol.connectionLost(Failure(ConnectionLost()))

    def log_in(self, **response: Any) -> Any:
        """Take the connection and let the client in; the request it made."""
        self.accept()
        (request,) = self.take()
        self.answer(request, login_response(**response))
        return request

    def start(self, **response: Any) -> "FakeNode":
        """Start the client and let it in."""
        started = self.run(self.client.start())
        self.log_in(**response)
        assert started.called, "the client did not start"
        return self

    def come_back(self, **response: Any) -> Any:
        """Let the client reconnect."""
        self.reactor.advance(60)
        return self.log_in(**response)
