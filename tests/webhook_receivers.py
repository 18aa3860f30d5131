"""A real HTTP server that webhooks are delivered to, and that behaves as badly as it is told to."""

import contextlib
import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import attrs

from naivechat.domain.webhook_message import signature
from tests.processes import wait_until

LONGEST_WAIT_S = 60.0


@attrs.frozen
class Delivered:
    """One delivery, as it came. answered: whether it got an answer that says that it has arrived."""

    headers: dict[str, str]
    body: bytes
    answered: bool

    @property
    def events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = json.loads(self.body)["events"]
        return events

    def is_signed_by(self, secret: str) -> bool:
        """Whether the signature is the secret's."""
        time_s, *signatures = self.headers["Naivechat-Signature"].split(",")
        return f"v1={signature(secret, int(time_s.removeprefix('t=')), self.body)}" in signatures


class Receiver:
    """Notes what comes at each path, and answers as `behaviour[path]` says.

    behaviour: ok (the default), fail, redirect, endless; late: well, but not before `free`; hold: not before, and not then.
    cut_off: how many endless answers were ended by the other side.
    """

    def __init__(self) -> None:
        self.behaviour: defaultdict[str, str] = defaultdict(lambda: "ok")
        self.delivered: defaultdict[str, list[Delivered]] = defaultdict(list)
        self.cut_off = 0
        self._freed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.free()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def free(self) -> None:
        """Hold nobody any more, and let nobody wait."""
        self._freed.set()

    def texts(self, path: str) -> list[str]:
        """What the messages said that have arrived, repeats too."""
        return [
            event["msg_text"]
            for delivered in tuple(self.delivered[path])
            for event in delivered.events
            if event["event"] == "message" and delivered.answered
        ]

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Wait until it is so."""
        wait_until(
            what, LONGEST_WAIT_S, lambda: f"arrived: { {p: len(d) for p, d in self.delivered.items()} }"
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                behaviour = receiver.behaviour[self.path]
                is_taken = behaviour in ("ok", "endless", "late")
                delivered = Delivered(dict(self.headers), body, answered=is_taken)
                receiver.delivered[self.path].append(delivered)
                getattr(receiver, f"_{behaviour}")(self)

            def log_message(self, *_: object) -> None:
                """Tests speak for themselves."""

        return Handler

    def _ok(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(204)
        handler.end_headers()

    def _fail(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(500)

    def _redirect(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", self.url("/secret"))
        handler.end_headers()

    def _endless(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not self._freed.is_set():
                handler.wfile.write(b"and so on " * 1_000)
        self.cut_off += not self._freed.is_set()

    def _late(self, handler: BaseHTTPRequestHandler) -> None:
        self._freed.wait(LONGEST_WAIT_S)
        self._ok(handler)

    def _hold(self, handler: BaseHTTPRequestHandler) -> None:
        self._freed.wait(LONGEST_WAIT_S)
        handler.close_connection = True


@contextlib.contextmanager
def unanswered_port() -> Iterator[int]:
    """A port of 127.0.0.1 that takes connections, and never reads or says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
