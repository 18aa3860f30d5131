"""A node that is held up says by which line; one that was stopped blames none."""

import time
from pathlib import Path

from naivechat.stall_watchdog import LONGEST_STALL_S
from tests.processes import wait_until
from tests.servers import REPOSITORY, NodeProcess

_HOLDS_THE_REACTOR_UP = f"""
import threading, time

def plant():
    time.sleep(2)
    from twisted.internet import reactor

    def hold_everything_up():
        time.sleep({LONGEST_STALL_S + 1})

    reactor.callFromThread(hold_everything_up)

threading.Thread(target=plant, daemon=True).start()
"""


def test_the_line_that_holds_a_node_up_is_in_its_log(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_HOLDS_THE_REACTOR_UP)
    with NodeProcess(environment={"PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}) as node:
        wait_until(lambda: "the reactor turns again after " in node.log_text, 20, lambda: node.log_text)
        (line,) = [line for line in node.log_text.splitlines() if "the reactor is held up at " in line]
        assert line.endswith(f"{tmp_path}/sitecustomize.py:9 in hold_everything_up")


def test_a_node_that_was_stopped_blames_no_line() -> None:
    with NodeProcess() as node:
        node.pause()
        time.sleep(LONGEST_STALL_S + 1)
        node.resume()
        wait_until(lambda: "this process did not run for " in node.log_text, 20, lambda: node.log_text)
        time.sleep(1)
        assert "held up" not in node.log_text
        assert node.stop() == 0
