"""A device of a person: a real client, whose screen is part of the history."""

import os
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from twisted.internet.defer import Deferred, DeferredList

from naivechat.client import (
    GROUP,
    ChatClient,
    ClientError,
    ConnectionState,
    MessageShown,
    ReconnectPolicy,
    ServerAddress,
    StateChanged,
    TalkKey,
)
from naivechat.client.connection import Connection
from naivechat.protocol.message import MsgGroupRequest, MsgRequest
from tests.history.event import Recv
from tests.soak.observation import ObservedConnection, Observer
from tests.soak.recorder import Recorder, log_name
from tests.wire import PASSWORD

POLICY = ReconnectPolicy(first_delay_s=0.2, max_delay_s=3.0)
MOST_WAITING = 30


class ObservedClient(ChatClient):
    """A client whose connections are observed."""

    def __init__(self, recorder: Recorder, *arguments: Any, **options: Any) -> None:
        self.connection: ObservedConnection | None = None
        self._recorder = recorder
        super().__init__(*arguments, **options)

    def _build_connection(self) -> Connection:
        self.connection = ObservedConnection(
            Observer(self._recorder, self.user_id),
            self._clock,
            self._push_received,
            request_timeout_s=self._policy.request_timeout_s,
            heartbeat_timeout_s=self._policy.heartbeat_timeout_s,
        )
        return self.connection


class Device:
    """One person's one device, connected to one of the nodes.

    Attributes:
        name: as `user/device`. shown: up to which seq each log was shown. losses: connections that ended while logged in.
        refusals: messages that the node would not take. skipped: those not sent, because too many were on their way.
        is_unsure: whether of messages that were sent at once it is not known, or not shown, what became of them.
    """

    def __init__(self, recorder: Recorder, reactor: Any, address: ServerAddress, name: str) -> None:
        self.name = name
        self.user_id, _, device = name.partition("/")
        self.shown: defaultdict[str, int] = defaultdict(int)
        self.losses = self.refusals = self.skipped = 0
        self.is_unsure = self._is_saying_at_once = False
        self._recorder = recorder
        self._was_online = False
        self.client = ObservedClient(
            recorder, reactor, address, user_id=self.user_id, password=PASSWORD, device=device, policy=POLICY
        )
        self.client.on(MessageShown, self._show)
        self.client.on(StateChanged, self._change)

    @property
    def is_online(self) -> bool:
        """Whether it is logged in somewhere."""
        return self.client.connection_state is ConnectionState.ONLINE

    @property
    def state(self) -> str:
        """Where it stands, in a word."""
        return str(self.client.connection_state)

    @property
    def why(self) -> str:
        """Why it has no connection, or had none the last time."""
        return str(self.client.why)

    def drop(self) -> bool:
        """Cut the connection, without a word to the node; False if there is none."""
        connection = self.client.connection
        if connection is None or not connection.is_open:
            return False
        connection.transport.abortConnection()
        return True

    def say(self, talk: TalkKey, text: str) -> None:
        """Send a message as often as it takes, unless there is too much on its way already."""
        if len(self.client.waiting) >= MOST_WAITING:
            self.skipped += 1
            return
        Deferred.fromCoroutine(self.client.send(*talk, text)).addErrback(self._not_sent)

    async def say_at_once(self, talk: TalkKey, texts: list[str]) -> None:
        """Send messages without waiting in between, each once; what becomes of them only the history knows.

        While it is not known of the last ones it sends no others: a node that cannot store would be asked ever faster, as it
        refuses at once, and what was sent in its bad times would be more than all else.
        """
        if not self.is_online or self._is_saying_at_once:
            self.skipped += len(texts)
            return
        self._is_saying_at_once = True
        try:
            await self._send_at_once([_request(talk, text) for text in texts])
        finally:
            self._is_saying_at_once = False

    async def look(self) -> None:
        """Compare all talks with the node: of what was sent at once nobody tells this device."""
        with suppress(ClientError):
            await self.client.sync()
            self.is_unsure = False

    async def _send_at_once(self, requests: list[MsgRequest | MsgGroupRequest]) -> None:
        if self.is_unsure:
            await self.look()
        if self.is_unsure:
            self.skipped += len(requests)
            return
        self.is_unsure = True
        answers = [Deferred.fromCoroutine(self.client.request(request)) for request in requests]
        await DeferredList(answers, consumeErrors=True)
        self.is_unsure = True
        await self.look()

    async def read_newest(self, talk: TalkKey) -> None:
        """Ask how far a talk goes."""
        with suppress(ClientError):
            await self.client.history(*talk, limit=1)

    def behind(self, heads: Mapping[str, int]) -> tuple[str, ...]:
        """The logs among `heads` that are not shown up to their end."""
        return tuple(talk_id for talk_id, seq in sorted(heads.items()) if self.shown[talk_id] < seq)

    def _show(self, event: MessageShown) -> None:
        talk_id = log_name(self.user_id, event.talk_type, event.talk_id)
        self.shown[talk_id] = event.message.seq
        self._recorder.add(
            Recv(
                at_s=self._recorder.now_s,
                device=self.name,
                user_id=self.user_id,
                record=self._recorder.record(talk_id, event.message),
            )
        )

    def _change(self, event: StateChanged) -> None:
        self.losses += self._was_online and event.state is not ConnectionState.ONLINE
        self._was_online = event.state is ConnectionState.ONLINE

    def _not_sent(self, failure: Any) -> None:
        failure.trap(ClientError)
        self.refusals += 1


def _request(talk: TalkKey, text: str) -> MsgRequest | MsgGroupRequest:
    content: dict[str, Any] = {"rid": 0, "msg_uuid": os.urandom(16), "msg_type": 0, "msg_text": text}
    if talk.talk_type == GROUP:
        return MsgGroupRequest(group_id=talk.talk_id, **content)
    return MsgRequest(friend_id=talk.talk_id, **content)
