"""The client: everything of this package joined into one object."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from naivechat.client.address import ServerAddress
from naivechat.client.commands import Commands
from naivechat.client.connection import Connection
from naivechat.client.endpoints import Dialer, TrustRoot
from naivechat.client.errors import ClientError, LoggedOut, NotConnected, RequestRefused, Stopped
from naivechat.client.events import (
    Callback,
    Listeners,
    MessageShown,
    SendRefused,
    StateChanged,
    StateSynced,
)
from naivechat.client.history import Timeline
from naivechat.client.login import Credentials, expect, log_in
from naivechat.client.nodes import KnownNodes
from naivechat.client.outbox import Outbox, Outgoing, Sent
from naivechat.client.reconnection import ConnectionState, Link, ReconnectPolicy
from naivechat.client.state import ChatState
from naivechat.client.store import LocalStore
from naivechat.client.sync import CLOCK_TOLERANCE_MS, TalkSync
from naivechat.client.talk import TalkKey, key_of, record_of
from naivechat.protocol.message import (
    HistoryRequest,
    HistoryResponse,
    MessageRecord,
    MsgAckResponse,
    MsgGroupRequest,
    MsgGroupResponse,
    MsgRequest,
    MsgResponse,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.session import LoginResponse, LogoutRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest, SyncResponse, TalkNoticeResponse, TalkRecord

_RECALL: Final = 5
_FOR_GOOD: Final = (ConnectionState.KICKED, ConnectionState.LOGGED_OUT)
_E = TypeVar("_E")


class ChatClient(Commands):
    """One user on one device.

    Attributes:
        state: what is known of the user, talks, friends and groups.
        store: the local store, if there is one; whoever gave it closes it.

    Args:
        reactor: the reactor; in tests a MemoryReactorClock.
        address: where the nodes are.
        user_id: who logs in; None takes it from the address.
        password, token: at least one of them, or a store that has a token. The password is asked for again by nobody:
            without it an expired token ends in the state `logged_out`.
        device: sessions of the same device name replace each other.
        store: keeps messages and what is on its way over the end of the program.
        tls: what to trust instead of the public authorities (see `trust_file`); given, it also means TLS.
        policy: delays and deadlines.
    """

    def __init__(
        self,
        reactor: Any,
        address: ServerAddress,
        *,
        user_id: str | None = None,
        password: str | None = None,
        token: bytes | None = None,
        device: str = "desktop",
        store: LocalStore | None = None,
        tls: TrustRoot | None = None,
        policy: ReconnectPolicy | None = None,
    ) -> None:
        policy = policy or ReconnectPolicy()
        self.state = ChatState()
        self.store = store
        self._clock = reactor
        self._policy = policy
        self._epoch = ""
        self._listeners = Listeners()
        self._credentials = Credentials(
            user_id=user_id or address.user_id or "", device=device, token=token, password=password
        )
        secure = address.secure or tls is not None
        self._address = address
        self._nodes = KnownNodes(address, secure=secure, draw=policy.draw)
        self._dialer = Dialer(reactor, secure=secure, trust_root=tls, timeout_s=policy.connect_timeout_s)
        self._link = self._build_link()
        self._timeline = self._build_timeline()
        self._sync = self._build_sync()
        self._outbox = self._build_outbox()
        if store is not None:
            self._restore(store)

    @property
    def user_id(self) -> str:
        """Who logs in."""
        return self._credentials.user_id

    @property
    def token(self) -> bytes | None:
        """The token of the last login, 32 secret bytes: with it another client can log in without the password."""
        return self._credentials.token

    @property
    def connection_state(self) -> ConnectionState:
        """Where the client stands with its node."""
        return self._link.state

    @property
    def waiting(self) -> tuple[Outgoing, ...]:
        """Messages on their way, in order per talk."""
        return self._outbox.waiting

    def on(self, event_type: type[_E], callback: Callback[_E]) -> Callable[[], None]:
        """Call a function or coroutine function with each event of a type; see `naivechat.client.events`.

        Returns:
            A function that ends it.
        """
        return self._listeners.on(event_type, callback)

    async def start(self, *, patient: bool = False) -> None:
        """Connect and log in; from then on the client stays connected by itself.

        Args:
            patient: keep trying while no node can be reached.

        Raises:
            RequestRefused: the login is refused. NotConnected: no node can be reached. The client is then as before.
        """
        self._restore_outbox()
        await self._link.start(patient=patient)

    async def stop(self) -> None:
        """Disconnect. Messages on their way fail with NotConnected; a store keeps them for the next run."""
        await self._end(Stopped("the client was stopped"))

    async def logout(self) -> None:
        """Give the token back, if the node can be reached, and disconnect."""
        with suppress(ClientError):
            await self.request(LogoutRequest(rid=0))
        self._credentials.token = None
        if self.store is not None:
            self.store.token = None
        await self._end(LoggedOut("the user logged out"))

    async def request(self, packet: Packet) -> Packet:
        connection = self._link.connection
        if connection is None:
            raise self._link.error
        answer = await connection.request(packet)
        self.state.take(answer)
        if isinstance(answer, TalkNoticeResponse):
            self._learn(answer.talk)
        return answer

    async def send(self, talk_type: int, talk_id: str, text: str, msg_type: int = 0) -> Sent:
        """Send a message and wait until it is stored, over as many connections as it takes.

        Messages of one talk are stored in the order of these calls.

        Raises:
            RequestRefused: the node refuses it for good. NotConnected: the client was stopped or kicked first.
        """
        if self._link.state in _FOR_GOOD:
            raise self._link.error
        outgoing = Outgoing(
            talk=TalkKey(talk_type, talk_id), msg_uuid=os.urandom(16), msg_type=msg_type, text=text
        )
        return await self._outbox.add(outgoing)

    async def recall(self, talk_type: int, talk_id: str, seq: int) -> MsgAckResponse:
        ack = await super().recall(talk_type, talk_id, seq)
        key = TalkKey(talk_type, talk_id)
        if ack.duplicate:
            self._timeline.learn_head(key, ack.seq)
        else:
            self._timeline.offer(key, self._recall_record(ack, seq))
        return ack

    def _recall_record(self, ack: MsgAckResponse, target_seq: int) -> MessageRecord:
        return MessageRecord(
            seq=ack.seq,
            sender_id=self.user_id,
            msg_type=_RECALL,
            msg_text="",
            sent_at=ack.sent_at,
            msg_uuid=ack.msg_uuid,
            target_seq=target_seq,
        )

    async def sync(self) -> None:
        """Compare every talk with the node and fetch what is missing, as the client does by itself when it must."""
        await self._sync.now()

    def _take_page(self, page: SyncResponse) -> None:
        """Take some talks, or log in anew when the node's database has another history than at login."""
        if page.epoch != self._epoch:
            error = NotConnected("the node has another history")
            if self._link.connection is not None:
                self._link.connection.drop(error)
            raise error
        self.state.synced(page)
        for talk in page.talks:
            self._learn(talk)

    async def _end(self, error: Stopped) -> None:
        await self._link.stop(error)
        self._timeline.went_offline()
        self._sync.went_offline()
        self._outbox.abandon(error)

    def _build_link(self) -> Link:
        return Link(
            self._clock,
            self._policy,
            nodes=self._nodes,
            connect=lambda host: self._dialer.connect(host, self._build_connection()),
            log_in=lambda connection: log_in(connection, self._credentials),
            on_login=self._logged_in,
            on_state=self._state_changed,
        )

    def _build_timeline(self) -> Timeline:
        return Timeline(self._clock, self._read_history, on_shown=self._shown, on_start=self._talk_started)

    def _build_sync(self) -> TalkSync:
        return TalkSync(
            self._clock,
            self._read_talks,
            on_page=self._take_page,
            on_synced=lambda: self._listeners.emit(StateSynced()),
        )

    def _build_outbox(self) -> Outbox:
        return Outbox(
            self._clock,
            self._send_once,
            on_sent=self._sent,
            on_refused=self._send_refused,
            store=self.store,
        )

    def _build_connection(self) -> Connection:
        return Connection(
            self._clock,
            self._push_received,
            request_timeout_s=self._policy.request_timeout_s,
            heartbeat_timeout_s=self._policy.heartbeat_timeout_s,
        )

    def _restore(self, store: LocalStore) -> None:
        store.open_for(self.user_id)
        self._credentials.token = self._credentials.token or store.token
        self._nodes.remember(store.list_nodes(self._address.places))
        for key, seq in store.list_shown():
            self._timeline.restore(key, seq)

    def _restore_outbox(self) -> None:
        known = {outgoing.msg_uuid for outgoing in self._outbox.waiting}
        for outgoing in self.store.list_outgoing() if self.store is not None else ():
            if outgoing.msg_uuid not in known:
                self._outbox.restore(outgoing).addErrback(lambda _: None)

    def _logged_in(self, response: LoginResponse) -> None:
        is_first = self._begin_epoch(response)
        self.state.logged_in(response)
        if self.store is not None:
            self.store.token = response.token
            self.store.keep_nodes(self._address.places, self._nodes.told)
        self._timeline.went_online()
        for talk in response.talks:
            if is_first:
                self._timeline.start_at(TalkKey(talk.talk_type, talk.talk_id), talk.last_seq)
            self._learn(talk)
        self._outbox.went_online()
        self._listeners.emit(StateSynced())
        self._sync.went_online(response)

    def _begin_epoch(self, response: LoginResponse) -> bool:
        """Forget what another history of the database had; whether this is the first login of this one."""
        since_ms = max(response.server_time - CLOCK_TOLERANCE_MS, 0)
        if self._epoch == response.epoch:
            return False
        kept_ms = self.store.begin_epoch(response.epoch, since_ms) if self.store is not None else None
        if kept_ms is None:
            self._timeline.forget_all()
        self._epoch = response.epoch
        self._timeline.since_ms = since_ms if kept_ms is None else kept_ms
        return kept_ms is None

    def _learn(self, talk: TalkRecord) -> None:
        self._timeline.learn_head(TalkKey(talk.talk_type, talk.talk_id), talk.last_seq, talk.talk_date)

    def _push_received(self, packet: Packet) -> None:
        if isinstance(packet, MsgResponse | MsgGroupResponse):
            if isinstance(packet, MsgGroupResponse):
                self.state.heard_name(packet.sender_id, packet.sender_name)
            self._timeline.offer(key_of(packet), record_of(packet))
        elif isinstance(packet, SyncNotice):
            self._sync.within(
                0 if self._timeline.has_gap else self._policy.sync_jitter_s * self._policy.draw()
            )
        else:
            self.state.take(packet)
            if isinstance(packet, TalkNoticeResponse):
                self._learn(packet.talk)
            self._listeners.emit(packet)

    def _state_changed(self, state: ConnectionState, reason: str) -> None:
        if state is not ConnectionState.ONLINE:
            self._timeline.went_offline()
            self._sync.went_offline()
            self._outbox.went_offline()
        if state in _FOR_GOOD:
            self._outbox.abandon(NotConnected(reason))
        self._listeners.emit(StateChanged(state=state, reason=reason))

    def _talk_started(self, key: TalkKey, seq: int) -> None:
        if self.store is not None:
            self.store.start_talk(key, seq)

    def _shown(self, key: TalkKey, message: MessageRecord) -> None:
        if self.store is not None:
            self.store.add_message(key, message)
        self.state.message_shown(key, message)
        shown = MessageShown(
            talk_type=key.talk_type,
            talk_id=key.talk_id,
            message=message,
            sender_name=self.state.name_of(message.sender_id),
            mine=message.sender_id == self.user_id,
        )
        self._listeners.emit(shown)

    def _sent(self, outgoing: Outgoing, sent: Sent) -> None:
        record = MessageRecord(
            seq=sent.seq,
            sender_id=self.user_id,
            msg_type=outgoing.msg_type,
            msg_text=outgoing.text,
            sent_at=sent.sent_at,
            msg_uuid=sent.msg_uuid,
        )
        self._timeline.offer(outgoing.talk, record)

    def _send_refused(self, outgoing: Outgoing, refusal: RequestRefused) -> None:
        self._listeners.emit(SendRefused(outgoing=outgoing, refusal=refusal))

    async def _send_once(self, request: MsgRequest | MsgGroupRequest) -> MsgAckResponse:
        return expect(await self.request(request), MsgAckResponse)

    async def _read_history(self, request: HistoryRequest) -> HistoryResponse:
        return expect(await self.request(request), HistoryResponse)

    async def _read_talks(self, request: SyncRequest) -> SyncResponse:
        return expect(await self.request(request), SyncResponse)
