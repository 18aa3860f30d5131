"""`naivechat-client` as it is installed, by the keyboard alone."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from naivechat.protocol.message import HistoryRequest
from tests.processes import ChildProcess, wait_until
from tests.servers import REPOSITORY, NodeProcess
from tests.ui.end_to_end.people import user_of
from tests.ui.hand import Hand
from tests.ui.screen import Screen
from tests.wire import PASSWORD, WireClient

Friends = tuple[WireClient, WireClient]
LOOKS_FIRST_S = 1.0
"""Nobody types into a window that is not drawn yet; what another process has drawn cannot be asked."""

_RUN = "import sys; sys.argv[0] = 'naivechat-client'; from tkclient.app import main; main()"


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., ChildProcess]]:
    """Starts the program with these arguments and variables."""
    program = ChildProcess(tmp_path / "log")

    def run(*arguments: str, **environment: str) -> ChildProcess:
        known = {name: value for name, value in os.environ.items() if not name.startswith("NAIVECHAT_")}
        given = {
            "DISPLAY": screen.name,
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
        }
        command = [sys.executable, "-c", _RUN, "--data-dir", str(tmp_path / "data"), *arguments]
        program.start(command, tmp_path, known | given | environment)
        return program

    yield run
    program.kill()


def said(client: WireClient, other_id: str) -> list[str]:
    """What stands in the log of a dialogue."""
    request = HistoryRequest(rid=0, talk_type=0, talk_id=other_id, limit=10)
    return [message.msg_text for message in client.accepted(request).messages]


def test_somebody_logs_in_finds_a_friend_and_writes(
    start: Callable[..., ChildProcess], hand: Hand, node: NodeProcess, friends: Friends
) -> None:
    ann_id, bob_id = map(user_of, friends)
    program = start("--server", f"127.0.0.1:{node.port}", "--user", ann_id, "--lang", "en")
    hand.until(lambda: hand.has_window("naivechat"), "the login window", timeout_s=30)
    hand.wait(LOOKS_FIRST_S)
    hand.type(PASSWORD)
    hand.press("Return")
    hand.until(lambda: hand.has_window("Ann"), "the chat window", timeout_s=30)
    hand.wait(LOOKS_FIRST_S)
    hand.press("Control+f")
    hand.type(bob_id)
    hand.wait(LOOKS_FIRST_S)
    hand.press("Return")
    hand.wait(LOOKS_FIRST_S)
    hand.type("Hello, Bob")
    hand.press("Return")
    wait_until(lambda: said(friends[1], ann_id) == ["Hello, Bob"], 30, lambda: program.log_text)
    program.signal(signal.SIGTERM)
    assert program.wait(timeout_s=30) == 0
    assert program.log_text == ""


def test_without_a_screen_it_says_what_to_do_in_one_line(start: Callable[..., ChildProcess]) -> None:
    program = start(DISPLAY="")
    assert program.wait(timeout_s=30) == 1
    (line,) = program.log_text.splitlines()
    assert "DISPLAY" in line


def test_an_unusable_certificate_is_one_line(start: Callable[..., ChildProcess], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    program = start("--ca", str(tmp_path / "ca.pem"))
    assert program.wait(timeout_s=30) == 1
    (line,) = program.log_text.splitlines()
    assert "ca.pem" in line
