"""TLS at a running node: what is spoken, certificates that are renewed, and passwords that stay private."""

import json
import os
import signal
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from naivechat.protocol.session import ErrorResponse, KickedNotice
from tests.authority import Authority
from tests.integration.test_terminal import TerminalProgram
from tests.processes import free_port, wait_until
from tests.servers import NodeProcess
from tests.wire import PASSWORD, ConnectionEnded, WireClient

AUTHORITY = Authority()


class TlsClient(WireClient):
    """A connection by TLS, which verifies as any client should."""

    def __init__(self, port: int, authority: Path, name: str = "localhost") -> None:
        super().__init__(port)
        context = ssl.create_default_context(cafile=str(authority))
        self.socket = context.wrap_socket(self.socket, server_hostname=name)

    @property
    def certificate(self) -> dict[str, Any]:
        """What the node has shown."""
        assert isinstance(self.socket, ssl.SSLSocket)
        return self.socket.getpeercert() or {}


class TlsNode:
    """A node with a certificate of its own, beside a plain port for its own machine."""

    def __init__(self, folder: Path, **options: str | int) -> None:
        self.folder = folder
        self.port = free_port()
        self.authority = folder / "authority"
        self.authority.write_bytes(AUTHORITY.pem)
        self.certify("localhost")
        listen = f"ssl:{self.port}:privateKey={folder}/node.pem:interface=127.0.0.1 tcp:{free_port()}:interface=127.0.0.1"
        self.process = NodeProcess(environment={"NAIVECHAT_LISTEN": listen}, registration="open", **options)

    def certify(self, *names: str) -> None:
        """Put another certificate in the place of the node's."""
        (self.folder / "node.pem").write_bytes(AUTHORITY.issue(names))

    def connect(self, name: str = "localhost") -> TlsClient:
        return TlsClient(self.port, self.authority, name)

    def renew(self, word: str) -> None:
        """Tell the node to read its certificates anew, and wait until it has."""
        before = len(self.process.log_text)
        os.kill(self.process.pid, signal.SIGHUP)
        wait_until(lambda: word in self.process.log_text[before:], 20, lambda: self.process.log_text)

    @property
    def readiness(self) -> dict[str, Any]:
        """What the node says of itself."""
        with urllib.request.urlopen(f"{self.process.admin_url}/readyz") as answer:
            parts: dict[str, Any] = json.load(answer)
        return parts

    @property
    def metrics(self) -> str:
        time.sleep(1)  # they are made once a second at most
        with urllib.request.urlopen(f"{self.process.admin_url}/metrics") as answer:
            return str(answer.read().decode())


@contextmanager
def tls_node(folder: Path, **options: str | int) -> Iterator[TlsNode]:
    node = TlsNode(folder, **options)
    with node.process:
        yield node


