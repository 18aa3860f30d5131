"""The real terminal client in a pseudo-terminal, against a real node."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest, MsgResponse
from tests.servers import REPOSITORY, NodeProcess
from tests.wire import PASSWORD, WireClient

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_=>])")
_RUN = "from naivechat.cli import main; main()"


class TerminalProgram:
    """`naivechat …` on a terminal of its own, 100 columns wide."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        given = {
            "PYTHONPATH": str(REPOSITORY),
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "LANG": "C.UTF-8",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | given | (environment or {}),
            start_new_session=True,
        )
        os.close(slave)
        self._seen = b""
        self._from = 0

    def __enter__(self) -> "TerminalProgram":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """All that was written, without escape sequences."""
        return _ESCAPES.sub("", self._seen.decode(errors="ignore"))

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        self.press(line + "\r")

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def expect(self, wanted: str, timeout_s: float = 30) -> None:
        """Wait until `wanted` is written, behind what was expected before."""
        deadline = time.monotonic() + timeout_s
        while wanted not in self.text[self._from :]:
            assert time.monotonic() < deadline, f"no {wanted!r} in {self.text[self._from :]!r}"
            self._read(0.2)
        self._from = self.text.index(wanted, self._from) + len(wanted)

    def wait(self, timeout_s: float = 30) -> int:
        """The exit status."""
        deadline = time.monotonic() + timeout_s
        while self._process.poll() is None:
            assert time.monotonic() < deadline, "still running"
            self._read(0.1)
        self._read(0)
        return self._process.returncode

    def _read(self, timeout_s: float) -> None:
        if select.select([self._master], [], [], timeout_s)[0]:
            try:
                self._seen += os.read(self._master, 65_536)
            except OSError:  # Linux reports the end of the other side so
                time.sleep(timeout_s)


@pytest.fixture(scope="module")
def node() -> Iterator[NodeProcess]:
    with NodeProcess(registration="open", limits="off") as node, WireClient(node.port) as wire:
        wire.register("li", nickname="李雷")
        wire.register("han", nickname="韩梅梅")
        yield node


def test_two_people_meet_and_talk(node: NodeProcess) -> None:
    with WireClient(node.port) as li, TerminalProgram("chat", f"han@127.0.0.1:{node.port}") as han:
        li.login("li")
        han.expect("Password of han:")
        han.type(PASSWORD)
        han.expect("Welcome.")
        assert PASSWORD not in han.text
        han.type("/find 李")
        han.expect("李雷  [li]  /add li")
        han.type("/add li")
        han.expect("李雷 is your friend: /open li")
        han.type("/open 李雷")
        han.expect("── 李雷 ──")
        han.type("你好 👋")
        han.expect("韩梅梅: 你好 👋")
        push = next(one for one in iter(li.receive, None) if isinstance(one, MsgResponse))
        assert (push.talk_id, push.msg_text) == ("han", "你好 👋")
        li.accepted(
            MsgRequest(rid=0, friend_id="han", msg_uuid=os.urandom(16), msg_type=0, msg_text="\x1b[2Jhi")
        )
        han.expect("李雷: ␛[2Jhi")
        han.type("/quit")
        assert han.wait() == 0


def test_a_wrong_password_is_asked_for_again(node: NodeProcess) -> None:
    with TerminalProgram("chat", f"han@127.0.0.1:{node.port}") as han:
        for _ in range(3):
            han.expect("Password of han:")
            han.type("wrong password")
        han.expect("Error: The account or the password is wrong.")
        assert han.wait() == 1


def test_a_session_that_is_replaced_ends_with_the_reason(node: NodeProcess) -> None:
    password = {"NAIVECHAT_PASSWORD": PASSWORD}
    with TerminalProgram("chat", f"li@127.0.0.1:{node.port}", environment=password) as first:
        first.expect("Welcome.")
        with WireClient(node.port) as wire:
            wire.login("li", device="terminal")
            first.expect("Error:")
        assert first.wait() == 1


def test_an_account_is_made_from_the_terminal(node: NodeProcess) -> None:
    with TerminalProgram("chat", "--register", f"zoe@127.0.0.1:{node.port}") as zoe:
        for question in ("New password", "The same again"):
            zoe.expect(question)
            zoe.type(PASSWORD)
        zoe.expect("No dialogues yet")
        zoe.expect("❯")
        zoe.press("\x03")
        zoe.expect("/quit or Ctrl-D leaves.")
        zoe.press("\x04")
        assert zoe.wait() == 0


def test_a_node_that_cannot_be_reached_is_one_line() -> None:
    with TerminalProgram("chat", "li@127.0.0.1:1", environment={"NAIVECHAT_PASSWORD": PASSWORD}) as li:
        li.expect("Error: li@127.0.0.1:1 cannot be reached:")
        assert li.wait() == 1


def test_what_was_typed_last_is_sent_before_leaving(node: NodeProcess) -> None:
    password = {"NAIVECHAT_PASSWORD": PASSWORD}
    with WireClient(node.port) as li, WireClient(node.port) as han:
        li.login("li")
        han.login("han")
        li.accepted(AddFriendRequest(rid=0, friend_id="han"))
        with TerminalProgram("chat", f"han@127.0.0.1:{node.port}", environment=password) as terminal:
            terminal.expect("Welcome.")
            terminal.press("/open li\rgoodbye\r/quit\r")
            assert terminal.wait() == 0
        push = next(one for one in iter(li.receive, None) if isinstance(one, MsgResponse))
        assert push.msg_text == "goodbye"


def test_what_could_not_be_sent_is_told_when_leaving() -> None:
    with NodeProcess(registration="open") as node:
        with WireClient(node.port) as wire:
            wire.register("li")
            wire.register("han")
            wire.login("li")
            wire.accepted(AddFriendRequest(rid=0, friend_id="han"))
        password = {"NAIVECHAT_PASSWORD": PASSWORD}
        with TerminalProgram("chat", f"li@127.0.0.1:{node.port}", environment=password) as li:
            li.expect("Welcome.")
            li.type("/open han")
            li.expect("No messages yet")
            node.kill()
            li.expect("trying again")
            li.type("hello")
            li.expect("Not connected: this is sent once")
            li.type("/quit")
            li.expect("Error: Not connected: 1 of your messages could not be sent.")
            assert li.wait() == 1


def test_sigterm_leaves_in_order(node: NodeProcess) -> None:
    password = {"NAIVECHAT_PASSWORD": PASSWORD}
    with TerminalProgram("chat", f"li@127.0.0.1:{node.port}", environment=password) as li:
        li.expect("Welcome.")
        li.signal(signal.SIGTERM)
        assert li.wait() == 0


def test_ctrl_c_at_the_password_leaves(node: NodeProcess) -> None:
    with TerminalProgram("chat", f"li@127.0.0.1:{node.port}") as li:
        li.expect("Password of li:")
        li.press("\x03")
        assert li.wait() == 1
