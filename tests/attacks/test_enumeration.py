"""Nobody learns by asking whether an account, a friendship of others or a group exists: neither by the answer nor by its cost."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

import attrs
import pytest

from naivechat.protocol import friend, group, message, session, talk
from tests.attacks.lengths import many
from tests.attacks.usage import cpu_ns
from tests.figures import note
from tests.servers import NodeProcess
from tests.wire import WireClient, new_person

FRIEND, GROUP = 0, 1
THERE, NOWHERE = "somebody", "nobody"
UUID = b"u" * 16
SHUFFLES = 2_000

LOGIN = session.LoginRequest(rid=0, protocol=1, user_id=THERE, password="not the password")
RECONNECT = session.ReconnectRequest(rid=0, protocol=1, user_id=THERE, token=b"t" * 32)
TO_FRIEND = message.MsgRequest(rid=0, friend_id=THERE, msg_uuid=UUID, msg_type=0, msg_text="hi")
HISTORY = message.HistoryRequest(rid=0, talk_type=FRIEND, talk_id=THERE)
GROUP_HISTORY = message.HistoryRequest(rid=0, talk_type=GROUP, talk_id=THERE)

AT_THE_DOOR = (LOGIN, RECONNECT)
INSIDE = (
    TO_FRIEND,
    HISTORY,
    message.RecallRequest(rid=0, talk_type=FRIEND, talk_id=THERE, seq=1, msg_uuid=UUID),
    message.ReadRequest(rid=0, talk_type=FRIEND, talk_id=THERE, seq=1),
    message.TypingRequest(rid=0, talk_type=FRIEND, talk_id=THERE),
    talk.TalkNoticeRequest(rid=0, talk_type=FRIEND, talk_id=THERE),
    talk.DelTalkRequest(rid=0, talk_type=FRIEND, talk_id=THERE),
    talk.SetTalkRequest(rid=0, talk_type=FRIEND, talk_id=THERE, pinned=True),
    friend.DelFriendRequest(rid=0, friend_id=THERE),
    friend.SetRemarkRequest(rid=0, friend_id=THERE, remark="x"),
    friend.AnswerFriendRequest(rid=0, user_id=THERE, accept=True),
)
"""About a person; NOWHERE takes the place of THERE."""

ABOUT_GROUPS = (
    message.MsgGroupRequest(rid=0, group_id=THERE, msg_uuid=UUID, msg_type=0, msg_text="hi"),
    GROUP_HISTORY,
    message.RecallRequest(rid=0, talk_type=GROUP, talk_id=THERE, seq=1, msg_uuid=UUID),
    message.ReadRequest(rid=0, talk_type=GROUP, talk_id=THERE, seq=1),
    message.TypingRequest(rid=0, talk_type=GROUP, talk_id=THERE),
    talk.TalkNoticeRequest(rid=0, talk_type=GROUP, talk_id=THERE),
    group.GroupMembersRequest(rid=0, group_id=THERE),
    group.LeaveGroupRequest(rid=0, group_id=THERE),
    group.UpdateGroupRequest(rid=0, group_id=THERE, name="x"),
    group.InviteGroupRequest(rid=0, group_id=THERE, member_ids=(NOWHERE,)),
    group.RemoveMemberRequest(rid=0, group_id=THERE, user_id="friend"),
    group.SetRoleRequest(rid=0, group_id=THERE, user_id="friend", role=1),
    group.DissolveGroupRequest(rid=0, group_id=THERE),
)


@attrs.frozen
class Curious:
    """Somebody inside who has nothing to do with `group_id`, nor with those in it; others stand at the door."""

    node: NodeProcess
    inside: WireClient
    group_id: str

    @contextmanager
    def asking(self, request: Any) -> Iterator[WireClient]:
        """Who makes a request of this kind."""
        if request not in AT_THE_DOOR:
            yield self.inside
            return
        with WireClient(self.node.port) as door:
            # The node has done all that a new connection costs it when it has answered something.
            door.take_pushes()
            yield door

    def pair(self, request: Any) -> tuple[Any, Any]:
        """The request about what exists, and about what does not."""
        place = {
            name: self.group_id if request in ABOUT_GROUPS else THERE
            for name in attrs.asdict(request)
            if getattr(request, name) == THERE
        }
        return attrs.evolve(request, **place), attrs.evolve(request, **dict.fromkeys(place, NOWHERE))


@pytest.fixture(scope="module")
def curious() -> Iterator[Curious]:
    with (
        NodeProcess(registration="open", limits="off") as node,
        new_person(node.port, THERE) as somebody,
        new_person(node.port, "friend"),
        new_person(node.port, "curious") as inside,
    ):
        somebody.accepted(friend.AddFriendRequest(rid=0, friend_id="friend"))
        made = somebody.accepted(group.CreateGroupRequest(rid=0, name="x", member_ids=("friend",)))
        yield Curious(node, inside, made.group.group_id)


def bare(answer: Any) -> Any:
    return attrs.evolve(answer, rid=0)


@pytest.mark.parametrize("request_", [*AT_THE_DOOR, *INSIDE, *ABOUT_GROUPS], ids=lambda r: type(r).__name__)
def test_what_exists_and_what_does_not_are_answered_alike(curious: Curious, request_: Any) -> None:
    there, nowhere = curious.pair(request_)
    with curious.asking(request_) as client:
        assert bare(client.request(there)) == bare(client.request(nowhere))


@pytest.mark.parametrize(
    ("request_", "samples"),
    [(LOGIN, 25), (RECONNECT, 200), (TO_FRIEND, 200), (HISTORY, 200), (GROUP_HISTORY, 200)],
    ids=["login", "reconnect", "message", "history", "group-history"],
)
def test_what_exists_and_what_does_not_cost_alike(curious: Curious, request_: Any, samples: int) -> None:
    costs = measured(curious, request_, samples * many(10, 1))
    difference = abs(statistics.median(costs[0]) / statistics.median(costs[1]) - 1)
    chance = chance_of(costs)
    note("enumeration", of=type(request_).__name__, samples=len(costs[0]), difference=difference, p=chance)
    # Both must say so: the smallest difference is found by enough samples, and a large one comes by bad luck.
    assert difference < 0.25 or chance > 0.001, (difference, chance)


def measured(curious: Curious, request: Any, samples: int) -> tuple[list[int], list[int]]:
    """What the node computes for each request, in nanoseconds: about what exists, and about what does not, in a random order."""
    costs: tuple[list[int], list[int]] = ([], [])
    order = [0, 1] * samples
    Random(1).shuffle(order)
    for which in order:
        # Nobody may stand at the door for longer than ten seconds.
        with curious.asking(request) as client:
            before = cpu_ns(curious.node.pid)
            client.request(curious.pair(request)[which])
            costs[which].append(cpu_ns(curious.node.pid) - before)
    return costs


def chance_of(costs: tuple[Sequence[int], Sequence[int]]) -> float:
    """How often the medians would differ as much if it made no difference: a permutation test."""
    one, other = costs
    seen = abs(statistics.median(one) - statistics.median(other))
    together, random = [*one, *other], Random(2)
    as_large = 0
    for _ in range(SHUFFLES):
        random.shuffle(together)
        apart = abs(statistics.median(together[: len(one)]) - statistics.median(together[len(one) :]))
        as_large += apart >= seen
    return (as_large + 1) / (SHUFFLES + 1)


def test_the_measure_tells_a_login_that_checks_no_password_from_one_that_does(curious: Curious) -> None:
    checked, unchecked = (measured(curious, request, 12)[0] for request in (LOGIN, RECONNECT))
    assert chance_of((checked, unchecked)) < 0.001
