"""People taken in from a file and given out again, each command a process of its own."""

from pathlib import Path

import pytest

from tests.integration.test_cli import Operator
from tests.servers import NodeProcess
from tests.wire import WireClient


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def test_people_of_a_file_are_added_and_given_out(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "user_id,nickname,password\nann,安妮,password1\nbob,=Bob,password2\n", encoding="utf-8-sig"
    )
    assert operator.succeeds("user", "import", "--check", "people.csv") == "2 people can be added.\n"
    assert operator.succeeds("user", "list") == ""
    assert operator.succeeds("user", "import", "people.csv") == "2 people can log in now.\n"
    lines = operator.succeeds("user", "export").splitlines()
    assert lines[0] == "user_id,nickname,avatar,disabled,created,last_seen"
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["ann", "安妮", "", "no"],
        ["bob", "'=Bob", "", "no"],
    ]
    operator.succeeds("user", "export", "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines() == lines
    audit = operator.succeeds("admin", "audit")
    assert "user.import" in audit and "user.export" in audit
    assert "password1" not in audit


def test_what_is_wrong_is_told_by_line_and_nobody_is_added(operator: Operator) -> None:
    typed = "user_id,nickname,password\nann,Ann,password\nb:b,Bob,short\n"
    status, written = operator.run("user", "import", "-", typed=typed)
    assert status == 1
    assert written.splitlines() == [
        "line 3: user_id: 1 to 32 of A-Z a-z 0-9 _ . -, the first a letter or digit",
        "line 3: password has at least 8 characters",
        "Error: Nobody was added.",
    ]
    assert operator.succeeds("user", "list") == ""


def test_a_file_that_is_no_text_is_refused(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"\xff\xfe\x00")
    assert operator.fails("user", "import", "people.csv") == "The file is not UTF-8 text."


def test_a_node_that_leaves_has_noted_who_was_there(operator: Operator, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/node.db"
    with NodeProcess(db=url, registration="open") as node, WireClient(node.port) as wire:
        wire.register("ann")
        wire.register("bob")
        wire.login("ann")
        node.terminate()
        assert node.wait(timeout_s=10) == 0
    people = [line.split(",") for line in operator.succeeds("--db", url, "user", "export").splitlines()[1:]]
    assert [(user_id, last_seen >= created) for user_id, _, _, _, created, last_seen in people] == [
        ("ann", True),
        ("bob", False),
    ]
