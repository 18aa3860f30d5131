"""A node that is cut from Redis, from the database, from both, and what all is like when it is healed."""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import attrs
import pytest

from naivechat.protocol.message import MsgAckResponse, MsgRequest, MsgResponse, TypingNotice, TypingRequest
from naivechat.protocol.session import ErrorResponse, LoginRequest
from naivechat.protocol.talk import SyncNotice, SyncRequest
from tests.clusters import FRIEND, Person, started_at_once
from tests.namespaces import Link, Namespace, new_namespace
from tests.processes import wait_until
from tests.redis_server import RedisServer, require_redis
from tests.servers import MariaDBServer, NodeProcess, require_mariadb
from tests.wire import PASSWORD, WireClient

BOUNDED_S = 20.0
"""Within this an answer comes, whatever the network does: longer than any deadline of the node."""
UNDER_WAY = 60
"""As many as a node takes of one connection before it waits for their commits, but for a few."""


class FarNode(NodeProcess):
    """A node in a network of its own, which its clients reach through a link that is never cut."""

    def __init__(self, namespace: Namespace, *, db: str, redis: str) -> None:
        self.host = namespace.lay_link().there
        super().__init__(
            interface=self.host,
            db=db,
            redis=redis,
            registration="open",
            limits="off",
            allow_plain_login=True,
        )
        self._namespace = namespace

    def _command(self) -> list[str]:
        return self._namespace.entering(super()._command())


@attrs.frozen
class Nodes:
    """Two nodes, and the links of the far one to what both stand on."""

    near: NodeProcess
    far: FarNode
    to_database: Link
    to_redis: Link


class Writer:
    """Somebody who writes to a friend, and keeps what became of each message."""

    def __init__(self, person: Person, friend: Person) -> None:
        self.acked: dict[bytes, int] = {}
        self.refused: list[bytes] = []
        self._person = person
        self._friend_id = friend.user_id
        self._numbers = itertools.count(1)

    def begin(self, count: int) -> dict[int, bytes]:
        """Send so many messages without waiting; the name of each by its rid."""
        return self._send(next(self._numbers).to_bytes(16, "big") for _ in range(count))

    def finish(self, sent: Mapping[int, bytes]) -> set[str]:
        """Wait for the answers, whatever their order, which come in bounded time: the errors among them."""
        deadline = time.monotonic() + BOUNDED_S
        codes, waiting = set(), dict(sent)
        while waiting:
            packet = self._person.receive()
            name = waiting.pop(getattr(packet, "rid", 0), None)
            if name is None:
                self._person.pushes.append(packet)
            else:
                codes |= self._take(name, packet)
        assert time.monotonic() < deadline
        return codes

    def write_until_acked(self) -> None:
        """Write as clients do, waiting as long as the node says, until a message is taken."""
        deadline = time.monotonic() + 60
        while self.finish(self.begin(1)):
            assert time.monotonic() < deadline, "no message is taken"
            time.sleep(0.2)

    def write_again(self) -> None:
        """Send what was refused under the same names: all of it is taken now."""
        refused, self.refused = self.refused, []
        assert self.finish(self._send(refused)) == set()

    def _send(self, names: Iterable[bytes]) -> dict[int, bytes]:
        return {self._person.send(self._message(name)): name for name in names}

    def _message(self, name: bytes) -> MsgRequest:
        return MsgRequest(rid=0, friend_id=self._friend_id, msg_uuid=name, msg_type=0, msg_text=name.hex())

    def _take(self, name: bytes, answer: MsgAckResponse | ErrorResponse) -> set[str]:
        if isinstance(answer, MsgAckResponse):
            self.acked[name] = answer.seq
            return set()
        self.refused.append(name)
        return {answer.code}


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    require_mariadb()
    require_redis()
    with ExitStack() as ending:
        namespace = ending.enter_context(new_namespace())
        to_database, to_redis = namespace.lay_link(), namespace.lay_link()
        redis = RedisServer(password="secret")  # without one, Redis serves its own machine only
        redis.host = to_redis.here
        ending.enter_context(redis)
        db = ending.enter_context(_database_at(to_database.here))
        near = NodeProcess(db=db, redis=redis.url, registration="open", limits="off")
        far = FarNode(namespace, db=db, redis=redis.url)
        ending.enter_context(started_at_once((near, far)))
        yield Nodes(near, far, to_database, to_redis)


