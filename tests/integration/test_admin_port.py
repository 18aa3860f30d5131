"""A real node as its monitoring meets it: health, metrics, logs that programs read, and being drained."""

import contextlib
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest, MsgResponse
from naivechat.protocol.session import HeartbeatRequest, LoginRequest
from tests.node_log import complaints
from tests.processes import free_port, wait_until
from tests.servers import MariaDBServer, NodeProcess, require_mariadb
from tests.wire import WireClient


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(registration="open", limits="off") as node:
        yield node
        assert complaints(node.log_text) == []


def ask(node: NodeProcess, path: str) -> tuple[int, str]:
    """An answer's status and body."""
    try:
        with urllib.request.urlopen(node.admin_url + path, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def readiness(node: NodeProcess) -> dict[str, Any]:
    status, body = ask(node, "/readyz")
    parts: dict[str, Any] = json.loads(body)
    assert status == (200 if parts["ready"] else 503)
    return parts


def samples(node: NodeProcess) -> dict[tuple[str, str], float]:
    status, text = ask(node, "/metrics")
    assert status == 200
    families = text_string_to_metric_families(text)
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def until(condition: Callable[[], bool], node: NodeProcess) -> None:
    wait_until(condition, 20, lambda: node.log_text)


def _hello() -> MsgRequest:
    return MsgRequest(rid=0, friend_id="han", msg_uuid=b"1" * 16, msg_type=0, msg_text="hello")


def test_a_node_is_alive_and_ready(node: NodeProcess) -> None:
    assert ask(node, "/healthz") == (200, "ok\n")
    assert readiness(node) == {"ready": True, "database": "up", "bus": "none", "draining": False}
    assert ask(node, "/nothing")[0] == 404


def test_metrics_tell_what_the_node_has_done(node: NodeProcess) -> None:
    with WireClient(node.port) as li, WireClient(node.port) as han, WireClient(node.port) as stranger:
        for wire, user_id in ((li, "li"), (han, "han")):
            wire.register(user_id)
            wire.login(user_id)
        stranger.send(LoginRequest(rid=0, protocol=1, user_id="li", password="guessed", device="d"))
        stranger.receive()
        li.accepted(AddFriendRequest(rid=0, friend_id="han"))
        li.accepted(_hello())
        while not isinstance(han.receive(), MsgResponse):
            pass
        until(lambda: samples(node)["naivechat_messages_stored_total", ""] >= 1, node)
        seen = samples(node)
    assert seen["naivechat_connections", ""] == 3
    assert seen["naivechat_users_online", ""] == 2
    assert seen["naivechat_logins_total", "ok"] == 2
    assert seen["naivechat_logins_total", "auth_failed"] == 1
    assert seen["naivechat_errors_total", "AUTH_FAILED"] == 1
    assert seen["naivechat_requests_total", "msg"] == 1
    assert seen["naivechat_requests_total", "create_group"] == 0
    assert seen["naivechat_commit_seconds_count", ""] >= 1
    assert seen["naivechat_delivery_seconds_count", ""] >= 1
    assert seen["naivechat_database_up", ""] == 1
    assert seen["process_open_fds", ""] > 10


def test_a_taken_admin_port_makes_way_to_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        with NodeProcess(admin_port=port) as node:
            assert int(node.admin_url.rpartition(":")[2]) > port
            assert f"port {port} is taken" in node.log_text
            assert ask(node, "/healthz")[0] == 200


def test_the_admin_port_may_be_off() -> None:
    with NodeProcess(admin_port="off") as node:
        assert "serves operators" not in node.log_text
        assert node.stop() == 0


def test_a_node_that_leaves_says_so_until_the_end() -> None:
    require_mariadb()
    with (
        MariaDBServer() as server,
        NodeProcess(db=server.create_database(), registration="open") as node,
        WireClient(node.port) as li,
        WireClient(node.port) as han,
    ):
        for wire, user_id in ((li, "li"), (han, "han")):
            wire.register(user_id)
            wire.login(user_id)
        li.accepted(AddFriendRequest(rid=0, friend_id="han"))
        # A message that cannot be stored holds the farewell up, for some seconds.
        server.pause()
        try:
            li.send(_hello())
            node.terminate()
            until(lambda: bool(readiness(node)["draining"]), node)
            assert ask(node, "/healthz")[0] == 200
        finally:
            server.resume()
        assert node.wait(timeout_s=12) == 0


def test_a_node_without_its_database_is_alive_and_not_ready() -> None:
    require_mariadb()
    with MariaDBServer() as server, NodeProcess(db=server.create_database()) as node:
        assert readiness(node)["database"] == "up"
        server.kill()
        until(lambda: readiness(node)["database"] == "down", node)
        assert ask(node, "/healthz")[0] == 200
        until(lambda: samples(node)["naivechat_database_up", ""] == 0, node)
        server.start()
        until(lambda: bool(readiness(node)["ready"]), node)


def test_a_frozen_database_is_told_within_seconds() -> None:
    require_mariadb()
    with MariaDBServer() as server, NodeProcess(db=server.create_database()) as node:
        server.pause()
        try:
            until(lambda: readiness(node)["database"] == "down", node)
        finally:
            server.resume()
        until(lambda: bool(readiness(node)["ready"]), node)


def test_every_line_of_a_json_log_is_an_object() -> None:
    with NodeProcess(log_format="json", admin_port=0) as node:
        node.stop()
        lines = [json.loads(line) for line in node.log_text.splitlines()]
    assert all(set(line) >= {"time", "level", "namespace", "message", "fields"} for line in lines)
    messages = [line["message"] for line in lines]
    assert any(message.startswith("twistd ") for message in messages)
    assert "Server Shut Down." in messages
    (said,) = [line for line in lines if "listens on" in line["message"]]
    assert said["fields"]["where"] == f"tcp:127.0.0.1:{node.port}"
    assert (said["level"], said["namespace"]) == ("info", "naivechat.node")


def test_a_start_that_fails_is_told_in_the_json_log_too() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        node = NodeProcess(port=taken.getsockname()[1], strict_port=True, log_format="json")
        try:
            with pytest.raises(AssertionError, match="did not start"):
                node.start()
            lines = [json.loads(line) for line in node.log_text.splitlines()]
        finally:
            node.close()
    assert any(line["level"] == "critical" and "cannot listen" in line["message"] for line in lines)


def raw(node: NodeProcess, *pieces: bytes) -> bytes:
    """What the admin port answers to bytes, until it closes."""
    port = int(node.admin_url.rpartition(":")[2])
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        try:
            for piece in pieces:
                wire.sendall(piece)
            while data := wire.recv(65_536):
                received += data
        except ConnectionError:
            pass
    return received


@pytest.mark.parametrize(
    "path",
    ["/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/metrics/../../etc/passwd", "//etc/passwd"],
)
def test_no_path_leads_out_of_the_site(node: NodeProcess, path: str) -> None:
    answer = raw(node, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 421 "))
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1000000000\r\n", b"Transfer-Encoding: chunked\r\n"], ids=["told", "chunked"]
)
def test_a_body_without_end_is_not_taken(node: NodeProcess, head: bytes) -> None:
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    answer = raw(node, b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n", *[chunk] * 100)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert resident_bytes(node) < 200 * 1024 * 1024


def test_whoever_holds_the_admin_port_does_not_hold_up_the_chat() -> None:
    with NodeProcess(registration="open") as node, contextlib.ExitStack() as stack:
        port = int(node.admin_url.rpartition(":")[2])
        for _ in range(300):
            held = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            with contextlib.suppress(ConnectionError):
                held.sendall(b"GET /metrics HTTP/1.1\r\nX-Slow: ")
        with WireClient(node.port) as li:
            li.register("li")
            li.login("li")
            durations_s = []
            for _ in range(100):
                begun_s = time.monotonic()
                li.request(HeartbeatRequest(rid=0))
                durations_s.append(time.monotonic() - begun_s)
        assert sorted(durations_s)[98] < 0.25
        assert complaints(node.log_text) == []


def resident_bytes(node: NodeProcess) -> float:
    return samples(node)["process_resident_memory_bytes", ""]
