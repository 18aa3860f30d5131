"""A token is one session's of one person on one device: whatever else is made of it, or becomes of it, opens nothing."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator

import attrs
import pytest

from naivechat.protocol.profile import ChangePasswordRequest
from naivechat.protocol.session import ErrorResponse, LogoutRequest, ReconnectRequest
from tests.servers import REPOSITORY, NodeProcess
from tests.wire import PASSWORD, WireClient, new_person

NEW_PASSWORD = "another horse battery"
_numbers = itertools.count(1)


@attrs.frozen
class Account:
    """Somebody with a session on `client`, and an operator who may do something about it."""

    node: NodeProcess
    user_id: str
    client: WireClient

    @property
    def token(self) -> bytes:
        assert self.client.login_response is not None
        return self.client.login_response.token

    def tries(self, token: bytes, user_id: str = "") -> str:
        """The code that a token is refused with, "" when it opens a session."""
        request = ReconnectRequest(rid=0, protocol=1, user_id=user_id or self.user_id, token=token)
        with WireClient(self.node.port) as door:
            answer = door.request(request)
        return answer.code if isinstance(answer, ErrorResponse) else ""

    def operate(self, *command: str, typed: str = "") -> str:
        """Run `naivechat …` on the node's database; what it has said."""
        environment = {
            **os.environ,
            "NAIVECHAT_DB": f"sqlite:///{self.node.directory / 'chat.db'}",
            "PYTHONPATH": str(REPOSITORY),
        }
        run = [sys.executable, "-c", "from naivechat.cli import main; main()", *command]
        done = subprocess.run(run, env=environment, input=typed, text=True, check=True, capture_output=True)
        return done.stdout

    def kick(self, **what: str) -> None:
        """Log the person out as an operator does, by the node's API: on one device or all."""
        operator = f"operator-of-{self.user_id}"
        self.operate("admin", "add", operator, "--generate")
        made = self.operate("admin", "token", "add", operator, "script", "--role", "operator")
        request = urllib.request.Request(
            f"{self.node.admin_url}/api/v1/users/{self.user_id}/kick",
            data=json.dumps(what).encode(),
            headers={"Authorization": f"Bearer {made.split()[-1]}", "Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status in (200, 204)


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(db="sqlite:///chat.db", registration="open", limits="off") as node:
        yield node


@pytest.fixture
def account(node: NodeProcess) -> Iterator[Account]:
    user_id = f"person-{next(_numbers)}"
    with new_person(node.port, user_id) as client:
        yield Account(node, user_id, client)


MADE_OF_IT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda token: b"",
    "one byte less": lambda token: token[:-1],
    "half of it": lambda token: token[:16],
    "its first byte": lambda token: token[:1],
    "one byte more": lambda token: token + b"\x00",
    "twice": lambda token: token * 2,
    "another last bit": lambda token: token[:-1] + bytes([token[-1] ^ 1]),
    "another first bit": lambda token: bytes([token[0] ^ 0x80]) + token[1:],
    "backwards": lambda token: token[::-1],
    "zeros": lambda token: bytes(len(token)),
    "what the database keeps of it": lambda token: hashlib.sha256(token).digest(),
    "a wildcard": lambda token: b"%",
}


@pytest.mark.parametrize("made", MADE_OF_IT.values(), ids=MADE_OF_IT)
def test_what_is_made_of_a_token_opens_nothing(account: Account, made: Callable[[bytes], bytes]) -> None:
    assert account.tries(made(account.token)) == "TOKEN_EXPIRED"
    assert account.tries(account.token) == ""


def test_a_token_opens_no_other_persons_account(account: Account) -> None:
    with new_person(account.node.port, "somebody-else") as other:
        assert other.login_response is not None
        assert account.tries(other.login_response.token) == "TOKEN_EXPIRED"
        assert account.tries(account.token, "somebody-else") == "TOKEN_EXPIRED"
        assert account.tries(account.token, "nobody-at-all") == "TOKEN_EXPIRED"


def test_a_new_login_of_the_device_takes_the_place_of_the_old_token(account: Account) -> None:
    old = account.token
    with WireClient(account.node.port) as again:
        new = again.login(account.user_id).token
    assert new != old
    assert account.tries(old) == "TOKEN_EXPIRED"
    assert account.tries(new) == ""


def test_a_token_ends_with_the_logout(account: Account) -> None:
    account.client.accepted(LogoutRequest(rid=0))
    assert account.tries(account.token) == "TOKEN_EXPIRED"


def test_a_new_password_leaves_only_the_token_of_the_session_that_set_it(account: Account) -> None:
    change = ChangePasswordRequest(rid=0, old_password=PASSWORD, new_password=NEW_PASSWORD)
    with WireClient(account.node.port) as phone:
        theirs = phone.login(account.user_id, device="phone").token
        account.client.accepted(change)
        assert account.tries(theirs) == "TOKEN_EXPIRED"
    assert account.tries(account.token) == ""


def test_a_replaced_session_leaves_a_token_to_whoever_replaced_it(account: Account) -> None:
    with WireClient(account.node.port) as same_device:
        same_device.reconnect(account.user_id, account.token)
        assert [packet.reason for packet in account.client.read_to_end()] == ["replaced"]
    assert account.tries(account.token) == ""


def test_a_token_ends_when_an_operator_sets_a_password(account: Account) -> None:
    account.operate("user", "passwd", account.user_id, typed=f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n")
    assert account.tries(account.token) == "TOKEN_EXPIRED"


def test_a_token_ends_when_an_operator_disables_the_account_and_stays_so(account: Account) -> None:
    account.operate("user", "disable", account.user_id)
    assert account.tries(account.token) == "TOKEN_EXPIRED"
    account.operate("user", "enable", account.user_id)
    assert account.tries(account.token) == "TOKEN_EXPIRED"


def test_all_tokens_end_when_an_operator_logs_somebody_out(account: Account) -> None:
    with WireClient(account.node.port) as phone:
        theirs = phone.login(account.user_id, device="phone").token
        account.kick()
        for client in (account.client, phone):
            assert [packet.reason for packet in client.read_to_end()] == ["admin"]
    assert [account.tries(token) for token in (account.token, theirs)] == ["TOKEN_EXPIRED"] * 2


def test_the_token_of_one_device_ends_when_an_operator_logs_that_one_out(account: Account) -> None:
    with WireClient(account.node.port) as phone:
        theirs = phone.login(account.user_id, device="phone").token
        account.kick(device="phone")
        assert [packet.reason for packet in phone.read_to_end()] == ["admin"]
    assert account.tries(theirs) == "TOKEN_EXPIRED"
    assert account.tries(account.token) == ""