def test_people_come_by_tls_and_what_is_older_than_1_2_is_not_spoken(tmp_path: Path) -> None:
    with tls_node(tmp_path) as node, node.connect() as li:
        assert f"listens on ssl:127.0.0.1:{node.port}" in node.process.log_text
        li.register("li")
        assert li.login("li").user.user_id == "li"
        for newest, spoken in ((ssl.TLSVersion.TLSv1_1, None), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")):
            assert version_spoken(node.port, newest) == spoken


def version_spoken(port: int, newest: ssl.TLSVersion) -> str | None:
    """What a client that speaks nothing newer is answered in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest
    with socket.create_connection(("127.0.0.1", port)) as plain:
        try:
            with context.wrap_socket(plain) as secure:
                return secure.version()
        except (ssl.SSLError, ConnectionError):
            return None


def test_a_renewed_certificate_is_shown_and_nobody_is_dropped(tmp_path: Path) -> None:
    with tls_node(tmp_path) as node, node.connect() as before:
        before.register("li")
        before.login("li")
        serial = before.certificate["serialNumber"]
        node.certify("localhost", "chat.example")
        node.renew("certificates were read anew")
        with node.connect("chat.example") as after:
            assert after.certificate["serialNumber"] != serial
            after.take_pushes()
        before.take_pushes()
        assert node.readiness["certificates"] == "current"
        assert "naivechat_certificates_current 1.0" in node.metrics


def test_a_broken_certificate_keeps_the_old_one_and_is_told(tmp_path: Path) -> None:
    with tls_node(tmp_path) as node:
        (tmp_path / "node.pem").write_bytes(b"half a file")
        node.renew("certificates were not read anew, the old ones stay")
        with node.connect() as li:
            li.register("li")
        assert node.readiness["certificates"] == "stale"
        assert node.readiness["ready"] is True
        assert "naivechat_certificates_current 0.0" in node.metrics
        node.certify("localhost")
        node.renew("certificates were read anew")
        assert node.readiness["certificates"] == "current"


def test_a_folder_has_a_certificate_for_each_host(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    for name in ("a.example", "b.example"):
        (folder / f"{name}.pem").write_bytes(AUTHORITY.issue([name]))
    authority = tmp_path / "authority"
    authority.write_bytes(AUTHORITY.pem)
    port = free_port()
    listen = f"tls:{folder}:{port}:interface=127.0.0.1 tcp:{free_port()}:interface=127.0.0.1"
    with NodeProcess(environment={"NAIVECHAT_LISTEN": listen}), ExitStack() as ending:
        for name in ("a.example", "b.example"):
            ending.enter_context(TlsClient(port, authority, name)).take_pushes()
        with pytest.raises(ssl.SSLCertVerificationError):
            TlsClient(port, authority, "c.example")


def test_who_leaves_says_so_by_tls_and_a_connection_too_many_is_closed_quietly(tmp_path: Path) -> None:
    with tls_node(tmp_path, limit="all-connections=1") as node, node.connect() as li:
        li.take_pushes()
        with pytest.raises((OSError, ConnectionEnded)):
            node.connect().take_pushes()
        node.process.terminate()
        (farewell,) = li.read_to_end()
        assert isinstance(farewell, KickedNotice)
        assert farewell.reason == "shutdown"
        assert node.process.wait() == 0
        assert "Traceback" not in node.process.log_text


def test_one_connection_too_many_of_an_address_is_told_so_by_tls(tmp_path: Path) -> None:
    with tls_node(tmp_path, limit="connections=1") as node, node.connect() as li, node.connect() as late:
        (refusal,) = late.read_to_end()
        assert isinstance(refusal, ErrorResponse)
        assert refusal.code == "LIMIT"
        li.take_pushes()


def test_who_opens_connections_too_fast_gets_no_handshake(tmp_path: Path) -> None:
    with tls_node(tmp_path, limit="new-connections=1/h") as node:
        for _ in range(100):
            node.connect().close()
        with pytest.raises(OSError):  # reset, or ended: as the system has it
            node.connect()


def test_a_certificate_that_cannot_be_used_ends_the_start_in_one_line(tmp_path: Path) -> None:
    node = TlsNode(tmp_path)
    (tmp_path / "node.pem").unlink()
    with pytest.raises(
        AssertionError, match=r"naivechat: listen: ssl:.* cannot be used: .*node\.pem: No such file"
    ):
        node.process.start()
    node.process.close()


@pytest.mark.parametrize(
    ("host", "options", "said", "status"),
    [
        ("localhost", ["--ca", "authority"], "Welcome.", 0),
        ("localhost", [], "is signed by an authority that is not known here", 1),
        ("127.0.0.1", ["--ca", "authority"], "the certificate is not for 127.0.0.1", 1),
    ],
    ids=["trusted", "unknown", "another name"],
)
def test_the_terminal_client_says_why_it_does_not_believe_a_node(
    tmp_path: Path, host: str, options: list[str], said: str, status: int
) -> None:
    with tls_node(tmp_path) as node:
        with node.connect() as wire:
            wire.register("li")
        trust = [str(tmp_path / option) if option == "authority" else option for option in options]
        command = ["chat", *trust, f"tls:li@{host}:{node.port}"]
        with TerminalProgram(*command, environment={"NAIVECHAT_PASSWORD": PASSWORD}) as terminal:
            terminal.expect(said)
            if status == 0:
                terminal.type("/quit")
            assert terminal.wait() == status


def test_over_a_network_without_tls_no_password_is_taken_but_a_token_is(tmp_path: Path) -> None:
    other = own_address()
    with NodeProcess(registration="open", interface="0.0.0.0") as node, WireClient(node.port) as here:
        here.register("li")
        token = here.login("li").token
        with WireClient(node.port, other) as there:
            for attempt in (lambda: there.login("li", password=PASSWORD), lambda: there.register("han")):
                with pytest.raises(AssertionError, match=r"FORBIDDEN.*TLS"):
                    attempt()
            assert there.reconnect("li", token).user.user_id == "li"
        node.stop()
    node = NodeProcess(registration="open", interface="0.0.0.0", allow_plain_login=True)
    with node, WireClient(node.port, other) as there:
        there.register("han")
        assert there.login("han").user.user_id == "han"


def own_address() -> str:
    """An address of this machine that is not its loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return str(probe.getsockname()[0])
