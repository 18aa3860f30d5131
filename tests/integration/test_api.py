"""The JSON API of a real node: its document holds, and so do the guide's lines and the example."""

import contextlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.group import CreateGroupRequest, GroupNotice, InviteGroupRequest
from naivechat.protocol.message import MsgGroupResponse
from tests.integration.test_cli import Operator
from tests.node_log import complaints
from tests.processes import ChildProcess
from tests.servers import REPOSITORY, NodeProcess
from tests.wire import WireClient, new_person

GUIDE = REPOSITORY / "docs" / "api.md"
BOT = REPOSITORY / "docs" / "examples" / "report_bot.py"
SUITES = {
    # Those that could take from the caller what the caller may are tried by somebody of whom they do not hear.
    "shut_out": ("--include-operation-id-regex", "^(disable_operator|set_role|revoke_token)$"),
    "operators": (
        *("--include-path-regex", "/v1/(own|operators|tokens|audit)"),
        *("--exclude-operation-id-regex", "^(disable_operator|set_role|revoke_token)$"),
    ),
    "people": ("--include-path-regex", "/v1/(users|online|bots)"),
    "groups": ("--include-path-regex", "/v1/(groups|official-accounts)(?!.*webhooks)"),
    # Who hears of no group makes no webhook: nothing of this leaves the machine.
    "others": ("--include-path-regex", "/v1/(messages|nodes|overview)|/webhooks"),
}
CANNOT_BE_SAID = """
# What is a table of people, and what is a URL that a delivery may go to, no schema can say.
[[operations]]
include-operation-id-regex = "^(import_users|create_webhook|change_webhook)$"
checks.positive_data_acceptance.enabled = false
"""


class Api:
    """A node, and tokens of operators for its API."""

    def __init__(self, node: NodeProcess, shell: Operator) -> None:
        self.node, self._shell = node, shell

    def token(self, operator_id: str) -> str:
        """A token of somebody new."""
        self._shell.succeeds("admin", "add", operator_id, "--generate")
        made = self._shell.succeeds("admin", "token", "add", operator_id, "script", "--role", "operator")
        return made.split()[-1]

    def bot_token(self, operator_id: str, bot_id: str) -> str:
        """A token of somebody known, by which a bot writes and nothing else is done."""
        made = self._shell.succeeds("admin", "token", "add", operator_id, bot_id, "--bot", bot_id)
        return made.split()[-1]

    def environment(self, token: str) -> dict[str, str]:
        """Where the API is, and by which token it is asked."""
        return {**os.environ, "API_URL": self.node.admin_url, "API_TOKEN": token}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with started(tmp_path_factory.mktemp("api")) as api:
        yield api


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Api]:
    """A node of its own."""
    shell = Operator(folder)
    shell.succeeds("migrate")
    with NodeProcess(db=f"sqlite:///{folder}/var/naivechat.db", registration="open", limits="off") as node:
        yield Api(node, shell)
        assert complaints(node.log_text) == []


def schemathesis(api: Api, suite: str, folder: Path) -> ChildProcess:
    """One suite, on its way, no faster than the API allows."""
    folder.joinpath("schemathesis.toml").write_text(CANNOT_BE_SAID)
    run = ChildProcess(folder / f"{suite}.log")
    chosen = ("--max-examples", "4", "--seed", "1", "--rate-limit", "45/s")
    headers = ("--header", f"Authorization: Bearer {api.token(suite)}")
    phases = ("--phases", "examples,coverage,fuzzing,stateful")
    program = (sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "--continue-on-failure")
    document = f"{api.node.admin_url}/api/v1/openapi.json"
    run.start([*program, document, *headers, *chosen, *phases, *SUITES[suite]], cwd=folder)
    return run


def test_what_the_document_says_is_so(tmp_path: Path) -> None:
    # It is told to drain, among the rest, and people are to be shut out: nobody else has a use for this node.
    with started(tmp_path) as api:
        runs = {suite: schemathesis(api, suite, tmp_path) for suite in SUITES}
        tested = 0
        for suite, run in runs.items():
            assert run.wait(300) == 0, run.log_text
            assert "returned 429" not in run.log_text and "401/403" not in run.log_text, (suite, run.log_text)
            tested += sum(map(int, re.findall(r"Tested: (\d+)", run.log_text)))
        with urllib.request.urlopen(f"{api.node.admin_url}/api/v1/openapi.json") as answer:
            paths = json.load(answer)["paths"]
    assert tested == sum(map(len, paths.values()))


def test_the_lines_of_the_guide_work(api: Api, tmp_path: Path) -> None:
    lines = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert len(lines) == 2
    script = "set -euo pipefail\n" + "\n".join(lines)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=api.environment(api.token("reader")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"duplicate":false' in done.stdout and '"duplicate":true' in done.stdout
    assert "li,Li" in (tmp_path / "people.csv").read_text()


def test_the_example_writes_to_a_group_once_it_was_invited(api: Api) -> None:
    def report(group_id: str, text: str, token: str) -> subprocess.CompletedProcess[str]:
        command, environment = [sys.executable, str(BOT), group_id], api.environment(token)
        return subprocess.run(
            command, input=text, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    with new_person(api.node.port, "ann") as ann:
        created = ann.accepted(CreateGroupRequest(rid=0, name="Club", member_ids=()))
        assert isinstance(created, GroupNotice)
        group_id = created.group.group_id
        stranger = report(group_id, "too early\n", api.token("reporter"))
        assert (stranger.returncode, stranger.stderr) == (1, "You are not a member of this group.\n")
        ann.accepted(InviteGroupRequest(rid=0, group_id=group_id, member_ids=("report-bot",)))
        own_token = api.bot_token("reporter", "report-bot")
        invited = report(group_id, "磁盘 80 %\n\nall is well\n", own_token)
        assert invited.returncode == 0, invited.stderr
        heard = [push for push in ann.take_pushes() if isinstance(push, MsgGroupResponse)]
    texts = [push.msg_text for push in heard if push.sender_id == "report-bot"]
    assert texts == ["磁盘 80 %", "all is well"]


def test_nobody_logs_in_as_a_bot(api: Api) -> None:
    with new_person(api.node.port, "bob") as bob, WireClient(api.node.port) as thief:
        body = json.dumps({"user_id": "quiet", "nickname": "Quiet"}).encode()
        headers = {
            "Authorization": f"Bearer {api.token('maker')}",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(f"{api.node.admin_url}/api/v1/bots", body, headers)
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201
        bob.accepted(AddFriendRequest(rid=0, friend_id="quiet"))
        with pytest.raises(AssertionError, match="AUTH_FAILED"):
            thief.login("quiet", password="")
