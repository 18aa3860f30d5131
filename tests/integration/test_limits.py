"""Limits on a running node: who storms slows itself alone, from one address of several."""

import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from naivechat.protocol.friend import AddFriendRequest, SearchFriendRequest
from naivechat.protocol.message import MsgAckResponse, MsgRequest, MsgResponse
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest
from tests.processes import wait_until
from tests.servers import NodeProcess
from tests.wire import PASSWORD, ConnectionEnded, WireClient, new_person

STORM = 400


class From(WireClient):
    """A connection that comes from another address of this machine."""

    def __init__(self, port: int, address: str) -> None:
        super().__init__(port, source=address)


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(registration="open") as node:
        yield node


def refusals(node: NodeProcess) -> dict[str, int]:
    """What the node says it has refused, by limit."""
    with urllib.request.urlopen(f"{node.admin_url}/metrics") as answer:
        text = answer.read().decode()
    found = re.findall(r'^naivechat_refused_total\{limit="([a-z-]+)"\} (\d+)', text, re.M)
    return {limit: int(float(count)) for limit, count in found}


def answers_to(wire: WireClient, rids: set[int]) -> list[Any]:
    """The answers, in whichever order they come."""
    answers = []
    while len(answers) < len(rids):
        packet = wire.receive()
        if getattr(packet, "rid", 0) in rids:
            answers.append(packet)
    return answers


def messages(friend_id: str, numbers: range) -> Iterator[MsgRequest]:
    for number in numbers:
        uuid = number.to_bytes(16, "big")
        yield MsgRequest(rid=0, friend_id=friend_id, msg_uuid=uuid, msg_type=0, msg_text=f"{number}")


def test_who_storms_is_refused_and_slowed_and_others_are_answered_meanwhile() -> None:
    with NodeProcess(registration="open") as node, ExitStack() as ending:
        storming, other = (
            ending.enter_context(new_person(node.port, name)) for name in ("storming", "other")
        )
        storming.accepted(AddFriendRequest(rid=0, friend_id="other"))
        rids = [storming.send(request) for request in messages("other", range(1, STORM + 1))]
        answer = other.request(next(messages("storming", range(1, 2))))
        assert isinstance(answer, MsgAckResponse)
        answers = answers_to(storming, set(rids))
        refused = [answer for answer in answers if isinstance(answer, ErrorResponse)]
        acked = [answer for answer in answers if isinstance(answer, MsgAckResponse)]
        assert {answer.code for answer in refused} == {"RATE_LIMITED"}
        assert all(0 < (answer.retry_after_ms or 0) <= 100 for answer in refused)
        assert len(acked) >= 59
        assert len(refused) > STORM / 8
        assert refusals(node)["messages"] == len(refused)
        seen = [push.seq for push in other.take_pushes() if isinstance(push, MsgResponse)]
        assert seen == sorted(seen)
        assert {answer.seq for answer in acked} <= set(seen)


def test_an_eleventh_search_waits() -> None:
    with NodeProcess(registration="open") as node, new_person(node.port, "li") as li:
        for _ in range(10):
            li.accepted(SearchFriendRequest(rid=0, search_key="h"))
        assert li.refused(SearchFriendRequest(rid=0, search_key="h")) == "RATE_LIMITED"


def test_a_guesser_is_stopped_and_the_right_person_elsewhere_is_not(node: NodeProcess) -> None:
    with ExitStack() as ending:
        here = ending.enter_context(From(node.port, "127.0.0.2"))
        there = ending.enter_context(From(node.port, "127.0.0.3"))
        again = ending.enter_context(From(node.port, "127.0.0.2"))
        here.register("han")
        token = here.login("han").token
        guesser = ending.enter_context(From(node.port, "127.0.0.2"))
        for _ in range(5):
            with pytest.raises(AssertionError, match="AUTH_FAILED"):
                guesser.login("han", password="a guess of mine")
        with pytest.raises(AssertionError, match=r"RATE_LIMITED.*retry_after_ms=\d{6}"):
            guesser.login("han", password=PASSWORD)
        assert "too many wrong passwords for han from 127.0.0.2" in node.log_text
        assert again.reconnect("han", token).user.user_id == "han"
        assert there.login("han").user.user_id == "han"


