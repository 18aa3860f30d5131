"""One command, several nodes behind one port, as those see them who connect there, and who run them."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator

import pytest
from twisted.internet.error import CannotListenError

from naivechat.protocol.message import MsgResponse
from naivechat.shared_port import reserve_port
from tests.clusters import Person
from tests.node_log import complaints
from tests.processes import wait_until
from tests.redis_server import RedisServer, require_redis
from tests.servers import LISTENS, NodeProcess, shared_mariadb
from tests.wire import ConnectionEnded

_RUNS = re.compile(r"worker (?P<name>\S+) runs as process (?P<pid>\d+)")
_PATIENCE_S = 120.0


class Crew(NodeProcess):
    """A parent and its two workers, all writing to one log."""

    def wait_for_workers(self, starts: int) -> None:
        """Return when so many starts of workers have come to listen."""
        wait_until(lambda: self.count_starts() >= starts, _PATIENCE_S, lambda: self.log_text)

    def count_starts(self) -> int:
        """How often a worker has come to listen."""
        return len(LISTENS.findall(self.log_text))

    def comes_back(self, person: Person) -> Person:
        """The person by token, who tries again where the kernel has dealt the connection to a process that is just dying."""
        while True:
            try:
                return person.moves_to(self)
            except (ConnectionEnded, OSError):
                assert self.is_running

    @property
    def pids(self) -> dict[str, int]:
        """The process that each worker was last started as, by its name."""
        return {found["name"]: int(found["pid"]) for found in _RUNS.finditer(self.log_text)}

    def person_at(self, name: str, user: str) -> Person:
        """Somebody new whose connection has come to the worker of that name."""
        while True:
            person = Person.arrives(self, user)
            if person.node_name == name:
                return person
            person.close()


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    require_redis()
    with RedisServer() as server:
        yield server


@pytest.fixture
def crew(redis: RedisServer) -> Iterator[Crew]:
    database = shared_mariadb().create_database()
    options: dict[str, str | int] = {
        "registration": "open",
        "limits": "off",
        "node_name": "crew",
        "workers": 2,
    }
    with Crew(db=database, redis=redis.url, **options) as crew:
        crew.wait_for_workers(2)
        yield crew


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_people_at_two_workers_chat_through_one_port(crew: Crew) -> None:
    with crew.person_at("crew-1", "ann") as ann, crew.person_at("crew-2", "bob") as bob:
        ann.befriends(bob)
        ann.says(bob, "hello")
        assert bob.hears(MsgResponse).msg_text == "hello"
    assert {found["port"] for found in LISTENS.finditer(crew.log_text)} == {str(crew.port)}


def test_a_client_is_told_of_one_address_though_several_workers_are_there(crew: Crew) -> None:
    met = re.compile("node crew-[12] is there")
    wait_until(lambda: len(met.findall(crew.log_text)) == 2, _PATIENCE_S, lambda: crew.log_text)
    with Person.arrives(crew, "cid") as cid:
        assert cid.neighbours == {f"127.0.0.1:{crew.port}"}
        assert cid.login_response is not None
        assert len(cid.login_response.nodes or ()) == 1


def test_when_a_worker_is_killed_its_people_come_to_the_other_and_it_is_started_again(crew: Crew) -> None:
    ann, bob = crew.person_at("crew-1", "ann"), crew.person_at("crew-2", "bob")
    ann.befriends(bob)
    os.kill(crew.pids["crew-1"], signal.SIGKILL)
    bob.says(ann, "are you there?")
    with crew.comes_back(ann) as again:
        assert again.node_name == "crew-2" or crew.count_starts() > 2
        assert [record.msg_text for record in again.history(0, bob.user_id)] == ["are you there?"]
    said = "worker crew-1 has ended (SIGKILL): it is started again in 1.0 s"
    wait_until(lambda: said in crew.log_text, _PATIENCE_S, lambda: crew.log_text)
    crew.wait_for_workers(3)
    crew.person_at("crew-1", "dan").close()


def test_sigterm_lets_all_workers_leave_in_order(crew: Crew) -> None:
    people = [crew.person_at(f"crew-{number}", "ann") for number in (1, 2)]
    assert crew.stop() == 0
    for person in people:
        person.read_to_end()
    for name, pid in crew.pids.items():
        assert not is_running(pid)
        assert f"naivechat node {name} has left in order" in crew.log_text
    assert complaints(crew.log_text) == []


def test_workers_do_not_outlive_a_parent_that_is_killed(crew: Crew) -> None:
    pids = crew.pids.values()
    crew.kill()
    wait_until(lambda: not any(map(is_running, pids)), _PATIENCE_S, lambda: crew.log_text)
    assert len(re.findall(r"node crew-\d has left in order", crew.log_text)) == 2


def test_each_worker_serves_operators_at_a_port_of_its_own(crew: Crew) -> None:
    urls = set(re.findall(r"serves operators at (http://\S+)/", crew.log_text))
    assert len(urls) == 2


def test_a_stop_does_not_wait_for_a_worker_that_is_about_to_be_started(crew: Crew) -> None:
    os.kill(crew.pids["crew-2"], signal.SIGKILL)
    wait_until(lambda: "worker crew-2 has ended" in crew.log_text, _PATIENCE_S, lambda: crew.log_text)
    begun = time.monotonic()
    assert crew.stop() == 0
    assert time.monotonic() - begun < _PATIENCE_S
    assert len(crew.pids) == 2


def test_a_reserved_port_is_kept_from_who_does_not_share_it() -> None:
    with reserve_port([0], "127.0.0.1") as reserved:
        port = reserved.getsockname()[1]
        with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(("127.0.0.1", port))


def test_a_port_that_somebody_listens_on_makes_way_to_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        with reserve_port([taken, 0], "127.0.0.1") as reserved:
            assert reserved.getsockname()[1] != taken
        with pytest.raises(CannotListenError, match=str(taken)):
            reserve_port([taken], "127.0.0.1")


def test_what_cannot_be_had_for_another_reason_is_said_at_once() -> None:
    with pytest.raises(CannotListenError, match=r"192\.0\.2\.1"):
        reserve_port([0, 0], "192.0.2.1")
