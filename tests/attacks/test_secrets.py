"""Passwords, tokens and what people write stand in no log, no command's output and no list of processes."""

import base64
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import attrs
import pytest

from naivechat.protocol import friend, group, message, profile, session
from tests.processes import ChildProcess
from tests.redis_server import RedisServer, require_redis
from tests.servers import REPOSITORY, NodeProcess, shared_mariadb
from tests.wire import WireClient

WRITTEN = "between-you-and-me-4711"
OLD, NEW, WRONG, OPERATORS = (f"secret-of-{whose}-4711" for whose in ("old", "new", "wrong", "operators"))
REDIS, DATABASE = "secret-of-redis-4711", "secret-of-database-4711"
RUN = "from naivechat.cli import main; main()"


@attrs.define
class Trail:
    """All that was written: by the node, and by commands; and which processes there were."""

    node: NodeProcess
    settings: dict[str, str]
    written: str = ""
    command_lines: set[str] = attrs.Factory(set)
    token: bytes = b""

    def operate(self, *arguments: str, typed: str = "") -> None:
        """Run `naivechat …`, which must succeed, and keep what it writes."""
        done = subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            env={**os.environ, **self.settings, "PYTHONPATH": str(REPOSITORY)},
            input=typed,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.written += f"{done.stdout}\n"
        assert done.returncode == 0, done.stdout
        self.look_around()

    def look_around(self) -> None:
        """Note the command lines of all processes. Their environments are for their owner and root alone, who may read the file they come from."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.command_lines.add(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except (FileNotFoundError, ProcessLookupError):
                continue

    @property
    def all_of_it(self) -> str:
        return "\n".join([self.node.log_text, self.written, *self.command_lines])


@pytest.fixture(scope="module")
def trail() -> Iterator[Trail]:
    """A node on servers with passwords; people and operators do everything that has to do with secrets."""
    require_redis()
    database = shared_mariadb().create_database()
    with shared_mariadb().connection() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE OR REPLACE USER secretive@'127.0.0.1' IDENTIFIED BY '{DATABASE}'")
        cursor.execute("GRANT ALL PRIVILEGES ON *.* TO secretive@'127.0.0.1'")
    with ExitStack() as ending:
        redis = ending.enter_context(RedisServer(password=REDIS))
        settings = {
            "NAIVECHAT_DB": database.replace("naivechat:naivechat@", f"secretive:{DATABASE}@"),
            "NAIVECHAT_REDIS": redis.url,
        }
        node = NodeProcess(environment=settings, registration="open", limits="off")
        trail = Trail(ending.enter_context(node), settings)
        live_through(trail)
        yield trail


def live_through(trail: Trail) -> None:
    port = trail.node.port
    trail.operate("admin", "add", "root-operator", "--role", "operator", typed=f"{OPERATORS}\n")
    with WireClient(port) as ann, WireClient(port) as bob, WireClient(port) as stranger:
        for client, user_id in ((ann, "ann"), (bob, "bob")):
            client.register(user_id, password=OLD)
            client.login(user_id, password=OLD)
        ann.accepted(friend.AddFriendRequest(rid=0, friend_id="bob", greeting=WRITTEN))
        say = message.MsgRequest(rid=0, friend_id="bob", msg_uuid=b"s" * 16, msg_type=0, msg_text=WRITTEN)
        ann.accepted(say)
        ann.accepted(group.CreateGroupRequest(rid=0, name="G", member_ids=("bob",)))
        ann.accepted(profile.ChangePasswordRequest(rid=0, old_password=OLD, new_password=NEW))
        wrong = session.LoginRequest(rid=0, protocol=1, user_id="ann", password=WRONG)
        assert stranger.refused(wrong) == "AUTH_FAILED"
        # Fields that are wrong are named in answers and perhaps in logs: what stands in them must not be.
        odd = attrs.evolve(wrong, password=f"{WRONG}{'x' * 2_000}")
        assert stranger.refused(odd) == "BAD_REQUEST"
        assert ann.login_response is not None
        trail.token = ann.login_response.token
    trail.operate("user", "passwd", "ann", typed=f"{NEW}\n")
    trail.operate("user", "list")
    with urllib.request.urlopen(f"{trail.node.admin_url}/metrics") as answer:
        trail.written += answer.read().decode()
    with urllib.request.urlopen(f"{trail.node.admin_url}/readyz") as answer:
        trail.written += answer.read().decode()


@pytest.mark.parametrize("secret", [OLD, NEW, WRONG, OPERATORS, REDIS, DATABASE, WRITTEN])
def test_a_secret_stands_nowhere(trail: Trail, secret: str) -> None:
    # The servers of these tests get their passwords on their own command lines.
    lines = trail.all_of_it.replace(f"--requirepass {REDIS}", "")
    found = [line for line in lines.splitlines() if secret in line]
    assert found == []


def test_a_token_stands_nowhere_in_whatever_form(trail: Trail) -> None:
    forms = [
        trail.token.hex(),
        base64.b64encode(trail.token).decode(),
        repr(trail.token)[2:-1],
        repr(trail.token[:12])[2:-1],
    ]
    assert not [form for form in forms if form in trail.all_of_it]


def test_what_was_looked_through_is_what_was_written(trail: Trail) -> None:
    assert "listens on" in trail.node.log_text
    assert "ann" in trail.written
    assert any("twistd" in line and "naivechat" in line for line in trail.command_lines)


@pytest.mark.parametrize(
    "url", ["mysql://u:{}@127.0.0.1:1/x", "mysql://u:{}@[::1/x", "mysql://u:{}@", "oracle://u:{}@x/x"]
)
def test_a_command_that_fails_does_not_show_the_password(tmp_path: Path, url: str) -> None:
    command = ChildProcess(tmp_path / "log")
    environment = {**os.environ, "NAIVECHAT_DB": url.format(DATABASE), "PYTHONPATH": str(REPOSITORY)}
    command.start([sys.executable, "-c", RUN, "user", "list"], cwd=tmp_path, environment=environment)
    assert command.wait(timeout_s=60) != 0
    assert DATABASE not in command.log_text