def test_a_sixth_account_of_an_address_waits_and_other_addresses_do_not(node: NodeProcess) -> None:
    with From(node.port, "127.0.0.4") as here, From(node.port, "127.0.0.5") as there:
        for number in range(5):
            here.register(f"here-{number}")
        with pytest.raises(AssertionError, match="RATE_LIMITED"):
            here.register("here-5")
        there.register("there")


def test_an_address_has_fifty_connections_and_others_have_theirs(node: NodeProcess) -> None:
    with ExitStack() as ending:
        for _ in range(50):
            ending.enter_context(From(node.port, "127.0.0.6")).take_pushes()
        late = ending.enter_context(From(node.port, "127.0.0.6"))
        (refusal,) = late.read_to_end()
        assert isinstance(refusal, ErrorResponse)
        assert (refusal.code, refusal.rid, refusal.retry_after_ms) == ("LIMIT", 0, 1_000)
        ending.enter_context(From(node.port, "127.0.0.7")).take_pushes()
    assert refusals(node)["connections"] == 1


def test_an_address_that_opens_and_closes_connections_without_end_is_refused_and_others_are_not(
    node: NodeProcess,
) -> None:
    def is_refused() -> bool:
        with From(node.port, "127.0.0.8") as comer:
            try:
                return isinstance(comer.request(HeartbeatRequest(rid=0)), ErrorResponse)
            except (ConnectionEnded, OSError):  # it was closed before the request came
                return True

    answers = [is_refused() for _ in range(100)]
    while not answers[-1]:
        answers.append(is_refused())
    assert answers.index(True) >= 100
    wait_until(
        lambda: refusals(node)["new-connections"] == 1, timeout_s=10, otherwise=lambda: str(refusals(node))
    )
    with From(node.port, "127.0.0.9") as other:
        other.take_pushes()


def test_beyond_the_last_connection_that_may_be_opened_there_is_none() -> None:
    with NodeProcess(limit="all-connections=3") as node, ExitStack() as ending:
        for _ in range(3):
            ending.enter_context(WireClient(node.port)).take_pushes()
        (refusal,) = ending.enter_context(WireClient(node.port)).read_to_end()
        assert isinstance(refusal, ErrorResponse)
        assert (refusal.code, refusal.retry_after_ms) == ("LIMIT", 1_000)
        assert refusals(node)["all-connections"] == 1


def test_what_an_operator_chose_counts() -> None:
    options = {"NAIVECHAT_LIMIT": "message-burst=3 messages=1/h friends=1 bytes=off"}
    with NodeProcess(registration="open", environment=options) as node, ExitStack() as ending:
        li, han, _ = (ending.enter_context(new_person(node.port, name)) for name in ("li", "han", "wang"))
        li.accepted(AddFriendRequest(rid=0, friend_id="han"))
        assert li.refused(AddFriendRequest(rid=0, friend_id="wang")) == "LIMIT"
        li.accepted(next(messages("han", range(1, 2))))
        assert li.refused(next(messages("han", range(2, 3)))) == "RATE_LIMITED"
        han.accepted(next(messages("li", range(3, 4))))
        assert refusals(node)["friends"] == 1


@pytest.mark.parametrize("options", [{"limit": "speed=1"}, {"limit": "messages=fast"}], ids=["name", "value"])
def test_a_limit_that_cannot_be_used_ends_the_start_in_one_line(options: dict[str, str]) -> None:
    node = NodeProcess(**options)
    with pytest.raises(AssertionError, match=r"naivechat: limit: (speed is none of|messages: a rate like)"):
        node.start()
    node.close()
