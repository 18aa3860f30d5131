"""The registry: who hears what, and what the node listens to for them."""

from collections.abc import Sequence

import pytest

from naivechat.domain.session import EndReason
from naivechat.domain.talk import TalkId
from naivechat.domain.user import User, UserId
from naivechat.infrastructure.lone import LoneBus
from naivechat.sockets.bell import group_topic, user_topic
from naivechat.sockets.registry import Registry
from naivechat.sockets.session import Session
from tests.fakes import SetClock, done
from tests.unit.sockets.sessions import bound_session, user

ANN = user("ann")
G1 = group_topic("g1")


class ListeningBus(LoneBus):
    """Remembers what is listened to; `counts` says how many nodes listen to a topic."""

    is_shared = True

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.counts: dict[str, int] | None = {}

    def listen(self, topic: str) -> None:
        self.topics.append(topic)

    def unlisten(self, topic: str) -> None:
        self.topics.remove(topic)

    async def count_listeners(self, topics: Sequence[str]) -> tuple[int, ...] | None:
        return None if self.counts is None else tuple(self.counts.get(topic, 0) for topic in topics)


@pytest.fixture
def bus() -> ListeningBus:
    return ListeningBus()


@pytest.fixture
def registry(bus: ListeningBus) -> Registry:
    return Registry(bus, SetClock())


def _session(registry: Registry, number: int = 1, device: str = "desktop") -> Session:
    return bound_session(registry, "ann", number, device)


def test_presence_changes_with_the_first_session_and_the_last(registry: Registry) -> None:
    changes: list[bool] = []
    registry.presence_changed = lambda user_id: changes.append(registry.is_online(user_id))
    one, other = _session(registry, 1), _session(registry, 2, "phone")
    registry.unbind(one)
    registry.unbind(other)
    registry.unbind(other)
    assert changes == [True, False]


def test_a_node_listens_as_long_as_somebody_here_does(registry: Registry, bus: ListeningBus) -> None:
    one, other = _session(registry, 1), _session(registry, 2, "phone")
    registry.bind_groups(one, {"g1": 0})
    assert bus.topics == ["user:ann", "group:g1"]
    registry.unbind(one)
    assert bus.topics == ["user:ann"]
    registry.unbind(other)
    assert bus.topics == []


def test_the_directory_names_those_who_are_on_any_node(registry: Registry, bus: ListeningBus) -> None:
    _session(registry)
    bus.counts = {"user:cid": 1}
    people = [UserId(user_id) for user_id in ("ann", "bob", "cid")]
    assert done(registry.online_among(people)) == {"ann", "cid"}
    bus.counts = None
    assert done(registry.online_among(people)) == {"ann"}


def test_who_may_be_on_another_node_is_reachable_and_at_a_node_alone_only_who_is_here(
    registry: Registry,
) -> None:
    alone = Registry(LoneBus(), SetClock())
    people = [UserId(user_id) for user_id in ("ann", "bob")]
    for each in (registry, alone):
        _session(each)
    assert registry.reachable_among(people) == ("ann", "bob")
    assert alone.reachable_among(people) == ("ann",)
    assert done(alone.online_among(people)) == {"ann"}
    alone.unbind(alone.of("ann")[0])
    assert alone.reachable_among(people) == ()


def test_the_end_of_an_old_session_leaves_the_new_one(registry: Registry) -> None:
    old, new = _session(registry, 1), _session(registry, 2)
    registry.unbind(old)
    assert registry.of("ann") == registry.sessions == (new,)
    assert registry.user_count == 1


def test_an_older_session_gives_way_to_a_later_login_of_its_device_on_any_node(registry: Registry) -> None:
    session = _session(registry, 5)
    for device, login_no in (("desktop", 5), ("phone", 9), ("desktop", 4)):
        registry.opened(ANN.user_id, device, login_no)
    assert session.line.kicked == []
    registry.opened(ANN.user_id, "desktop", 6)
    assert session.line.kicked == [EndReason.REPLACED]
    assert registry.of("ann") == ()


