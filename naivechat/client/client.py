"""The client: everything of this package joined into one object."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from naivechat.client.address import ServerAddress
from naivechat.client.connection import Connection
from naivechat.client.endpoints import Dialer, TrustRoot
from naivechat.client.errors import ClientError, LoggedOut, NotConnected, RequestRefused, Stopped
from naivechat.client.events import (
    Callback,
    HistoryBegan,
    Listeners,
    MessageShown,
    SendRefused,
    StateChanged,
    StateSynced,
)
from naivechat.client.history import Timeline
from naivechat.client.login import Credentials, expect, log_in
from naivechat.client.messaging import Messaging
from naivechat.client.nodes import KnownNodes
from naivechat.client.outbox import Outbox, Outgoing, Sent, record_of_sent
from naivechat.client.reads import ReadMarks
from naivechat.client.reconnection import FOR_GOOD, ConnectionState, Link, ReconnectPolicy
from naivechat.client.snapshot import Snapshot
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
    ReadRequest,
)
from naivechat.protocol.packet import Packet
from naivechat.protocol.profile import UserRecord
from naivechat.protocol.session import LoginResponse, LogoutRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest, SyncResponse, TalkNoticeResponse, TalkRecord

_E = TypeVar("_E")


class ChatClient(Messaging):
    """One user on one device.

    Attributes:
        state: what is known of the user, talks, friends and groups; with a store it begins with what an earlier run knew.
        store: the local store, if there is one; whoever gave it closes it.

    Args:
        reactor: the reactor; in tests a MemoryReactorClock.
        address: where the nodes are.
        user_id: who logs in; None takes it from the address.
        password, token: at least one of them, or a store that has a token. The password is asked for again by nobody:
            without it an expired token ends in the state `logged_out`.
        device: sessions of the same device name replace each other.
        store: keeps messages, what is known and what is on its way over the end of the program.
        keep_token: whether the store keeps the token, too. Who keeps it elsewhere, or nowhere, says False, and a token
            that the store has is dropped.
        tls: what to trust instead of the public authorities (see `trust_file`); given, it also means TLS.
        policy: delays and deadlines.
        now_ms: the time of day, which dates what is written, in milliseconds since 1970.
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
        keep_token: bool = True,
        tls: TrustRoot | None = None,
        policy: ReconnectPolicy | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        policy = policy or ReconnectPolicy()
        self.state = ChatState()
        self.store = store
        self._keeps_token = keep_token
        self._clock = reactor
        self._policy = policy
        self._now_ms = now_ms
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
        self._reads = ReadMarks(reactor, self._say_read, store)
        self._snapshot = Snapshot(reactor, self.state, store)
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
    def why(self) -> ClientError:
        """Why there is no connection, or was none the last time."""
        return self._link.error

    def on(self, event_type: type[_E], callback: Callback[_E]) -> Callable[[], None]:
        """Call a function or coroutine function with each event of a type; see `naivechat.client.events`.

        Returns:
            A function that ends it.
        """
        return self._listeners.on(event_type, callback)

    async def start(self, *, patient: bool = False) -> None:
        """Connect and log in; from then on the client stays connected by itself. What is on its way counts as waiting at once.

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
        if self.store is not None and self._keeps_token:
            self.store.token = None
        await self._end(LoggedOut("the user logged out"))

    async def request(self, packet: Packet) -> Packet:
        connection = self._link.connection
        if connection is None:
            raise self._link.error
        answer = await connection.request(packet)
        self.state.take(answer)
        self._snapshot.keep_soon()
        if isinstance(answer, TalkNoticeResponse):
            self._learn(answer.talk)
        return answer

    async def change_password(self, old_password: str, new_password: str) -> None:
        await super().change_password(old_password, new_password)
        if self._credentials.password is not None:
            self._credentials.password = new_password

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
        self._reads.apply_to(self.state)
        for talk in page.talks:
            self._learn(talk)

    async def _end(self, error: Stopped) -> None:
        await self._link.stop(error)
        self._timeline.went_offline()
        self._sync.went_offline()
        self._outbox.abandon(error)
        self._reads.went_offline()
        self._snapshot.keep_now()

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
            on_synced=self._tell_synced,
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
        if not self._keeps_token:
            store.token = None
        self._credentials.token = self._credentials.token or store.token
        self._nodes.remember(store.list_nodes(self._address.places))
        for key, seq in store.list_shown():
            self._timeline.restore(key, seq)
        self._snapshot.restore()

    def _restore_outbox(self) -> None:
        known = {outgoing.msg_uuid for outgoing in self._outbox.waiting}
        for outgoing in self.store.list_outgoing() if self.store is not None else ():
            if outgoing.msg_uuid not in known:
                self._outbox.restore(outgoing).addErrback(lambda _: None)

    def _logged_in(self, response: LoginResponse) -> None:
        is_first = self._begin_epoch(response)
        self.state.logged_in(response)
        self._reads.apply_to(self.state)
        if self.store is not None:
            if self._keeps_token:
                self.store.token = response.token
            self.store.keep_nodes(self._address.places, self._nodes.told)
        self._timeline.went_online()
        for talk in response.talks:
            if is_first:
                self._timeline.start_at(TalkKey(talk.talk_type, talk.talk_id), talk.last_seq)
            self._learn(talk)
        self._outbox.went_online()
        self._reads.went_online()
        self._tell_synced()
        self._sync.went_online(response)

    def _begin_epoch(self, response: LoginResponse) -> bool:
        """Forget what another history of the database had; whether this is the first login of this one."""
        since_ms = max(response.server_time - CLOCK_TOLERANCE_MS, 0)
        if self._epoch == response.epoch:
            return False
        kept_ms = self.store.begin_epoch(response.epoch, since_ms) if self.store is not None else None
        if kept_ms is None:
            self._forget_history()
        self._epoch = response.epoch
        self._timeline.since_ms = since_ms if kept_ms is None else kept_ms
        return kept_ms is None

    def _forget_history(self) -> None:
        self._timeline.forget_all()
        self.state.forget()
        self._reads.forget_all()
        self._snapshot.forget()
        self._listeners.emit(HistoryBegan())

    def _tell_synced(self) -> None:
        self._snapshot.keep_soon()
        self._listeners.emit(StateSynced())

    def _learn(self, talk: TalkRecord) -> None:
        self._timeline.learn_head(TalkKey(talk.talk_type, talk.talk_id), talk.last_seq, talk.talk_date)

    def _push_received(self, packet: Packet) -> None:
        self._snapshot.keep_soon()
        if isinstance(packet, MsgResponse | MsgGroupResponse):
            if isinstance(packet, MsgGroupResponse):
                self.state.heard_of(
                    UserRecord(
                        user_id=packet.sender_id, nickname=packet.sender_name, avatar=packet.sender_head
                    )
                )
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
            self._reads.went_offline()
        if state in FOR_GOOD:
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
        self._timeline.offer(outgoing.talk, record_of_sent(outgoing, sent, self.user_id))

    def _send_refused(self, outgoing: Outgoing, refusal: RequestRefused) -> None:
        self._listeners.emit(SendRefused(outgoing=outgoing, refusal=refusal))

    async def _say_read(self, key: TalkKey, seq: int) -> None:
        await self.request(ReadRequest(rid=0, talk_type=key.talk_type, talk_id=key.talk_id, seq=seq))

    async def _send_once(self, request: MsgRequest | MsgGroupRequest) -> MsgAckResponse:
        return expect(await self.request(request), MsgAckResponse)

    async def _read_history(self, request: HistoryRequest) -> HistoryResponse:
        return expect(await self.request(request), HistoryResponse)

    async def _read_talks(self, request: SyncRequest) -> SyncResponse:
        return expect(await self.request(request), SyncResponse)
