"""How workers are started, from how their parent was."""

import sys
from typing import Any

import pytest

from naivechat.settings import Settings
from naivechat.worker_plans import make_plans
from naivechat.workers import WORKER_VARIABLE, WorkerPlan


def plans(
    port: int | None = 7397, twistd: dict[str, Any] | None = None, **values: Any
) -> tuple[WorkerPlan, ...]:
    settings = Settings(**{"workers": 2, "node_name": "host", "redis": "redis://cache", **values})
    return make_plans(
        settings,
        port,
        arguments=("--db", "mysql://chat@db/chat"),
        twistd={"nodaemon": True} if twistd is None else twistd,
        environment={"PATH": "/bin"},
        folder="/srv",
    )


def options_of(plan: WorkerPlan) -> list[str]:
    """What stands behind what all were given."""
    command = list(plan.command)
    return command[command.index("mysql://chat@db/chat") + 1 :]


def test_each_worker_has_a_name_and_an_admin_port_of_its_own() -> None:
    shared = ["--workers", "1", "--shared-port"]
    assert [options_of(plan) for plan in plans()] == [
        [*shared, "--node-name", "host-1", "--port", "7397", "--admin-port", "7398"],
        [*shared, "--node-name", "host-2", "--port", "7397", "--admin-port", "7399"],
    ]
    assert [plan.name for plan in plans()] == ["host-1", "host-2"]


def test_a_worker_is_started_in_the_folder_and_environment_of_its_parent() -> None:
    (plan, *_) = plans()
    assert plan.folder == "/srv"
    assert plan.environment == {"PATH": "/bin", WORKER_VARIABLE: "1"}
    assert plan.command[0] == sys.executable
    assert plan.command[3:5] == ("--nodaemon", "--pidfile=")


def test_a_long_name_leaves_room_for_the_number() -> None:
    (plan, *_) = plans(node_name="n" * 64)
    assert plan.name == "n" * 61 + "-1"


@pytest.mark.parametrize("admin_port", [None, 0])
def test_no_admin_port_and_any_free_one_are_the_same_for_all(admin_port: int | None) -> None:
    assert "--admin-port" not in options_of(plans(admin_port=admin_port)[0])


def test_endpoints_name_their_ports_themselves() -> None:
    assert "--port" not in options_of(plans(None, listen=("tls:/certificates:7397",))[0])


@pytest.mark.parametrize(
    ("twistd", "expected"),
    [
        ({"nodaemon": True}, []),
        ({"nodaemon": True, "logfile": "-"}, []),
        ({"nodaemon": True, "logfile": "var/chat.log"}, ["--logfile", "var/chat-2.log"]),
        ({}, ["--logfile", "twistd-2.log"]),
        ({"syslog": True, "prefix": "chat"}, ["--prefix", "chat", "--syslog"]),
        ({"nodaemon": True, "reactor": "poll", "rundir": "/run"}, ["--reactor", "poll", "--rundir", "/run"]),
    ],
)
def test_logs_go_where_the_parents_go_but_a_file_is_each_ones_own(
    twistd: dict[str, Any], expected: list[str]
) -> None:
    command = list(plans(twistd=twistd)[1].command)
    assert command[5 : command.index("naivechat")] == expected