def test_the_oldest_of_six_devices_goes(registry: Registry) -> None:
    sessions = [_session(registry, number, f"device {number}") for number in (3, 1, 2, 6, 5, 4)]
    registry.opened(ANN.user_id, "device 6", 6)
    assert [s.login_no for s in sessions if s.line.kicked] == [1]


def test_a_device_with_logins_that_are_not_done_pushes_out_no_other(registry: Registry) -> None:
    phone = _session(registry, 1, "phone")
    under_way = [_session(registry, number) for number in range(2, 10)]
    registry.opened(ANN.user_id, "desktop", 2)
    assert phone.line.kicked == []
    registry.opened(ANN.user_id, "desktop", 9)
    assert phone.line.kicked == []
    assert registry.of("ann") == (phone, under_way[-1])


def test_an_operator_may_choose_how_many_devices_a_person_has(bus: ListeningBus) -> None:
    registry = Registry(bus, SetClock(), most_devices=2)
    sessions = [_session(registry, number, f"device {number}") for number in range(3)]
    registry.opened(UserId("ann"), "device 2", 2)
    assert registry.sessions == tuple(sessions[1:])
    assert registry.session_count == 2


def test_a_session_that_has_ended_is_bound_to_no_group(registry: Registry) -> None:
    session = _session(registry)
    registry.unbind(session)
    registry.bind_groups(session, {"g1": 0})
    assert registry.at(G1) == ()


def test_a_new_audience_of_a_group_begins_where_its_log_ended(registry: Registry) -> None:
    one, other = _session(registry, 1), _session(registry, 2, "phone")
    registry.bind_groups(one, {"g1": 7})
    registry.bind_groups(other, {"g1": 9})
    audience = registry.audience(G1)
    assert audience is not None
    assert audience.pushed(TalkId(":g1")) == 7
    assert (one.came[G1], other.came[G1]) == (7, 9)


def test_who_comes_into_a_group_hears_it_and_who_goes_does_not(registry: Registry) -> None:
    session = _session(registry)
    registry.leave_group([ANN.user_id], "g1", 3)
    registry.join_group([session], "g1", 5)
    assert registry.at(G1) == (session,)
    registry.leave_group([ANN.user_id], "g1", 8)
    assert registry.at(G1) == ()


def test_news_of_coming_and_going_that_are_late_change_nothing(registry: Registry) -> None:
    session = _session(registry)
    registry.join_group([session], "g1", 5)
    registry.leave_group([ANN.user_id], "g1", 3)
    assert registry.at(G1) == (session,)
    registry.leave_group([ANN.user_id], "g1", 8)
    registry.join_group([session], "g1", 5)
    registry.bind_groups(session, {"g1": 7})
    assert registry.at(G1) == ()
    registry.join_group([session], "g1", 9)
    assert registry.at(G1) == (session,)


def test_a_group_left_during_the_login_is_not_heard(registry: Registry) -> None:
    session = _session(registry)
    heads = {"g1": 7, "g2": 3, "g3": 1}
    registry.bind_groups(session, heads)
    registry.join_group([session], "g3", 9)
    registry.keep_groups(session, heads, {"g2"})
    assert [registry.at(group_topic(g)) for g in ("g1", "g2", "g3")] == [(), (session,), (session,)]


def test_a_new_nickname_is_what_the_session_acts_under(registry: Registry) -> None:
    session = _session(registry)
    registry.refresh(User(user_id=ANN.user_id, nickname="Annie"))
    assert session.actor.user.nickname == "Annie"
    assert session.actor.session_id == "ann-1"


def test_of_whom_nobody_is_here_there_is_no_audience(registry: Registry) -> None:
    assert registry.audience(user_topic("bob")) is None
    assert registry.at(user_topic("bob")) == ()
