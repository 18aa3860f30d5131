"""Webhooks of a real node to real receivers, well and badly behaved; the commands that make them; the example of the guide."""

import os
import re
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from naivechat.domain.webhook import WebhookSecrets
from naivechat.domain.webhook_message import WebhookMessage, trial_for
from naivechat.infrastructure.sql.sqlite_engine import sqlite_path
from naivechat.protocol.group import CreateGroupRequest, DissolveGroupRequest, GroupNotice
from naivechat.protocol.message import RecallRequest
from tests.clusters import Arrive, Person
from tests.integration.test_cli import Operator
from tests.node_log import complaints
from tests.processes import ChildProcess, free_port, wait_until
from tests.servers import REPOSITORY, NodeProcess
from tests.webhook_fakes import webhook
from tests.webhook_receivers import Receiver, unanswered_port

EXAMPLE = REPOSITORY / "docs" / "examples" / "webhook_receiver.py"
MADE = re.compile(r"(?P<id>[0-9a-f]{16}) sends from now on\. [^\n]*\n(?P<secret>nch_[0-9a-f]{64})\n")


class Hooks:
    """`naivechat webhook` on a node's database; deliveries and trials may go to 127.0.0.1."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self._operator = Operator(folder)

    def run(self, *arguments: str, allow: str = "127.0.0.1") -> str:
        status, written = self._operator.run(
            "--db", self.url, *arguments, environment={"NAIVECHAT_WEBHOOK_ALLOW": allow}
        )
        return written if status == 0 else f"({status}) {written}"

    def results(self, group_id: str) -> set[str]:
        """How the last deliveries of a group's hooks ended: one word or two each."""
        with closing(sqlite3.connect(sqlite_path(self.url))) as database:
            rows = database.execute("SELECT last_result FROM webhook WHERE group_id = ?", (group_id,))
            return {result for (result,) in rows}

    def add(self, group_id: str, url: str, *more: str) -> tuple[str, str]:
        """The hook's id, and its secret."""
        written = self.run("webhook", "add", group_id, url, *more)
        found = MADE.fullmatch(written)
        assert found is not None, written
        return found["id"], found["secret"]


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path, f"sqlite:///{tmp_path}/node.db")


@pytest.fixture
def node(hooks: Hooks) -> Iterator[NodeProcess]:
    with NodeProcess(db=hooks.url, registration="open", limits="off", webhook_allow="127.0.0.1") as running:
        yield running
        assert complaints(running.log_text) == []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def new_group(owner: Person, *others: Person) -> str:
    notice = owner.accepted(
        CreateGroupRequest(rid=0, name="Club", member_ids=[other.user_id for other in others])
    )
    assert isinstance(notice, GroupNotice)
    return notice.group.group_id


def test_records_arrive_in_order_signed_and_once(
    node: NodeProcess, hooks: Hooks, receiver: Receiver, arrive: Arrive
) -> None:
    ann, bob = arrive(node, "ann"), arrive(node, "bob")
    group_id = new_group(ann, bob)
    ann.says_in(group_id, "before")
    webhook_id, secret = hooks.add(group_id, receiver.url("/in"))
    texts = [f"text {number}" for number in range(120)]
    for number, text in enumerate(texts):
        (ann, bob)[number % 2].says_in(group_id, text)
    receiver.wait_for(lambda: len(receiver.texts("/in")) >= len(texts))
    assert receiver.texts("/in") == texts
    delivered = receiver.delivered["/in"]
    assert all(one.is_signed_by(secret) for one in delivered)
    seqs = [event["seq"] for one in delivered for event in one.events]
    assert seqs == list(range(3, 3 + len(texts)))
    assert delivered[0].events[0]["id"] == f"{webhook_id}:3"
    assert delivered[0].events[0]["sender_id"] == ann.user_id


