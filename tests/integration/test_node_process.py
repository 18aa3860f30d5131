"""A real node as its operator meets it: starting, refusing to start, TLS, leaving in order."""

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgAckResponse, MsgRequest
from naivechat.protocol.session import KickedNotice
from tests.processes import free_port
from tests.servers import NodeProcess
from tests.wire import ConnectionEnded, WireClient


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(registration="open", limits="off", node_name="first") as node:
        yield node


def refused_start(node: NodeProcess) -> str:
    """Start a node that cannot; what it wrote, without twistd's own lines."""
    try:
        with pytest.raises(AssertionError, match="NodeProcess did not start"):
            node.start()
        assert node.wait() == 1
        return node.log_text
    finally:
        node.close()


def test_a_node_says_in_one_line_what_listens_where(node: NodeProcess) -> None:
    line = f"naivechat node first listens on tcp:127.0.0.1:{node.port}\n"
    assert node.log_text.count(line) == 1


def test_a_taken_port_makes_way_to_the_next_free_one(node: NodeProcess) -> None:
    with NodeProcess(port=node.port) as second:
        assert second.port > node.port
        assert f"port {node.port} is taken" in second.log_text


def test_a_strict_port_that_is_taken_ends_the_start(node: NodeProcess) -> None:
    log = refused_start(NodeProcess(port=node.port, strict_port=True))
    assert f"naivechat: cannot listen: Couldn't listen on 127.0.0.1:{node.port}" in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"friend_policy": "never"}, "naivechat: friend-policy: one of open, approve is wanted, not 'never'"),
        ({"redis": "redis://127.0.0.1"}, "naivechat: --redis needs a MySQL or MariaDB database"),
        ({"db": "mysql:///"}, "naivechat: db: "),
        ({"db": "sqlite:////proc/none/naivechat.db"}, "naivechat: the database sqlite:////proc/none/naivechat.db cannot be used"),
        ({"listen": "ssl:0:privateKey=absent.pem"}, "naivechat: listen: ssl:0:privateKey=absent.pem cannot be used"),
        ({"config": "absent.toml"}, "naivechat: config absent.toml: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_ends_the_start_with_one_line(options: dict[str, str], sentence: str) -> None:
    log = refused_start(NodeProcess(**options))
    assert sentence in log
    assert "Traceback" not in log


def test_settings_come_from_a_file_and_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "node.toml"
    file.write_text('node-name = "file"\nregistration = "open"\n')
    environment = {"NAIVECHAT_NODE_NAME": "environment", "NAIVECHAT_CONFIG": str(file)}
    with NodeProcess(environment=environment) as node, WireClient(node.port) as wire:
        wire.register("li")
        assert wire.login("li").node == "environment"


def test_sigterm_answers_what_is_under_way_and_says_goodbye() -> None:
    with NodeProcess(registration="open", limits="off") as node:
        with WireClient(node.port) as li, WireClient(node.port) as han:
            for wire, user_id in ((li, "li"), (han, "han")):
                wire.register(user_id)
                wire.login(user_id)
            li.accepted(AddFriendRequest(rid=0, friend_id="han"))
            sends = [li.send(_message(number)) for number in range(50)]
            answers = [li.answer(sends[0])]
            node.terminate()
            with pytest.raises(ConnectionEnded):
                while True:
                    answers.append(li.receive())
        assert node.wait(timeout_s=10) == 0
        acks = [answer for answer in answers if isinstance(answer, MsgAckResponse)]
        assert [ack.seq for ack in acks] == list(range(1, len(acks) + 1))
        assert isinstance(answers[-1], KickedNotice)
        assert answers[-1].reason == "shutdown"
        node.start()
        with WireClient(node.port) as wire:
            (talk,) = wire.login("han").talks
            assert talk.last_seq >= len(acks)


def test_a_node_leaves_in_time_though_a_client_does_not_read() -> None:
    with NodeProcess(registration="open") as node, WireClient(node.port) as wire:
        wire.register("li")
        wire.login("li")
        node.terminate()
        assert node.wait(timeout_s=10) == 0


def test_tls_is_listened_on(tmp_path: Path) -> None:
    certificate = _write_certificate(tmp_path)
    port = free_port()
    listen = f"ssl:{port}:privateKey={certificate}:certKey={certificate}:interface=127.0.0.1"
    node = NodeProcess(listen=listen, registration="open")
    try:
        with pytest.raises(AssertionError, match=f"listens on ssl:127.0.0.1:{port}"):
            node.start(timeout_s=5)
        with WireClient(port) as wire:
            context = ssl.create_default_context(cafile=certificate)
            wire.socket = context.wrap_socket(wire.socket, server_hostname="localhost")
            wire.register("li")
            assert wire.login("li").user.user_id == "li"
    finally:
        node.close()


def _message(number: int) -> MsgRequest:
    uuid = number.to_bytes(16, "big")
    return MsgRequest(rid=0, friend_id="han", msg_uuid=uuid, msg_type=0, msg_text=str(number))


def _write_certificate(folder: Path) -> str:
    """A certificate for localhost that signs itself, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return str(path)