@contextmanager
def _database_at(address: str) -> Iterator[str]:
    """The URL of a new database in a server of its own."""
    server = MariaDBServer()
    server.host = address
    with server:
        with server.connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE USER {server.user}@'%' IDENTIFIED BY '{server.password}'")
            cursor.execute(f"GRANT ALL PRIVILEGES ON *.* TO {server.user}@'%'")
        yield server.create_database()


@pytest.fixture
def friends(nodes: Nodes) -> Iterator[tuple[Person, Person]]:
    """ann at the near node and bob at the far one."""
    with Person.arrives(nodes.near, "ann") as ann, Person.arrives(nodes.far, "bob") as bob:
        ann.befriends(bob)
        yield ann, bob


def test_a_node_cut_from_redis_brings_messages_and_afterwards_everything(
    nodes: Nodes, friends: tuple[Person, Person]
) -> None:
    ann, bob = friends
    nodes.to_redis.cut()
    try:
        wait_until(
            lambda: "Redis is away" in nodes.far.log_text, 60, lambda: f"unnoticed:\n{nodes.far.log_text}"
        )
        for sender, receiver in ((ann, bob), (bob, ann)):
            seqs = [sender.says(receiver, str(number)).seq for number in range(5)]
            assert [receiver.hears(MsgResponse).seq for _ in seqs] == seqs
    finally:
        nodes.to_redis.heal()
    for person, friend in ((ann, bob), (bob, ann)):
        person.hears(SyncNotice)
        (found,) = person.accepted(SyncRequest(rid=0)).friends
        assert (found.user_id, found.online) == (friend.user_id, True)
        friend.accepted(TypingRequest(rid=0, talk_type=FRIEND, talk_id=person.user_id))
        assert person.hears(TypingNotice).user_id == friend.user_id


@pytest.mark.parametrize("loss", ["answers of the database", "everything"])
def test_a_node_cut_from_the_database_acks_nothing_that_is_lost(
    nodes: Nodes, friends: tuple[Person, Person], loss: str
) -> None:
    ann, bob = friends
    of_ann, of_bob = Writer(ann, bob), Writer(bob, ann)
    under_way = of_bob.begin(UNDER_WAY)
    try:
        _cut(nodes, loss)
        assert of_ann.finish(of_ann.begin(20)) == set()
        assert of_bob.finish(under_way | of_bob.begin(1)) == {"UNAVAILABLE"}
        _assert_login_is_unavailable(nodes.far)
    finally:
        nodes.to_database.heal()
        nodes.to_redis.heal()
    of_bob.write_until_acked()
    of_bob.write_again()
    assert of_ann.finish(of_ann.begin(1)) == set()
    log = _assert_both_nodes_tell_the_same(ann, bob)
    assert {log[seq - 1] for seq in of_bob.acked.values()} == {(bob.user_id, name) for name in of_bob.acked}
    assert {log[seq - 1] for seq in of_ann.acked.values()} == {(ann.user_id, name) for name in of_ann.acked}
    for person, friend in ((ann, bob), (bob, ann)):
        _assert_sees_all_of(person, friend, log)


def _cut(nodes: Nodes, loss: str) -> None:
    if loss == "everything":
        nodes.to_redis.cut()
        nodes.to_database.cut()
    else:
        nodes.to_database.lose_what_goes_in()


def _assert_login_is_unavailable(node: NodeProcess) -> None:
    with WireClient(node.port, node.host) as somebody:
        started = time.monotonic()
        request = LoginRequest(rid=0, protocol=1, user_id="somebody", password=PASSWORD)
        assert somebody.refused(request) == "UNAVAILABLE"
        assert time.monotonic() - started < BOUNDED_S


def _assert_both_nodes_tell_the_same(ann: Person, bob: Person) -> list[tuple[str, bytes]]:
    """The log as both read it, without gaps and doubles: the sender and the name of each record in order."""
    log = ann.history(FRIEND, bob.user_id)
    assert bob.history(FRIEND, ann.user_id) == log
    assert [record.seq for record in log] == list(range(1, len(log) + 1))
    names = [(record.sender_id, record.msg_uuid) for record in log]
    assert len(set(names)) == len(names)
    return names


def _assert_sees_all_of(person: Person, friend: Person, log: list[tuple[str, bytes]]) -> None:
    """The pushes came in rising order, and where one did not come, a word to compare did."""
    of_friend = [seq for seq, (sender_id, _) in enumerate(log, 1) if sender_id == friend.user_id]
    last = person.hears(MsgResponse, seq=of_friend[-1])
    heard = [*(push.seq for push in person.heard(MsgResponse)), last.seq]
    assert heard == sorted(set(heard))
    assert heard == of_friend or person.hears(SyncNotice)