def test_recalls_events_of_the_group_and_its_end_are_told(
    node: NodeProcess, hooks: Hooks, receiver: Receiver, arrive: Arrive
) -> None:
    ann = arrive(node, "ann")
    group_id = new_group(ann)
    webhook_id, _ = hooks.add(group_id, receiver.url("/all"))
    hooks.add(group_id, receiver.url("/recalls"), "--event", "recall")
    seq = ann.says_in(group_id, "a slip").seq
    receiver.wait_for(lambda: receiver.texts("/all") == ["a slip"])
    ann.accepted(RecallRequest(rid=0, talk_type=1, talk_id=group_id, seq=seq, msg_uuid=b"r" * 16))
    ann.accepted(DissolveGroupRequest(rid=0, group_id=group_id))
    receiver.wait_for(lambda: sum(len(one.events) for one in receiver.delivered["/all"]) == 3)
    told = [event for one in receiver.delivered["/all"] for event in one.events]
    assert [event["event"] for event in told] == ["message", "recall", "group"]
    assert told[1]["target_seq"] == seq
    assert '"dissolved"' in told[2]["msg_text"]
    (recalled,) = (event for one in receiver.delivered["/recalls"] for event in one.events)
    assert recalled["target_seq"] == seq
    receiver.wait_for(lambda: hooks.results(group_id) == set())
    assert hooks.run("webhook", "list", group_id) == ""
    assert hooks.run("admin", "audit", "--action", "webhook.ended").count(group_id) == 2
    assert webhook_id in hooks.run("admin", "audit", "--action", "webhook.ended")


def test_bad_receivers_delay_neither_the_chat_nor_good_ones_and_miss_nothing(
    node: NodeProcess, hooks: Hooks, receiver: Receiver, arrive: Arrive
) -> None:
    ann = arrive(node, "ann")
    group_id, another = new_group(ann), new_group(ann)
    for behaviour in ("hold", "fail", "redirect", "endless"):
        receiver.behaviour[f"/{behaviour}"] = behaviour
        hooks.add(group_id, receiver.url(f"/{behaviour}"))
    with unanswered_port() as port:
        hooks.add(group_id, f"http://127.0.0.1:{port}/")
        hooks.add(another, f"http://127.0.0.1:{free_port()}/closed")
        hooks.add(another, receiver.url("/good"))
        texts = [f"text {number}" for number in range(40)]
        for text in texts:
            ann.says_in(group_id, text)
            ann.says_in(another, text)
        receiver.wait_for(lambda: receiver.texts("/good") == texts)
        receiver.wait_for(lambda: "status 302" in hooks.results(group_id))
        receiver.wait_for(lambda: receiver.texts("/endless") == texts)
        receiver.wait_for(lambda: receiver.cut_off == len(receiver.delivered["/endless"]))
        receiver.wait_for(lambda: "no_connection" in hooks.results(another))
        receiver.wait_for(lambda: len(receiver.delivered["/fail"]) >= 2)
        assert receiver.delivered["/secret"] == []
        receiver.behaviour["/fail"] = "ok"
        receiver.wait_for(lambda: len(receiver.texts("/fail")) == len(texts))
        assert receiver.texts("/fail") == texts
        receiver.wait_for(lambda: "timeout" in hooks.results(group_id))
        receiver.behaviour["/hold"] = "ok"
        receiver.free()
        receiver.wait_for(lambda: receiver.texts("/hold") == texts)
    metrics = urllib.request.urlopen(f"{node.admin_url}/metrics", timeout=10).read().decode()
    assert re.search(r'naivechat_webhook_deliveries_total\{result="status"\} [1-9]', metrics)
    assert re.search(r'naivechat_webhooks\{state="failing"\} [1-9]', metrics)


def test_a_node_that_leaves_lets_the_next_one_go_on(hooks: Hooks, receiver: Receiver, arrive: Arrive) -> None:
    with NodeProcess(db=hooks.url, registration="open", webhook_allow="127.0.0.1") as node:
        ann = arrive(node, "ann")
        group_id = new_group(ann)
        hooks.add(group_id, receiver.url("/in"))
        receiver.behaviour["/in"] = "hold"
        ann.says_in(group_id, "one")
        receiver.wait_for(lambda: len(receiver.delivered["/in"]) == 1)
        assert node.stop() == 0
        receiver.behaviour["/in"] = "ok"
        node.start()
        receiver.wait_for(lambda: receiver.texts("/in") == ["one"])
        assert complaints(node.log_text) == []


def test_without_being_told_so_a_node_posts_to_no_network_of_its_own(
    hooks: Hooks, receiver: Receiver, arrive: Arrive
) -> None:
    with NodeProcess(db=hooks.url, registration="open") as node:
        ann = arrive(node, "ann")
        group_id = new_group(ann)
        for url in (receiver.url("/in"), receiver.url("/in").replace("127.0.0.1", "localhost")):
            hooks.add(group_id, url)
        ann.says_in(group_id, "one")
        receiver.wait_for(lambda: hooks.results(group_id) == {"not_allowed"})
        assert hooks.run("webhook", "list", group_id).count("not_allowed, failing since ") == 2
    assert receiver.delivered["/in"] == []


