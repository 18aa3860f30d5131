"""The client library: connect, log in, stay connected, send and show messages exactly once and in order.

`ChatClient` is the way in; docs/client.md describes it for those who write bots and clients.
"""

from naivechat.client.address import Host, ServerAddress
from naivechat.client.client import ChatClient
from naivechat.client.endpoints import trust_file
from naivechat.client.errors import (
    AddressError,
    ClientError,
    Kicked,
    NotConnected,
    RequestRefused,
    TurnedAway,
    UnexpectedAnswer,
    Unverified,
)
from naivechat.client.events import HistoryBegan, MessageShown, SendRefused, StateChanged, StateSynced
from naivechat.client.outbox import Outgoing, Sent
from naivechat.client.reconnection import ConnectionState, ReconnectPolicy
from naivechat.client.registration import register
from naivechat.client.state import ChatState
from naivechat.client.store import LocalStore, Refused
from naivechat.client.talk import FRIEND, GROUP, TalkKey

__all__ = [
    "FRIEND",
    "GROUP",
    "AddressError",
    "ChatClient",
    "ChatState",
    "ClientError",
    "ConnectionState",
    "HistoryBegan",
    "Host",
    "Kicked",
    "LocalStore",
    "MessageShown",
    "NotConnected",
    "Outgoing",
    "ReconnectPolicy",
    "Refused",
    "RequestRefused",
    "SendRefused",
    "Sent",
    "ServerAddress",
    "StateChanged",
    "StateSynced",
    "TalkKey",
    "TurnedAway",
    "UnexpectedAnswer",
    "Unverified",
    "register",
    "trust_file",
]
