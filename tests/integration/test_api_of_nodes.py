"""The JSON API of one of two nodes, on MariaDB and Redis: what it does is seen by people on the other one."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from naivechat.protocol.friend import AddFriendRequest
from naivechat.protocol.message import MsgGroupResponse, MsgResponse
from naivechat.protocol.session import KickedNotice
from tests.clusters import Person, started_at_once
from tests.integration.test_cli import Operator
from tests.redis_server import RedisServer, require_redis
from tests.servers import NodeProcess, shared_mariadb

KEY = "9f1b8a52-0d5b-4f0e-8f0c-6b2f3c1d4e5f"


class Api:
    """Asks a node by an operator's token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def ask(self, node: NodeProcess, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of an answer, None where it has no body."""
        sent = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **headers}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{node.admin_url}/api/v1{path}", data, sent, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            read = answer.read()
        return json.loads(read) if read else None


@pytest.fixture(scope="module")
def database() -> str:
    require_redis()
    return shared_mariadb().create_database()


@pytest.fixture(scope="module")
def api(database: str, tmp_path_factory: pytest.TempPathFactory) -> Api:
    folder: Path = tmp_path_factory.mktemp("shell")
    shell = Operator(folder, before=f"import os; os.environ['NAIVECHAT_DB'] = {database!r}; ")
    shell.succeeds("admin", "add", "olga", "--generate")
    return Api(shell.succeeds("admin", "token", "add", "olga", "script", "--role", "operator").split()[-1])


@pytest.fixture(scope="module")
def nodes(database: str, api: Api) -> Iterator[tuple[NodeProcess, NodeProcess]]:
    """alpha and beta."""
    with RedisServer() as redis:
        alpha, beta = (
            NodeProcess(db=database, redis=redis.url, node_name=name, registration="open", limits="off")
            for name in ("alpha", "beta")
        )
        with started_at_once((alpha, beta)):
            yield alpha, beta


def test_what_a_bot_writes_by_one_node_is_heard_at_the_other_once(
    api: Api, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    alpha, beta = nodes
    api.ask(alpha, "POST", "/bots", {"user_id": "helper", "nickname": "助手"})
    with Person.arrives(beta, "ann") as ann:
        ann.accepted(AddFriendRequest(rid=0, friend_id="helper"))
        message = {"to": "friend", "id": ann.user_id, "text": "构建通过 🙂"}
        sent = [
            api.ask(node, "POST", "/bots/helper/messages", message, **{"Idempotency-Key": KEY})
            for node in (alpha, beta)
        ]
        assert [one["duplicate"] for one in sent] == [False, True]
        assert ann.hears(MsgResponse, sender_id="helper").msg_text == "构建通过 🙂"
        assert ann.heard(MsgResponse, sender_id="helper") == []


def test_an_announcement_by_one_node_is_heard_at_the_other(
    api: Api, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    alpha, beta = nodes
    with Person.arrives(beta, "bob") as bob:
        news = api.ask(alpha, "POST", "/official-accounts", {"name": "公告"})["group_id"]
        api.ask(alpha, "POST", f"/official-accounts/{news}/messages", {"text": "停机维护"})
        assert bob.hears(MsgGroupResponse, msg_type=0).msg_text == "停机维护"


def test_somebody_at_the_other_node_is_found_and_kicked(
    api: Api, nodes: tuple[NodeProcess, NodeProcess]
) -> None:
    alpha, beta = nodes
    with Person.arrives(beta, "cid", device="phone") as cid:
        (found,) = api.ask(alpha, "GET", f"/online?text={cid.user_id}")["users"]
        assert [(one["node"], one["device"]) for one in found["sessions"]] == [("beta", "phone")]
        api.ask(alpha, "POST", f"/users/{cid.user_id}/kick", {})
        assert [end.reason for end in cid.read_to_end() if isinstance(end, KickedNotice)] == ["admin"]