def test_commands_make_webhooks_try_them_and_renew_their_secrets(
    hooks: Hooks, node: NodeProcess, receiver: Receiver, arrive: Arrive
) -> None:
    group_id = new_group(arrive(node, "ann"))
    webhook_id, secret = hooks.add(
        group_id, receiver.url("/in?key=1"), "--event", "group", "--event", "message"
    )
    assert hooks.run("webhook", "test", group_id, webhook_id) == "It has arrived: ok 204.\n"
    refused = "(1) Error: It has not arrived: not_allowed.\n"
    assert hooks.run("webhook", "test", group_id, webhook_id, allow="") == refused
    newer = hooks.run("webhook", "secret", group_id, webhook_id).strip()
    hooks.run("webhook", "test", group_id, webhook_id)
    first, second = receiver.delivered["/in?key=1"]
    assert first.is_signed_by(secret) and not first.is_signed_by(newer)
    assert second.is_signed_by(secret) and second.is_signed_by(newer)
    assert (
        hooks.run("webhook", "add", "nobody", "http://bot.example") == "(1) Error: There is no such group.\n"
    )
    refused = hooks.run("webhook", "add", group_id, "ftp://bot.example")
    assert refused.startswith("(1) Error: url: begins with http")
    actions = hooks.run("admin", "audit", "--action", "webhook.")
    assert all(f"webhook.{action} " in actions for action in ("create", "test", "set_secret"))
    assert not any(hidden in actions for hidden in (secret, newer, "key=1"))


def test_commands_switch_change_and_remove_webhooks(
    hooks: Hooks, node: NodeProcess, receiver: Receiver, arrive: Arrive
) -> None:
    ann = arrive(node, "ann")
    group_id, new_url = new_group(ann), receiver.url("/new")
    webhook_id, _ = hooks.add(group_id, receiver.url("/in"))
    this = (group_id, webhook_id)
    assert hooks.run("webhook", "off", *this) == f"{webhook_id} is off.\n"
    ann.says_in(group_id, "one")
    shown = f"{webhook_id}  switched off  {{}}  1 behind  never tried  {{}}\n"
    listed = hooks.run("webhook", "list", group_id)
    assert listed == shown.format("message,recall,group", receiver.url("/in"))
    changed = hooks.run("webhook", "change", *this, "--url", new_url, "--event", "recall")
    assert changed == shown.format("recall", new_url)
    assert hooks.run("webhook", "on", *this, "--skip") == f"{webhook_id} is on, with 0 records behind it.\n"
    assert hooks.run("webhook", "remove", *this) == f"{webhook_id} is gone.\n"
    assert hooks.run("webhook", "remove", *this) == "(1) Error: There is no such webhook.\n"
    actions = hooks.run("admin", "audit", "--action", "webhook.")
    assert actions.count("webhook.change ") == 3
    assert actions.count("webhook.remove ") == 2


def test_the_example_takes_what_is_genuine_once_and_nothing_else(
    node: NodeProcess, hooks: Hooks, arrive: Arrive, tmp_path: Path
) -> None:
    ann = arrive(node, "ann")
    group_id, port = new_group(ann), free_port()
    url = f"http://127.0.0.1:{port}/"
    _, secret = hooks.add(group_id, url)
    example = ChildProcess(tmp_path / "example.log")
    environment = {**os.environ, "NAIVECHAT_WEBHOOK_SECRET": secret}
    example.start([sys.executable, str(EXAMPLE), str(port)], cwd=tmp_path, environment=environment)
    try:
        wait_until(lambda: "listening" in example.log_text, 30, lambda: example.log_text)
        ann.says_in(group_id, "Hello, bot!")
        line = f"{group_id} 2 {ann.user_id}: Hello, bot!\n"
        wait_until(lambda: line in example.log_text, 30, lambda: example.log_text)
        now_ms = int(time.time() * 1_000)
        hook, known = webhook(), WebhookSecrets(present=secret)
        assert _status(url, trial_for(hook, known, now_ms)) == 204
        assert _status(url, trial_for(hook, WebhookSecrets(present="nch_guess"), now_ms)) == 403
        assert _status(url, trial_for(hook, known, now_ms - 301_000)) == 403
        assert _status(url, trial_for(hook, known, now_ms), b"{}") == 403
        assert example.log_text.count("Hello, bot!") == 1
    finally:
        example.kill()


def _status(url: str, message: WebhookMessage, body: bytes | None = None) -> int:
    request = urllib.request.Request(url, data=body or message.body, headers=dict(message.headers))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
