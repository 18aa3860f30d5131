"""The example of docs/client.md, run as its reader would, against a real node."""

import os
import re
import sys
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgRequest, MsgResponse
from tests.processes import ChildProcess, wait_until
from tests.servers import REPOSITORY, NodeProcess
from tests.wire import PASSWORD, WireClient, new_person

BOT = REPOSITORY / "docs" / "examples" / "echo_bot.py"


@pytest.fixture
def node() -> NodeProcess:
    with NodeProcess(registration="open") as running:
        yield running


def run_bot(node: NodeProcess, log: Path) -> ChildProcess:
    bot = ChildProcess(log)
    environment = {**os.environ, "ECHO_PASSWORD": PASSWORD, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, str(BOT), f"echo@127.0.0.1:{node.port}"]
    bot.start(command, cwd=log.parent, environment=environment)
    wait_until(lambda: "listens" in bot.log_text or not bot.is_running, 30, lambda: bot.log_text)
    assert bot.is_running, bot.log_text
    return bot


def say(person: WireClient, text: str, number: int) -> None:
    person.accepted(
        MsgRequest(rid=0, friend_id="echo", msg_uuid=number.to_bytes(16, "big"), msg_type=0, msg_text=text)
    )


def echoes(person: WireClient, count: int) -> list[str]:
    """The next `count` messages of the bot."""
    heard = [push for push in person.pushes if isinstance(push, MsgResponse)]
    person.pushes.clear()
    while len(heard) < count:
        packet = person.receive()
        if isinstance(packet, MsgResponse):
            heard.append(packet)
    return [push.msg_text for push in heard if push.sender_id == "echo"]


def test_the_example_is_as_short_as_promised() -> None:
    assert len(BOT.read_text().splitlines()) < 30


def test_the_documentation_shows_the_example_as_it_is() -> None:
    shown = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "client.md").read_text(), re.S)
    assert BOT.read_text() in shown


def test_the_bot_says_everything_back_also_after_its_node_was_killed(
    node: NodeProcess, tmp_path: Path
) -> None:
    new_person(node.port, "echo").close()
    li = new_person(node.port, "li")
    li.accepted(AddFriendRequest(rid=0, friend_id="echo"))
    bot = run_bot(node, tmp_path / "bot.log")
    try:
        for number in range(3):
            say(li, f"text {number}", number)
        assert echoes(li, 3) == ["text 0", "text 1", "text 2"]
        node.kill()
        li.close()
        node.start()
        with WireClient(node.port) as again:
            again.login("li")
            say(again, "你好 🙂", 3)
            assert echoes(again, 1) == ["你好 🙂"]
    finally:
        bot.kill()
